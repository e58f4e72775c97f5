// What must hold for every Sphinx packet and reply block, and for bytes that are none.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/crypto/ed25519.h"
#include "engine/sphinx/packet.h"
#include "engine/sphinx/payload.h"
#include "engine/sphinx/real_suite.h"
#include "engine/sphinx/surb.h"
#include "sim/kernel/seeded_random.h"
#include "tests/unit/sphinx/sample_network.h"

namespace nym::test {
namespace {

using sphinx::SphinxError;

// RapidCheck's own ranges grow with the number of cases tried; these are as wide from the first one on.
rc::Gen<std::size_t> below(std::size_t bound) {
  return rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, bound));
}

std::size_t any_payload_size() {
  if (*rc::gen::arbitrary<bool>()) return 33 + *below(3000);
  return *rc::gen::element<std::size_t>(33, 38, 2065, 8209, 16401, 32785);
}

std::uint64_t any_delay() {
  return *rc::gen::oneOf(rc::gen::element<std::uint64_t>(0, 1, ~std::uint64_t{0}), rc::gen::arbitrary<std::uint64_t>());
}

Bytes any_plaintext(std::size_t payload_size) {
  auto length = *below(payload_size - sphinx::kPayloadOverhead + 1);
  auto fill = *rc::gen::element(0, 1, 2);  // zeros and ones look like padding
  Bytes plaintext(length, static_cast<std::uint8_t>(fill));
  sim::SeededRandom random(*rc::gen::arbitrary<std::uint64_t>());
  if (fill == 2) random.fill(plaintext);
  return plaintext;
}

// Of both generations, each number under a rule that carries it.
struct Form {
  SphinxNumber number;
  sphinx::NodeRule rule;
};
Form any_form() {
  using sphinx::NodeRule;
  constexpr std::array kForms{
      Form{SphinxNumber::n256, NodeRule::y2023}, Form{SphinxNumber::n257, NodeRule::y2023},
      Form{SphinxNumber::n256, NodeRule::ours},  Form{SphinxNumber::n257, NodeRule::reference_2026},
      Form{SphinxNumber::n258, NodeRule::ours},  Form{SphinxNumber::n258, NodeRule::reference_2026},
      Form{SphinxNumber::n259, NodeRule::ours},  Form{static_cast<SphinxNumber>(777), NodeRule::reference_2026}};
  return kForms[*below(kForms.size())];
}

struct Journey {
  std::vector<SampleNode> nodes;
  sphinx::HeaderPlan plan;
  sphinx::NodeRule rule;

  Result<sphinx::PeeledPacket> peel(ByteView packet, std::size_t hop) const {
    return sphinx::peel_packet(packet, nodes[hop].key.secret, rule);
  }

  static Journey any(std::size_t fewest_hops = 1) {
    sim::SeededRandom random(*rc::gen::arbitrary<std::uint64_t>());
    auto hops = fewest_hops + *below(sphinx::kMaxHops + 1 - fewest_hops);
    auto nodes = draw_nodes(random, hops);
    auto plan = draw_header_plan(random, nodes);
    auto drawn = plan.route;
    plan.route = {};
    for (sphinx::Hop hop : drawn.hops()) {
      hop.delay.ns = any_delay();
      hop.point = *rc::gen::element(sphinx::KeyPoint::unchecked, sphinx::KeyPoint::on_curve);
      plan.route.push_back(hop);
    }
    auto form = any_form();
    plan.number = form.number;
    return {std::move(nodes), std::move(plan), form.rule};
  }
};

Bytes forwarded(const sphinx::PeeledPacket& peeled) {
  return ByteWriter().put(std::get<sphinx::ForwardHeader>(peeled.hop).header).put(peeled.payload).finish();
}

// Follows a packet that nobody changes to its last hop; returns the plaintext.
Bytes expect_arrival(Bytes packet, const Journey& journey) {
  auto size = packet.size();
  for (std::size_t i = 0; i < journey.nodes.size(); ++i) {
    auto peeled = journey.peel(packet, i);
    RC_ASSERT(peeled.has_value());
    RC_ASSERT(peeled->number == journey.plan.number);
    if (i + 1 == journey.nodes.size()) {
      RC_ASSERT(std::get<sphinx::FinalHeader>(peeled->hop).destination == journey.plan.destination);
      auto plaintext = sphinx::recover_plaintext(peeled->payload);
      RC_ASSERT(plaintext.has_value());
      return *plaintext;
    }
    const auto& forward = std::get<sphinx::ForwardHeader>(peeled->hop);
    RC_ASSERT(forward.next == journey.nodes[i + 1].address);
    RC_ASSERT(forward.delay == journey.plan.route[i].delay);
    packet = forwarded(*peeled);
    RC_ASSERT(packet.size() == size);
  }
  return {};
}

RC_GTEST_PROP(SphinxProperty, What_is_sealed_arrives, ()) {
  auto journey = Journey::any();
  auto payload_size = any_payload_size();
  auto plaintext = any_plaintext(payload_size);
  auto packet = sphinx::make_packet(journey.plan, plaintext, payload_size);
  RC_ASSERT(packet.has_value());
  RC_ASSERT(packet->size() == sphinx::kHeader + payload_size);
  RC_ASSERT(expect_arrival(*packet, journey) == plaintext);
}

RC_GTEST_PROP(SphinxProperty, Any_flipped_bit_is_found_on_the_way_or_at_the_end, ()) {
  auto journey = Journey::any();
  auto payload_size = *rc::gen::element<std::size_t>(33, 38, 300);
  auto made = sphinx::make_packet(journey.plan, {}, payload_size);
  RC_ASSERT(made.has_value());
  Bytes packet = *made;
  auto flip_at = *below(journey.nodes.size());
  auto header_only = *rc::gen::arbitrary<bool>();
  auto bit = *below((header_only ? sphinx::kHeader : packet.size()) * 8);
  if (bit == kAlphaTopBit) bit -= 1;
  for (std::size_t i = 0;; ++i) {
    if (i == flip_at) packet[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    auto peeled = journey.peel(packet, i);
    if (i == flip_at && bit < sphinx::kHeader * 8) {
      RC_ASSERT(!peeled.has_value());
      RC_ASSERT(peeled.error().is(SphinxError::invalid_header));
      return;
    }
    RC_ASSERT(peeled.has_value());
    if (i + 1 == journey.nodes.size()) {
      auto plaintext = sphinx::recover_plaintext(peeled->payload);
      RC_ASSERT(!plaintext.has_value());
      RC_ASSERT(plaintext.error().is(SphinxError::invalid_payload));
      return;
    }
    packet = forwarded(*peeled);
  }
}

RC_GTEST_PROP(SphinxProperty, Alphas_top_bit_means_nothing, ()) {
  auto journey = Journey::any();
  auto made = sphinx::make_packet(journey.plan, {}, 40);
  RC_ASSERT(made.has_value());
  Bytes flipped = *made;
  flipped[31] ^= 0x80;
  auto a = journey.peel(*made, 0);
  auto b = journey.peel(flipped, 0);
  RC_ASSERT(a.has_value() && b.has_value());
  RC_ASSERT(a->tag == b->tag);
  RC_ASSERT(a->payload == b->payload);
  if (journey.nodes.size() > 1) RC_ASSERT(forwarded(*a) == forwarded(*b));
}

RC_GTEST_PROP(SphinxProperty, Reply_blocks_survive_serialisation_and_bring_replies_home, ()) {
  auto journey = Journey::any();
  auto surb = sphinx::Surb::make(journey.plan);
  RC_ASSERT(surb.has_value());
  Bytes bytes = surb->serialise();
  auto form = sphinx::surb_form_of(journey.plan.number);
  RC_ASSERT(bytes.size() == sphinx::surb_size(journey.nodes.size(), form));
  RC_ASSERT(sphinx::surb_form(bytes.size()).value() == form);
  auto parsed = sphinx::Surb::parse(bytes);
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(parsed->serialise() == bytes);
  RC_ASSERT(parsed->first_hop == journey.nodes.front().address);
  auto payload_size = any_payload_size();
  auto plaintext = any_plaintext(payload_size);
  auto packet = sphinx::use_surb(*parsed, plaintext, payload_size);
  RC_ASSERT(packet.has_value());
  RC_ASSERT(expect_arrival(*packet, journey) == plaintext);
}

RC_GTEST_PROP(SphinxProperty, Packets_peeled_together_are_peeled_as_alone, ()) {
  auto journey = Journey::any(2);
  sim::SeededRandom random(*rc::gen::arbitrary<std::uint64_t>());
  std::vector<Bytes> packets;
  for (int kind : *rc::gen::resize(12, rc::gen::container<std::vector<int>>(rc::gen::element(0, 1, 2, 3, 4)))) {
    journey.plan.initial_secret = draw_secret<32>(random);
    journey.plan.number = any_form().number;
    auto plan = kind == 4 ? draw_header_plan(random, std::span(journey.nodes).first(1)) : journey.plan;
    Bytes packet = *sphinx::make_packet(plan, {}, 40);
    if (kind == 1) packet.resize(100);
    if (kind == 2) packet[60] ^= 1;
    if (kind == 3) std::fill_n(packet.begin(), 32, std::uint8_t{0});
    packets.push_back(packet);
  }
  std::vector<sphinx::PeelTask> tasks;
  for (const auto& packet : packets) {
    const auto& node = journey.nodes[*rc::gen::weightedElement<std::size_t>({{3, 0}, {1, 1}})];
    tasks.push_back({packet, node.key.secret, any_form().rule});
  }
  auto together = sphinx::peel_packets(tasks);
  RC_ASSERT(together.size() == packets.size());
  for (std::size_t i = 0; i < packets.size(); ++i) {
    auto alone = sphinx::peel_packet(tasks[i].packet, tasks[i].node_key, tasks[i].rule);
    RC_ASSERT(together[i].has_value() == alone.has_value());
    if (alone) {
      RC_ASSERT(together[i]->tag == alone->tag);
      RC_ASSERT(together[i]->hop.index() == alone->hop.index());
      RC_ASSERT(together[i]->payload == alone->payload);
      RC_ASSERT(together[i]->number == alone->number);
      if (std::holds_alternative<sphinx::ForwardHeader>(alone->hop)) {
        RC_ASSERT(forwarded(*together[i]) == forwarded(*alone));
      }
    } else {
      RC_ASSERT(together[i].error().text() == alone.error().text());
    }
  }
}

RC_GTEST_PROP(SphinxProperty, Random_bytes_break_no_parser, ()) {
  sim::SeededRandom random(*rc::gen::arbitrary<std::uint64_t>());
  Bytes bytes(*below(1500));
  random.fill(bytes);
  auto key = crypto::X25519KeyPair::generate(random);
  auto keys = sphinx::GatewaySharedKeys::from_bytes(draw_array<32>(random));
  sphinx::RealSuite suite;

  auto peeled = sphinx::peel_packet(bytes, key.secret);
  RC_ASSERT(!peeled.has_value());
  RC_ASSERT(peeled.error().is(bytes.size() < 365 ? SphinxError::invalid_packet : SphinxError::invalid_header));
  RC_ASSERT(!suite.peel(Blob(bytes), key).has_value());
  RC_ASSERT(!sphinx::recover_plaintext(bytes).has_value());
  RC_ASSERT(!sphinx::open_envelope(keys, bytes).has_value());
  RC_ASSERT(sphinx::open_fragment(key.secret, bytes).has_value() == (bytes.size() >= 32));
  RC_ASSERT(sphinx::open_reply_fragment({}, bytes).has_value() == (bytes.size() >= 32));
  RC_ASSERT(suite.open_ack({}, Blob(bytes)).has_value() == (bytes.size() == 21));
  (void)crypto::Ed25519PublicKey::parse(ByteView(bytes).first(std::min<std::size_t>(bytes.size(), 32)));

  bytes.resize(sphinx::surb_size(*below(8), *rc::gen::element(SurbForm::v1, SurbForm::v2)));
  random.fill(bytes);
  auto surb = sphinx::Surb::parse(bytes);
  RC_ASSERT(surb.has_value() == (bytes.size() > sphinx::surb_size(0)));
  if (surb) RC_ASSERT(sphinx::use_surb(*surb, Bytes(5), 40).has_value());
}

}  // namespace
}  // namespace nym::test
