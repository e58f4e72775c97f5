#include "engine/sphinx/header.h"

#include <gtest/gtest.h>

#include "engine/crypto/constant_time.h"
#include "sim/kernel/seeded_random.h"
#include "tests/unit/sphinx/sample_network.h"

namespace nym::sphinx {
namespace {

Secret<32> secret_at(const HeaderBytes& header, const test::SampleNode& node) {
  return crypto::diffie_hellman(node.key.secret, {to_array<32>(header)});
}

TEST(SphinxHeader, Leads_along_the_route_and_tells_each_hop_only_its_own_part) {
  sim::SeededRandom random(1);
  for (std::size_t hops = 1; hops <= kMaxHops; ++hops) {
    auto nodes = test::draw_nodes(random, hops);
    auto plan = test::draw_header_plan(random, nodes);
    plan.identifier = {draw_array<16>(random)};
    auto made = make_header(plan);
    ASSERT_TRUE(made.has_value());
    HeaderBytes header = made->bytes;
    for (std::size_t i = 0; i < hops; ++i) {
      auto peeled = peel_header(header, secret_at(header, nodes[i]).expose());
      ASSERT_TRUE(peeled.has_value());
      EXPECT_TRUE(crypto::equal(peeled->keys.payload, made->payload_keys[i]));
      if (i + 1 == hops) {
        const auto& last = std::get<FinalHeader>(peeled->hop);
        EXPECT_EQ(last.destination, plan.destination);
        EXPECT_EQ(last.identifier, plan.identifier);
      } else {
        const auto& forward = std::get<ForwardHeader>(peeled->hop);
        EXPECT_EQ(forward.next, nodes[i + 1].address);
        EXPECT_EQ(forward.delay, plan.route[i].delay);
        header = forward.header;
      }
    }
  }
}

TEST(SphinxHeader, The_delay_of_the_last_hop_is_not_transmitted) {
  sim::SeededRandom random(2);
  auto nodes = test::draw_nodes(random, 3);
  auto plan = test::draw_header_plan(random, nodes);
  auto other = plan;
  other.route = {};
  for (std::size_t i = 0; i < 3; ++i) {
    Hop hop = plan.route[i];
    if (i == 2) hop.delay.ns ^= 1;
    other.route.push_back(hop);
  }
  EXPECT_EQ(make_header(plan)->bytes, make_header(other)->bytes);
}

TEST(SphinxHeader, An_unclamped_initial_secret_is_the_clamped_one) {
  sim::SeededRandom random(3);
  auto nodes = test::draw_nodes(random, 2);
  auto plan = test::draw_header_plan(random, nodes);
  auto clamped = plan;
  crypto::clamp(clamped.initial_secret);
  EXPECT_EQ(make_header(plan)->bytes, make_header(clamped)->bytes);
}

TEST(SphinxHeader, A_route_needs_hops_and_padding_that_fits_them) {
  sim::SeededRandom random(4);
  auto nodes = test::draw_nodes(random, 3);
  auto plan = test::draw_header_plan(random, nodes);
  auto without_hops = plan;
  without_hops.route = {};
  EXPECT_TRUE(make_header(without_hops).error().is(SphinxError::invalid_routing));
  for (std::size_t size : {std::size_t{0}, final_padding_size(2), final_padding_size(3) + 1}) {
    plan.final_padding.resize(size);
    EXPECT_TRUE(make_header(plan).error().is(SphinxError::invalid_routing)) << size;
  }
  EXPECT_DEATH(derive_key_chain(ByteArray<32>{}, {}), "broken invariant");
  EXPECT_DEATH(derive_key_chain(ByteArray<32>{}, std::vector<crypto::X25519PublicKey>(6)), "broken invariant");
}

TEST(SphinxHeader, Padding_sizes_follow_the_number_of_hops) {
  EXPECT_EQ(final_padding_size(1), 248U);
  EXPECT_EQ(final_padding_size(4), 68U);
  EXPECT_EQ(final_padding_size(5), 8U);
}

TEST(SphinxHeader, Fillers_grow_by_a_step_each_hop) {
  sim::SeededRandom random(5);
  auto nodes = test::draw_nodes(random, kMaxHops);
  auto plan = test::draw_header_plan(random, nodes);
  auto chain = derive_key_chain(plan.initial_secret.expose(), keys_along(plan.route));
  for (std::size_t hops = 1; hops <= kMaxHops; ++hops) {
    EXPECT_EQ(make_filler(std::span(chain.keys).first(hops)).size(), kHopStep * (hops - 1));
  }
  EXPECT_TRUE(make_filler({}).empty());
}

TEST(SphinxHeader, Opening_leaves_only_alpha_to_be_done) {
  sim::SeededRandom random(6);
  auto nodes = test::draw_nodes(random, 2);
  auto header = make_header(test::draw_header_plan(random, nodes))->bytes;
  auto secret = secret_at(header, nodes[0]);
  auto opened = open_header(header, secret.expose());
  auto peeled = peel_header(header, secret.expose());
  ASSERT_TRUE(opened.has_value() && peeled.has_value());
  auto& from_open = std::get<ForwardHeader>(opened->hop).header;
  const auto& from_peel = std::get<ForwardHeader>(peeled->hop).header;
  EXPECT_TRUE(crypto::is_all_zero(ByteView(from_open).first(32)));
  auto alpha = crypto::multiply_unclamped(blinding_scalar(opened->keys).expose(), ByteView(header).first<32>());
  std::ranges::copy(alpha.expose(), from_open.begin());
  EXPECT_EQ(from_open, from_peel);
}

TEST(SphinxHeader, Zero_shared_secrets_are_computed_with_like_others) {
  sim::SeededRandom random(7);
  auto nodes = test::draw_nodes(random, 3);
  nodes[1].key.public_key = {};
  auto plan = test::draw_header_plan(random, nodes);
  auto chain = derive_key_chain(plan.initial_secret.expose(), keys_along(plan.route));
  EXPECT_TRUE(crypto::is_all_zero(chain.shared_secrets[1].expose()));
  EXPECT_FALSE(crypto::is_all_zero(chain.shared_secrets[2].expose()));
  EXPECT_TRUE(make_header(plan).has_value());
}

}  // namespace
}  // namespace nym::sphinx
