#pragma once

#include "sim/adversary/attacker.h"
#include "sim/adversary/figures.h"

namespace nym::sim {

/// Watches the victim's uploads, and who gets payloads, window by window. Whoever got none in a window in which the
/// victim sent something, nor in the one after it, is not whom it writes to: the others are left. Cover that never
/// stops leaves everybody.
///
/// Linked are, of the clients that the victim wrote to in that time, those that are left, if nobody else is: a share of
/// clients, not of packets. Series `candidates.<name>`: how many are left after each window; also as a figure.
class IntersectionAttacker final : public Attacker {
 public:
  IntersectionAttacker(std::string name, const Plan& plan, const Adversary& adversary, const Intersection& kind);

  void on_frame_sent(TimePoint now, const FrameSent& frame) override;
  void on_message(TimePoint now, const MessageMoved& moved) override;
  Part linked() const override;
  void add_to(Measurements& measurements) const override;

 private:
  struct Window {
    bool victim_sent = false;
    std::set<std::uint32_t> receivers;
  };
  void close_windows_until(std::int64_t index);
  void close_window();

  NodeName victim_;
  Duration window_;
  std::set<std::uint32_t> candidates_;
  std::set<std::uint32_t> partners_;
  std::int64_t index_ = 0;  ///< of the current window
  Window current_;
  Window before_;
  std::vector<CountAt> history_;
};

}  // namespace nym::sim
