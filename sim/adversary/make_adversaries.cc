#include <fmt/format.h>

#include "engine/base/overloaded.h"
#include "sim/adversary/active_nodes.h"
#include "sim/adversary/attacker.h"
#include "sim/adversary/corrupt_gateway.h"
#include "sim/adversary/corrupt_mixes.h"
#include "sim/adversary/intersection.h"
#include "sim/adversary/n_minus_one.h"
#include "sim/adversary/passive_observer.h"
#include "sim/adversary/replaying_nodes.h"
#include "sim/adversary/tagging.h"

namespace nym::sim {
namespace {

using Made = std::unique_ptr<Attacker>;

std::string kind_name(const AdversaryKind& kind) {
  constexpr std::array<const char*, std::variant_size_v<AdversaryKind>> kNames = {
      "passive-observer", "corrupt-mixes", "corrupt-gateway", "drop", "delay", "n-1",
      "tagging",          "replay",        "intersection"};
  return kNames.at(kind.index());
}

/// A name, with a number behind it if it is taken.
std::string unused_name(const Adversary& adversary, std::set<std::string>& used) {
  auto name = adversary.name.empty() ? kind_name(adversary.kind) : adversary.name;
  auto candidate = name;
  for (int number = 2; !used.insert(candidate).second; ++number) candidate = fmt::format("{}.{}", name, number);
  return candidate;
}

Made make_one(std::string name, const Plan& plan, std::size_t number, RandomSource& random) {
  const auto& adversary = plan.adversaries[number];
  auto stream = random.fork(fmt::format("adversary {}", number));
  return std::visit(
      Overloaded{
          [&](const PassiveObserver& kind) -> Made {
            return std::make_unique<ObservingAttacker>(std::move(name), plan, adversary, kind);
          },
          [&](const CorruptMixes&) -> Made {
            return std::make_unique<CorruptMixesAttacker>(std::move(name), adversary,
                                                          draw_corrupt_mixes(plan, number, random));
          },
          [&](const CorruptGateway& kind) -> Made {
            return std::make_unique<CorruptGatewayAttacker>(std::move(name), plan, adversary, kind);
          },
          [&](const DroppingNodes& kind) -> Made {
            return std::make_unique<DroppingAttacker>(std::move(name), plan, adversary, kind, std::move(stream));
          },
          [&](const DelayingNodes& kind) -> Made {
            return std::make_unique<DelayingAttacker>(std::move(name), plan, adversary, kind, std::move(stream));
          },
          [&](const NMinusOne& kind) -> Made {
            return std::make_unique<NMinusOneAttacker>(std::move(name), plan, adversary, kind, std::move(stream));
          },
          [&](const Tagging& kind) -> Made {
            return std::make_unique<TaggingAttacker>(std::move(name), plan, adversary, kind, std::move(stream));
          },
          [&](const ReplayingNodes& kind) -> Made {
            return std::make_unique<ReplayingAttacker>(std::move(name), plan, adversary, kind, std::move(stream));
          },
          [&](const Intersection& kind) -> Made {
            return std::make_unique<IntersectionAttacker>(std::move(name), plan, adversary, kind);
          },
      },
      adversary.kind);
}

}  // namespace

std::vector<Made> make_adversaries(const Plan& plan, RandomSource& random) {
  std::vector<Made> attackers;
  std::set<std::string> used;
  for (std::size_t i = 0; i < plan.adversaries.size(); ++i) {
    attackers.push_back(make_one(unused_name(plan.adversaries[i], used), plan, i, random));
  }
  return attackers;
}

}  // namespace nym::sim
