#pragma once

#include "engine/sphinx/payload_key.h"
#include "tests/vectors/sphinx_vectors.h"

/// What the recorded packets of the later generation have in common.
namespace nym::test {

inline SphinxNumber number_of(const Json& version) {
  return static_cast<SphinxNumber>(version.get<std::uint16_t>());
}

inline sphinx::HeaderPlan plan_of(const Json& inputs, const Json& version) {
  auto plan = plan_of(inputs);
  plan.number = number_of(version);
  return plan;
}

/// All bytes of an expansion that was made with its tag.
inline Bytes joined(const sphinx::RoutingKeys& keys) {
  return ByteWriter()
      .put(keys.stream.expose())
      .put(keys.mac.expose())
      .put(keys.payload.expose())
      .put(keys.blinding.expose())
      .put(keys.replay_tag.expose())
      .finish();
}

/// The older chain as crates from 0.3.2 on begin it: with the secret modulo l, where v1.1.29 and ours clamp it. No
/// receiver can tell (09 §3.2).
inline sphinx::KeyChain chain_from_reduced_secret(FixedView<32> secret,
                                                  std::span<const crypto::X25519PublicKey> hop_keys) {
  sphinx::KeyChain chain;
  crypto::Scalar scalar = crypto::Scalar::reduce(secret);
  chain.alpha = to_array<32>(crypto::multiply_unclamped(scalar.expose(), crypto::kBasePoint).expose());
  for (const auto& key : hop_keys) {
    chain.shared_secrets.push_back(crypto::multiply_unclamped(scalar.expose(), key.bytes));
    chain.keys.push_back(sphinx::derive_routing_keys(chain.shared_secrets.back().expose()));
    scalar = crypto::Scalar::product(scalar.expose(), chain.keys.back().blinding.expose());
  }
  return chain;
}
inline sphinx::KeyChain chain_from_reduced_secret(const sphinx::HeaderPlan& plan) {
  return chain_from_reduced_secret(plan.initial_secret.expose(), sphinx::keys_along(plan.route));
}

/// Compares what a node makes of a packet with what was recorded, and gives the packet for the next node.
inline std::optional<Bytes> expect_processed(const Json& outcome, const Bytes& packet,
                                             const crypto::X25519PrivateKey& key, sphinx::NodeRule rule) {
  auto peeled = sphinx::peel_packet(packet, key, rule);
  auto result = outcome.at("result").get<std::string>();
  EXPECT_EQ(peeled.has_value(), result != "error") << outcome;
  if (!peeled) {
    if (result == "error") {
      EXPECT_TRUE(peeled.error().is(error_of(outcome))) << outcome << peeled.error().text();
    }
    return std::nullopt;
  }
  if (outcome.contains("version_reported")) {
    EXPECT_EQ(peeled->number, number_of(outcome.at("version_reported")));
  }
  if (outcome.contains("replay_tag")) {
    EXPECT_EQ(to_bytes(peeled->tag.bytes), to_bytes(ByteView(bytes_of(outcome.at("replay_tag"))).first(16)));
  }
  if (const auto* last = std::get_if<sphinx::FinalHeader>(&peeled->hop)) {
    EXPECT_EQ(result, "final");
    EXPECT_TRUE(matches(outcome.at("destination"), last->destination.bytes));
    EXPECT_TRUE(matches(outcome.at("identifier"), last->identifier.bytes));
    EXPECT_TRUE(matches(outcome.at("payload_clear"), peeled->payload));
    auto plaintext = sphinx::recover_plaintext(peeled->payload);
    EXPECT_EQ(plaintext.has_value(), outcome.contains("plaintext"));
    if (plaintext && outcome.contains("plaintext")) EXPECT_TRUE(matches(outcome.at("plaintext"), *plaintext));
    return std::nullopt;
  }
  EXPECT_EQ(result, "forward");
  const auto& forward = std::get<sphinx::ForwardHeader>(peeled->hop);
  Bytes next = forwarded_packet(*peeled);
  EXPECT_TRUE(matches(outcome.at("next_address"), forward.next.bytes));
  EXPECT_EQ(forward.delay.ns, u64_of(outcome.at("delay_ns")));
  EXPECT_TRUE(matches(outcome.at("alpha_next"), ByteView(next).first(32)));
  EXPECT_EQ(bytes_of(outcome.at("packet_next_sha256")), to_bytes(crypto::sha256(next)));
  return next;
}

/// From node to node, as far as the record goes.
inline void expect_walk(const Json& steps, Bytes packet, const std::vector<crypto::X25519PrivateKey>& keys,
                        sphinx::NodeRule rule) {
  for (std::size_t hop = 0; hop < non_empty(steps).size(); ++hop) {
    SCOPED_TRACE("hop " + std::to_string(hop));
    auto next = expect_processed(steps[hop], packet, keys.at(hop), rule);
    if (!next) {
      EXPECT_EQ(hop + 1, steps.size());
      return;
    }
    packet = *std::move(next);
  }
}

}  // namespace nym::test
