#pragma once

#include "engine/base/text_encoding.h"
#include "engine/crypto/hash.h"
#include "engine/sphinx/suite.h"
#include "engine/wire/final_payload.h"
#include "engine/wire/framing.h"
#include "engine/wire/mix_packet.h"
#include "tests/vectors/recorded_network.h"

/// The networks of later_messages.json, and packets on their way through them.
namespace nym::test {

inline const Json& later_messages(const char* section) {
  return vectors("later_messages.json").at(section);
}

using Way = std::vector<const RecordedNode*>;

/// The network of a case, and the two clients in it.
struct LaterSetting {
  RecordedNetwork network;
  RecordedClient sender;
  RecordedClient recipient;

  explicit LaterSetting(const std::string& name)
      : network(nodes_of(name)),
        sender(later_messages("clients").at("sender").at(name)),
        recipient(later_messages("clients").at("recipient").at(name)) {}

  Way way_to(const RecordedClient& client, const Json& mix_hops_disabled = false) const {
    if (mix_hops_disabled.get<bool>()) return {&network[client.gateway]};
    return network.way_to(client.gateway);
  }

  static const Json& nodes_of(const std::string& name) {
    for (const auto& network : cases_of(later_messages("networks"))) {
      if (network.at("name") == name) return network.at("nodes");
    }
    throw std::runtime_error("no network " + name);
  }
};

inline KeyRotation rotation_of(const Json& byte) {
  return key_rotation_from_byte(byte.get<std::uint8_t>()).value();
}

/// The frame in which a hop got the packet, by what was recorded about it, decoded.
inline wire::MixFrame recorded_frame(const Json& hop, const Bytes& packet) {
  auto size = wire::packet_size_from_length(packet.size()).value();
  auto header = hop.at("frame_header").get<std::string>();
  auto form = header.starts_with("08") ? wire::FrameHeaderForm::with_rotation : wire::FrameHeaderForm::versioned;
  Bytes frame = wire::encode_frame_header(size, wire::PacketType::mix, form, rotation_of(hop.at("rotation_in")));
  EXPECT_EQ(to_hex(frame), header);
  append(frame, packet);
  EXPECT_EQ(frame.size(), hop.at("frame_len").get<std::size_t>());
  wire::FrameDecoder decoder(wire::FrameReading::y2026);
  decoder.feed(frame);
  auto decoded = decoder.next().value().value();
  EXPECT_EQ(decoded.rotation, rotation_of(hop.at("rotation_decoded")));
  EXPECT_EQ(decoded.packet.to_bytes(), packet);
  return decoded;
}

/// Takes the packet through all nodes of its way, each under our rule, and gives the plaintext that the last one finds.
inline Bytes later_travel(Bytes packet, const Way& way, const wire::Recipient& to, const Json& hops) {
  EXPECT_EQ(cases_of(hops).size(), way.size());
  for (std::size_t i = 0; i < way.size(); ++i) {
    const Json& hop = hops.at(i);
    auto frame = recorded_frame(hop, packet);
    auto peeled = sphinx::peel_packet(frame.packet.to_bytes(), way[i]->secret, sphinx::NodeRule::ours).value();
    EXPECT_EQ("sphinx-" + std::to_string(static_cast<int>(peeled.number)), hop.at("sphinx_version").get<std::string>());
    EXPECT_EQ(to_hex(peeled.tag.bytes), hop.at("replay_tag").get<std::string>().substr(0, 32));
    if (const auto* last = std::get_if<sphinx::FinalHeader>(&peeled.hop)) {
      EXPECT_EQ(hop.at("result"), "final");
      EXPECT_EQ(i + 1, way.size());
      EXPECT_EQ(last->destination.bytes, to.identity.bytes());
      return sphinx::recover_plaintext(peeled.payload).value();
    }
    const auto& forward = std::get<sphinx::ForwardHeader>(peeled.hop);
    EXPECT_EQ(hop.at("result"), "forward");
    EXPECT_EQ(forward.next, way.at(i + 1)->address);
    EXPECT_EQ(way.at(i + 1)->endpoint, parse_endpoint(hop.at("next_hop").get<std::string>()).value());
    EXPECT_EQ(forward.delay.ns, u64_of(hop.at("delay_ns")));
    EXPECT_EQ(frame.rotation, rotation_of(hop.at("rotation_out")));
    packet = to_bytes(forward.header);
    append(packet, peeled.payload);
    EXPECT_EQ(to_hex(crypto::sha256(packet)), hop.at("packet_next_sha256").get<std::string>());
  }
  ADD_FAILURE() << "the packet does not end where its way does";
  return {};
}

/// Without frames, where no hops were recorded.
inline Bytes later_travel(Bytes packet, const Way& way, const wire::Recipient& to) {
  for (const auto* node : way) {
    auto peeled = sphinx::peel_packet(packet, node->secret, sphinx::NodeRule::ours).value();
    if (const auto* last = std::get_if<sphinx::FinalHeader>(&peeled.hop)) {
      EXPECT_EQ(last->destination.bytes, to.identity.bytes());
      return sphinx::recover_plaintext(peeled.payload).value();
    }
    packet = to_bytes(std::get<sphinx::ForwardHeader>(peeled.hop).header);
    append(packet, peeled.payload);
  }
  ADD_FAILURE() << "the packet does not end where its way does";
  return {};
}

inline void expect_mix_packet_v2(const Json& recorded, const RecordedNode& first, KeyRotation rotation,
                                 const Bytes& packet) {
  Bytes request = wire::encode_mix_packet_head(wire::PacketType::mix, rotation, first.endpoint);
  append(request, packet);
  EXPECT_TRUE(matches(recorded, request));
  auto parsed = wire::parse_mix_packet(request, wire::MixPacketForm::v2).value();
  EXPECT_EQ(parsed.rotation, rotation);
  EXPECT_EQ(parsed.next_hop, first.endpoint);
  EXPECT_EQ(parsed.packet.to_bytes(), packet);
}

/// The acknowledgement inside a plaintext, built anew from what it brings home; gives the identifier.
inline sphinx::AckIdentifier expect_ack(const Json& ack, const Way& way, const RecordedClient& client,
                                        ByteView plaintext) {
  auto block = wire::parse_surb_ack(Blob(to_bytes(plaintext.first(sphinx::kSurbAck)))).value();
  EXPECT_EQ(block.first_hop, way.front()->endpoint);
  Bytes home = later_travel(block.packet.to_bytes(), way, client.address);
  auto sealed = to_array<sphinx::kAckPlaintext>(home);
  auto id = sphinx::open_ack(client.ack_key, sealed);
  Bytes made = make_ack_block(way, client, id, to_array<16>(sealed), ack.at("sphinx_inputs"));
  EXPECT_EQ(to_hex(made), ack.at("block_405").get<std::string>());
  return id;
}

}  // namespace nym::test
