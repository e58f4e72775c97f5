#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "engine/crypto/hash.h"
#include "engine/sphinx/packet.h"
#include "engine/sphinx/payload.h"
#include "engine/sphinx/real_suite.h"
#include "tests/support/vectors.h"

/// What the recorded Sphinx packets of several files have in common.
namespace nym::test {

/// A section that must be there and hold something.
inline const Json& section(const std::string& file, const std::string& name) {
  const Json& all = vectors(file);
  if (!all.contains(name) || all.at(name).empty()) throw std::runtime_error(file + " has no section " + name);
  return all.at(name);
}

inline const Json& non_empty(const Json& cases) {
  if (!cases.is_array() || cases.empty()) throw std::runtime_error("no cases here: " + cases.dump());
  return cases;
}

inline crypto::X25519PrivateKey private_key(const Json& hex) {
  return crypto::X25519PrivateKey::from_bytes(array_of<32>(hex));
}

template <std::size_t N>
Secret<N> secret_of(const Json& hex) {
  return Secret<N>(array_of<N>(hex));
}

inline std::vector<crypto::X25519PrivateKey> node_keys(const Json& inputs) {
  std::vector<crypto::X25519PrivateKey> keys;
  for (const auto& hop : non_empty(inputs.at("route"))) keys.push_back(private_key(hop.at("private_key")));
  return keys;
}

inline sphinx::HeaderPlan plan_of(const Json& inputs) {
  sphinx::HeaderPlan plan{.route = {},
                          .destination = {array_of<32>(inputs.at("destination"))},
                          .identifier = {array_of<16>(inputs.at("identifier"))},
                          .initial_secret = secret_of<32>(inputs.at("initial_secret")),
                          .final_padding = bytes_of(inputs.at("final_padding"))};
  const Json& route = non_empty(inputs.at("route"));
  const Json& delays = inputs.at("delays_ns");
  for (std::size_t i = 0; i < route.size(); ++i) {
    plan.route.push_back({.address = {array_of<32>(route[i].at("address"))},
                          .key = {array_of<32>(route[i].at("public_key"))},
                          .delay = {u64_of(delays.at(i))}});
  }
  return plan;
}

inline sphinx::SphinxError error_of(const Json& error) {
  auto kind = error.at("kind").get<std::string>();
  if (kind == "InvalidPacket") return sphinx::SphinxError::invalid_packet;
  if (kind == "InvalidHeader") return sphinx::SphinxError::invalid_header;
  if (kind == "InvalidRouting") return sphinx::SphinxError::invalid_routing;
  if (kind == "InvalidPayload") return sphinx::SphinxError::invalid_payload;
  if (kind == "InvalidSURB") return sphinx::SphinxError::invalid_surb;
  throw std::runtime_error("unknown kind of error " + kind);
}

/// beta ‖ 60 zeros under the hop's keystream: what the hop reads.
inline Bytes decrypted_routing(ByteView packet, const sphinx::RoutingKeys& keys) {
  Bytes block = to_bytes(packet.subspan(48, sphinx::kRoutingInfo));
  block.resize(sphinx::kKeystream);
  crypto::aes128_ctr(keys.stream, {}, block);
  return block;
}

inline void expect_keys(const Json& hop, ByteView packet, const sphinx::RoutingKeys& keys) {
  EXPECT_TRUE(matches(hop.at("stream_key"), keys.stream.expose()));
  EXPECT_TRUE(matches(hop.at("mac_key"), keys.mac.expose()));
  EXPECT_TRUE(matches(hop.at("blinding"), keys.blinding.expose()));
  EXPECT_EQ(bytes_of(hop.at("payload_key_sha256")), to_bytes(crypto::sha256(keys.payload.expose())));
  EXPECT_TRUE(matches(hop.at("mac_computed"), sphinx::header_mac(keys.mac, packet.subspan<48, 300>())));
  EXPECT_TRUE(matches(hop.at("decrypted_routing_360"), decrypted_routing(packet, keys)));
}

inline Bytes forwarded_packet(const sphinx::PeeledPacket& peeled) {
  Bytes next = to_bytes(std::get<sphinx::ForwardHeader>(peeled.hop).header);
  append(next, peeled.payload);
  return next;
}

inline void expect_forward(const Json& hop, const sphinx::PeeledPacket& peeled) {
  ASSERT_TRUE(std::holds_alternative<sphinx::ForwardHeader>(peeled.hop));
  const auto& forward = std::get<sphinx::ForwardHeader>(peeled.hop);
  ByteView header = forward.header;
  EXPECT_TRUE(matches(hop.at("next_address"), forward.next.bytes));
  EXPECT_EQ(forward.delay.ns, u64_of(hop.at("delay_ns")));
  EXPECT_TRUE(matches(hop.at("alpha_next"), header.first(32)));
  EXPECT_TRUE(matches(hop.at("gamma_next"), header.subspan(32, 16)));
  EXPECT_TRUE(matches(hop.at("beta_next"), header.subspan(48)));
  EXPECT_TRUE(matches(hop.at("payload_next"), peeled.payload));
  EXPECT_EQ(bytes_of(hop.at("packet_next_sha256")), to_bytes(crypto::sha256(forwarded_packet(peeled))));
}

inline void expect_final(const Json& hop, const sphinx::PeeledPacket& peeled, ByteView routing) {
  ASSERT_TRUE(std::holds_alternative<sphinx::FinalHeader>(peeled.hop));
  const auto& final_hop = std::get<sphinx::FinalHeader>(peeled.hop);
  EXPECT_TRUE(matches(hop.at("destination"), final_hop.destination.bytes));
  EXPECT_TRUE(matches(hop.at("identifier"), final_hop.identifier.bytes));
  Bytes padding = bytes_of(hop.at("final_padding"));
  EXPECT_EQ(padding, to_bytes(routing.subspan(sphinx::kFinalHopInfo, padding.size())));
  EXPECT_TRUE(matches(hop.at("payload_clear"), peeled.payload));
  auto plaintext = sphinx::recover_plaintext(peeled.payload);
  ASSERT_TRUE(plaintext.has_value());
  EXPECT_TRUE(matches(hop.at("plaintext"), *plaintext));
}

/// RealSuite must say of this packet what peel_packet says.
inline void expect_same_from_suite(const Bytes& packet, const crypto::X25519PrivateKey& key,
                                   const sphinx::PeeledPacket& expected) {
  auto suite_result = sphinx::RealSuite().peel(Blob(packet), crypto::X25519KeyPair::of(key));
  ASSERT_TRUE(suite_result.has_value());
  EXPECT_EQ(suite_result->tag, expected.tag);
  if (const auto* forward = std::get_if<sphinx::ForwardPacket>(&suite_result->hop)) {
    EXPECT_EQ(forward->packet.to_bytes(), forwarded_packet(expected));
  } else {
    auto plaintext = sphinx::recover_plaintext(expected.payload);
    EXPECT_EQ(std::get<sphinx::FinalPacket>(suite_result->hop).plaintext.to_bytes(), *plaintext);
  }
}

/// Takes the packet along its route and compares all that each hop computes.
inline void expect_hops(Bytes packet, const Json& hops, const std::vector<crypto::X25519PrivateKey>& keys) {
  ASSERT_EQ(non_empty(hops).size(), keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    SCOPED_TRACE("hop " + std::to_string(i));
    auto secret = crypto::diffie_hellman(keys[i], {to_array<32>(packet)});
    EXPECT_TRUE(matches(hops[i].at("s"), secret.expose()));
    auto routing_keys = sphinx::derive_routing_keys(secret.expose());
    expect_keys(hops[i], packet, routing_keys);
    auto peeled = sphinx::peel_packet(packet, keys[i]);
    ASSERT_TRUE(peeled.has_value()) << peeled.error().text();
    expect_same_from_suite(packet, keys[i], *peeled);
    auto result = hops[i].at("result").get<std::string>();
    EXPECT_EQ(result == "final", i + 1 == keys.size());
    if (result == "final") return expect_final(hops[i], *peeled, decrypted_routing(packet, routing_keys));
    expect_forward(hops[i], *peeled);
    packet = forwarded_packet(*peeled);
  }
}

}  // namespace nym::test
