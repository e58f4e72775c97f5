#pragma once

#include "engine/base/random.h"
#include "engine/sphinx/suite.h"

/// Nodes and plans for tests, all drawn from one stream.
namespace nym::test {

struct SampleNode {
  sphinx::NodeAddress address;
  crypto::X25519KeyPair key;

  static SampleNode draw(RandomSource& random) {
    auto address = draw_array<32>(random);
    return {.address = {address}, .key = crypto::X25519KeyPair::generate(random)};
  }
};

inline std::vector<SampleNode> draw_nodes(RandomSource& random, std::size_t count) {
  std::vector<SampleNode> nodes;
  for (std::size_t i = 0; i < count; ++i) nodes.push_back(SampleNode::draw(random));
  return nodes;
}

inline sphinx::HeaderPlan draw_header_plan(RandomSource& random, std::span<const SampleNode> nodes) {
  sphinx::HeaderPlan plan{.route = {},
                          .destination = {draw_array<32>(random)},
                          .identifier = {},
                          .initial_secret = draw_secret<32>(random),
                          .final_padding = Bytes(sphinx::final_padding_size(nodes.size()))};
  random.fill(plan.final_padding);
  for (const auto& node : nodes) {
    auto delay = draw_u64(random);
    plan.route.push_back({.address = node.address, .key = node.key.public_key, .delay = {delay}});
  }
  return plan;
}

inline sphinx::AckPayload draw_ack_payload(RandomSource& random) {
  auto key = draw_secret<16>(random);
  auto iv = draw_array<16>(random);
  return {.key = key, .iv = iv, .id = draw_array<5>(random)};
}

inline sphinx::PacketPlan draw_ack_plan(RandomSource& random, std::span<const SampleNode> nodes) {
  auto header = draw_header_plan(random, nodes);
  return {.header = std::move(header),
          .payload_size = sphinx::kAckPlaintext + sphinx::kPayloadOverhead,
          .payload = draw_ack_payload(random)};
}

inline sphinx::SurbAck draw_ack(const sphinx::Suite& suite, RandomSource& random, std::span<const SampleNode> nodes) {
  return {.first_hop = to_array<19>(nodes.front().address.bytes), .packet = suite.seal(draw_ack_plan(random, nodes))};
}

/// A fragment of `size` bytes of which the first `filled` are drawn and the others zero and not stored.
inline Blob draw_fragment(RandomSource& random, std::size_t filled, std::size_t size) {
  Bytes bytes(filled);
  random.fill(bytes);
  return Blob::with_zero_tail(std::move(bytes), size);
}

/// The payload size that a fragment fills: 16 zeros, SURB-ack, key field, fragment, end marker.
constexpr std::size_t payload_size_for(std::size_t fragment_size) {
  return sphinx::kSurbAck + sphinx::kFragmentKeyField + fragment_size + sphinx::kPayloadOverhead;
}

/// A copy in which one bit is different.
inline Blob with_flipped_bit(const Blob& blob, std::size_t bit) {
  Bytes bytes = blob.to_bytes();
  bytes.at(bit / 8) ^= static_cast<std::uint8_t>(1U << (bit % 8));
  return Blob(std::move(bytes));
}

/// Alpha's highest bit, the only one of a packet that means nothing.
inline constexpr std::size_t kAlphaTopBit = 255;

}  // namespace nym::test
