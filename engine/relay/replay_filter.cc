#include "engine/relay/replay_filter.h"

#include <utility>

#include "engine/base/check.h"
#include "engine/base/probe.h"

namespace nym::relay {

ReplayFilter::ReplayFilter(ReplayMode mode, std::size_t tags_per_generation)
    : mode_(mode), tags_per_generation_(tags_per_generation) {
  NYM_CHECK(tags_per_generation > 0);
}

ReplayFilter::Verdict ReplayFilter::check_and_remember(const sphinx::ReplayTag& tag) {
  if (mode_ == ReplayMode::reference) return Verdict::fresh;
  if (previous_.contains(tag)) return Verdict::replayed;
  if (current_.size() >= tags_per_generation_) {
    if (current_.contains(tag)) return Verdict::replayed;
    reach(Probe::relay_replay_generation_changed);
    previous_ = std::exchange(current_, TagSet());
  }
  return current_.insert(tag) ? Verdict::fresh : Verdict::replayed;
}

std::size_t ReplayFilter::TagSet::slot_of(const sphinx::ReplayTag& tag) const {
  std::size_t mask = slots_.size() - 1;
  std::size_t slot = load_be<std::uint64_t>(FixedView<16>(tag.bytes).first<8>()) & mask;
  while (used_[slot] && slots_[slot] != tag) slot = (slot + 1) & mask;
  return slot;
}

bool ReplayFilter::TagSet::contains(const sphinx::ReplayTag& tag) const {
  return !slots_.empty() && used_[slot_of(tag)];
}

bool ReplayFilter::TagSet::insert(const sphinx::ReplayTag& tag) {
  if (size_ * 4 >= slots_.size() * 3) grow();
  std::size_t slot = slot_of(tag);
  if (used_[slot]) return false;
  slots_[slot] = tag;
  used_[slot] = true;
  ++size_;
  return true;
}

void ReplayFilter::TagSet::grow() {
  TagSet larger;
  larger.slots_.resize(slots_.empty() ? 1'024 : slots_.size() * 2);
  larger.used_.resize(larger.slots_.size());
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (used_[i]) larger.insert(slots_[i]);
  }
  *this = std::move(larger);
}

}  // namespace nym::relay
