#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/time.h"

namespace nym::sim {

/// What happens next: ordered by time, then by the order of scheduling, so that equal instants have one order. A heap
/// of four children a node over keys of 16 bytes; events stay where they were put until their turn. No allocation once
/// it has been as long as it gets.
template <class Event>
class EventQueue {
 public:
  struct Entry {
    TimePoint at;
    Event event;
  };

  void push(TimePoint at, Event event) {
    auto slot = keep(std::move(event));
    NYM_CHECK(slot < (std::uint64_t{1} << kSlotBits) && next_sequence_ < (std::uint64_t{1} << (64U - kSlotBits)));
    keys_.push_back({at.ns(), next_sequence_++ << kSlotBits | slot});
    sift_up(keys_.size() - 1);
  }

  Entry pop() {
    NYM_CHECK(!keys_.empty());
    Key first = keys_.front();
    keys_.front() = keys_.back();
    keys_.pop_back();
    if (!keys_.empty()) sift_down(0);
    auto slot = static_cast<std::uint32_t>(first.sequence_and_slot & ((std::uint64_t{1} << kSlotBits) - 1));
    free_.push_back(slot);
    return {TimePoint::at(Duration::nanoseconds(first.at_ns)), std::move(events_[slot])};
  }

  bool empty() const { return keys_.empty(); }
  std::size_t size() const { return keys_.size(); }
  TimePoint next_at() const { return TimePoint::at(Duration::nanoseconds(keys_.front().at_ns)); }

 private:
  /// Time, then number in the order of scheduling, with the place of the event in the lowest bits.
  struct Key {
    std::int64_t at_ns = 0;
    std::uint64_t sequence_and_slot = 0;

    bool before(const Key& other) const {
      return at_ns != other.at_ns ? at_ns < other.at_ns : sequence_and_slot < other.sequence_and_slot;
    }
  };
  static constexpr unsigned kSlotBits = 24;  ///< sixteen million events at a time, a million million in all
  static constexpr std::size_t kChildren = 4;

  std::uint32_t keep(Event event) {
    if (free_.empty()) {
      events_.push_back(std::move(event));
      return static_cast<std::uint32_t>(events_.size() - 1);
    }
    auto slot = free_.back();
    free_.pop_back();
    events_[slot] = std::move(event);
    return slot;
  }

  void sift_up(std::size_t at) {
    Key moving = keys_[at];
    while (at > 0) {
      auto parent = (at - 1) / kChildren;
      if (!moving.before(keys_[parent])) break;
      keys_[at] = keys_[parent];
      at = parent;
    }
    keys_[at] = moving;
  }

  void sift_down(std::size_t at) {
    Key moving = keys_[at];
    for (auto first = kChildren * at + 1; first < keys_.size(); first = kChildren * at + 1) {
      auto least = first;
      auto end = std::min(first + kChildren, keys_.size());
      for (auto child = first + 1; child < end; ++child) {
        if (keys_[child].before(keys_[least])) least = child;
      }
      if (!keys_[least].before(moving)) break;
      keys_[at] = keys_[least];
      at = least;
    }
    keys_[at] = moving;
  }

  std::vector<Key> keys_;
  std::vector<Event> events_;
  std::vector<std::uint32_t> free_;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace nym::sim
