#pragma once

#include <algorithm>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/time.h"

namespace nym::sim {

/// What happens next: ordered by time, then by the order of scheduling, so that equal instants have one order.
template <class Event>
class EventQueue {
 public:
  struct Entry {
    TimePoint at;
    std::uint64_t sequence = 0;
    Event event;
  };

  void push(TimePoint at, Event event) {
    heap_.push_back({at, next_sequence_++, std::move(event)});
    std::push_heap(heap_.begin(), heap_.end(), later);
  }
  Entry pop() {
    NYM_CHECK(!heap_.empty());
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Entry entry = std::move(heap_.back());
    heap_.pop_back();
    return entry;
  }
  bool empty() const { return heap_.empty(); }
  TimePoint next_at() const { return heap_.front().at; }

 private:
  static bool later(const Entry& a, const Entry& b) { return a.at != b.at ? a.at > b.at : a.sequence > b.sequence; }
  std::vector<Entry> heap_;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace nym::sim
