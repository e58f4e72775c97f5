// sphinx.json: whole packets, their failures, reply blocks.

#include "engine/crypto/constant_time.h"
#include "engine/sphinx/surb.h"
#include "tests/vectors/sphinx_vectors.h"

namespace nym::test {
namespace {

using sphinx::SphinxError;

constexpr const char* kFile = "sphinx.json";

TEST(SphinxVectors, Packets_are_made_and_peeled_byte_for_byte) {
  for (const auto& entry : non_empty(section(kFile, "packets"))) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    auto plan = plan_of(entry.at("inputs"));
    auto header = sphinx::make_header(plan);
    ASSERT_TRUE(header.has_value());
    EXPECT_TRUE(matches(entry.at("header"), header->bytes));
    auto packet =
        sphinx::make_packet(plan, bytes_of(entry.at("plaintext")), entry.at("payload_size").get<std::size_t>());
    ASSERT_TRUE(packet.has_value());
    EXPECT_TRUE(matches(entry.at("packet"), *packet));
    expect_hops(*packet, entry.at("hops"), node_keys(entry.at("inputs")));
  }
}

TEST(SphinxVectors, Many_packets_of_one_node_are_peeled_as_one_by_one) {
  std::vector<Bytes> packets;
  auto key = node_keys(section(kFile, "packets").at(0).at("inputs")).front();
  for (const auto& entry : non_empty(section(kFile, "packets"))) {
    auto plan = plan_of(entry.at("inputs"));
    plan.initial_secret.expose_mutable()[5] ^= static_cast<std::uint8_t>(packets.size());
    packets.push_back(*sphinx::make_packet(plan, {}, 40));
    packets.push_back(Bytes(packets.size() * 37));  // of all sizes and refused
  }
  std::vector<sphinx::PeelTask> tasks;
  for (const auto& packet : packets) tasks.push_back({packet, key});
  auto together = sphinx::peel_packets(tasks);
  ASSERT_EQ(together.size(), packets.size());
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    auto alone = sphinx::peel_packet(packets[i], key);
    ASSERT_EQ(together[i].has_value(), alone.has_value()) << i;
    if (!alone) {
      EXPECT_EQ(together[i].error().text(), alone.error().text()) << i;
      continue;
    }
    ++accepted;
    EXPECT_EQ(together[i]->tag, alone->tag) << i;
    EXPECT_EQ(together[i]->payload, alone->payload) << i;
    ASSERT_EQ(together[i]->hop.index(), alone->hop.index()) << i;
    if (std::holds_alternative<sphinx::ForwardHeader>(alone->hop)) {
      EXPECT_EQ(forwarded_packet(*together[i]), forwarded_packet(*alone)) << i;
    }
  }
  EXPECT_GT(accepted, 0U);
  EXPECT_LT(accepted, packets.size());
}

TEST(SphinxVectors, Packets_that_cannot_be_made) {
  auto plan = plan_of(section(kFile, "packets").at(0).at("inputs"));
  for (const auto& entry : non_empty(section(kFile, "creation_errors"))) {
    SCOPED_TRACE(entry.dump());
    if (entry.contains("error")) {
      Bytes plaintext(entry.at("plaintext_len").get<std::size_t>());
      auto packet = sphinx::make_packet(plan, plaintext, entry.at("payload_size").get<std::size_t>());
      ASSERT_FALSE(packet.has_value());
      EXPECT_TRUE(packet.error().is(error_of(entry.at("error"))));
      continue;
    }
    ASSERT_EQ(entry.at("outcome").get<std::string>(), "reference panics");
    auto name = entry.at("case").get<std::string>();
    if (name == "empty route") {
      auto empty = plan;
      empty.route = {};
      EXPECT_TRUE(sphinx::make_packet(empty, {}, 2065).error().is(SphinxError::invalid_routing));
      EXPECT_TRUE(sphinx::make_header(empty).error().is(SphinxError::invalid_routing));
    } else if (name == "six hops") {
      sphinx::Route route;
      for (std::size_t i = 0; i < sphinx::kMaxHops; ++i) route.push_back(plan.route.first());
      EXPECT_DEATH(route.push_back(plan.route.first()), "broken invariant");
    } else {
      EXPECT_EQ(name, "three delays for four hops") << "a hop of ours can not be without its delay";
    }
  }
}

// What the recorded processing of a packet at one hop came to.
void expect_outcome(const Json& outcome, const Bytes& packet, const crypto::X25519PrivateKey& key) {
  auto peeled = sphinx::peel_packet(packet, key);
  auto stage = outcome.at("stage").get<std::string>();
  if (stage == "recover") {
    ASSERT_TRUE(peeled.has_value());
    EXPECT_TRUE(std::holds_alternative<sphinx::FinalHeader>(peeled->hop));
    EXPECT_EQ(peeled->payload.size(), outcome.at("payload_len").get<std::size_t>());
    auto plaintext = sphinx::recover_plaintext(peeled->payload);
    ASSERT_FALSE(plaintext.has_value());
    EXPECT_TRUE(plaintext.error().is(error_of(outcome.at("error"))));
  } else if (stage == "forward") {
    ASSERT_TRUE(peeled.has_value()) << peeled.error().text();
    const auto& forward = std::get<sphinx::ForwardHeader>(peeled->hop);
    EXPECT_TRUE(matches(outcome.at("next_address"), forward.next.bytes));
    EXPECT_EQ(forward.delay.ns, u64_of(outcome.at("delay_ns")));
    EXPECT_TRUE(matches(outcome.at("alpha_next"), ByteView(forward.header).first(32)));
    EXPECT_TRUE(matches(outcome.at("packet_next"), forwarded_packet(*peeled)));
  } else {
    EXPECT_TRUE(stage == "process" || stage == "from_bytes") << stage;
    ASSERT_FALSE(peeled.has_value());
    EXPECT_TRUE(peeled.error().is(error_of(outcome.at("error")))) << peeled.error().text();
  }
}

void expect_damaged_at_the_end(const Json& outcome, Bytes packet, const std::vector<crypto::X25519PrivateKey>& keys) {
  Bytes clear;
  for (const auto& key : keys) {
    auto peeled = sphinx::peel_packet(packet, key);
    ASSERT_TRUE(peeled.has_value());
    clear = peeled->payload;
    if (std::holds_alternative<sphinx::ForwardHeader>(peeled->hop)) packet = forwarded_packet(*peeled);
  }
  EXPECT_TRUE(matches(outcome.at("payload_clear"), clear));
  EXPECT_TRUE(sphinx::recover_plaintext(clear).error().is(error_of(outcome.at("recover"))));
  auto last = sphinx::RealSuite().peel(Blob(packet), crypto::X25519KeyPair::of(keys.back()));
  ASSERT_FALSE(last.has_value());
  EXPECT_TRUE(last.error().is(SphinxError::invalid_payload));
}

TEST(SphinxVectors, Damaged_shortened_and_misdirected_packets) {
  const Json& negative = section(kFile, "negative_processing");
  auto keys = node_keys(negative.at("inputs"));
  auto made = sphinx::make_packet(plan_of(negative.at("inputs")), bytes_of(negative.at("plaintext")),
                                  negative.at("payload_size").get<std::size_t>());
  ASSERT_TRUE(made.has_value());
  ASSERT_TRUE(matches(negative.at("packet"), *made));
  for (const auto& entry : non_empty(negative.at("cases"))) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    Bytes packet = *made;
    if (entry.contains("offset")) {
      packet.at(entry.at("offset").get<std::size_t>()) ^= entry.at("xor").get<std::uint8_t>();
    }
    if (entry.contains("len")) packet.resize(entry.at("len").get<std::size_t>());
    if (entry.contains("after_all_hops")) {
      expect_damaged_at_the_end(entry.at("after_all_hops"), packet, keys);
    } else if (entry.contains("hop0_with_key_of_hop1")) {
      expect_outcome(entry.at("hop0_with_key_of_hop1"), packet, keys.at(1));
    } else {
      expect_outcome(entry.at("hop0"), packet, keys.front());
    }
  }
}

// The recorded node accepts a shared secret of zeros; ours does so in its arithmetic and refuses the packet.
void expect_zero_secret_refused(const Json& outcome, const Bytes& packet, const crypto::X25519PrivateKey& key) {
  auto refused = sphinx::peel_packet(packet, key);
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(SphinxError::zero_secret));

  ASSERT_EQ(outcome.at("stage").get<std::string>(), "forward");
  auto header = sphinx::peel_header(ByteView(packet).first<sphinx::kHeader>(), ByteArray<32>{});
  ASSERT_TRUE(header.has_value());
  const auto& forward = std::get<sphinx::ForwardHeader>(header->hop);
  EXPECT_TRUE(matches(outcome.at("next_address"), forward.next.bytes));
  EXPECT_EQ(forward.delay.ns, u64_of(outcome.at("delay_ns")));
  EXPECT_TRUE(matches(outcome.at("alpha_next"), ByteView(forward.header).first(32)));
  Bytes payload = to_bytes(ByteView(packet).subspan(sphinx::kHeader));
  crypto::lioness_decrypt(header->keys.payload, payload);
  Bytes next = to_bytes(forward.header);
  append(next, payload);
  EXPECT_TRUE(matches(outcome.at("packet_next"), next));
}

TEST(SphinxVectors, Forged_headers_with_matching_macs) {
  const Json& forged = section(kFile, "forged_headers");
  auto key = private_key(forged.at("node_private_key"));
  EXPECT_TRUE(matches(forged.at("node_public_key"), key.public_key().bytes));
  Bytes payload = bytes_of(forged.at("payload"));
  for (const auto& entry : non_empty(forged.at("cases"))) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    auto alpha = array_of<32>(entry.at("alpha"));
    auto secret = crypto::multiply_unclamped(key.expose(), alpha);
    EXPECT_TRUE(matches(entry.at("s"), secret.expose()));
    EXPECT_TRUE(matches(entry.at("s"), crypto::diffie_hellman(key, {alpha}).expose()));

    auto keys = sphinx::derive_routing_keys(secret.expose());
    Bytes beta = bytes_of(entry.at("clear_routing_300"));
    crypto::aes128_ctr(keys.stream, {}, beta);
    auto mac = sphinx::header_mac(keys.mac, ByteView(beta).first<300>());
    Bytes packet = ByteWriter().put(alpha).put(mac).put(beta).put(payload).finish();
    EXPECT_TRUE(matches(entry.at("packet"), packet));
    if (crypto::is_all_zero(secret.expose())) {
      expect_zero_secret_refused(entry.at("hop0"), packet, key);
    } else {
      expect_outcome(entry.at("hop0"), packet, key);
    }
  }
}

void expect_use(const Json& use, const sphinx::Surb& surb, const Json& inputs) {
  auto packet = sphinx::use_surb(surb, bytes_of(use.at("plaintext")), use.at("payload_size").get<std::size_t>());
  if (use.contains("error")) {
    ASSERT_FALSE(packet.has_value());
    EXPECT_TRUE(packet.error().is(error_of(use.at("error"))));
    return;
  }
  ASSERT_TRUE(packet.has_value());
  EXPECT_TRUE(matches(use.at("packet"), *packet));
  EXPECT_TRUE(matches(use.at("first_hop"), surb.first_hop.bytes));
  if (use.contains("hops") && !use.at("hops").is_null()) expect_hops(*packet, use.at("hops"), node_keys(inputs));
}

TEST(SphinxVectors, Reply_blocks_and_their_use) {
  for (const auto& entry : non_empty(section(kFile, "surb"))) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    auto surb = sphinx::Surb::make(plan_of(entry.at("inputs")));
    ASSERT_TRUE(surb.has_value());
    EXPECT_TRUE(matches(entry.at("surb"), surb->serialise()));
    auto parsed = sphinx::Surb::parse(bytes_of(entry.at("surb")));
    ASSERT_TRUE(parsed.has_value());
    for (const auto& use : non_empty(entry.at("uses"))) expect_use(use, *parsed, entry.at("inputs"));
  }
}

TEST(SphinxVectors, Reply_blocks_of_impossible_lengths) {
  const Json& errors = section(kFile, "surb_errors");
  auto plan = plan_of(section(kFile, "surb").at(0).at("inputs"));
  for (const auto& entry : non_empty(errors.at("cases"))) {
    SCOPED_TRACE(entry.dump());
    if (entry.contains("case")) {
      // The other recorded contradiction, fewer delays than hops, can not be written with our types.
      plan.route = {};
      auto surb = sphinx::Surb::make(plan);
      ASSERT_FALSE(surb.has_value());
      EXPECT_TRUE(surb.error().is(error_of(entry.at("result"))));
      continue;
    }
    Bytes bytes = bytes_of(errors.at("surb"));
    bytes.resize(entry.at("len").get<std::size_t>(), 0x11);
    auto surb = sphinx::Surb::parse(bytes);
    if (entry.at("result").is_string()) {
      ASSERT_TRUE(surb.has_value());
      EXPECT_EQ(surb->serialise(), bytes);
    } else {
      ASSERT_FALSE(surb.has_value());
      EXPECT_TRUE(surb.error().is(error_of(entry.at("result"))));
    }
  }
}

}  // namespace
}  // namespace nym::test
