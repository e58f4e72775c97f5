#pragma once

#include "engine/sphinx/header.h"

namespace nym::sphinx {

/// header ‖ payload. Errors of make_header and encapsulate_payload.
Result<Bytes> make_packet(const HeaderPlan& plan, ByteView plaintext, std::size_t payload_size);
/// The same, given the chain of the plan's secret along its route.
Result<Bytes> make_packet(const HeaderPlan& plan, const KeyChain& chain, ByteView plaintext, std::size_t payload_size);

/// 16-byte hash of a hop's shared secret: equal for a packet and its replays, different at each hop.
struct ReplayTag {
  ByteArray<16> bytes{};
  friend auto operator<=>(const ReplayTag&, const ReplayTag&) = default;
};
ReplayTag replay_tag(FixedView<32> shared_secret);
/// Of an expansion that was made with its tag.
ReplayTag replay_tag(const RoutingKeys& keys);

struct PeeledPacket {
  ReplayTag tag;
  std::variant<ForwardHeader, FinalHeader> hop;
  Bytes payload;  ///< one layer less
  SphinxNumber number = SphinxNumber::n256;
};
/// 01 §9 in its order. Errors: invalid_packet, invalid_header, invalid_routing, invalid_payload, and zero_secret, where
/// we differ from the original on purpose: an all-zero shared secret is refused.
Result<PeeledPacket> peel_packet(ByteView packet, const crypto::X25519PrivateKey& node_key,
                                 NodeRule rule = NodeRule::y2023);
/// A packet and the key and rule of the node that it came to; packet and key outlive this.
struct PeelTask {
  ByteView packet;
  const crypto::X25519PrivateKey& node_key;
  NodeRule rule = NodeRule::y2023;
};
/// Many packets, of one node or of several, each as by peel_packet; their multiplications are done together.
std::vector<Result<PeeledPacket>> peel_packets(std::span<const PeelTask> tasks);

}  // namespace nym::sphinx
