#pragma once

#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "engine/base/endpoint.h"
#include "engine/sphinx/ack_cipher.h"
#include "engine/sphinx/packet.h"
#include "engine/sphinx/payload.h"
#include "engine/wire/packet_size.h"
#include "engine/wire/recipient.h"
#include "engine/wire/routing_address.h"
#include "tests/support/vectors.h"

namespace nym::test {

/// A non-empty list of a vector file: a missing or empty section fails loudly.
inline const Json& cases_of(const Json& section) {
  const Json& cases = section.is_object() ? section.at("cases") : section;
  if (!cases.is_array() || cases.empty()) throw std::runtime_error("empty section in test vectors");
  return cases;
}

inline wire::PacketSize size_named(const Json& name) {
  return wire::packet_size_from_name(name.get<std::string>()).value();
}

inline std::size_t length_of(const Json& value) {
  return value.is_object() && value.contains("len") ? value.at("len").get<std::size_t>() : bytes_of(value).size();
}

/// One node of a network that packets were recorded in.
struct RecordedNode {
  sphinx::NodeAddress address;
  crypto::X25519PrivateKey secret;
  Endpoint endpoint;
  ByteArray<32> identity{};
};

/// One mixnode a layer and some gateways, with all their keys.
class RecordedNetwork {
 public:
  explicit RecordedNetwork(const Json& nodes) {
    for (const auto& node : cases_of(nodes)) {
      auto endpoint = parse_endpoint(node.at("address_text").get<std::string>()).value();
      auto secret = crypto::X25519PrivateKey::from_bytes(array_of<32>(node.at("sphinx_private")));
      EXPECT_EQ(wire::encode_address_32(endpoint), array_of<32>(node.at("address32")));
      EXPECT_EQ(secret.public_key().bytes, array_of<32>(node.at("sphinx_public")));
      nodes_.emplace(node.at("role").get<std::string>(), RecordedNode{{array_of<32>(node.at("address32"))},
                                                                      std::move(secret),
                                                                      endpoint,
                                                                      array_of<32>(node.at("identity_public"))});
    }
  }

  const RecordedNode& operator[](const std::string& role) const { return nodes_.at(role); }

  /// The mixnodes of layers 1 to 3, then this gateway.
  std::vector<const RecordedNode*> way_to(const std::string& gateway) const {
    std::vector<const RecordedNode*> way;
    for (int layer = 1; layer <= 3; ++layer) way.push_back(&nodes_.at("mix layer " + std::to_string(layer)));
    way.push_back(&nodes_.at(gateway));
    return way;
  }

 private:
  std::map<std::string, RecordedNode> nodes_;
};

struct RecordedClient {
  crypto::X25519KeyPair encryption;
  sphinx::AckKey ack_key;
  std::string gateway;
  wire::Recipient address;

  explicit RecordedClient(const Json& json)
      : encryption(crypto::X25519KeyPair::of(
            crypto::X25519PrivateKey::from_bytes(array_of<32>(json.at("encryption_private"))))),
        ack_key(array_of<16>(json.at("ack_key"))),
        gateway(json.at("gateway").get<std::string>()),
        address(wire::Recipient::from_bytes(array_of<96>(json.at("recipient"))).value()) {
    if (json.contains("address")) EXPECT_EQ(address.to_string(), json.at("address").get<std::string>());
    EXPECT_EQ(address.encryption, encryption.public_key);
  }
};

inline std::vector<std::uint64_t> delays_of(const Json& sphinx_inputs) {
  std::vector<std::uint64_t> delays;
  for (const auto& delay : sphinx_inputs.at("delays_ns")) delays.push_back(u64_of(delay));
  return delays;
}

/// The delays that take effect: those of the mixnodes.
inline std::uint64_t total_delay(const Json& sphinx_inputs) {
  auto delays = delays_of(sphinx_inputs);
  return std::accumulate(delays.begin(), delays.end() - 1, std::uint64_t{0});
}

inline sphinx::HeaderPlan header_plan(const std::vector<const RecordedNode*>& way, const wire::Recipient& to,
                                      const Json& sphinx_inputs) {
  auto delays = delays_of(sphinx_inputs);
  sphinx::HeaderPlan plan;
  for (std::size_t i = 0; i < way.size(); ++i) {
    plan.route.push_back({way[i]->address, way[i]->secret.public_key(), {delays.at(i)}});
  }
  plan.destination.bytes = to.identity.bytes();
  plan.initial_secret = Secret<32>(array_of<32>(sphinx_inputs.at("initial_secret")));
  plan.final_padding = bytes_of(sphinx_inputs.at("final_padding"));
  if (sphinx_inputs.contains("version_bytes")) {
    auto version = array_of<3>(sphinx_inputs.at("version_bytes"));
    plan.number = static_cast<SphinxNumber>(load_be<std::uint16_t>(std::span(version).last<2>()));
  }
  return plan;
}

/// 19 bytes of address and the 386-byte packet that brings `id` back to `client` on this way.
inline Bytes make_ack_block(const std::vector<const RecordedNode*>& way, const RecordedClient& client,
                            const sphinx::AckIdentifier& id, const crypto::Iv& iv, const Json& sphinx_inputs) {
  auto plaintext = sphinx::seal_ack(client.ack_key, iv, id);
  auto packet = sphinx::make_packet(header_plan(way, client.address, sphinx_inputs), plaintext,
                                    plaintext.size() + sphinx::kPayloadOverhead);
  Bytes block = to_bytes(wire::encode_address_19(way.front()->endpoint));
  append(block, packet.value());
  return block;
}
inline Bytes make_ack_block(const RecordedNetwork& network, const RecordedClient& client,
                            const sphinx::AckIdentifier& id, const Json& iv, const Json& sphinx_inputs) {
  return make_ack_block(network.way_to(client.gateway), client, id, array_of<16>(iv), sphinx_inputs);
}

inline void expect_recorded_forward(const Json& recorded, const sphinx::ForwardHeader& hop, ByteView payload) {
  EXPECT_EQ(recorded.at("result"), "forward");
  EXPECT_EQ(hop.next.bytes, array_of<32>(recorded.at("next_address")));
  EXPECT_EQ(hop.delay.ns, u64_of(recorded.at("delay_ns")));
  EXPECT_EQ(to_bytes(ByteView(hop.header).first(32)), bytes_of(recorded.at("alpha_next")));
  EXPECT_EQ(to_bytes(ByteView(hop.header).subspan(32, 16)), bytes_of(recorded.at("gamma_next")));
  EXPECT_EQ(to_bytes(ByteView(hop.header).subspan(48)), bytes_of(recorded.at("beta_next")));
  EXPECT_TRUE(matches(recorded.at("payload_next"), payload));
}

/// Takes the packet through all nodes of its way and gives the plaintext that the last one finds. `hops` are the
/// recorded steps, or null where none were recorded; `delays` are those expected at the mixnodes.
inline Bytes travel(Bytes packet, const std::vector<const RecordedNode*>& way, const wire::Recipient& to,
                    const std::vector<std::uint64_t>& delays, const Json& hops) {
  for (std::size_t i = 0; i + 1 < way.size(); ++i) {
    auto peeled = sphinx::peel_packet(packet, way[i]->secret).value();
    const auto& hop = std::get<sphinx::ForwardHeader>(peeled.hop);
    EXPECT_EQ(hop.next, way[i + 1]->address);
    EXPECT_EQ(hop.delay.ns, delays.at(i));
    if (!hops.is_null()) expect_recorded_forward(hops.at(i), hop, peeled.payload);
    packet = to_bytes(hop.header);
    append(packet, peeled.payload);
  }
  auto peeled = sphinx::peel_packet(packet, way.back()->secret).value();
  const auto& hop = std::get<sphinx::FinalHeader>(peeled.hop);
  EXPECT_EQ(hop.destination.bytes, to.identity.bytes());
  EXPECT_EQ(hop.identifier, sphinx::Identifier{});
  if (!hops.is_null()) {
    EXPECT_EQ(hops.at(way.size() - 1).at("result"), "final");
  }
  return sphinx::recover_plaintext(peeled.payload).value();
}

}  // namespace nym::test
