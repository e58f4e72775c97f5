#include "engine/sphinx/real_suite.h"

#include <gtest/gtest.h>

#include "engine/sphinx/surb.h"
#include "sim/kernel/seeded_random.h"
#include "tests/unit/sphinx/sample_network.h"

namespace nym::sphinx {
namespace {

// An envelope around a packet that carries an acknowledgement: three things, each inside the next, all pending.
struct Nested {
  SurbAck ack;
  Blob packet;
  Blob envelope;
};

struct World {
  explicit World(std::uint64_t seed) : random(seed), nodes(test::draw_nodes(random, 4)) {}

  Nested nested() {
    auto ack = test::draw_ack(suite, random, nodes);
    auto header = test::draw_header_plan(random, nodes);
    auto ephemeral = crypto::X25519PrivateKey::generate(random);
    FragmentPayload payload{.ack = ack,
                            .ephemeral = ephemeral,
                            .recipient = recipient.public_key,
                            .fragment = test::draw_fragment(random, 20, 300)};
    Blob packet = suite.seal({.header = header, .payload_size = test::payload_size_for(300), .payload = payload});
    return {.ack = ack, .packet = packet, .envelope = suite.seal_envelope(keys, Bytes{4, 2}, packet)};
  }

  sim::SeededRandom random;
  RealSuite suite;
  std::vector<test::SampleNode> nodes;
  crypto::X25519KeyPair recipient = crypto::X25519KeyPair::generate(random);
  GatewaySharedKeys keys = derive_gateway_keys(draw_secret<32>(random));
};

TEST(RealSuite, Nothing_is_made_before_it_is_asked_for) {
  World world(1);
  auto nested = world.nested();
  EXPECT_TRUE(nested.ack.packet.is_pending());
  EXPECT_TRUE(nested.packet.is_pending());
  EXPECT_TRUE(nested.envelope.is_pending());
  EXPECT_EQ(nested.envelope.size(), kEnvelopeMac + 2 + nested.packet.size());
  nested.packet.stored();
  EXPECT_FALSE(nested.packet.is_pending());
  EXPECT_FALSE(nested.ack.packet.is_pending()) << "what is nested is forced too";
  EXPECT_TRUE(nested.envelope.is_pending());
}

TEST(RealSuite, Prepared_bytes_are_the_bytes_that_would_have_been_made) {
  World world(2);
  World same(2);
  std::vector<Nested> together;
  std::vector<Nested> one_by_one;
  std::vector<Blob> envelopes;
  for (int i = 0; i < 5; ++i) {
    together.push_back(world.nested());
    one_by_one.push_back(same.nested());
    envelopes.push_back(together.back().envelope);
  }
  envelopes.push_back(together[0].packet);  // also asked for by itself
  envelopes.push_back(envelopes[1]);
  envelopes.push_back(Blob(Bytes{1}));
  world.suite.prepare(envelopes);
  for (std::size_t i = 0; i < together.size(); ++i) {
    EXPECT_FALSE(together[i].ack.packet.is_pending());
    EXPECT_FALSE(together[i].packet.is_pending());
    EXPECT_FALSE(together[i].envelope.is_pending());
    EXPECT_EQ(together[i].envelope, one_by_one[i].envelope);
    EXPECT_EQ(together[i].packet, one_by_one[i].packet);
    EXPECT_EQ(together[i].ack.packet, one_by_one[i].ack.packet);
  }
}

TEST(RealSuite, A_packet_is_the_same_whether_its_acknowledgement_was_made_before_or_with_it) {
  World world(6);
  World same(6);
  Nested before = world.nested();
  Nested with = same.nested();
  before.ack.packet.stored();
  EXPECT_TRUE(before.packet.is_pending());
  EXPECT_EQ(with.packet, before.packet);
  EXPECT_EQ(with.ack.packet, before.ack.packet);
}

TEST(RealSuite, An_envelope_around_finished_bytes_is_finished) {
  World world(3);
  Blob envelope = world.suite.seal_envelope(world.keys, Bytes{1}, Blob(Bytes{2, 3}));
  EXPECT_FALSE(envelope.is_pending());
  EXPECT_EQ(world.suite.open_envelope(world.keys, envelope)->to_bytes(), (Bytes{1, 2, 3}));
}

TEST(RealSuite, Packets_peeled_ahead_are_found_by_the_key_they_were_peeled_with) {
  World world(4);
  std::vector<Blob> packets;
  for (int i = 0; i < 4; ++i) packets.push_back(world.nested().packet);
  packets.push_back(Blob(Bytes(100)));
  Blob copy = packets[0];
  world.suite.prepare_peel(packets, world.nodes[0].key);
  ASSERT_NE(packets[0].prepared(), nullptr);
  for (const auto& packet : packets) {
    auto ahead = world.suite.peel(packet, world.nodes[0].key);
    auto now = world.suite.peel(Blob(packet.to_bytes()), world.nodes[0].key);
    ASSERT_EQ(ahead.has_value(), now.has_value());
    if (!now) continue;
    EXPECT_EQ(ahead->tag, now->tag);
    EXPECT_EQ(std::get<ForwardPacket>(ahead->hop).packet, std::get<ForwardPacket>(now->hop).packet);
  }
  EXPECT_TRUE(world.suite.peel(packets[0], world.nodes[1].key).error().is(SphinxError::invalid_header));
  world.suite.prepare_peel(packets, world.nodes[1].key);
  EXPECT_TRUE(world.suite.peel(packets[0], world.nodes[1].key).error().is(SphinxError::invalid_header));
  EXPECT_TRUE(world.suite.peel(packets[0], world.nodes[0].key).has_value());
}

// That the result is really taken from the slot: a slot filled for these bytes answers for them.
TEST(RealSuite, A_peel_that_was_prepared_is_not_done_again) {
  World world(5);
  Blob first = world.nested().packet;
  Blob second = world.nested().packet;
  world.suite.prepare_peel({&first, 1}, world.nodes[0].key);
  second.prepared() = first.prepared();
  EXPECT_EQ(world.suite.peel(second, world.nodes[0].key)->tag, world.suite.peel(first, world.nodes[0].key)->tag);
}

TEST(RealSuite, Reply_blocks_are_the_key_and_the_surb) {
  World world(6);
  ReplySurbPlan plan{.header = test::draw_header_plan(world.random, world.nodes), .key = draw_secret<16>(world.random)};
  auto reply_surb = world.suite.make_reply_surb(plan);
  Bytes expected = to_bytes(plan.key.expose());
  append(expected, Surb::make(plan.header)->serialise());
  EXPECT_EQ(to_bytes(reply_surb.bytes), expected);
}

TEST(RealSuite, Reply_blocks_of_number_259_hold_seeds_and_any_number_of_hops) {
  World world(8);
  for (std::size_t hops : {1U, 4U}) {
    auto nodes = std::span(world.nodes).first(hops);
    ReplySurbPlan plan{.header = test::draw_header_plan(world.random, nodes),
                       .key = draw_secret<16>(world.random),
                       .rotation = KeyRotation::odd};
    plan.header.number = SphinxNumber::n259;
    auto reply_surb = world.suite.make_reply_surb(plan);
    EXPECT_EQ(reply_surb.bytes.size(), 396 + 16 * hops);
    EXPECT_EQ(reply_surb.rotation, KeyRotation::odd);
    ReplyPayload payload{.ack = test::draw_ack(world.suite, world.random, nodes), .fragment = Blob(Bytes(50, 1))};
    auto reply = world.suite.seal_reply(reply_surb, payload, test::payload_size_for(50));
    ASSERT_TRUE(reply.has_value());
    EXPECT_EQ(reply->first_hop, nodes.front().address);
    auto peeled = world.suite.peel(reply->packet, nodes.front().key, NodeRule::ours);
    ASSERT_TRUE(peeled.has_value());
    EXPECT_EQ(peeled->number, SphinxNumber::n259);
  }
}

TEST(RealSuite, What_was_peeled_ahead_holds_for_nodes_of_the_same_rule) {
  World world(9);
  auto plan = test::draw_ack_plan(world.random, std::span(world.nodes).first(2));
  plan.header.number = SphinxNumber::n258;
  Blob packet = world.suite.seal(plan);
  packet = Blob(packet.to_bytes());
  world.suite.prepare_peel({&packet, 1}, world.nodes[0].key);
  auto later = world.suite.peel(packet, world.nodes[0].key, NodeRule::ours);
  ASSERT_TRUE(later.has_value());
  auto last = world.suite.peel(std::get<ForwardPacket>(later->hop).packet, world.nodes[1].key, NodeRule::ours);
  EXPECT_TRUE(last.has_value());
  auto older = world.suite.peel(packet, world.nodes[0].key);
  ASSERT_TRUE(older.has_value()) << "the first hop's header is the same";
  EXPECT_NE(older->tag, later->tag);
  EXPECT_FALSE(world.suite.peel(std::get<ForwardPacket>(older->hop).packet, world.nodes[1].key).has_value());
}

TEST(RealSuite, Replies_on_blocks_of_impossible_lengths_are_refused) {
  World world(10);
  ReplyPayload payload{.ack = test::draw_ack(world.suite, world.random, world.nodes), .fragment = Blob(Bytes(50, 1))};
  for (std::size_t size : {0U, 15U, 16U, 396U, 413U, 1163U}) {
    auto reply = world.suite.seal_reply({Bytes(size)}, payload, test::payload_size_for(50));
    ASSERT_FALSE(reply.has_value()) << size;
    EXPECT_TRUE(reply.error().is(SphinxError::invalid_surb)) << size;
  }
}

TEST(RealSuite, Plans_that_do_not_fit_are_a_misuse) {
  World world(7);
  auto plan = test::draw_ack_plan(world.random, world.nodes);
  auto too_small = plan;
  too_small.payload_size = 37;
  EXPECT_DEATH(world.suite.seal(too_small), "broken invariant");
  auto without_route = plan;
  without_route.header.route = {};
  EXPECT_DEATH(world.suite.seal(without_route), "broken invariant");
  auto wrong_padding = plan;
  wrong_padding.header.final_padding.pop_back();
  EXPECT_DEATH(world.suite.seal(wrong_padding), "broken invariant");
  ReplySurbPlan three_hops{.header = test::draw_header_plan(world.random, std::span(world.nodes).first(3)), .key = {}};
  EXPECT_DEATH(world.suite.make_reply_surb(three_hops), "broken invariant");
}

}  // namespace
}  // namespace nym::sphinx
