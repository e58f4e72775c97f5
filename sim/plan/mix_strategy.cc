#include <fmt/format.h>

#include "engine/base/overloaded.h"
#include "sim/grammar/form.h"
#include "sim/plan/plan.h"

namespace nym::sim {
namespace {

constexpr std::uint64_t kMostPackets = 1'000'000;

Result<Duration> interval_of(std::string_view text) {
  NYM_TRY(auto interval, parse_duration(text));
  if (interval <= Duration()) return fail(SimError::bad_text, "a mix needs an interval longer than nothing");
  return interval;
}

Result<MixStrategy> timed(const Call& call) {
  NYM_TRY(auto interval, interval_of(call.arguments[0]));
  return TimedMix{interval};
}

Result<MixStrategy> threshold(const Call& call) {
  NYM_TRY(auto packets, parse_count(call.arguments[0], kMostPackets));
  if (packets == 0) return fail(SimError::bad_text, "a threshold of no packets");
  return ThresholdMix{packets};
}

Result<MixStrategy> pool(const Call& call) {
  NYM_TRY(auto keep, parse_count(call.arguments[0], kMostPackets));
  NYM_TRY(auto interval, interval_of(call.arguments[1]));
  return PoolMix{keep, interval};
}

constexpr Form<MixStrategy> kStrategies[] = {{"timed", 1, timed}, {"threshold", 1, threshold}, {"pool", 2, pool}};

}  // namespace

Result<MixStrategy> parse_mix_strategy(std::string_view text) {
  if (text == "stop-and-go") return StopAndGo{};
  return read_form<MixStrategy>(text, kStrategies,
                                "stop-and-go, timed(interval), threshold(packets), pool(keep,interval)");
}

std::string to_text(const MixStrategy& strategy) {
  return std::visit(Overloaded{
                        [](const StopAndGo&) -> std::string { return "stop-and-go"; },
                        [](const TimedMix& mix) { return fmt::format("timed({})", to_text(mix.interval)); },
                        [](const ThresholdMix& mix) { return fmt::format("threshold({})", mix.packets); },
                        [](const PoolMix& mix) { return fmt::format("pool({},{})", mix.keep, to_text(mix.interval)); },
                    },
                    strategy);
}

}  // namespace nym::sim
