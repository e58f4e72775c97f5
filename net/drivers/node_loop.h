#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <span>

#include "net/clock.h"
#include "net/runtime.h"

namespace nym::net {

/// Drives one engine object by the contract: one mutation, drain the outputs, arm the timer.
template <class Node, class Input, class Output>
class NodeLoop {
 public:
  /// Neither callback may call back into the loop; what they start answers in a later callback. `perform` gets every
  /// output, `performed` is called when there is none left for now.
  NodeLoop(
      Runtime& runtime, Node& node, std::function<void(Output)> perform, std::function<void()> performed = [] {})
      : node_(node),
        perform_(std::move(perform)),
        performed_(std::move(performed)),
        timer_(runtime, [this] { on_due(); }) {}

  void input(Input input) {
    if (take(std::move(input))) settle();
  }
  /// What came together. Each is a mutation of its own; only the timer is set once.
  template <class Contents>
  void inputs(std::span<Contents> contents, auto&& input_of) {
    bool any = false;
    for (auto& content : contents) any |= take(input_of(std::move(content)));
    if (any) settle();
  }
  /// As if the process stood still: inputs wait, no timer is due. The owner has to see that little comes in meanwhile.
  void hold() {
    is_held_ = true;
    arm(std::nullopt);
  }
  void go_on() {
    is_held_ = false;
    for (auto& one : std::exchange(waiting_, {})) input(std::move(one));
    settle();
  }
  bool is_held() const { return is_held_; }
  /// After a mutation that the owner made itself.
  void settle() {
    drain();
    performed_();
    arm(node_.poll_timeout());
  }

 private:
  bool take(Input input) {
    if (is_held_) {
      waiting_.push_back(std::move(input));
      return false;
    }
    node_.handle_input(now(), std::move(input));
    drain();
    return true;
  }

  void drain() {
    while (auto output = node_.poll_output()) perform_(std::move(*output));
  }

  // Setting a timer is a system call, and most mutations leave the deadline as it is.
  void arm(std::optional<TimePoint> deadline) {
    if (deadline == armed_) return;
    armed_ = deadline;
    if (deadline) {
      timer_.arm(*deadline);
    } else {
      timer_.cancel();
    }
  }

  void on_due() {
    armed_.reset();
    if (is_held_) return;
    node_.handle_timeout(now());
    settle();
  }

  Node& node_;
  std::function<void(Output)> perform_;
  std::function<void()> performed_;
  Timer timer_;
  std::optional<TimePoint> armed_;  ///< what the timer is set to
  std::deque<Input> waiting_;
  bool is_held_ = false;
};

}  // namespace nym::net
