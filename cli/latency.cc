#include "cli/latency.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/error.h"
#include "engine/base/check.h"
#include "net/clock.h"
#include "net/websocket.h"

namespace nym::cli {
namespace {

constexpr ByteArray<3> kPingPayload{1, 2, 3};
/// Latencies are compared in nanoseconds; the shortest weighs this much.
constexpr std::uint64_t kWeightOfOneNanosecond = 1'000'000'000'000;

/// Measures one gateway. Answers lost in time do not count, a connection lost ends it.
class LatencyProbe {
 public:
  LatencyProbe(net::Runtime& runtime, const topology::Gateway& gateway, const LatencyLimits& limits)
      : runtime_(runtime), limits_(limits), url_(gateway.listener_url()), timer_(runtime, [this] {
          ++lost_;
          next_ping();
        }) {}

  void start() {
    auto url = net::parse_url(url_);
    if (!url) return finish(std::unexpected(url.error()));
    net::WebSocketOptions options;
    options.handshake_timeout = limits_.connect;
    connection_ = net::WebSocketConnection::connect(runtime_, *url, options);
    connection_->start({.on_open = [this] { next_ping(); },
                        .on_text = [](const std::string&) {},
                        .on_binary = [](const Bytes&) {},
                        .on_written = [](std::size_t) {},
                        .on_closed = [this](CloseReason, std::string_view why) { closed(why); },
                        .on_pong = [this](ByteView payload) { on_pong(payload); }});
  }
  const std::optional<Result<Duration>>& result() const { return result_; }

 private:
  void next_ping() {
    if (sent_ == limits_.pings) return conclude();
    ++sent_;
    sent_at_ = net::now();
    timer_.arm_after(limits_.ping);
    connection_->ping(kPingPayload);
  }

  void on_pong(ByteView payload) {
    bool is_ours = std::equal(payload.begin(), payload.end(), kPingPayload.begin(), kPingPayload.end());
    if (!is_ours || result_) return;
    bool is_late = lost_ > 0;
    if (is_late) {
      --lost_;
      return;
    }
    total_ += net::now() - sent_at_;
    ++answered_;
    next_ping();
  }

  void conclude() {
    if (answered_ > 0) return finish(total_ / answered_);
    finish(fail(CliError::network, fmt::format("{} does not answer pings", url_)));
  }

  void closed(std::string_view why) { finish(fail(CliError::network, fmt::format("{}: {}", url_, why))); }

  void finish(Result<Duration> result) {
    timer_.cancel();
    if (!result_) result_ = std::move(result);
  }

  net::Runtime& runtime_;
  LatencyLimits limits_;
  std::string url_;
  net::Timer timer_;
  std::unique_ptr<net::WebSocketConnection> connection_;
  std::optional<Result<Duration>> result_;
  TimePoint sent_at_;
  Duration total_;
  int sent_ = 0;
  int answered_ = 0;
  int lost_ = 0;  ///< given up, and their answers not seen: the next ones to come are theirs
};

std::uint64_t weight_of(Duration latency) {
  auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(latency.ns(), 1));
  return std::max<std::uint64_t>(kWeightOfOneNanosecond / ns, 1);
}

}  // namespace

std::vector<Result<Duration>> measure_latencies(net::Runtime& runtime, std::span<const topology::Gateway> gateways,
                                                const LatencyLimits& limits) {
  std::vector<std::unique_ptr<LatencyProbe>> probes(gateways.size());
  std::vector<Result<Duration>> results(gateways.size(), fail(CliError::network, "not measured"));
  std::size_t started = 0;
  std::size_t finished = 0;
  auto collect = [&] {
    for (std::size_t i = 0; i < started; ++i) {
      if (!probes[i] || !probes[i]->result()) continue;
      results[i] = *probes[i]->result();
      probes[i].reset();
      ++finished;
    }
  };
  auto advance = [&] {
    for (collect(); started < gateways.size() && started - finished < limits.at_once; collect()) {
      probes[started] = std::make_unique<LatencyProbe>(runtime, gateways[started], limits);
      probes[started++]->start();
    }
    return finished == gateways.size();
  };
  auto rounds = static_cast<std::int64_t>(gateways.size() / limits.at_once + 1);
  auto longest = (limits.connect + limits.ping * limits.pings) * rounds * 2;
  runtime.run_until(advance, net::now() + longest);
  return results;
}

std::size_t choose_by_latency(std::span<const Duration> latencies, RandomSource& random) {
  NYM_CHECK(!latencies.empty());
  std::uint64_t total = 0;
  for (auto latency : latencies) total += weight_of(latency);
  auto drawn = draw_below(random, total);
  std::size_t chosen = 0;
  while (drawn >= weight_of(latencies[chosen])) drawn -= weight_of(latencies[chosen++]);
  return chosen;
}

std::string latency_text(Duration latency) {
  struct Unit {
    std::int64_t ns;
    const char* name;
  };
  Unit unit{1, "ns"};
  for (auto larger : {Unit{1'000, "µs"}, Unit{1'000'000, "ms"}, Unit{1'000'000'000, "s"}}) {
    if (latency.ns() >= larger.ns) unit = larger;
  }
  auto whole = latency.ns() / unit.ns;
  auto rest = latency.ns() % unit.ns;
  if (rest == 0) return fmt::format("{}{}", whole, unit.name);
  auto digits = fmt::format("{}", unit.ns + rest).substr(1);
  while (digits.back() == '0') digits.pop_back();
  return fmt::format("{}.{}{}", whole, digits, unit.name);
}

}  // namespace nym::cli
