#include "sim/adversary/n_minus_one.h"

#include "engine/base/check.h"
#include "sim/adversary/figures.h"
#include "sim/adversary/nodes_of.h"
#include "sim/anonymity/origins.h"

namespace nym::sim {
namespace {

constexpr Duration kMeanDelay = Duration::milliseconds(50);

/// mix1 is the first of layer 1.
const topology::MixNode& mixnode_at(const topology::Snapshot& topology, std::uint32_t index) {
  std::size_t left = index;
  for (const auto& layer : topology.layers) {
    if (left < layer.size()) return layer[left];
    left -= layer.size();
  }
  NYM_CHECK(false);
  return topology.layers[0][0];
}

}  // namespace

NMinusOneAttacker::NMinusOneAttacker(std::string name, const Plan& plan, const Adversary& adversary,
                                     const NMinusOne& kind, std::unique_ptr<RandomSource> random)
    : Attacker(std::move(name), adversary),
      victims_(nodes_in(plan, kind.victim)),
      node_counts_{plan.network.mixnodes, plan.network.gateways, client_count(plan)},
      interval_(std::max(Duration::microseconds(1), kind.flood.per / static_cast<std::int64_t>(kind.flood.count))),
      random_(std::move(random)) {
  for (auto node : nodes_in(plan, kind.target)) targets_.emplace(node.index, Target{});
}

void NMinusOneAttacker::begin(NetworkAccess& network) {
  network_ = &network;
  network.schedule(time().from, [this] { flood(); });
}

void NMinusOneAttacker::flood() {
  if (is_over(network_->now())) return;
  for (const auto& [mixnode, target] : targets_) {
    network_->inject(network_->now(), {NodeKind::mixnode, mixnode}, make_packet(mixnode));
    ++flooded_;
  }
  network_->schedule(network_->now() + interval_, [this] { flood(); });
}

wire::MixFrame NMinusOneAttacker::make_packet(std::uint32_t mixnode) {
  const auto& topology = network_->topology();
  const auto& target = mixnode_at(topology, mixnode);
  const auto& gateway = topology.gateways[draw_below(*random_, topology.gateways.size())];
  sphinx::PacketPlan plan;
  Duration delay = draw_exponential(*random_, kMeanDelay);
  plan.header.route.push_back(topology::make_hop(target.mix_endpoint, target.sphinx_key, delay));
  plan.header.route.push_back(topology::make_hop(gateway.mix_endpoint, gateway.sphinx_key, {}));
  plan.header.initial_secret = draw_secret<32>(*random_);
  plan.header.final_padding.resize(sphinx::final_padding_size(plan.header.route.size()));
  random_->fill(plan.header.final_padding);
  plan.payload_size = wire::payload_bytes(wire::PacketSize::regular);
  plan.payload = sphinx::AckPayload{draw_secret<16>(*random_), {}, {}};  // drop cover
  return {wire::PacketSize::regular, wire::PacketType::mix, network_->suite().seal(std::move(plan))};
}

// Nobody else sends what no node sent.
bool NMinusOneAttacker::is_own(const FrameSent& frame) const {
  return frame.from.index >= node_counts_.at(static_cast<std::size_t>(frame.from.kind));
}

Interception NMinusOneAttacker::intercept(TimePoint now, const FrameSent& frame) {
  bool is_for_target = frame.kind == FrameKind::packet && frame.to.kind == NodeKind::mixnode &&
                       targets_.contains(frame.to.index) && is_active(now);
  if (!is_for_target || is_own(frame) || known_.find(frame.peeled_from) != nullptr) return {};
  if (frame.from.kind == NodeKind::mixnode && knows_inside(frame.from.index, frame.peeled_from)) return {};
  ++held_back_;
  if (time().until == TimePoint::at(Duration::max())) return {.fate = Interception::Fate::lose};
  return {.delay = time().until - now};
}

bool NMinusOneAttacker::knows_inside(std::uint32_t mixnode, FrameId frame) const {
  auto target = targets_.find(mixnode);
  if (target == targets_.end()) return false;
  auto victims = target->second.victims.find(frame);
  return victims != target->second.victims.end() && victims->second.is_certain && target->second.strangers.empty();
}

void NMinusOneAttacker::on_frame_sent(TimePoint now, const FrameSent& frame) {
  if (is_own(frame)) return own_.put(frame.id, {});
  if (frame.kind == FrameKind::upload && victims_.contains(frame.from) && is_active(now)) {
    bool is_message = frame.content == client::PacketKind::real;
    if (is_message) ++linked_.of;
    return known_.put(frame.id, {is_message ? Content::message : Content::other, frame.kind});
  }
  if (frame.from.kind == NodeKind::mixnode) {
    auto target = targets_.find(frame.from.index);
    if (target != targets_.end()) leave_target(target->second, frame);
    return;
  }
  const auto* known = known_.find(frame.peeled_from);
  if (known == nullptr) return;
  if (is_data_push(frame)) {
    if (known->content == Content::message) ++linked_.done;
    return known_.erase(frame.peeled_from);
  }
  bool is_first_hop = frame.kind == FrameKind::packet && known->kind == FrameKind::upload;
  if (is_first_hop) known_.put(frame.id, {known->content, frame.kind});
}

void NMinusOneAttacker::leave_target(Target& target, const FrameSent& frame) {
  if (frame.peeled_from == FrameId{}) {  // the mixnode's own loop
    for (auto& [id, victims] : target.victims) victims.is_certain = false;
    return;
  }
  target.strangers.erase(frame.peeled_from);
  auto found = target.victims.find(frame.peeled_from);
  if (found == target.victims.end()) return;
  auto victims = found->second;
  target.victims.erase(found);
  ++followed_through_.of;
  if (!victims.is_certain || !target.strangers.empty()) return;
  ++followed_through_.done;
  known_.put(frame.id, {victims.content, frame.kind});
}

void NMinusOneAttacker::on_frame_arrived(TimePoint, const FrameArrived& frame) {
  auto found = frame.to.kind == NodeKind::mixnode ? targets_.find(frame.to.index) : targets_.end();
  if (frame.kind != FrameKind::packet || found == targets_.end()) return;
  auto& target = found->second;
  target.latest = frame.id;
  if (const auto* known = known_.find(frame.id)) {
    target.victims.emplace(frame.id, Victims{known->content, true});
    known_.erase(frame.id);
  } else if (own_.find(frame.id) == nullptr) {
    target.strangers.insert(frame.id);
  }
}

void NMinusOneAttacker::on_mixnode_event(TimePoint, std::uint32_t mixnode, const mixnode::Event& event) {
  auto target = targets_.find(mixnode);
  bool is_gone =
      std::holds_alternative<mixnode::PacketDropped>(event) || std::holds_alternative<mixnode::LoopReturned>(event);
  if (target == targets_.end() || !is_gone) return;
  target->second.strangers.erase(target->second.latest);
  target->second.victims.erase(target->second.latest);
}

void NMinusOneAttacker::on_node_state(TimePoint, NodeName node, NodeState state) {
  auto target = node.kind == NodeKind::mixnode ? targets_.find(node.index) : targets_.end();
  if (target != targets_.end() && state == NodeState::down) target->second = {};
}

void NMinusOneAttacker::add_to(Measurements& measurements) const {
  add_share(measurements, Metric::unlinkability, "followed_through", *this, followed_through_);
  add_count(measurements, Metric::drops, "held_back", *this, held_back_);
  add_count(measurements, Metric::drops, "flooded", *this, flooded_);
}

}  // namespace nym::sim
