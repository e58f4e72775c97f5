#include "sim/anonymity/corruption.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "engine/base/check.h"
#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

std::vector<std::uint32_t> draw_share(std::uint32_t mixnodes, Probability share, RandomSource& random) {
  std::vector<std::uint32_t> all(mixnodes);
  std::iota(all.begin(), all.end(), 0U);
  auto wanted = (share.parts * mixnodes + (std::uint64_t{1} << 31U)) >> 32U;
  for (std::size_t i = 0; i < wanted; ++i) std::swap(all[i], all[i + draw_below(random, all.size() - i)]);
  all.resize(wanted);
  return all;
}

void add_drawn(CorruptSet& corrupt, const Plan& plan, std::size_t adversary, RandomSource& random) {
  const auto& mixes = std::get<CorruptMixes>(plan.adversaries[adversary].kind);
  std::vector<std::uint32_t> chosen;
  if (mixes.nodes.terms.empty()) {
    auto stream = random.fork(fmt::format("corrupt mixes {}", adversary));
    chosen = draw_share(plan.network.mixnodes, mixes.share, *stream);
  } else {
    auto named = resolve(plan, mixes.nodes, NodeKind::mixnode);
    NYM_CHECK(named);
    chosen = *std::move(named);
  }
  for (auto mixnode : chosen) corrupt.add(mixnode, ActiveTime(plan.adversaries[adversary]));
}

}  // namespace

bool CorruptSet::contains(std::uint32_t mixnode, TimePoint at) const {
  return std::any_of(mixnodes_.begin(), mixnodes_.end(),
                     [&](const One& one) { return one.mixnode == mixnode && one.active.contains(at); });
}

bool CorruptSet::contains(std::uint32_t mixnode) const {
  return std::any_of(mixnodes_.begin(), mixnodes_.end(), [&](const One& one) { return one.mixnode == mixnode; });
}

CorruptSet draw_corrupt_mixes(const Plan& plan, std::size_t adversary, RandomSource& random) {
  CorruptSet corrupt;
  add_drawn(corrupt, plan, adversary, random);
  return corrupt;
}

CorruptSet draw_corrupt_mixes(const Plan& plan, RandomSource& random) {
  CorruptSet corrupt;
  for (std::size_t i = 0; i < plan.adversaries.size(); ++i) {
    if (std::holds_alternative<CorruptMixes>(plan.adversaries[i].kind)) add_drawn(corrupt, plan, i, random);
  }
  return corrupt;
}

}  // namespace nym::sim
