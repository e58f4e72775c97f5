#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/time.h"

namespace nym::sim {

/// What happens next: ordered by time, then by the order of scheduling, so that equal instants have one order. Nothing
/// is scheduled before what was taken last.
///
/// A wheel for each byte of the time, and on it a slot for each value of that byte. An event lies on the wheel of the
/// highest byte in which its time differs from the last one taken, so that whatever lies on a lower wheel comes first.
/// When a wheel's turn comes its first slot is emptied onto the lower ones; an event moves a few times at most, and
/// equal times never change their order. No allocation once the queue has been as long as it gets.
template <class Event>
class EventQueue {
 public:
  struct Entry {
    TimePoint at;
    Event event;
  };

  /// Not before what was taken last (checked).
  void push(TimePoint at, Event event) {
    auto ns = static_cast<std::uint64_t>(at.ns());
    NYM_CHECK(at.ns() >= 0 && ns >= last_);
    auto place = take_place();
    auto& node = this->node(place);
    node.at = ns;
    node.event = std::move(event);
    file(place);
    ++size_;
  }

  /// The next event, if it is due by then.
  std::optional<Entry> pop_until(TimePoint limit) {
    if (size_ == 0 || limit.ns() < 0) return std::nullopt;
    auto until = static_cast<std::uint64_t>(limit.ns());
    auto level = static_cast<std::size_t>(std::countr_zero(levels_));
    auto& slot = first_slot(level);
    bool is_sorted = level == 0 || slot.first == slot.last;
    auto at = is_sorted ? node(slot.first).at : earliest(slot);
    if (at > until) return std::nullopt;
    last_ = at;
    if (is_sorted) return take_first(level);
    spread(level);
    return take_first(0);
  }
  /// Of a queue that is not empty.
  Entry pop() {
    auto entry = pop_until(TimePoint::at(Duration::nanoseconds(std::numeric_limits<std::int64_t>::max())));
    NYM_CHECK(entry);
    return std::move(*entry);
  }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

 private:
  using Place = std::uint32_t;
  static constexpr Place kNone = ~Place{0};
  static constexpr unsigned kBits = 8;
  static constexpr std::size_t kSlots = std::size_t{1} << kBits;
  static constexpr std::size_t kLevels = 64 / kBits;
  static constexpr unsigned kChunkBits = 10;  ///< places are made in chunks of so many, which stay where they are

  struct Node {
    std::uint64_t at = 0;
    Event event{};
    Place next = kNone;
  };
  struct Slot {
    Place first = kNone;
    Place last = kNone;
  };
  struct Wheel {
    std::array<Slot, kSlots> slots;
    std::array<std::uint64_t, kSlots / 64> used{};  ///< a bit a slot
  };

  Node& node(Place place) { return chunks_[place >> kChunkBits][place & ((Place{1} << kChunkBits) - 1)]; }

  Place take_place() {
    if (free_ == kNone) {
      auto from = static_cast<Place>(chunks_.size() << kChunkBits);
      NYM_CHECK(chunks_.size() < (kNone >> kChunkBits));
      chunks_.push_back(std::make_unique<Node[]>(std::size_t{1} << kChunkBits));  // NOLINT(*-avoid-c-arrays)
      for (Place i = Place{1} << kChunkBits; i-- > 0;) give_back(from + i);
    }
    auto place = free_;
    free_ = node(place).next;
    return place;
  }
  void give_back(Place place) {
    node(place).next = free_;
    free_ = place;
  }

  void file(Place place) {
    auto& entry = node(place);
    auto differs = entry.at ^ last_;
    auto level = differs == 0 ? 0 : (63U - static_cast<unsigned>(std::countl_zero(differs))) / kBits;
    auto value = static_cast<std::size_t>(entry.at >> (level * kBits)) % kSlots;
    auto& wheel = wheels_[level];
    auto& slot = wheel.slots[value];
    entry.next = kNone;
    if (slot.first == kNone) {
      slot.first = place;
      wheel.used[value / 64] |= std::uint64_t{1} << (value % 64);
      levels_ |= 1U << level;
    } else {
      node(slot.last).next = place;
    }
    slot.last = place;
  }

  static std::size_t first_used(const Wheel& wheel) {
    std::size_t word = 0;
    while (wheel.used[word] == 0) ++word;
    return word * 64 + static_cast<std::size_t>(std::countr_zero(wheel.used[word]));
  }
  Slot& first_slot(std::size_t level) { return wheels_[level].slots[first_used(wheels_[level])]; }

  /// Empties the first slot of a wheel.
  Slot take_slot(std::size_t level) {
    auto& wheel = wheels_[level];
    auto value = first_used(wheel);
    wheel.used[value / 64] &= ~(std::uint64_t{1} << (value % 64));
    if (wheel.used == std::array<std::uint64_t, kSlots / 64>{}) levels_ &= ~(1U << level);
    return std::exchange(wheel.slots[value], {});
  }

  std::uint64_t earliest(const Slot& slot) {
    auto at = node(slot.first).at;
    for (auto place = node(slot.first).next; place != kNone; place = node(place).next) {
      at = std::min(at, node(place).at);
    }
    return at;
  }

  void spread(std::size_t level) {
    for (auto place = take_slot(level).first; place != kNone;) {
      auto next = node(place).next;
      file(place);
      place = next;
    }
  }

  Entry take_first(std::size_t level) {
    auto& slot = first_slot(level);
    auto place = slot.first;
    auto& taken = node(place);
    if (place == slot.last) {
      take_slot(level);
    } else {
      slot.first = taken.next;
    }
    Entry entry{TimePoint::at(Duration::nanoseconds(static_cast<std::int64_t>(taken.at))), std::move(taken.event)};
    give_back(place);
    --size_;
    return entry;
  }

  std::vector<std::unique_ptr<Node[]>> chunks_;  // NOLINT(*-avoid-c-arrays)
  Place free_ = kNone;
  std::vector<Wheel> wheels_ = std::vector<Wheel>(kLevels);
  std::uint32_t levels_ = 0;  ///< a bit for each wheel with something on it
  std::uint64_t last_ = 0;    ///< the time of what was taken last
  std::size_t size_ = 0;
};

}  // namespace nym::sim
