#include "tests/bench/sample_packets.h"

#include "engine/wire/packet_size.h"
#include "engine/wire/routing_address.h"

namespace nym::bench {
namespace {

constexpr Duration kMeanDelay = Duration::milliseconds(50);

}  // namespace

SamplePackets::SamplePackets(Generation generation)
    : number_(PacketForm::of(generation).number),
      rule_(generation == Generation::y2023 ? sphinx::NodeRule::y2023 : sphinx::NodeRule::ours),
      recipient_(crypto::X25519KeyPair::generate(random_)),
      ack_key_(draw_secret<16>(random_)),
      content_(wire::fragment_bytes(wire::PacketSize::regular)) {
  random_.fill(content_);
  for (std::size_t layer = 0; layer <= kLayers; ++layer) {
    std::size_t count = layer < kLayers ? kNodesALayer : kGateways;
    for (std::size_t i = 0; i < count; ++i) {
      Ipv4 host{{10, 0, static_cast<std::uint8_t>(layer), static_cast<std::uint8_t>(i)}};
      sphinx::NodeAddress address{wire::encode_address_32({host, 1789})};
      nodes_[layer].push_back({crypto::X25519KeyPair::generate(random_), address});
    }
  }
}

const SamplePackets::SampleNode& SamplePackets::any_of(const std::vector<SampleNode>& nodes) {
  return nodes[draw_below(random_, nodes.size())];
}

sphinx::Hop SamplePackets::hop_to(const SampleNode& node) {
  auto delay = draw_exponential(random_, kMeanDelay);
  sphinx::HopDelay wait{static_cast<std::uint64_t>(delay.ns())};
  return {node.address, node.key.public_key, wait, sphinx::KeyPoint::on_curve};
}

sphinx::HeaderPlan SamplePackets::header(const SampleNode& first) {
  sphinx::HeaderPlan plan;
  plan.route.push_back(hop_to(first));
  for (std::size_t layer = 1; layer <= kLayers; ++layer) plan.route.push_back(hop_to(any_of(nodes_[layer])));
  plan.destination = {draw_array<32>(random_)};
  plan.initial_secret = draw_secret<32>(random_);
  plan.final_padding.resize(sphinx::final_padding_size(plan.route.size()));
  random_.fill(plan.final_padding);
  plan.number = number_;
  return plan;
}

Blob SamplePackets::packet() {
  auto plan = header(any_of(nodes_[0]));
  auto iv = draw_array<16>(random_);
  return suite_.seal(
      {std::move(plan), wire::payload_bytes(wire::PacketSize::regular), sphinx::AckPayload{ack_key_, iv, {}}});
}

Blob SamplePackets::chunk_over(const SampleNode& first) {
  auto way_home = header(any_of(nodes_[0]));
  auto iv = draw_array<16>(random_);
  sphinx::SurbAck ack;
  std::copy_n(way_home.route.first().address.bytes.begin(), ack.first_hop.size(), ack.first_hop.begin());
  ack.packet = suite_.seal(
      {std::move(way_home), wire::payload_bytes(wire::PacketSize::ack), sphinx::AckPayload{ack_key_, iv, {}}});
  sphinx::FragmentPayload payload{std::move(ack), crypto::X25519PrivateKey::generate(random_), recipient_.public_key,
                                  Blob(content_)};
  return suite_.seal({header(first), wire::payload_bytes(wire::PacketSize::regular), std::move(payload)});
}

Blob SamplePackets::chunk() {
  return chunk_over(any_of(nodes_[0]));
}

sphinx::ReplySurbPlan SamplePackets::reply_surb() {
  auto plan = header(any_of(nodes_[0]));
  return {std::move(plan), draw_secret<16>(random_)};
}

std::vector<Bytes> SamplePackets::at_first_mixnode(std::size_t count) {
  std::vector<Blob> chunks;
  for (std::size_t i = 0; i < count; ++i) chunks.push_back(chunk_over(nodes_[0][0]));
  suite_.prepare(chunks);
  std::vector<Bytes> packets;
  for (const auto& chunk : chunks) packets.push_back(chunk.to_bytes());
  return packets;
}

}  // namespace nym::bench
