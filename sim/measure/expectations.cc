#include "sim/measure/expectations.h"

#include <fmt/format.h>

#include "sim/measure/timed_meter.h"

namespace nym::sim {
namespace {

double as_number(Probability share) {
  return static_cast<double>(share.parts) / static_cast<double>(std::uint64_t{1} << 32U);
}
double as_number(std::int64_t thousandths) {
  return static_cast<double>(thousandths) / 1e3;
}

/// Times and plain numbers as people write them.
std::string text_of_seconds(double value) {
  if (value < 1e-3) return fmt::format("{:.3g} us", value * 1e6);
  if (value < 1) return fmt::format("{:.3g} ms", value * 1e3);
  return fmt::format("{:.4g} s", value);
}
std::string text_of_share(double value) {
  return fmt::format("{:.4g}%", value * 100);
}
std::string text_of_number(double value) {
  return fmt::format("{:.4g}", value);
}

class Comparison {
 public:
  using Text = std::string (*)(double);

  Comparison(const Measurements& measurements, Duration end) : measurements_(measurements), end_(end) {}

  void at_most(const char* figure, const char* what, double limit, Text text) {
    const auto* found = measurements_.find_figure(figure);
    if (found == nullptr || found->value <= limit) return;
    add(Verdict::safety, fmt::format("{} is {}, at most {} is expected", what, text(found->value), text(limit)));
  }
  void at_least(const char* figure, const char* what, double limit, Text text) {
    if (is_missing(figure, fmt::format("{} is unknown, at least {} is expected", what, text(limit)))) return;
    double value = measurements_.find_figure(figure)->value;
    if (value >= limit) return;
    add(Verdict::liveness, fmt::format("{} is {}, at least {} is expected", what, text(value), text(limit)));
  }
  bool is_missing(const char* figure, std::string otherwise) {
    if (measurements_.find_figure(figure) != nullptr) return false;
    add(Verdict::liveness, std::move(otherwise));
    return true;
  }
  void near_one(const char* figure, const char* what, double tolerance) {
    const auto* found = measurements_.find_figure(figure);
    if (found == nullptr) return;
    bool is_low = found->value < 1 - tolerance;
    if (!is_low && found->value <= 1 + tolerance) return;
    add(is_low ? Verdict::liveness : Verdict::safety,
        fmt::format("{} is sent at {} of its configured rate, {} within {} is expected", what,
                    text_of_share(found->value), text_of_share(1), text_of_share(tolerance)));
  }
  const Figure* find(const char* figure) const { return measurements_.find_figure(figure); }
  void add(Verdict kind, std::string text) { violations_.push_back({kind, end_, std::move(text)}); }
  std::vector<Violation> take() { return std::move(violations_); }

 private:
  const Measurements& measurements_;
  Duration end_;
  std::vector<Violation> violations_;
};

void check_latency(Comparison& compare, const char* figure, const char* what, const std::optional<Duration>& limit) {
  if (!limit) return;
  auto text = text_of_seconds(in_seconds(*limit));
  if (compare.is_missing(figure, fmt::format("no message was delivered, {} of at most {} is expected", what, text))) {
    return;
  }
  compare.at_most(figure, what, in_seconds(*limit), text_of_seconds);
}

void check_cover(Comparison& compare, Probability tolerance) {
  double share = as_number(tolerance);
  if (compare.find("main_stream_ratio") == nullptr && compare.find("loop_cover_ratio") == nullptr) {
    compare.add(Verdict::liveness, fmt::format("no client was ready to send cover, its configured rate within {} is "
                                               "expected",
                                               text_of_share(share)));
    return;
  }
  compare.near_one("main_stream_ratio", "the main stream", share);
  compare.near_one("loop_cover_ratio", "loop cover", share);
}

void check_anonymity(Comparison& compare, const ExpectPlan& expect) {
  if (expect.min_entropy_thousandths) {
    compare.at_least("entropy_mean", "the mean entropy in bits", as_number(*expect.min_entropy_thousandths),
                     text_of_number);
  }
  if (expect.min_anonymity_set_thousandths) {
    compare.at_least("anonymity_set_mean", "the mean anonymity set", as_number(*expect.min_anonymity_set_thousandths),
                     text_of_number);
  }
  if (expect.max_corrupt_routes) {
    compare.at_most("corrupt_routes", "the share of routes through corrupt mixnodes only",
                    as_number(*expect.max_corrupt_routes), text_of_share);
  }
  if (expect.max_linked) {
    compare.at_most("linked", "the share of followed messages that are linked", as_number(*expect.max_linked),
                    text_of_share);
  }
  if (!expect.loop_loss_noticed_within) return;
  double limit = in_seconds(*expect.loop_loss_noticed_within);
  auto unnoticed =
      fmt::format("lost loops told nobody of a node that drops packets, within {} is expected", text_of_seconds(limit));
  if (compare.is_missing("loop_loss_noticed", unnoticed)) return;
  double noticed = compare.find("loop_loss_noticed")->value;
  if (noticed <= limit) return;
  compare.add(Verdict::liveness, fmt::format("a node that drops packets was noticed by lost loops after {}, within {} "
                                             "is expected",
                                             text_of_seconds(noticed), text_of_seconds(limit)));
}

}  // namespace

std::vector<Violation> check_expectations(const Plan& plan, const Measurements& measurements, Duration end) {
  Comparison compare(measurements, end);
  const auto& expect = plan.expect;
  check_latency(compare, "latency_p50", "the median of latencies", expect.latency_p50);
  check_latency(compare, "latency_p95", "the 95th percentile of latencies", expect.latency_p95);
  check_latency(compare, "latency_p99", "the 99th percentile of latencies", expect.latency_p99);
  if (expect.cover_rate_within) check_cover(compare, *expect.cover_rate_within);
  if (expect.max_overhead_thousandths) {
    compare.at_most("overhead", "the number of bytes sent for each byte delivered",
                    as_number(*expect.max_overhead_thousandths), text_of_number);
  }
  check_anonymity(compare, expect);
  return compare.take();
}

}  // namespace nym::sim
