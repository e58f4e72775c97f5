#pragma once

#include <deque>
#include <functional>

#include "net/clock.h"
#include "net/runtime.h"

namespace nym::net {

/// Drives one engine object by the contract: one mutation, drain the outputs, arm the timer.
template <class Node, class Input, class Output>
class NodeLoop {
 public:
  /// `perform` may not call back into the loop; what it starts answers in a later callback.
  NodeLoop(Runtime& runtime, Node& node, std::function<void(Output)> perform)
      : node_(node), perform_(std::move(perform)), timer_(runtime, [this] { on_due(); }) {}

  void input(Input input) {
    if (is_held_) return waiting_.push_back(std::move(input));
    node_.handle_input(now(), std::move(input));
    settle();
  }
  /// As if the process stood still: inputs wait, no timer is due. The owner has to see that little comes in meanwhile.
  void hold() {
    is_held_ = true;
    timer_.cancel();
  }
  void go_on() {
    is_held_ = false;
    for (auto& one : std::exchange(waiting_, {})) input(std::move(one));
    settle();
  }
  bool is_held() const { return is_held_; }
  /// After a mutation that the owner made itself.
  void settle() {
    while (auto output = node_.poll_output()) perform_(std::move(*output));
    auto deadline = node_.poll_timeout();
    if (deadline) {
      timer_.arm(*deadline);
    } else {
      timer_.cancel();
    }
  }

 private:
  void on_due() {
    if (is_held_) return;
    node_.handle_timeout(now());
    settle();
  }

  Node& node_;
  std::function<void(Output)> perform_;
  Timer timer_;
  std::deque<Input> waiting_;
  bool is_held_ = false;
};

}  // namespace nym::net
