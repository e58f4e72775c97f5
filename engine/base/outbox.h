#pragma once

#include <optional>

#include "engine/base/check.h"
#include "engine/base/fifo.h"
#include "engine/base/time.h"

namespace nym {

/// The output side of a node object and the guard of its contract:
/// one mutation, then drain poll_output to empty, then read poll_timeout, then the next mutation.
/// It also keeps the node's clock: time that goes backwards is clamped and counted.
template <class Output>
class Outbox {
 public:
  /// Called first by every mutation. Returns the instant to use.
  TimePoint begin_mutation(TimePoint now) {
    NYM_CHECK(queue_.empty());
    if (now < now_) {
      ++clock_went_back_;
    } else {
      now_ = now;
    }
    return now_;
  }

  template <class Item>
  void push(Item&& item) {
    queue_.emplace_back(std::forward<Item>(item));
  }

  std::optional<Output> poll() {
    if (queue_.empty()) return std::nullopt;
    return queue_.take_front();
  }

  /// Called by poll_timeout: outputs must have been drained.
  void check_drained() const { NYM_CHECK(queue_.empty()); }

  TimePoint now() const { return now_; }
  std::uint64_t clock_went_back() const { return clock_went_back_; }

 private:
  Fifo<Output> queue_;
  TimePoint now_;
  std::uint64_t clock_went_back_ = 0;
};

}  // namespace nym
