#include "sim/model/model_suite.h"

#include <gtest/gtest.h>

#include "engine/base/text_encoding.h"
#include "sim/kernel/seeded_random.h"
#include "sim/model/mixing.h"
#include "sim/model/model_header.h"
#include "tests/unit/sphinx/sample_network.h"

namespace nym::sim {
namespace {

TEST(Mixing, A_checksum_sees_every_bit_and_no_zero_tail) {
  SeededRandom random(1);
  for (std::size_t size : {0U, 1U, 7U, 8U, 31U, 32U, 33U, 100U}) {
    Bytes bytes(size);
    random.fill(bytes);
    auto sum = checksum(1, bytes);
    EXPECT_NE(sum, checksum(2, bytes));
    Bytes longer = bytes;
    longer.resize(size + 50);
    EXPECT_EQ(sum, checksum(1, longer));
    for (std::size_t bit = 0; bit < longer.size() * 8; ++bit) {
      Bytes changed = longer;
      changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      EXPECT_NE(sum, checksum(1, changed)) << size << " bytes, bit " << bit;
    }
  }
}

TEST(Mixing, Words_that_change_places_change_the_checksum) {
  Bytes bytes(64);
  for (std::size_t i = 0; i < 64; ++i) bytes[i] = static_cast<std::uint8_t>(i / 8 + 1);
  auto sum = checksum(0, bytes);
  for (std::size_t a = 0; a < 8; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      Bytes swapped = bytes;
      for (std::size_t i = 0; i < 8; ++i) std::swap(swapped[a * 8 + i], swapped[b * 8 + i]);
      EXPECT_NE(sum, checksum(0, swapped)) << a << " and " << b;
    }
  }
}

TEST(Mixing, Scrambling_twice_gives_the_same_back) {
  for (std::size_t size : {0U, 1U, 8U, 13U}) {
    Bytes bytes(size, 7);
    scramble(5, bytes);
    scramble(5, bytes);
    EXPECT_EQ(bytes, Bytes(size, 7));
  }
}

// The digits are part of recorded fingerprints: they may only change together with the format's version.
TEST(Mixing, Is_the_same_on_every_machine) {
  EXPECT_EQ(mix(1, 2), 10219391447125800223U);
  EXPECT_EQ(checksum(3, as_bytes("mixing for the model")), 17957253079006878421U);
}

TEST(ModelHeader, Every_bit_but_alphas_top_one_counts) {
  SeededRandom random(2);
  auto nodes = test::draw_nodes(random, 5);
  auto header = ModelHeader::make(test::draw_header_plan(random, nodes));
  for (std::uint8_t hop = 0; hop < 5; ++hop) {
    header = ModelHeader(header).at({hop, PayloadState::intact});
    ASSERT_TRUE(ModelHeader(header).is_sound());
    for (std::size_t bit = 0; bit < sphinx::kHeader * 8; ++bit) {
      auto bytes = header;
      bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      EXPECT_EQ(ModelHeader(bytes).is_sound(), bit == test::kAlphaTopBit) << bit << " at " << int{hop};
    }
  }
}

TEST(ModelHeader, Keys_are_compared_as_the_curve_compares_them) {
  SeededRandom random(3);
  auto nodes = test::draw_nodes(random, 1);
  auto header = ModelHeader::make(test::draw_header_plan(random, nodes));
  auto same = nodes[0].key.public_key;
  same.bytes[31] ^= 0x80;
  EXPECT_TRUE(ModelHeader(header).is_for(same, 0));
  same.bytes[0] ^= 1;
  EXPECT_FALSE(ModelHeader(header).is_for(same, 0));
}

TEST(ModelSuite, Zero_tails_are_stored_nowhere_on_the_way) {
  SeededRandom random(4);
  ModelSuite suite;
  auto nodes = test::draw_nodes(random, 4);
  auto recipient = crypto::X25519KeyPair::generate(random);
  constexpr std::size_t kLong = 1611;
  sphinx::FragmentPayload payload{.ack = test::draw_ack(suite, random, nodes),
                                  .ephemeral = crypto::X25519PrivateKey::generate(random),
                                  .recipient = recipient.public_key,
                                  .fragment = test::draw_fragment(random, 20, kLong)};
  auto header = test::draw_header_plan(random, nodes);
  Blob packet = suite.seal({.header = header, .payload_size = test::payload_size_for(kLong), .payload = payload});
  auto keys = sphinx::GatewaySharedKeys::from_bytes(ByteArray<32>{});
  constexpr std::size_t kMost = sphinx::kHeader + 16 + sphinx::kSurbAck + 32 + 20;
  packet = suite.open_envelope(keys, suite.seal_envelope(keys, {}, packet)).value();
  for (const auto& node : nodes) {
    EXPECT_LE(packet.stored().size(), kMost);
    auto peeled = suite.peel(packet, node.key);
    ASSERT_TRUE(peeled.has_value());
    const auto* forward = std::get_if<sphinx::ForwardPacket>(&peeled->hop);
    packet = forward != nullptr ? forward->packet : std::get<sphinx::FinalPacket>(peeled->hop).plaintext;
  }
  auto fragment = suite.open_fragment(recipient, packet.slice(sphinx::kSurbAck));
  EXPECT_EQ(fragment->stored().size(), 20U);
  EXPECT_EQ(*fragment, payload.fragment);
}

sphinx::PacketPlan with_delays(sphinx::PacketPlan plan, std::uint64_t ns) {
  sphinx::Route route;
  for (auto hop : plan.header.route.hops()) {
    hop.delay.ns = ns;
    route.push_back(hop);
  }
  plan.header.route = route;
  return plan;
}

constexpr std::uint64_t kDelay = 50'000'000;

sphinx::PacketPlan draw_fragment_plan(ModelSuite& suite, SeededRandom& random, std::span<const test::SampleNode> nodes,
                                      const crypto::X25519PublicKey& recipient, std::size_t stored) {
  constexpr std::size_t kFragment = 1611;
  sphinx::SurbAck ack{.first_hop = to_array<19>(nodes.front().address.bytes),
                      .packet = suite.seal(with_delays(test::draw_ack_plan(random, nodes), kDelay))};
  sphinx::FragmentPayload payload{.ack = std::move(ack),
                                  .ephemeral = crypto::X25519PrivateKey::generate(random),
                                  .recipient = recipient,
                                  .fragment = test::draw_fragment(random, stored, kFragment)};
  return with_delays({.header = test::draw_header_plan(random, nodes),
                      .payload_size = test::payload_size_for(kFragment),
                      .payload = std::move(payload)},
                     kDelay);
}

/// What a node finds, as text.
std::string describe(const Result<sphinx::Peeled>& peeled) {
  if (!peeled) return peeled.error().text();
  auto text = to_hex(peeled->tag.bytes);
  const auto* forward = std::get_if<sphinx::ForwardPacket>(&peeled->hop);
  if (forward != nullptr) {
    return text + " to " + to_hex(forward->next.bytes) + " after " + std::to_string(forward->delay.ns) + " " +
           to_hex(forward->packet.to_bytes());
  }
  const auto& last = std::get<sphinx::FinalPacket>(peeled->hop);
  return text + " for " + to_hex(last.destination.bytes) + " " + to_hex(last.plaintext.to_bytes());
}

TEST(ModelSuite, A_packet_is_a_plan_until_somebody_wants_its_bytes) {
  SeededRandom random(5);
  ModelSuite suite;
  auto nodes = test::draw_nodes(random, 4);
  auto recipient = crypto::X25519KeyPair::generate(random);
  Blob packet = suite.seal(draw_fragment_plan(suite, random, nodes, recipient.public_key, 20));
  for (const auto& node : nodes) {
    EXPECT_TRUE(packet.is_pending());
    auto peeled = suite.peel(packet, node.key);
    ASSERT_TRUE(peeled.has_value());
    const auto* forward = std::get_if<sphinx::ForwardPacket>(&peeled->hop);
    packet = forward != nullptr ? forward->packet : std::get<sphinx::FinalPacket>(peeled->hop).plaintext;
  }
  EXPECT_TRUE(packet.slice(sizeof(sphinx::SurbAck::first_hop), sphinx::kSurbAck - 19).is_pending());
  EXPECT_EQ(packet.slice(sphinx::kSurbAck).stored().size(), sphinx::kFragmentKeyField + 20U);
  EXPECT_TRUE(packet.is_pending());
}

TEST(ModelSuite, Nodes_find_the_same_in_a_plan_and_in_its_bytes) {
  SeededRandom random(6);
  ModelSuite suite;
  for (std::size_t hops : {1U, 2U, 4U, 5U}) {
    auto nodes = test::draw_nodes(random, hops);
    auto recipient = crypto::X25519KeyPair::generate(random);
    auto data = suite.seal(draw_fragment_plan(suite, random, nodes, recipient.public_key, 1'500));
    for (Blob planned : {data, suite.seal(with_delays(test::draw_ack_plan(random, nodes), kDelay))}) {
      Blob bytes;
      ASSERT_TRUE(planned.is_pending());
      for (const auto& node : nodes) {
        bytes = Blob(planned.to_bytes());
        auto wrong = crypto::X25519KeyPair::generate(random);
        EXPECT_EQ(describe(suite.peel(planned, wrong)), describe(suite.peel(bytes, wrong)));
        auto peeled = suite.peel(planned, node.key);
        ASSERT_EQ(describe(peeled), describe(suite.peel(bytes, node.key)));
        const auto* forward = std::get_if<sphinx::ForwardPacket>(&peeled->hop);
        if (forward != nullptr) planned = forward->packet;
      }
    }
  }
}

TEST(ModelSuite, Delays_too_long_for_a_plan_are_sent_all_the_same) {
  SeededRandom random(7);
  ModelSuite suite;
  auto nodes = test::draw_nodes(random, 2);
  auto plan = with_delays(test::draw_ack_plan(random, nodes), ~std::uint64_t{0});
  auto peeled = suite.peel(suite.seal(plan), nodes[0].key);
  EXPECT_EQ(std::get<sphinx::ForwardPacket>(peeled->hop).delay.ns, ~std::uint64_t{0});
}

}  // namespace
}  // namespace nym::sim
