#include "engine/sphinx/surb.h"

#include <gtest/gtest.h>

#include "engine/crypto/constant_time.h"
#include "engine/sphinx/packet.h"
#include "engine/sphinx/payload.h"
#include "engine/sphinx/reply_surb.h"
#include "sim/kernel/seeded_random.h"
#include "tests/unit/sphinx/sample_network.h"

namespace nym::sphinx {
namespace {

TEST(Surb, Its_packets_come_home) {
  sim::SeededRandom random(1);
  for (std::size_t hops = 1; hops <= kMaxHops; ++hops) {
    auto nodes = test::draw_nodes(random, hops);
    auto plan = test::draw_header_plan(random, nodes);
    auto surb = Surb::make(plan);
    ASSERT_TRUE(surb.has_value());
    EXPECT_EQ(surb->first_hop, nodes.front().address);
    Bytes message(30, 9);
    auto used = use_surb(*surb, message, 80);
    ASSERT_TRUE(used.has_value());
    Bytes packet = *used;
    for (const auto& node : nodes) {
      auto peeled = peel_packet(packet, node.key.secret);
      ASSERT_TRUE(peeled.has_value());
      if (const auto* forward = std::get_if<ForwardHeader>(&peeled->hop)) {
        packet = ByteWriter().put(forward->header).put(peeled->payload).finish();
      } else {
        EXPECT_EQ(std::get<FinalHeader>(peeled->hop).destination, plan.destination);
        EXPECT_EQ(recover_plaintext(peeled->payload), message);
      }
    }
  }
}

TEST(Surb, Is_serialised_with_a_key_a_hop) {
  sim::SeededRandom random(2);
  auto surb = Surb::make(test::draw_header_plan(random, test::draw_nodes(random, 4)));
  Bytes bytes = surb->serialise();
  EXPECT_EQ(bytes.size(), surb_size(4));
  EXPECT_EQ(bytes.size(), 1148U);
  auto parsed = Surb::parse(bytes);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->serialise(), bytes);
  EXPECT_EQ(parsed->header, surb->header);
  EXPECT_EQ(parsed->first_hop, surb->first_hop);
  const auto& keys = std::get<std::vector<crypto::LionessKey>>(parsed->keys);
  ASSERT_EQ(keys.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(crypto::equal(keys[i], std::get<std::vector<crypto::LionessKey>>(surb->keys)[i]));
  }
}

TEST(Surb, With_seeds_is_shorter_and_its_packets_are_those_of_the_whole_keys) {
  sim::SeededRandom random(5);
  for (std::size_t hops = 1; hops <= kMaxHops; ++hops) {
    auto plan = test::draw_header_plan(random, test::draw_nodes(random, hops));
    plan.number = SphinxNumber::n259;
    auto surb = Surb::make(plan);
    ASSERT_TRUE(surb.has_value());
    EXPECT_EQ(surb->serialise().size(), surb_size(hops, SurbForm::v2));
    auto parsed = Surb::parse(surb->serialise());
    ASSERT_TRUE(parsed.has_value());
    Bytes message(30, 9);
    EXPECT_EQ(*use_surb(*parsed, message, 80), *make_packet(plan, message, 80));
  }
}

TEST(Surb, Only_its_length_is_validated) {
  for (std::size_t size = 0; size <= surb_size(7); ++size) {
    auto parsed = Surb::parse(Bytes(size, 3));
    bool full = size >= surb_size(1) && (size - surb_size(0)) % kPayloadKey == 0;
    bool seeds = size > surb_size(0) && size < surb_size(1) && (size - surb_size(0)) % kPayloadSeed == 0;
    ASSERT_EQ(parsed.has_value(), full || seeds) << size;
    if (!parsed) continue;
    EXPECT_EQ(std::holds_alternative<std::vector<PayloadSeed>>(parsed->keys), seeds) << size;
    EXPECT_EQ(parsed->serialise(), Bytes(size, 3));
  }
  EXPECT_TRUE(Surb::parse({}).error().is(SphinxError::invalid_surb));
}

TEST(Surb, Plans_without_a_route_or_with_wrong_padding_are_refused) {
  sim::SeededRandom random(3);
  auto plan = test::draw_header_plan(random, test::draw_nodes(random, 2));
  plan.final_padding.pop_back();
  EXPECT_TRUE(Surb::make(plan).error().is(SphinxError::invalid_routing));
  plan.route = {};
  EXPECT_TRUE(Surb::make(plan).error().is(SphinxError::invalid_surb));
}

TEST(Surb, Messages_that_do_not_fit_are_refused) {
  sim::SeededRandom random(4);
  auto surb = Surb::make(test::draw_header_plan(random, test::draw_nodes(random, 2)));
  EXPECT_TRUE(use_surb(*surb, Bytes(24), 40).error().is(SphinxError::invalid_payload));
  EXPECT_TRUE(use_surb(*surb, {}, 32).error().is(SphinxError::invalid_payload));
}

TEST(ReplySurb, Sizes_of_the_wire) {
  EXPECT_EQ(kReplySurb, 1164U);
  EXPECT_NE(digest_of(SurbKey(ByteArray<16>{1})), digest_of(SurbKey(ByteArray<16>{2})));
}

}  // namespace
}  // namespace nym::sphinx
