#include "sim/anonymity/unobservability_meter.h"

#include <cmath>
#include <numbers>
#include <set>

namespace nym::sim {
namespace {

constexpr double kBinsInAPowerOfTwo = 5;
constexpr std::int64_t kShortest = 1'000;  // nanoseconds

int bin_of(Duration time) {
  auto length = static_cast<double>(std::max(kShortest, time.ns())) / static_cast<double>(kShortest);
  return static_cast<int>(std::log2(length) * kBinsInAPowerOfTwo);
}

}  // namespace

UnobservabilityMeter::UnobservabilityMeter(const Plan& plan)
    : from_(kRunStart + plan.measure.warm_up), groups_(plan.clients.size()) {
  for (std::size_t group = 0; group < plan.clients.size(); ++group) {
    senders_.insert(senders_.end(), plan.clients[group].count, Sender{group, 0, std::nullopt});
  }
}

UnobservabilityMeter::Sender* UnobservabilityMeter::find(std::uint32_t client) {
  return client < senders_.size() ? &senders_[client] : nullptr;
}

void UnobservabilityMeter::on_frame_sent(TimePoint now, const FrameSent& frame) {
  if (frame.kind != FrameKind::upload || now < from_) return;
  auto* sender = find(frame.from.index);
  if (sender == nullptr) return;
  if (sender->last_upload) {
    auto& group = groups_[sender->group];
    auto& shape = sender->open_messages > 0 ? group.sending : group.idle;
    ++shape.bins[bin_of(now - *sender->last_upload)];
    ++shape.times;
  }
  sender->last_upload = now;
}

void UnobservabilityMeter::on_message(TimePoint, const MessageMoved& moved) {
  auto* sender = find(moved.from);
  if (sender == nullptr) return;
  bool begins = moved.step == MessageStep::submitted;
  bool ends = moved.step == MessageStep::acknowledged || moved.step == MessageStep::failed ||
              moved.step == MessageStep::cancelled;
  bool was_sending = sender->open_messages > 0;
  if (begins) ++sender->open_messages;
  if (ends && was_sending) --sender->open_messages;
  if ((sender->open_messages > 0) != was_sending) sender->last_upload.reset();
}

UnobservabilityMeter::Compared UnobservabilityMeter::compare(const Group& group) {
  std::set<int> bins;
  for (const auto* shape : {&group.sending, &group.idle}) {
    for (const auto& [bin, count] : shape->bins) bins.insert(bin);
  }
  auto n = static_cast<double>(group.sending.times);
  auto m = static_cast<double>(group.idle.times);
  auto count_in = [](const Shape& shape, int bin) {
    auto found = shape.bins.find(bin);
    return found == shape.bins.end() ? 0.0 : static_cast<double>(found->second);
  };
  Compared compared;
  for (int bin : bins) {
    double sending = count_in(group.sending, bin);
    double idle = count_in(group.idle, bin);
    double p = (sending + idle) / (n + m);
    compared.distance += std::abs(sending / n - idle / m) / 2;
    compared.noise += std::sqrt(2 / std::numbers::pi * p * (1 - p) * (1 / n + 1 / m)) / 2;
  }
  return compared;
}

void UnobservabilityMeter::add_to(Measurements& measurements) const {
  Compared sum;
  double weights = 0;
  for (const auto& group : groups_) {
    if (group.sending.times == 0 || group.idle.times == 0) continue;
    auto weight = static_cast<double>(group.sending.times);
    auto compared = compare(group);
    sum.distance += weight * compared.distance;
    sum.noise += weight * compared.noise;
    weights += weight;
  }
  if (weights == 0) return;
  auto& figures = measurements.figures;
  figures.push_back({Metric::unobservability, "unobservability_distance", "", sum.distance / weights});
  figures.push_back({Metric::unobservability, "unobservability_noise", "", sum.noise / weights});
}

}  // namespace nym::sim
