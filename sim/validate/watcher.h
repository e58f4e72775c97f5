#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/anonymity/entropy_meter.h"
#include "sim/plan/plan.h"

namespace nym::sim {

/// Takes from one run what predictions are about: in the time from steady_from until nothing new is sent.
class Watcher final : public Observer {
 public:
  explicit Watcher(const Plan& plan);

  /// By the names of predictions; what there was none of is missing.
  std::map<std::string, double> figures() const;
  /// Of messages, ascending, in seconds.
  const std::vector<double>& latencies() const { return latencies_; }

  bool wants_peeled_from() const override { return entropy_.wants_peeled_from(); }
  void on_frame_sent(TimePoint now, const FrameSent& frame) override;
  void on_frame_arrived(TimePoint now, const FrameArrived& frame) override { entropy_.on_frame_arrived(now, frame); }
  void on_frame_lost(TimePoint now, const FrameLost& frame) override { entropy_.on_frame_lost(now, frame); }
  void on_mixnode_event(TimePoint now, std::uint32_t mixnode, const mixnode::Event& event) override;
  void on_client_event(TimePoint now, std::uint32_t client, const client::Event& event) override;
  void on_message(TimePoint now, const MessageMoved& moved) override;
  void on_phase(TimePoint now, Phase phase) override;
  void on_sample(TimePoint now, const NetworkView& view) override;

 private:
  bool counts(TimePoint now) const { return phase_ == Phase::work && now >= from_; }
  double seconds() const;

  std::uint32_t mixnodes_;
  TimePoint from_;
  TimePoint until_;
  Phase phase_ = Phase::work;
  EntropyMeter entropy_;
  std::map<std::string, double> sums_;  ///< of what happened, by the names of rates
  double held_ = 0;
  double looks_ = 0;
  double delays_ = 0;
  double forwarded_ = 0;
  std::map<MessageRef, TimePoint> submitted_;
  std::vector<double> latencies_;
};

}  // namespace nym::sim
