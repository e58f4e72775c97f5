// later_sphinx.json: the numbers, both blindings, payload keys from seeds, reply blocks of both forms.

#include "tests/vectors/later_sphinx.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "engine/crypto/constant_time.h"
#include "engine/sphinx/surb.h"

namespace nym::test {
namespace {

using sphinx::ChainForm;
using sphinx::NodeRule;
using sphinx::ReplayTagForm;

constexpr const char* kLater = "later_sphinx.json";

TEST(LaterSphinxVectors, Numbers_are_written_and_classified_as_recorded) {
  for (const auto& entry : non_empty(section(kLater, "versions"))) {
    SCOPED_TRACE(entry.dump());
    auto number = number_of(entry.at("version"));
    EXPECT_TRUE(matches(entry.at("bytes_0_6_0"),
                        ByteWriter().put_be(std::uint8_t{0}).put_be(static_cast<std::uint16_t>(number)).finish()));
    EXPECT_EQ(entry.at("from_bytes_0_6_0"), entry.at("version"));
    auto arithmetic = sphinx::arithmetic_at(NodeRule::reference_2026, number);
    EXPECT_EQ(arithmetic.blinding == sphinx::Blinding::unclamped, entry.at("is_legacy_0_6_0").get<bool>());
    EXPECT_EQ(arithmetic.payload_key == sphinx::PayloadKeyForm::full, entry.at("full_payload_keys_0_6_0").get<bool>());
  }
}

TEST(LaterSphinxVectors, Constants_are_ours) {
  const std::map<std::string, std::size_t> sizes{{"EXPANDED_SHARED_SECRET_LENGTH", joined({}).size()},
                                                 {"REPLAY_TAG_SIZE", decltype(sphinx::RoutingKeys::replay_tag)::kSize},
                                                 {"PAYLOAD_KEY_SIZE", sphinx::kPayloadKey},
                                                 {"PAYLOAD_KEY_SEED_SIZE", sphinx::kPayloadSeed},
                                                 {"MAX_PATH_LENGTH", sphinx::kMaxHops},
                                                 {"HEADER_SIZE", sphinx::kHeader},
                                                 {"PAYLOAD_OVERHEAD_SIZE", sphinx::kPayloadOverhead},
                                                 {"VERSION_LENGTH", 3},
                                                 {"NODE_META_INFO_SIZE", sphinx::kHopInfo},
                                                 {"STREAM_CIPHER_OUTPUT_LENGTH", sphinx::kKeystream}};
  const Json& constants = section(kLater, "constants");
  for (const auto& [name, size] : sizes) EXPECT_EQ(constants.at(name).get<std::size_t>(), size) << name;
}

TEST(LaterSphinxVectors, X25519_is_ours_for_any_point) {
  for (const auto& entry : non_empty(section(kLater, "x25519"))) {
    auto product = crypto::diffie_hellman(private_key(entry.at("scalar")), {array_of<32>(entry.at("u"))});
    EXPECT_TRUE(matches(entry.at("clamped"), product.expose())) << entry.at("name");
  }
}

TEST(LaterSphinxVectors, Payload_keys_grow_from_seeds) {
  for (const auto& entry : non_empty(section(kLater, "payload_key_from_seed"))) {
    auto key = sphinx::expand_payload_seed(secret_of<16>(entry.at("seed")));
    EXPECT_TRUE(matches(entry.at("payload_key"), key.expose())) << entry.at("seed");
  }
}

void expect_chain(const Json& recorded, const sphinx::KeyChain& chain) {
  EXPECT_TRUE(matches(recorded.at("alpha0"), chain.alpha));
  const Json& expansions = non_empty(recorded.at("expanded_288"));
  ASSERT_EQ(chain.shared_secrets.size(), expansions.size());
  for (std::size_t i = 0; i < expansions.size(); ++i) {
    auto keys = sphinx::derive_routing_keys(chain.shared_secrets[i].expose(), ReplayTagForm::expanded);
    EXPECT_TRUE(matches(expansions[i], joined(keys))) << i;
    auto without_tag = chain.keys[i];
    EXPECT_TRUE(crypto::is_all_zero(without_tag.replay_tag.expose()));
    without_tag.replay_tag = keys.replay_tag;
    EXPECT_EQ(joined(without_tag), joined(keys)) << i;
  }
}

TEST(LaterSphinxVectors, Chains_of_both_blindings) {
  for (const auto& entry : non_empty(section(kLater, "chain"))) {
    SCOPED_TRACE(entry.at("hops").dump());
    auto secret = array_of<32>(entry.at("inputs").at("initial_secret"));
    sphinx::Route route;
    for (const auto& hop : non_empty(entry.at("inputs").at("route"))) {
      route.push_back({.address = {}, .key = {array_of<32>(hop.at("public_key"))}, .delay = {}});
    }
    auto keys = sphinx::keys_along(route);
    expect_chain(entry.at("clamped_258"), sphinx::derive_key_chain(secret, keys, ChainForm::clamped));
    expect_chain(entry.at("clamped_258"), sphinx::derive_key_chain(secret, keys, ChainForm::nested));
    expect_chain(entry.at("unclamped_legacy"), chain_from_reduced_secret(secret, keys));
    EXPECT_EQ(sphinx::chain_form(route, SphinxNumber::n258), ChainForm::clamped);
    EXPECT_EQ(sphinx::chain_form(route, SphinxNumber::n257), ChainForm::unclamped);
  }
}

TEST(LaterSphinxVectors, Chains_with_strings_that_are_no_honest_keys) {
  std::set<ChainForm> chosen;
  for (const auto& entry : non_empty(section(kLater, "chain_odd_public_keys"))) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    std::vector<crypto::X25519PublicKey> keys;
    sphinx::Route route;
    for (const auto& key : non_empty(entry.at("public_keys"))) {
      keys.push_back({array_of<32>(key)});
      route.push_back({.address = {}, .key = keys.back(), .delay = {}});
    }
    auto form = sphinx::chain_form(route, SphinxNumber::n259);
    chosen.insert(form);
    auto chain = sphinx::derive_key_chain(array_of<32>(entry.at("initial_secret")), keys, form);
    EXPECT_TRUE(matches(entry.at("alpha0"), chain.alpha));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      auto expanded = sphinx::derive_routing_keys(chain.shared_secrets[i].expose(), ReplayTagForm::expanded);
      EXPECT_EQ(bytes_of(entry.at("expanded_sha256").at(i)), to_bytes(crypto::sha256(joined(expanded)))) << i;
    }
  }
  EXPECT_EQ(chosen.size(), 2U) << "both ways should have been needed";
}

/// By the chain that its creator used: where ours clamps the secret, later crates reduce it.
Bytes recorded_packet(const Json& entry) {
  auto plan = plan_of(entry.at("inputs"), entry.at("version"));
  Bytes plaintext = bytes_of(entry.at("plaintext"));
  auto size = entry.at("payload_size").get<std::size_t>();
  auto packet = sphinx::make_packet(plan, plaintext, size).value();
  if (matches(entry.at("packet"), packet)) return packet;
  EXPECT_EQ(sphinx::arithmetic_of(plan.number).blinding, sphinx::Blinding::unclamped) << entry.at("name");
  packet = sphinx::make_packet(plan, chain_from_reduced_secret(plan), plaintext, size).value();
  EXPECT_TRUE(matches(entry.at("packet"), packet)) << entry.at("name");
  return packet;
}

void expect_recorded_keys(const Json& hop, const Bytes& packet, const crypto::X25519PrivateKey& key) {
  auto secret = crypto::diffie_hellman(key, {to_array<32>(packet)});
  auto keys = sphinx::derive_routing_keys(secret.expose(), ReplayTagForm::expanded);
  EXPECT_TRUE(matches(hop.at("expanded_288"), joined(keys)));
  EXPECT_TRUE(matches(hop.at("replay_tag"), keys.replay_tag.expose()));
}

TEST(LaterSphinxVectors, Packets_of_every_number_are_made_and_peeled_byte_for_byte) {
  for (const auto& entry : non_empty(section(kLater, "packets"))) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    Bytes packet = recorded_packet(entry);
    EXPECT_TRUE(matches(entry.at("header"), ByteView(packet).first(sphinx::kHeader)));
    auto keys = node_keys(entry.at("inputs"));
    const Json& hops = non_empty(entry.at("hops"));
    ASSERT_EQ(hops.size(), keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      SCOPED_TRACE(i);
      expect_recorded_keys(hops[i], packet, keys[i]);
      auto next = expect_processed(hops[i], packet, keys[i], NodeRule::ours);
      if (i + 1 == keys.size()) break;
      ASSERT_TRUE(next.has_value());
      if (hops[i].contains("payload_next")) {
        EXPECT_TRUE(matches(hops[i].at("payload_next"), ByteView(*next).subspan(sphinx::kHeader)));
      }
      packet = *std::move(next);
    }
  }
}

// Only of what was run as a node of ours may be: 0.1.1 blinds and decrypts as v1.1.29 does. The other columns are of
// crates between those and after them.
TEST(LaterSphinxVectors, Packets_of_all_kinds_meet_nodes_of_both_generations) {
  for (const auto& entry : non_empty(section(kLater, "processing_matrix"))) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    Bytes packet = entry.at("packet").is_string() ? bytes_of(entry.at("packet")) : recorded_packet(entry);
    auto keys = node_keys(entry.at("inputs"));
    expect_walk(entry.at("processed").at("0.6.0"), packet, keys, NodeRule::reference_2026);
    expect_walk(entry.at("processed").at("0.1.1"), packet, keys, NodeRule::y2023);
    if (number_of(entry.at("version")) == SphinxNumber::n256) continue;
    expect_walk(entry.at("processed").at("0.6.0"), packet, keys, NodeRule::ours);
  }
}

TEST(LaterSphinxVectors, Packets_of_v1_1_29_cross_nodes_of_ours) {
  bool seen = false;
  for (const auto& entry : non_empty(section(kLater, "processing_matrix"))) {
    const Json& older = entry.at("processed").at("0.1.1");
    if (number_of(entry.at("version")) != SphinxNumber::n256 || older.back().at("result") != "final") continue;
    SCOPED_TRACE(entry.at("name").get<std::string>());
    seen = true;
    Bytes packet = entry.at("packet").is_string() ? bytes_of(entry.at("packet")) : recorded_packet(entry);
    expect_walk(older, packet, node_keys(entry.at("inputs")), NodeRule::ours);
  }
  EXPECT_TRUE(seen);
}

TEST(LaterSphinxVectors, Damaged_shortened_and_misdirected_packets) {
  const Json& negative = section(kLater, "negative");
  auto keys = node_keys(negative.at("inputs"));
  Bytes made = bytes_of(negative.at("packet"));
  for (const auto& entry : non_empty(negative.at("cases"))) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    Bytes packet = made;
    if (entry.contains("offset")) {
      packet.at(entry.at("offset").get<std::size_t>()) ^= entry.at("xor").get<std::uint8_t>();
    }
    if (entry.contains("len")) packet.resize(entry.at("len").get<std::size_t>());
    if (entry.contains("walk_0.6.0")) {
      expect_walk(entry.at("walk_0.6.0"), packet, keys, NodeRule::ours);
      continue;
    }
    std::size_t node = entry.contains("key_of_hop") ? entry.at("key_of_hop").get<std::size_t>() : 0;
    static_cast<void>(expect_processed(entry.at("0.6.0"), packet, keys.at(node), NodeRule::ours));
  }
}

// The recorded node takes a shared secret of zeros; ours does so in its arithmetic and refuses the packet.
void expect_zero_secret_refused(const Json& entry, const Bytes& packet, const crypto::X25519PrivateKey& key) {
  EXPECT_TRUE(sphinx::peel_packet(packet, key, NodeRule::ours).error().is(sphinx::SphinxError::zero_secret));
  auto header =
      sphinx::peel_header(ByteView(packet).first<sphinx::kHeader>(), ByteArray<32>{}, NodeRule::reference_2026);
  ASSERT_TRUE(header.has_value());
  EXPECT_TRUE(matches(entry.at("replay_tag"), header->keys.replay_tag.expose()));
  const auto& forward = std::get<sphinx::ForwardHeader>(header->hop);
  EXPECT_TRUE(matches(entry.at("0.6.0").at("alpha_next"), ByteView(forward.header).first(32)));
  EXPECT_TRUE(matches(entry.at("0.6.0").at("next_address"), forward.next.bytes));
}

TEST(LaterSphinxVectors, Forged_headers_under_both_blindings) {
  const Json& forged = section(kLater, "forged_headers");
  auto key = private_key(forged.at("node_private_key"));
  for (const auto& entry : non_empty(forged.at("cases"))) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    Bytes packet = bytes_of(entry.at("packet"));
    auto secret = crypto::diffie_hellman(key, {array_of<32>(entry.at("alpha"))});
    EXPECT_TRUE(matches(entry.at("s"), secret.expose()));
    if (crypto::is_all_zero(secret.expose())) {
      expect_zero_secret_refused(entry, packet, key);
      continue;
    }
    auto keys = sphinx::derive_routing_keys(secret.expose(), ReplayTagForm::expanded);
    EXPECT_TRUE(matches(entry.at("replay_tag"), keys.replay_tag.expose()));
    static_cast<void>(expect_processed(entry.at("0.6.0"), packet, key, NodeRule::reference_2026));
  }
}

void expect_use(const Json& use, const sphinx::Surb& surb, const Json& inputs) {
  auto packet = sphinx::use_surb(surb, bytes_of(use.at("plaintext")), use.at("payload_size").get<std::size_t>());
  ASSERT_EQ(packet.has_value(), !use.contains("error")) << use;
  if (!packet) {
    EXPECT_EQ(use.at("error"), "InvalidPayload");
    EXPECT_TRUE(packet.error().is(sphinx::SphinxError::invalid_payload));
    return;
  }
  EXPECT_TRUE(matches(use.at("packet"), *packet));
  EXPECT_TRUE(matches(use.at("first_hop"), surb.first_hop.bytes));
  if (!use.at("hops").empty()) expect_walk(use.at("hops"), *packet, node_keys(inputs), NodeRule::ours);
}

TEST(LaterSphinxVectors, Reply_blocks_of_both_forms_and_their_use) {
  for (const auto& entry : non_empty(section(kLater, "surb"))) {
    SCOPED_TRACE(entry.at("version").dump() + ", hops: " + entry.at("hops").dump());
    auto plan = plan_of(entry.at("inputs"), entry.at("version"));
    auto parsed = sphinx::Surb::parse(bytes_of(entry.at("surb")));
    ASSERT_TRUE(parsed.has_value());
    EXPECT_TRUE(matches(entry.at("surb"), parsed->serialise()));
    EXPECT_EQ(parsed->serialise().size(), entry.at("len").get<std::size_t>());
    EXPECT_EQ(sphinx::surb_size(plan.route.size(), sphinx::surb_form_of(plan.number)),
              entry.at("len").get<std::size_t>());
    if (sphinx::arithmetic_of(plan.number).blinding == sphinx::Blinding::clamped) {
      auto made = sphinx::Surb::make(plan);
      ASSERT_TRUE(made.has_value());
      EXPECT_TRUE(matches(entry.at("surb"), made->serialise()));
    } else {
      auto header = sphinx::make_header_bytes(plan, chain_from_reduced_secret(plan));
      ASSERT_TRUE(header.has_value());
      EXPECT_EQ(*header, parsed->header);
    }
    for (const auto& use : non_empty(entry.at("uses"))) expect_use(use, *parsed, entry.at("inputs"));
  }
}

TEST(LaterSphinxVectors, Reply_blocks_have_the_recorded_lengths) {
  std::map<std::size_t, Json> accepted;
  std::size_t longest = 0;
  for (const auto& entry : non_empty(section(kLater, "surb_lengths_accepted").at("0.6.0"))) {
    longest = entry.at("len").get<std::size_t>();
    accepted[longest] = entry;
  }
  for (std::size_t length = 0; length <= longest; ++length) {
    auto parsed = sphinx::Surb::parse(Bytes(length, 7));
    ASSERT_EQ(parsed.has_value(), accepted.contains(length)) << length;
    if (!parsed) {
      EXPECT_TRUE(parsed.error().is(sphinx::SphinxError::invalid_surb));
      continue;
    }
    const Json& expected = accepted.at(length);
    EXPECT_EQ(std::holds_alternative<std::vector<sphinx::PayloadSeed>>(parsed->keys), expected.at("form") == "seeds");
    auto keys = std::visit([](const auto& all) { return all.size(); }, parsed->keys);
    EXPECT_EQ(keys, expected.at("keys").get<std::size_t>());
  }
}

// Contradictions that the recorded crates panic over; the third, fewer delays than hops, our types can not hold.
TEST(LaterSphinxVectors, Packets_that_cannot_be_made) {
  auto plan = plan_of(section(kLater, "negative").at("inputs"), 259);
  for (const auto& entry : non_empty(section(kLater, "creation_errors"))) {
    auto name = entry.at("name").get<std::string>();
    EXPECT_EQ(entry.at("0.6.0"), "panic") << name;
    if (name.starts_with("empty route")) {
      auto empty = plan;
      empty.route = {};
      EXPECT_TRUE(sphinx::make_packet(empty, {}, 2065).error().is(sphinx::SphinxError::invalid_routing));
      EXPECT_TRUE(sphinx::Surb::make(empty).error().is(sphinx::SphinxError::invalid_surb));
    } else if (name.starts_with("6 hops")) {
      sphinx::Route route;
      for (std::size_t i = 0; i < sphinx::kMaxHops; ++i) route.push_back(plan.route.first());
      EXPECT_DEATH(route.push_back(plan.route.first()), "broken invariant");
    }
  }
}

}  // namespace
}  // namespace nym::test
