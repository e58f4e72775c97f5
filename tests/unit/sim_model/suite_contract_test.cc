// What both suites promise, tried on both.

#include <gtest/gtest.h>

#include <set>

#include "engine/sphinx/real_suite.h"
#include "sim/kernel/seeded_random.h"
#include "sim/model/model_suite.h"
#include "tests/unit/sphinx/sample_network.h"

namespace nym::test {
namespace {

using sphinx::SphinxError;

constexpr std::size_t kFragment = 200;

template <class SuiteType>
class SuiteContract : public testing::Test {
 protected:
  sphinx::SurbAck ack() { return draw_ack(suite, random, nodes); }

  Blob fragment_packet(const Blob& fragment) {
    auto header = draw_header_plan(random, nodes);
    destination = header.destination;
    sphinx::FragmentPayload payload{.ack = last_ack = ack(),
                                    .ephemeral = crypto::X25519PrivateKey::generate(random),
                                    .recipient = recipient.public_key,
                                    .fragment = fragment};
    return suite.seal(
        {.header = header, .payload_size = payload_size_for(fragment.size()), .payload = std::move(payload)});
  }

  sphinx::ReplySurb reply_surb() {
    auto header = draw_header_plan(random, nodes);
    destination = header.destination;
    surb_key = draw_secret<16>(random);
    return suite.make_reply_surb({.header = header, .key = surb_key});
  }

  Result<sphinx::ReplyPacket> reply(const sphinx::ReplySurb& surb, const Blob& fragment) {
    return suite.seal_reply(surb, {.ack = last_ack = ack(), .fragment = fragment}, payload_size_for(fragment.size()));
  }

  // Peels at each node in turn; the first refusal or what the last hop finds.
  Result<sphinx::Peeled> travel(Blob packet) {
    for (std::size_t i = 0;; ++i) {
      auto peeled = suite.peel(packet, nodes.at(i).key);
      if (!peeled || i + 1 == nodes.size()) return peeled;
      packet = std::get<sphinx::ForwardPacket>(peeled->hop).packet;
    }
  }

  static const sphinx::FinalPacket& final_hop(const Result<sphinx::Peeled>& arrived) {
    return std::get<sphinx::FinalPacket>(arrived.value().hop);
  }

  SuiteType suite;
  sim::SeededRandom random{11};
  std::vector<SampleNode> nodes = draw_nodes(random, 4);
  crypto::X25519KeyPair recipient = crypto::X25519KeyPair::generate(random);
  sphinx::Destination destination;
  sphinx::SurbAck last_ack;
  sphinx::SurbKey surb_key;
};

using Suites = testing::Types<sphinx::RealSuite, sim::ModelSuite>;
TYPED_TEST_SUITE(SuiteContract, Suites);

TYPED_TEST(SuiteContract, A_packet_follows_its_plan) {
  for (std::size_t hops = 1; hops <= sphinx::kMaxHops; ++hops) {
    auto route = draw_nodes(this->random, hops);
    auto plan = draw_ack_plan(this->random, route);
    auto payload = std::get<sphinx::AckPayload>(plan.payload);
    Blob packet = this->suite.seal(plan);
    for (std::size_t i = 0; i < hops; ++i) {
      ASSERT_EQ(packet.size(), 386U);
      auto peeled = this->suite.peel(packet, route[i].key);
      ASSERT_TRUE(peeled.has_value()) << peeled.error().text();
      if (i + 1 == hops) {
        EXPECT_EQ(this->final_hop(peeled).destination, plan.header.destination);
        auto id = this->suite.open_ack(payload.key, this->final_hop(peeled).plaintext);
        ASSERT_TRUE(id.has_value());
        EXPECT_EQ(*id, payload.id);
        continue;
      }
      const auto& forward = std::get<sphinx::ForwardPacket>(peeled->hop);
      EXPECT_EQ(forward.next, route[i + 1].address);
      EXPECT_EQ(forward.delay, plan.header.route[i].delay);
      packet = forward.packet;
    }
  }
}

TYPED_TEST(SuiteContract, A_fragment_arrives_behind_its_acknowledgement) {
  for (std::size_t filled : {std::size_t{0}, std::size_t{1}, kFragment / 2, kFragment}) {
    Blob fragment = draw_fragment(this->random, filled, kFragment);
    auto arrived = this->travel(this->fragment_packet(fragment));
    ASSERT_TRUE(arrived.has_value()) << arrived.error().text();
    Blob plaintext = this->final_hop(arrived).plaintext;
    EXPECT_EQ(plaintext.size(), sphinx::kSurbAck + sphinx::kFragmentKeyField + kFragment);
    EXPECT_EQ(plaintext.template first<19>(), this->last_ack.first_hop);
    EXPECT_EQ(plaintext.slice(19, 386), this->last_ack.packet);
    EXPECT_TRUE(this->travel(plaintext.slice(19, 386)).has_value()) << "the acknowledgement travels on";
    auto opened = this->suite.open_fragment(this->recipient, plaintext.slice(sphinx::kSurbAck));
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(*opened, fragment);
  }
}

TYPED_TEST(SuiteContract, A_reply_comes_home) {
  auto surb = this->reply_surb();
  EXPECT_EQ(to_bytes(this->suite.reply_key(surb).expose()), to_bytes(this->surb_key.expose()));
  Blob fragment = draw_fragment(this->random, 50, kFragment);
  auto reply = this->reply(surb, fragment);
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->first_hop, this->nodes.front().address);
  EXPECT_EQ(reply->packet.size(), sphinx::kHeader + payload_size_for(kFragment));
  auto arrived = this->travel(reply->packet);
  ASSERT_TRUE(arrived.has_value()) << arrived.error().text();
  EXPECT_EQ(this->final_hop(arrived).destination, this->destination);
  Blob delivered = this->final_hop(arrived).plaintext.slice(sphinx::kSurbAck);
  EXPECT_EQ(delivered.template first<32>(), sphinx::digest_of(this->surb_key).bytes);
  auto opened = this->suite.open_reply_fragment(this->surb_key, delivered);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(*opened, fragment);
}

TYPED_TEST(SuiteContract, A_reply_must_fill_its_packet) {
  auto surb = this->reply_surb();
  sphinx::ReplyPayload payload{.ack = this->ack(), .fragment = draw_fragment(this->random, 5, kFragment)};
  for (std::size_t size : {std::size_t{32}, payload_size_for(kFragment) - 1, payload_size_for(kFragment) + 1}) {
    EXPECT_TRUE(this->suite.seal_reply(surb, payload, size).error().is(SphinxError::invalid_payload)) << size;
  }
}

TYPED_TEST(SuiteContract, A_surb_used_twice_gives_the_same_replay_tags) {
  auto surb = this->reply_surb();
  auto first = this->reply(surb, draw_fragment(this->random, 5, kFragment));
  auto second = this->reply(surb, draw_fragment(this->random, 5, kFragment));
  EXPECT_EQ(this->suite.peel(first->packet, this->nodes[0].key)->tag,
            this->suite.peel(second->packet, this->nodes[0].key)->tag);
}

TYPED_TEST(SuiteContract, Damage_in_a_surb_shows_where_it_hurts) {
  auto surb = this->reply_surb();
  Blob fragment = draw_fragment(this->random, 50, kFragment);
  auto with_bit = [&](std::size_t bit) {
    auto damaged = surb;
    damaged.bytes.at(bit / 8) ^= static_cast<std::uint8_t>(1U << (bit % 8));
    return damaged;
  };
  constexpr std::size_t kHeaderBits = 16 * 8;
  constexpr std::size_t kFirstHopBits = kHeaderBits + sphinx::kHeader * 8;
  constexpr std::size_t kKeyBits = kFirstHopBits + 32 * 8;

  auto wrong_key = this->travel(this->reply(with_bit(3), fragment)->packet);
  ASSERT_TRUE(wrong_key.has_value());
  EXPECT_NE(this->final_hop(wrong_key).plaintext.slice(sphinx::kSurbAck).template first<32>(),
            sphinx::digest_of(this->surb_key).bytes);
  for (std::size_t bit : {kHeaderBits, kHeaderBits + 300, kHeaderBits + 1000, kFirstHopBits - 1}) {
    auto refused = this->suite.peel(this->reply(with_bit(bit), fragment)->packet, this->nodes[0].key);
    EXPECT_TRUE(refused.error().is(SphinxError::invalid_header)) << bit;
  }
  EXPECT_TRUE(this->travel(this->reply(with_bit(kHeaderBits + kAlphaTopBit), fragment)->packet).has_value());
  auto elsewhere = this->reply(with_bit(kFirstHopBits + 9), fragment);
  EXPECT_NE(elsewhere->first_hop, this->nodes.front().address);
  EXPECT_TRUE(this->travel(elsewhere->packet).has_value());
  for (std::size_t bit : {kKeyBits, kKeyBits + 700, sphinx::kReplySurb * 8 - 1}) {
    auto refused = this->travel(this->reply(with_bit(bit), fragment)->packet);
    ASSERT_FALSE(refused.has_value());
    EXPECT_TRUE(refused.error().is(SphinxError::invalid_payload)) << bit;
  }
}

TYPED_TEST(SuiteContract, A_node_that_is_not_meant_refuses_the_header) {
  Blob packet = this->fragment_packet(draw_fragment(this->random, 5, kFragment));
  for (std::size_t i = 1; i < this->nodes.size(); ++i) {
    EXPECT_TRUE(this->suite.peel(packet, this->nodes[i].key).error().is(SphinxError::invalid_header));
  }
}

TYPED_TEST(SuiteContract, Tags_are_equal_for_replays_and_different_for_everything_else) {
  std::set<sphinx::ReplayTag> tags;
  for (int i = 0; i < 3; ++i) {
    Blob packet = this->fragment_packet(draw_fragment(this->random, 5, kFragment));
    for (const auto& node : this->nodes) {
      auto peeled = this->suite.peel(packet, node.key);
      auto again = this->suite.peel(with_flipped_bit(packet, kAlphaTopBit), node.key);
      ASSERT_TRUE(peeled.has_value() && again.has_value());
      EXPECT_EQ(peeled->tag, again->tag);
      tags.insert(peeled->tag);
      const auto* forward = std::get_if<sphinx::ForwardPacket>(&peeled->hop);
      if (forward == nullptr) continue;
      EXPECT_EQ(forward->packet, std::get<sphinx::ForwardPacket>(again->hop).packet);
      packet = forward->packet;
    }
  }
  EXPECT_EQ(tags.size(), 12U);
}

TYPED_TEST(SuiteContract, A_flipped_header_bit_is_refused_at_once) {
  Blob packet = this->fragment_packet(draw_fragment(this->random, 5, kFragment));
  for (std::size_t bit = 0; bit < sphinx::kHeader * 8; bit += 7) {
    if (bit == kAlphaTopBit) continue;
    auto refused = this->suite.peel(with_flipped_bit(packet, bit), this->nodes[0].key);
    ASSERT_FALSE(refused.has_value()) << bit;
    EXPECT_TRUE(refused.error().is(SphinxError::invalid_header)) << bit;
  }
}

TYPED_TEST(SuiteContract, A_flipped_payload_bit_is_refused_at_the_end_even_if_flipped_back_later) {
  Blob original = this->fragment_packet(draw_fragment(this->random, 5, kFragment));
  for (std::size_t bit = sphinx::kHeader * 8; bit < original.size() * 8; bit += 311) {
    auto refused = this->travel(with_flipped_bit(original, bit));
    ASSERT_FALSE(refused.has_value()) << bit;
    EXPECT_TRUE(refused.error().is(SphinxError::invalid_payload)) << bit;

    auto first = this->suite.peel(with_flipped_bit(original, bit), this->nodes[0].key);
    Blob back = with_flipped_bit(std::get<sphinx::ForwardPacket>(first.value().hop).packet, bit);
    auto second = this->suite.peel(back, this->nodes[1].key);
    auto third = this->suite.peel(std::get<sphinx::ForwardPacket>(second.value().hop).packet, this->nodes[2].key);
    auto last = this->suite.peel(std::get<sphinx::ForwardPacket>(third.value().hop).packet, this->nodes[3].key);
    ASSERT_FALSE(last.has_value()) << bit;
    EXPECT_TRUE(last.error().is(SphinxError::invalid_payload)) << bit;
  }
}

TYPED_TEST(SuiteContract, Cut_and_lengthened_packets) {
  Blob packet = this->fragment_packet(draw_fragment(this->random, 5, kFragment));
  for (std::size_t size : {std::size_t{0}, std::size_t{100}, std::size_t{364}}) {
    EXPECT_TRUE(this->suite.peel(packet.slice(0, size), this->nodes[0].key).error().is(SphinxError::invalid_packet));
  }
  for (std::size_t size : {std::size_t{365}, std::size_t{380}}) {
    EXPECT_TRUE(this->suite.peel(packet.slice(0, size), this->nodes[0].key).error().is(SphinxError::invalid_payload));
  }
  for (std::size_t size : {std::size_t{381}, packet.size() - 1}) {
    EXPECT_TRUE(this->travel(packet.slice(0, size)).error().is(SphinxError::invalid_payload)) << size;
  }
  Blob longer = Blob::with_zero_tail(packet.to_bytes(), packet.size() + 1);
  EXPECT_TRUE(this->travel(longer).error().is(SphinxError::invalid_payload));
}

TYPED_TEST(SuiteContract, A_payload_behind_another_header_is_refused_at_the_end) {
  Blob fragment = draw_fragment(this->random, 5, kFragment);
  Blob header = this->fragment_packet(fragment).slice(0, sphinx::kHeader);
  Bytes spliced = header.to_bytes();
  append(spliced, this->fragment_packet(fragment).slice(sphinx::kHeader).to_bytes());
  EXPECT_TRUE(this->travel(Blob(spliced)).error().is(SphinxError::invalid_payload));
}

TYPED_TEST(SuiteContract, Envelopes_open_with_their_keys_only) {
  auto keys = sphinx::GatewaySharedKeys::from_bytes(draw_array<32>(this->random));
  auto other = sphinx::GatewaySharedKeys::from_bytes(draw_array<32>(this->random));
  for (std::size_t size : {0U, 1U, 40U, 500U}) {
    Blob body = draw_fragment(this->random, size / 2, size);
    Blob sealed = this->suite.seal_envelope(keys, Bytes{9, 0}, body);
    ASSERT_EQ(sealed.size(), 32 + 2 + size);
    auto opened = this->suite.open_envelope(keys, sealed);
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(opened->slice(2), body);
    EXPECT_EQ(opened->template first<2>(), (ByteArray<2>{9, 0}));
    EXPECT_TRUE(this->suite.open_envelope(other, sealed).error().is(SphinxError::bad_mac));
    for (std::size_t bit = 0; bit < sealed.size() * 8; bit += 3) {
      EXPECT_TRUE(this->suite.open_envelope(keys, with_flipped_bit(sealed, bit)).error().is(SphinxError::bad_mac))
          << bit;
    }
    EXPECT_TRUE(this->suite.open_envelope(keys, sealed.slice(0, sealed.size() - 1)).error().is(SphinxError::bad_mac));
    EXPECT_TRUE(this->suite.open_envelope(keys, sealed.slice(0, 31)).error().is(SphinxError::too_short));
  }
}

TYPED_TEST(SuiteContract, Wrong_keys_give_something_else) {
  auto payload = draw_ack_payload(this->random);
  auto plan = draw_ack_plan(this->random, this->nodes);
  plan.payload = payload;
  Blob ack = this->final_hop(this->travel(this->suite.seal(plan))).plaintext;
  EXPECT_EQ(ack.template first<16>(), payload.iv);
  EXPECT_NE(*this->suite.open_ack(draw_secret<16>(this->random), ack), payload.id);
  EXPECT_TRUE(this->suite.open_ack(payload.key, ack.slice(1)).error().is(SphinxError::too_short));
  EXPECT_TRUE(this->suite.open_ack(payload.key, Blob(Bytes(22))).error().is(SphinxError::too_short));

  Blob fragment = draw_fragment(this->random, 50, kFragment);
  Blob delivered = this->final_hop(this->travel(this->fragment_packet(fragment))).plaintext.slice(sphinx::kSurbAck);
  auto stranger = crypto::X25519KeyPair::generate(this->random);
  auto read_by_stranger = this->suite.open_fragment(stranger, delivered);
  ASSERT_TRUE(read_by_stranger.has_value());
  EXPECT_EQ(read_by_stranger->size(), kFragment);
  EXPECT_NE(*read_by_stranger, fragment);
  EXPECT_NE(*this->suite.open_reply_fragment(draw_secret<16>(this->random), delivered), fragment);
  EXPECT_TRUE(this->suite.open_fragment(stranger, delivered.slice(0, 31)).error().is(SphinxError::too_short));
  EXPECT_TRUE(this->suite.open_reply_fragment({}, delivered.slice(0, 31)).error().is(SphinxError::too_short));
  EXPECT_EQ(this->suite.open_fragment(stranger, delivered.slice(0, 32))->size(), 0U);
}

TYPED_TEST(SuiteContract, Sealing_is_a_pure_function_of_the_plan_and_preparing_changes_nothing) {
  auto plan = draw_ack_plan(this->random, this->nodes);
  Blob once = this->suite.seal(plan);
  Blob twice = this->suite.seal(plan);
  Blob prepared = this->suite.seal(plan);
  this->suite.prepare({&prepared, 1});
  EXPECT_FALSE(prepared.is_pending());
  EXPECT_EQ(once, twice);
  EXPECT_EQ(once, prepared);
  this->suite.prepare_peel({&prepared, 1}, this->nodes[0].key);
  EXPECT_EQ(this->suite.peel(prepared, this->nodes[0].key)->tag, this->suite.peel(once, this->nodes[0].key)->tag);
  EXPECT_FALSE(this->suite.peel(prepared, this->nodes[1].key).has_value());
}

TYPED_TEST(SuiteContract, Garbage_is_refused) {
  for (int i = 0; i < 200; ++i) {
    Bytes bytes(static_cast<std::size_t>(draw_below(this->random, 500)));
    this->random.fill(bytes);
    auto peeled = this->suite.peel(Blob(bytes), this->nodes[0].key);
    ASSERT_FALSE(peeled.has_value());
    EXPECT_TRUE(peeled.error().is(bytes.size() < 365 ? SphinxError::invalid_packet : SphinxError::invalid_header));
  }
  EXPECT_FALSE(this->suite.peel(Blob::with_zero_tail({}, 400), this->nodes[0].key).has_value());
  sphinx::ReplySurb nonsense{Bytes(sphinx::kReplySurb)};
  this->random.fill(nonsense.bytes);
  auto reply = this->reply(nonsense, draw_fragment(this->random, 5, kFragment));
  ASSERT_TRUE(reply.has_value());
  EXPECT_TRUE(this->suite.peel(reply->packet, this->nodes[0].key).error().is(SphinxError::invalid_header));
}

TYPED_TEST(SuiteContract, Misuse_ends_the_program) {
  auto plan = draw_ack_plan(this->random, this->nodes);
  auto too_small = plan;
  too_small.payload_size = 37;
  EXPECT_DEATH(this->suite.seal(too_small), "broken invariant");
  auto without_route = plan;
  without_route.header.route = {};
  EXPECT_DEATH(this->suite.seal(without_route), "broken invariant");
  auto short_route = draw_header_plan(this->random, std::span(this->nodes).first(3));
  EXPECT_DEATH(this->suite.make_reply_surb({.header = short_route, .key = {}}), "broken invariant");
}

}  // namespace
}  // namespace nym::test
