#include "engine/sphinx/packet.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/crypto/hash.h"
#include "engine/sphinx/payload.h"
#include "sim/kernel/seeded_random.h"
#include "tests/unit/sphinx/sample_network.h"

namespace nym::sphinx {
namespace {

Bytes join(const HeaderBytes& header, const Bytes& payload) {
  return ByteWriter().put(header).put(payload).finish();
}

TEST(SphinxPacket, Travels_and_keeps_its_size) {
  sim::SeededRandom random(1);
  auto nodes = test::draw_nodes(random, 4);
  Bytes plaintext(50, 7);
  auto made = make_packet(test::draw_header_plan(random, nodes), plaintext, 200);
  ASSERT_TRUE(made.has_value());
  Bytes packet = *made;
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(packet.size(), kHeader + 200);
    auto peeled = peel_packet(packet, nodes[i].key.secret);
    ASSERT_TRUE(peeled.has_value());
    if (const auto* forward = std::get_if<ForwardHeader>(&peeled->hop)) {
      EXPECT_EQ(forward->next, nodes[i + 1].address);
      packet = join(forward->header, peeled->payload);
    } else {
      EXPECT_EQ(recover_plaintext(peeled->payload), plaintext);
    }
  }
}

TEST(SphinxPacket, Replay_tags_are_equal_for_replays_and_different_otherwise) {
  sim::SeededRandom random(2);
  auto nodes = test::draw_nodes(random, 3);
  std::set<ReplayTag> tags;
  for (int i = 0; i < 5; ++i) {
    Bytes packet = *make_packet(test::draw_header_plan(random, nodes), {}, 40);
    for (const auto& node : nodes) {
      auto peeled = peel_packet(packet, node.key.secret);
      ASSERT_TRUE(peeled.has_value());
      tags.insert(peeled->tag);
      EXPECT_EQ(peel_packet(packet, node.key.secret)->tag, peeled->tag);
      packet[31] ^= 0x80;
      EXPECT_EQ(peel_packet(packet, node.key.secret)->tag, peeled->tag) << "the bit that means nothing";
      if (const auto* forward = std::get_if<ForwardHeader>(&peeled->hop))
        packet = join(forward->header, peeled->payload);
    }
  }
  EXPECT_EQ(tags.size(), 15U);
}

TEST(SphinxPacket, A_replay_tag_is_no_plain_hash_of_the_secret) {
  ByteArray<32> secret{1, 2, 3};
  EXPECT_NE(to_bytes(replay_tag(secret).bytes), to_bytes(ByteView(crypto::blake3(secret)).first(16)));
  EXPECT_NE(to_bytes(replay_tag(secret).bytes), to_bytes(ByteView(secret).first(16)));
}

TEST(SphinxPacket, Zero_secrets_are_refused) {
  sim::SeededRandom random(3);
  auto node = test::SampleNode::draw(random);
  for (bool is_one : {false, true}) {
    Bytes packet(kPacketOverhead + 30);
    packet[0] = is_one ? 1 : 0;
    EXPECT_TRUE(peel_packet(packet, node.key.secret).error().is(SphinxError::zero_secret));
  }
}

TEST(SphinxPacket, A_plan_with_a_zero_secret_makes_bytes_all_the_same) {
  sim::SeededRandom random(4);
  auto nodes = test::draw_nodes(random, 3);
  nodes[0].key.public_key = {};
  auto packet = make_packet(test::draw_header_plan(random, nodes), {}, 40);
  ASSERT_TRUE(packet.has_value());
  EXPECT_EQ(packet->size(), kHeader + 40);
}

TEST(SphinxPacket, Short_packets_are_refused_in_the_order_of_the_checks) {
  sim::SeededRandom random(5);
  auto nodes = test::draw_nodes(random, 1);
  Bytes packet = *make_packet(test::draw_header_plan(random, nodes), {}, 64);
  auto refusal = [&](std::size_t size) {
    return peel_packet(ByteView(packet).first(size), nodes[0].key.secret).error();
  };
  for (std::size_t size : {0U, 1U, 32U, 347U, 348U, 364U}) EXPECT_TRUE(refusal(size).is(SphinxError::invalid_packet));
  for (std::size_t size : {365U, 380U}) EXPECT_TRUE(refusal(size).is(SphinxError::invalid_payload));
  packet[40] ^= 1;
  EXPECT_TRUE(refusal(364).is(SphinxError::invalid_packet));
  EXPECT_TRUE(refusal(365).is(SphinxError::invalid_header)) << "the MAC comes before the payload";
}

TEST(SphinxPacket, What_cannot_be_made_is_an_error) {
  sim::SeededRandom random(6);
  auto nodes = test::draw_nodes(random, 2);
  auto plan = test::draw_header_plan(random, nodes);
  EXPECT_TRUE(make_packet(plan, {}, 32).error().is(SphinxError::invalid_payload));
  EXPECT_TRUE(make_packet(plan, Bytes(24), 40).error().is(SphinxError::invalid_payload));
  plan.route = {};
  EXPECT_TRUE(make_packet(plan, {}, 40).error().is(SphinxError::invalid_routing));
}

TEST(SphinxPacket, None_peeled_together_gives_none) {
  EXPECT_TRUE(peel_packets({}).empty());
}

}  // namespace
}  // namespace nym::sphinx
