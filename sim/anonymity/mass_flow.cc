#include "sim/anonymity/mass_flow.h"

#include <algorithm>
#include <numeric>

namespace nym::sim {
namespace {

double total(const MassFlow::Masses& masses) {
  return std::accumulate(masses.begin(), masses.end(), 0.0);
}

bool is_lost_on_a_link(DropReason reason) {
  return reason == DropReason::link_queue_full || reason == DropReason::too_many_links ||
         reason == DropReason::link_failed;
}

}  // namespace

MassFlow::Masses MassFlow::on_frame_sent(const FrameSent& frame) {
  Masses masses;
  if (frame.from.kind == NodeKind::mixnode && frame.kind == FrameKind::packet) masses = leave_mixnode(frame);
  if (frame.from.kind == NodeKind::gateway) masses = leave_gateway(frame);
  if (frame.kind == FrameKind::packet) frames_.put(frame.id, {masses, frame.kind, frame.bytes, false});
  return masses;
}

MassFlow::Masses MassFlow::leave_mixnode(const FrameSent& frame) {
  if (frame.peeled_from == FrameId{} || left_.find(frame.peeled_from) != nullptr) return {};
  left_.put(frame.peeled_from, {});
  const auto* shown = frames_.find(frame.peeled_from);
  if (shown != nullptr && shown->kind == FrameKind::packet) return take(frame.peeled_from);
  auto pool = pools_.find({frame.from.index, frame.bytes});
  return pool == pools_.end() ? Masses() : take_average(pool->second);
}

// An acknowledgement's packet was in a data packet as well, and is not what is followed.
MassFlow::Masses MassFlow::leave_gateway(const FrameSent& frame) {
  const auto* before = frames_.find(frame.peeled_from);
  if (before == nullptr) return {};
  auto expected = frame.kind == FrameKind::packet ? FrameKind::upload : FrameKind::packet;
  return before->kind == expected ? take(frame.peeled_from) : Masses();
}

void MassFlow::on_frame_arrived(TimePoint now, const FrameArrived& frame) {
  if (frame.kind != FrameKind::packet) return;
  auto* carried = frames_.find(frame.id);
  if (carried == nullptr) return;
  if (frame.to.kind == NodeKind::gateway) {
    carried->at_gateway = true;
    if (carried->masses.empty()) frames_.erase(frame.id);
    return;
  }
  bool is_shown = corrupt_.contains(frame.to.index, now);
  Arrival arrival{frame.id, carried->bytes, !is_shown, {}};
  if (!is_shown) {
    arrival.masses = std::move(carried->masses);
    auto& pool = pools_[{frame.to.index, carried->bytes}];
    ++pool.packets;
    if (pool.masses.empty() && !arrival.masses.empty()) pool.masses.resize(width_);
    for (std::size_t i = 0; i < arrival.masses.size(); ++i) pool.masses[i] += arrival.masses[i];
    frames_.erase(frame.id);
  }
  last_arrivals_[frame.to.index] = std::move(arrival);
}

void MassFlow::on_mixnode_event(std::uint32_t mixnode, const mixnode::Event& event) {
  if (std::holds_alternative<mixnode::LoopReturned>(event)) return take_back_arrival(mixnode);
  const auto* dropped = std::get_if<mixnode::PacketDropped>(&event);
  if (dropped == nullptr) return;
  if (!is_lost_on_a_link(dropped->reason)) return take_back_arrival(mixnode);
  auto largest = pools_.end();  // nobody sees which one it was
  for (auto pool = pools_.lower_bound({mixnode, 0}); pool != pools_.end() && pool->first.mixnode == mixnode; ++pool) {
    if (largest == pools_.end() || pool->second.packets > largest->second.packets) largest = pool;
  }
  if (largest != pools_.end()) take_average(largest->second);
}

void MassFlow::take_back_arrival(std::uint32_t mixnode) {
  auto last = last_arrivals_.find(mixnode);
  if (last == last_arrivals_.end()) return;
  auto arrival = std::move(last->second);
  last_arrivals_.erase(last);
  if (!arrival.in_pool) return frames_.erase(arrival.id);
  remove(pools_[{mixnode, arrival.bytes}], arrival.masses);
}

void MassFlow::on_node_state(NodeName node, NodeState state) {
  if (node.kind != NodeKind::mixnode || state != NodeState::down) return;
  pools_.erase(pools_.lower_bound({node.index, 0}), pools_.lower_bound({node.index + 1, 0}));
  last_arrivals_.erase(node.index);
}

void MassFlow::put(FrameId upload, std::size_t slot) {
  Masses masses(width_);
  masses[slot] = 1;
  frames_.put(upload, {std::move(masses), FrameKind::upload, 0, false});
}

void MassFlow::clear(std::size_t slot) {
  auto forget = [slot](Masses& masses) {
    if (masses.empty()) return;
    masses[slot] = 0;
    if (total(masses) < kForgotten) masses.clear();
  };
  frames_.erase_if([&](Carried& carried) {
    forget(carried.masses);
    return carried.at_gateway && carried.masses.empty();
  });
  for (auto& [key, pool] : pools_) forget(pool.masses);
  for (auto& [mixnode, arrival] : last_arrivals_) forget(arrival.masses);
}

MassFlow::Masses MassFlow::take(FrameId id) {
  auto masses = std::move(frames_.find(id)->masses);
  frames_.erase(id);
  return masses;
}

MassFlow::Masses MassFlow::take_average(Pool& pool) {
  if (pool.packets == 0) return {};
  Masses average = pool.masses;
  for (auto& mass : average) mass /= static_cast<double>(pool.packets);
  remove(pool, average);
  return total(average) < kForgotten ? Masses() : average;
}

void MassFlow::remove(Pool& pool, const Masses& masses) {
  if (pool.packets == 0) return;
  --pool.packets;
  bool is_nothing = pool.packets == 0 || pool.masses.empty();
  if (!is_nothing) {
    for (std::size_t i = 0; i < masses.size(); ++i) pool.masses[i] = std::max(0.0, pool.masses[i] - masses[i]);
    is_nothing = total(pool.masses) < kForgotten;
  }
  if (is_nothing) pool.masses.clear();
}

}  // namespace nym::sim
