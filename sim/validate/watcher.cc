#include "sim/validate/watcher.h"

#include <algorithm>

#include "sim/measure/timed_meter.h"
#include "sim/record/start.h"
#include "sim/validate/predict.h"

namespace nym::sim {
namespace {

/// Samples become too many only in runs that are longer than any comparison needs.
constexpr std::size_t kMostLatencies = 1'000'000;

const char* step_of(const FrameSent& frame) {
  if (frame.kind == FrameKind::upload) return "link.upload";
  if (frame.kind == FrameKind::push) return "link.push";
  if (frame.kind != FrameKind::packet) return nullptr;
  if (frame.from.kind == NodeKind::gateway) return "link.to_mixes";
  return frame.to.kind == NodeKind::gateway ? "link.from_mixes" : "link.between_mixes";
}

const char* stream_of(client::PacketKind kind) {
  if (kind == client::PacketKind::loop_cover) return "sent.loop_cover";
  if (kind == client::PacketKind::drop_cover) return "sent.drop_cover";
  return "sent.main";
}

double sample_quantile(const std::vector<double>& sorted, double share) {
  double place = share * static_cast<double>(sorted.size()) - 0.5;
  auto low = static_cast<std::size_t>(std::max(0.0, place));
  auto high = std::min(low + 1, sorted.size() - 1);
  double part = std::max(0.0, place) - static_cast<double>(low);
  return sorted[low] * (1 - part) + sorted[high] * part;
}

}  // namespace

Watcher::Watcher(const Plan& plan)
    : mixnodes_(plan.network.mixnodes), from_(kRunStart + steady_from(plan)), entropy_(plan, {}) {}

double Watcher::seconds() const {
  return in_seconds(until_ - from_);
}

void Watcher::on_frame_sent(TimePoint now, const FrameSent& frame) {
  entropy_.on_frame_sent(now, frame);
  const auto* step = step_of(frame);
  if (step != nullptr && counts(now)) sums_[step] += 1;
}

void Watcher::on_mixnode_event(TimePoint now, std::uint32_t mixnode, const mixnode::Event& event) {
  entropy_.on_mixnode_event(now, mixnode, event);
  if (!counts(now)) return;
  if (std::holds_alternative<mixnode::PacketReceived>(event))
    sums_["mix.received"] += 1 / static_cast<double>(mixnodes_);
  if (const auto* forwarded = std::get_if<mixnode::PacketForwarded>(&event)) {
    forwarded_ += 1;
    delays_ += in_seconds(forwarded->held);
  }
}

void Watcher::on_client_event(TimePoint now, std::uint32_t, const client::Event& event) {
  const auto* sent = std::get_if<client::PacketSent>(&event);
  if (sent != nullptr && counts(now)) sums_[stream_of(sent->kind)] += 1;
}

void Watcher::on_message(TimePoint now, const MessageMoved& moved) {
  if (moved.message.part == MessageRef::Part::reply) return;
  if (moved.step == MessageStep::submitted && counts(now)) submitted_.emplace(moved.message, now);
  if (moved.step != MessageStep::delivered || latencies_.size() == kMostLatencies) return;
  auto submitted = submitted_.find(moved.message);
  if (submitted == submitted_.end()) return;
  latencies_.push_back(in_seconds(now - submitted->second));
  submitted_.erase(submitted);
}

void Watcher::on_phase(TimePoint now, Phase phase) {
  phase_ = phase;
  if (phase == Phase::calm) until_ = now;
  if (phase == Phase::over) std::sort(latencies_.begin(), latencies_.end());
}

void Watcher::on_sample(TimePoint now, const NetworkView& view) {
  if (!counts(now)) return;
  looks_ += 1;
  for (std::uint32_t i = 0; i < mixnodes_; ++i) {
    held_ += static_cast<double>(view.held_packets(i).value_or(0)) / static_cast<double>(mixnodes_);
  }
}

std::map<std::string, double> Watcher::figures() const {
  std::map<std::string, double> figures;
  if (until_ <= from_) return figures;
  for (const auto& [name, sum] : sums_) figures[name] = sum / seconds();
  if (looks_ > 0) figures["mix.held"] = held_ / looks_;
  if (forwarded_ > 0) figures["mix.delay"] = delays_ / forwarded_;
  if (!latencies_.empty()) {
    double sum = 0;
    for (double one : latencies_) sum += one;
    figures["latency.mean"] = sum / static_cast<double>(latencies_.size());
    figures["latency.p50"] = sample_quantile(latencies_, 0.5);
    figures["latency.p90"] = sample_quantile(latencies_, 0.9);
    figures["latency.p99"] = sample_quantile(latencies_, 0.99);
  }
  Measurements measured;
  entropy_.add_to(measured);
  if (const auto* bits = measured.find_figure("packet_entropy_mean")) figures["entropy.packets"] = bits->value;
  return figures;
}

}  // namespace nym::sim
