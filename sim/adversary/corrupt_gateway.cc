#include "sim/adversary/corrupt_gateway.h"

#include <algorithm>
#include <cmath>

#include "sim/adversary/nodes_of.h"

namespace nym::sim {
namespace {

constexpr double kMostOfTheWeight = 0.5;

}  // namespace

CorruptGatewayAttacker::CorruptGatewayAttacker(std::string name, const Plan& plan, const Adversary& adversary,
                                               const CorruptGateway& kind)
    : Attacker(std::move(name), adversary),
      gateways_(nodes_in(plan, kind.nodes)),
      mean_delay_(std::max(Duration::milliseconds(1), plan.client.traffic.average_packet_delay)),
      horizon_(mean_delay_ * 12) {}

void CorruptGatewayAttacker::on_frame_sent(TimePoint now, const FrameSent& frame) {
  const auto* origin = origins_.on_frame_sent(now, frame);
  if (frame.kind == FrameKind::upload && frame.content == client::PacketKind::real) return follow(now, frame);
  if (!is_data_push(frame)) return;
  for (auto& followed : followed_) {
    if (followed && origin != nullptr && followed->upload == origin->upload) followed->true_receiver = frame.to.index;
  }
  if (gateways_.contains(frame.from)) weigh(now, frame);
}

void CorruptGatewayAttacker::follow(TimePoint now, const FrameSent& upload) {
  if (!is_active(now)) return;
  for (auto& followed : followed_) {
    bool is_over = followed && followed->sent + horizon_ <= now;
    if (is_over) judge(linked_, *std::exchange(followed, std::nullopt));
  }
  auto free = std::find_if(followed_.begin(), followed_.end(), [](const auto& one) { return !one.has_value(); });
  if (free == followed_.end()) return;
  if (!gateways_.contains(upload.to)) {
    ++linked_.of;
    return;
  }
  *free = Followed{upload.id, now, {}, std::nullopt};
}

void CorruptGatewayAttacker::weigh(TimePoint now, const FrameSent& push) {
  for (auto& followed : followed_) {
    if (followed && followed->sent + horizon_ > now) {
      followed->weights[push.to.index] += likelihood(now - followed->sent);
    }
  }
}

// Up to a factor that is the same for all.
double CorruptGatewayAttacker::likelihood(Duration after) const {
  double times = static_cast<double>(after.ns()) / static_cast<double>(mean_delay_.ns());
  return times * times * std::exp(-times);
}

void CorruptGatewayAttacker::judge(Part& linked, const Followed& followed) {
  ++linked.of;
  if (!followed.true_receiver) return;
  double sum = 0;
  for (const auto& [client, weight] : followed.weights) sum += weight;
  auto right = followed.weights.find(*followed.true_receiver);
  if (right != followed.weights.end() && right->second > kMostOfTheWeight * sum) ++linked.done;
}

Part CorruptGatewayAttacker::linked() const {
  auto linked = linked_;
  for (const auto& followed : followed_) {
    if (followed) judge(linked, *followed);
  }
  return linked;
}

}  // namespace nym::sim
