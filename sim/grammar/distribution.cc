#include "sim/grammar/distribution.h"

#include <fmt/format.h>

#include "engine/base/overloaded.h"
#include "sim/grammar/form.h"

namespace nym::sim {
namespace {

constexpr int kSigmaDigits = 6;
constexpr std::size_t kMostTerms = 8;
constexpr std::int64_t kLargestSigma = 10'000'000;

std::unexpected<Error> bad(std::string text) {
  return fail(SimError::bad_text, std::move(text));
}

Result<Duration> positive_time(std::string_view text) {
  NYM_TRY(auto time, parse_duration(text));
  if (time < Duration()) return bad(fmt::format("'{}' is negative", text));
  return time;
}

Result<Duration> some_time(std::string_view text) {
  NYM_TRY(auto time, positive_time(text));
  if (time == Duration()) return bad(fmt::format("'{}' must be longer than nothing", text));
  return time;
}

Result<TimeTerm> uniform_time(const Call& call) {
  NYM_TRY(auto min, positive_time(call.arguments[0]));
  NYM_TRY(auto max, positive_time(call.arguments[1]));
  if (min > max) return bad(fmt::format("uniform({},{}) goes downwards", call.arguments[0], call.arguments[1]));
  return UniformTime{min, max};
}

Result<TimeTerm> normal_time(const Call& call) {
  NYM_TRY(auto mean, positive_time(call.arguments[0]));
  NYM_TRY(auto deviation, positive_time(call.arguments[1]));
  return NormalTime{mean, deviation};
}

Result<TimeTerm> log_normal_time(const Call& call) {
  NYM_TRY(auto median, positive_time(call.arguments[0]));
  NYM_TRY(auto sigma, parse_decimal(call.arguments[1], kSigmaDigits));
  if (sigma < 0 || sigma > kLargestSigma) return bad("the sigma of log-normal must be between 0 and 10");
  return LogNormalTime{median, sigma};
}

Result<TimeTerm> exponential_time(const Call& call) {
  NYM_TRY(auto mean, positive_time(call.arguments[0]));
  return ExponentialTime{mean};
}

Result<TimeTerm> matrix_time(const Call& call) {
  auto file = call.arguments[0];
  bool is_quoted = file.size() > 2 && file.front() == '"' && file.back() == '"';
  if (!is_quoted) return bad("matrix needs the name of a CSV file in quotes");
  return MatrixTime{std::string(file.substr(1, file.size() - 2))};
}

constexpr Form<TimeTerm> kTimeForms[] = {{"uniform", 2, uniform_time},
                                         {"normal", 2, normal_time},
                                         {"log-normal", 2, log_normal_time},
                                         {"exponential", 1, exponential_time},
                                         {"matrix", 1, matrix_time}};

Result<TimeTerm> parse_time_term(std::string_view text) {
  if (text.find('(') == std::string_view::npos) {
    NYM_TRY(auto value, positive_time(text));
    return FixedTime{value};
  }
  return read_form<TimeTerm>(
      text, kTimeForms,
      "a duration, uniform(min,max), normal(mean,deviation), log-normal(median,sigma), exponential(mean), "
      "matrix(\"file.csv\")");
}

std::string term_text(const TimeTerm& term) {
  return std::visit(
      Overloaded{
          [](const FixedTime& t) { return to_text(t.value); },
          [](const UniformTime& t) { return fmt::format("uniform({},{})", to_text(t.min), to_text(t.max)); },
          [](const NormalTime& t) { return fmt::format("normal({},{})", to_text(t.mean), to_text(t.deviation)); },
          [](const LogNormalTime& t) {
            return fmt::format("log-normal({},{})", to_text(t.median), decimal_text(t.sigma_millionths, kSigmaDigits));
          },
          [](const ExponentialTime& t) { return fmt::format("exponential({})", to_text(t.mean)); },
          [](const MatrixTime& t) { return fmt::format("matrix(\"{}\")", t.file); },
      },
      term);
}

Result<SizeDistribution> uniform_size(const Call& call) {
  NYM_TRY(auto min, parse_size(call.arguments[0]));
  NYM_TRY(auto max, parse_size(call.arguments[1]));
  if (min > max) return bad(fmt::format("uniform({},{}) goes downwards", call.arguments[0], call.arguments[1]));
  return UniformSize{min, max};
}

Result<SizeDistribution> exponential_size(const Call& call) {
  NYM_TRY(auto mean, parse_size(call.arguments[0]));
  return ExponentialSize{mean};
}

Result<SizeDistribution> size_list(const Call& call) {
  SizeList list;
  for (auto argument : call.arguments) {
    NYM_TRY(auto size, parse_size(argument));
    list.sizes.push_back(size);
  }
  return list;
}

constexpr Form<SizeDistribution> kSizeForms[] = {{"uniform", 2, uniform_size},
                                                 {"exponential", 1, exponential_size},
                                                 {"list", Form<SizeDistribution>::kAny, size_list}};

Result<Arrivals> poisson(const Call& call) {
  NYM_TRY(auto rate, parse_rate(call.arguments[0]));
  return PoissonArrivals{rate};
}

Result<Arrivals> constant(const Call& call) {
  NYM_TRY(auto rate, parse_rate(call.arguments[0]));
  return ConstantArrivals{rate};
}

Result<Arrivals> burst(const Call& call) {
  constexpr std::uint64_t kMost = 1'000'000;
  NYM_TRY(auto count, parse_count(call.arguments[0], kMost));
  NYM_TRY(auto every, some_time(call.arguments[1]));
  if (count == 0) return bad("a burst of no messages");
  return BurstArrivals{count, every};
}

Result<Arrivals> on_off(const Call& call) {
  NYM_TRY(auto rate, parse_rate(call.arguments[0]));
  NYM_TRY(auto on, some_time(call.arguments[1]));
  NYM_TRY(auto off, some_time(call.arguments[2]));
  return OnOffArrivals{rate, on, off};
}

Result<Arrivals> diurnal(const Call& call) {
  NYM_TRY(auto low, parse_rate(call.arguments[0]));
  NYM_TRY(auto high, parse_rate(call.arguments[1]));
  NYM_TRY(auto period, some_time(call.arguments[2]));
  return DiurnalArrivals{low, high, period};
}

constexpr Form<Arrivals> kArrivalForms[] = {{"poisson", 1, poisson},
                                            {"constant", 1, constant},
                                            {"burst", 2, burst},
                                            {"on-off", 3, on_off},
                                            {"diurnal", 3, diurnal}};

}  // namespace

Result<TimeDistribution> parse_time_distribution(std::string_view text) {
  TimeDistribution distribution;
  std::optional<Error> fault;
  for_each_part(text, '+', [&](std::string_view part) {
    auto term = parse_time_term(part);
    if (term) return distribution.terms.push_back(*std::move(term));
    if (!fault) fault = std::move(term).error();
  });
  if (fault) return std::unexpected(*std::move(fault));
  if (distribution.terms.size() > kMostTerms) return bad(fmt::format("a sum of more than {} terms", kMostTerms));
  return distribution;
}

std::string to_text(const TimeDistribution& distribution) {
  std::string out;
  for (const auto& term : distribution.terms) out += (out.empty() ? "" : " + ") + term_text(term);
  return out.empty() ? "0s" : out;
}

Result<SizeDistribution> parse_size_distribution(std::string_view text) {
  if (text.find('(') == std::string_view::npos) {
    NYM_TRY(auto bytes, parse_size(text));
    return FixedSize{bytes};
  }
  return read_form<SizeDistribution>(text, kSizeForms, "a size, uniform(min,max), exponential(mean), list(size,...)");
}

std::string to_text(const SizeDistribution& sizes) {
  return std::visit(
      Overloaded{
          [](const FixedSize& s) { return size_text(s.bytes); },
          [](const UniformSize& s) { return fmt::format("uniform({},{})", size_text(s.min), size_text(s.max)); },
          [](const ExponentialSize& s) { return fmt::format("exponential({})", size_text(s.mean)); },
          [](const SizeList& s) {
            std::string list;
            for (auto size : s.sizes) list += (list.empty() ? "" : ",") + size_text(size);
            return fmt::format("list({})", list);
          },
      },
      sizes);
}

Result<Arrivals> parse_arrivals(std::string_view text) {
  return read_form<Arrivals>(
      text, kArrivalForms,
      "poisson(rate), constant(rate), burst(count,every), on-off(rate,on,off), diurnal(low,high,period)");
}

std::string to_text(const Arrivals& arrivals) {
  return std::visit(Overloaded{
                        [](const PoissonArrivals& a) { return fmt::format("poisson({})", to_text(a.rate)); },
                        [](const ConstantArrivals& a) { return fmt::format("constant({})", to_text(a.rate)); },
                        [](const BurstArrivals& a) { return fmt::format("burst({},{})", a.count, to_text(a.every)); },
                        [](const OnOffArrivals& a) {
                          return fmt::format("on-off({},{},{})", to_text(a.rate), to_text(a.on), to_text(a.off));
                        },
                        [](const DiurnalArrivals& a) {
                          return fmt::format("diurnal({},{},{})", to_text(a.low), to_text(a.high), to_text(a.period));
                        },
                    },
                    arrivals);
}

}  // namespace nym::sim
