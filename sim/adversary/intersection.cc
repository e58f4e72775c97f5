#include "sim/adversary/intersection.h"

#include <algorithm>

#include "sim/adversary/nodes_of.h"
#include "sim/anonymity/origins.h"

namespace nym::sim {

IntersectionAttacker::IntersectionAttacker(std::string name, const Plan& plan, const Adversary& adversary,
                                           const Intersection& kind)
    : Attacker(std::move(name), adversary), victim_(*nodes_in(plan, kind.victim).begin()), window_(kind.window) {
  for (std::uint32_t client = 0; client < client_count(plan); ++client) {
    if (client != victim_.index) candidates_.insert(client);
  }
}

void IntersectionAttacker::on_frame_sent(TimePoint now, const FrameSent& frame) {
  if (!is_active(now)) return;
  close_windows_until((now - time().from).ns() / window_.ns());
  if (frame.kind == FrameKind::upload && frame.from == victim_) current_.victim_sent = true;
  if (is_data_push(frame)) current_.receivers.insert(frame.to.index);
}

void IntersectionAttacker::on_message(TimePoint now, const MessageMoved& moved) {
  bool is_victims = moved.from == victim_.index && moved.step == MessageStep::submitted;
  if (is_victims && is_active(now)) partners_.insert(moved.to);
}

// Further windows without anything change nothing.
void IntersectionAttacker::close_windows_until(std::int64_t index) {
  for (int closed = 0; index_ < index && closed < 2; ++closed) close_window();
  index_ = std::max(index_, index);
}

void IntersectionAttacker::close_window() {
  if (before_.victim_sent) {
    std::erase_if(candidates_, [&](std::uint32_t client) {
      return !before_.receivers.contains(client) && !current_.receivers.contains(client);
    });
  }
  before_ = std::exchange(current_, {});
  ++index_;
  history_.push_back({time().from - kRunStart + window_ * index_, candidates_.size()});
}

Part IntersectionAttacker::linked() const {
  bool only_partners = std::includes(partners_.begin(), partners_.end(), candidates_.begin(), candidates_.end());
  return {only_partners ? candidates_.size() : 0, partners_.size()};
}

void IntersectionAttacker::add_to(Measurements& measurements) const {
  add_count(measurements, Metric::anonymity_set, "candidates", *this, candidates_.size());
  add_series(measurements, Metric::anonymity_set, "candidates", *this, history_);
}

}  // namespace nym::sim
