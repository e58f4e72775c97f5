#include "sim/anonymity/targets.h"

#include <algorithm>
#include <cmath>

namespace nym::sim {
namespace {

double surprise(double p) {
  return p > 0 ? -p * std::log2(p) : 0;
}

/// Of a distribution that sums to `sum`, given its -sum p log2 p.
double scaled_entropy(double surprise_sum, double sum) {
  return sum > 0 ? std::max(0.0, std::log2(sum) + surprise_sum / sum) : 0;
}

double scaled_min_entropy(double largest, double sum) {
  return sum > 0 ? std::max(0.0, -std::log2(largest / sum)) : 0;
}

}  // namespace

double TargetEnd::receiver_entropy() const {
  double sum = 0;
  for (const auto& [client, p] : receivers) sum += surprise(p);
  return scaled_entropy(sum, arrived);
}

double TargetEnd::receiver_min_entropy() const {
  double largest = 0;
  for (const auto& [client, p] : receivers) largest = std::max(largest, p);
  return scaled_min_entropy(largest, arrived);
}

double TargetEnd::packet_entropy() const {
  return scaled_entropy(packet_surprise, arrived);
}

double TargetEnd::packet_min_entropy() const {
  return scaled_min_entropy(largest_packet, arrived);
}

Targets::Targets(Config config, OnEnd on_end)
    : config_(std::move(config)), on_end_(std::move(on_end)), flow_(kTargets, config_.corrupt) {}

bool Targets::sees(NodeName from, NodeName to) const {
  return !config_.seen || config_.seen->contains(from) || config_.seen->contains(to);
}

void Targets::on_frame_sent(TimePoint now, const FrameSent& frame) {
  const auto* origin = origins_.on_frame_sent(now, frame);
  if (origin != nullptr && is_data_push(frame)) note_truth(frame, *origin);
  bool is_target = frame.kind == FrameKind::upload && frame.content == client::PacketKind::real;
  if (is_target) follow(now, frame);
  if (!sees(frame.from, frame.to)) return;
  auto masses = flow_.on_frame_sent(frame);
  if (frame.kind != FrameKind::push) return;
  for (std::size_t slot = 0; slot < masses.size(); ++slot) {
    if (masses[slot] > 0 && targets_[slot]) receive(slot, frame.to.index, masses[slot]);
  }
}

void Targets::on_frame_arrived(TimePoint now, const FrameArrived& frame) {
  if (sees(frame.from, frame.to)) flow_.on_frame_arrived(now, frame);
}

void Targets::on_frame_lost(const FrameLost& frame) {
  flow_.on_frame_lost(frame);
}

void Targets::follow(TimePoint now, const FrameSent& upload) {
  if (now < config_.from || now >= config_.until) return;
  auto is_free = [](const auto& target) { return !target.has_value(); };
  auto free = std::find_if(targets_.begin(), targets_.end(), is_free);
  if (free == targets_.end()) {
    give_up_old(now);
    free = std::find_if(targets_.begin(), targets_.end(), is_free);
  }
  if (free == targets_.end()) return;
  free->emplace();
  (*free)->upload = upload.id;
  (*free)->sent = now;
  (*free)->sender = upload.from.index;
  if (sees(upload.from, upload.to)) flow_.put(upload.id, static_cast<std::size_t>(free - targets_.begin()));
}

void Targets::receive(std::size_t slot, std::uint32_t client, double mass) {
  auto& target = *targets_[slot];
  target.arrived += mass;
  target.receivers[client] += mass;
  target.packet_surprise += surprise(mass);
  target.largest_packet = std::max(target.largest_packet, mass);
  if (target.arrived >= kArrived && target.true_receiver) end(slot);
}

// It may come out after nearly all of its probability has.
void Targets::note_truth(const FrameSent& push, const Origin& origin) {
  for (std::size_t slot = 0; slot < targets_.size(); ++slot) {
    auto& target = targets_[slot];
    if (!target || target->upload != origin.upload) continue;
    target->true_receiver = push.to.index;
    if (target->arrived >= kArrived) end(slot);
    return;
  }
}

void Targets::give_up_old(TimePoint now) {
  for (std::size_t slot = 0; slot < targets_.size(); ++slot) {
    if (targets_[slot] && targets_[slot]->sent + kTargetGivenUpAfter <= now) end(slot);
  }
}

void Targets::end(std::size_t slot) {
  auto target = *std::exchange(targets_[slot], std::nullopt);
  flow_.clear(slot);
  on_end_(target);
}

std::vector<TargetEnd> Targets::unfinished() const {
  std::vector<TargetEnd> found;
  for (const auto& target : targets_) {
    if (target) found.push_back(*target);
  }
  return found;
}

}  // namespace nym::sim
