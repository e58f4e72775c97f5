#include "engine/relay/replay_filter.h"

#include <utility>

#include "engine/base/check.h"
#include "engine/base/probe.h"
#include "engine/base/wide_int.h"

namespace nym::relay {
namespace {

constexpr std::size_t kFirstSlots = 256;

/// Never zero.
std::uint64_t shorten(const sphinx::ReplayTag& tag) {
  FixedView<16> bytes(tag.bytes);
  auto both = load_be<std::uint64_t>(bytes.first<8>()) ^ load_be<std::uint64_t>(bytes.last<8>());
  return both == 0 ? ~both : both;
}

}  // namespace

ReplayFilter::ReplayFilter(ReplayMode mode, std::size_t tags_per_generation)
    : mode_(mode), tags_per_generation_(tags_per_generation) {
  NYM_CHECK(tags_per_generation > 0);
}

ReplayFilter::Verdict ReplayFilter::check_and_remember(const sphinx::ReplayTag& full) {
  if (mode_ == ReplayMode::reference) return Verdict::fresh;
  auto tag = shorten(full);
  if (previous_.contains(tag)) return Verdict::replayed;
  if (current_.size() >= tags_per_generation_) {
    if (current_.contains(tag)) return Verdict::replayed;
    reach(Probe::relay_replay_generation_changed);
    previous_ = std::exchange(current_, TagSet());
  }
  return current_.insert(tag) ? Verdict::fresh : Verdict::replayed;
}

std::size_t ReplayFilter::TagSet::slot_of(std::uint64_t tag) const {
  auto slot = static_cast<std::size_t>(static_cast<Uint128>(tag) * slots_.size() >> 64U);
  while (slots_[slot] != 0 && slots_[slot] != tag) slot = slot + 1 == slots_.size() ? 0 : slot + 1;
  return slot;
}

bool ReplayFilter::TagSet::contains(std::uint64_t tag) const {
  return !slots_.empty() && slots_[slot_of(tag)] != 0;
}

bool ReplayFilter::TagSet::insert(std::uint64_t tag) {
  if (size_ * 8 >= slots_.size() * 7) grow();
  auto slot = slot_of(tag);
  if (slots_[slot] != 0) return false;
  slots_[slot] = tag;
  ++size_;
  return true;
}

void ReplayFilter::TagSet::grow() {
  TagSet larger;
  larger.slots_.resize(slots_.empty() ? kFirstSlots : slots_.size() + slots_.size() / 4);
  for (auto tag : slots_) {
    if (tag != 0) larger.insert(tag);
  }
  *this = std::move(larger);
}

}  // namespace nym::relay
