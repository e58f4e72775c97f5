// sphinx.json: constants, keys, scalars, the ladder, key derivation, chains.

#include <map>

#include "engine/crypto/curve25519.h"
#include "engine/crypto/hkdf.h"
#include "engine/sphinx/surb.h"
#include "tests/vectors/sphinx_vectors.h"

namespace nym::test {
namespace {

constexpr const char* kFile = "sphinx.json";

std::vector<crypto::X25519PublicKey> public_keys(const Json& holders) {
  std::vector<crypto::X25519PublicKey> keys;
  for (const auto& holder : non_empty(holders)) keys.push_back({array_of<32>(holder.at("public_key"))});
  return keys;
}

TEST(SphinxVectors, Constants_are_ours) {
  const std::map<std::string, std::size_t> sizes{
      {"SECURITY_PARAMETER", sphinx::kMac},
      {"MAX_PATH_LENGTH", sphinx::kMaxHops},
      {"NODE_ADDRESS_LENGTH", sphinx::kNodeAddress},
      {"DESTINATION_ADDRESS_LENGTH", sphinx::kDestination},
      {"IDENTIFIER_LENGTH", sphinx::kIdentifier},
      {"FLAG_LENGTH", sphinx::kHopInfo - sphinx::kNodeAddress - 8 - 3},
      {"VERSION_LENGTH", sphinx::kHopInfo - sphinx::kNodeAddress - 8 - 1},
      {"DELAY_LENGTH", sizeof(sphinx::HopDelay::ns)},
      {"NODE_META_INFO_SIZE", sphinx::kHopInfo},
      {"FINAL_NODE_META_INFO_LENGTH", sphinx::kFinalHopInfo},
      {"HEADER_INTEGRITY_MAC_SIZE", sphinx::kMac},
      {"INTEGRITY_MAC_KEY_SIZE", decltype(sphinx::RoutingKeys::mac)::kSize},
      {"STREAM_CIPHER_KEY_SIZE", decltype(sphinx::RoutingKeys::stream)::kSize},
      {"PAYLOAD_KEY_SIZE", sphinx::kPayloadKey},
      {"BLINDING_FACTOR_SIZE", decltype(sphinx::RoutingKeys::blinding)::kSize},
      {"ROUTING_KEYS_LENGTH", 16 + 16 + sphinx::kPayloadKey + 32},
      {"ENCRYPTED_ROUTING_INFO_SIZE", sphinx::kRoutingInfo},
      {"TRUNCATED_ROUTING_INFO_SIZE", sphinx::kRoutingInfo - sphinx::kHopStep},
      {"STREAM_CIPHER_OUTPUT_LENGTH", sphinx::kKeystream},
      {"HEADER_SIZE", sphinx::kHeader},
      {"PAYLOAD_OVERHEAD_SIZE", sphinx::kPayloadOverhead}};
  const Json& constants = section(kFile, "constants");
  for (const auto& [name, size] : sizes) EXPECT_EQ(constants.at(name).get<std::size_t>(), size) << name;
  constexpr std::array<std::string_view, 5> kSeenElsewhere{"FORWARD_HOP", "FINAL_HOP", "version_bytes", "hkdf_info",
                                                           "stream_iv"};
  for (const auto& [name, value] : constants.items()) {
    EXPECT_TRUE(sizes.contains(name) || std::ranges::find(kSeenElsewhere, name) != kSeenElsewhere.end()) << name;
  }
}

// The constants that no name of ours holds, seen in what we make: a header of two hops.
TEST(SphinxVectors, Flags_and_version_stand_in_our_headers) {
  const Json& constants = section(kFile, "constants");
  for (const auto& packet : section(kFile, "packets")) {
    auto keys = node_keys(packet.at("inputs"));
    if (keys.size() != 2) continue;
    auto header = sphinx::make_header(plan_of(packet.at("inputs")));
    ASSERT_TRUE(header.has_value());
    ByteView bytes = header->bytes;
    auto secret = crypto::diffie_hellman(keys[0], {to_array<32>(bytes)});
    auto block = decrypted_routing(bytes, sphinx::derive_routing_keys(secret.expose()));
    EXPECT_EQ(block[0], constants.at("FORWARD_HOP").get<int>());
    EXPECT_TRUE(matches(constants.at("version_bytes"), ByteView(block).subspan(1, 3)));

    auto peeled = sphinx::peel_header(header->bytes, secret.expose());
    ASSERT_TRUE(peeled.has_value());
    bytes = std::get<sphinx::ForwardHeader>(peeled->hop).header;
    secret = crypto::diffie_hellman(keys[1], {to_array<32>(bytes)});
    block = decrypted_routing(bytes, sphinx::derive_routing_keys(secret.expose()));
    EXPECT_EQ(block[0], constants.at("FINAL_HOP").get<int>());
    EXPECT_TRUE(matches(constants.at("version_bytes"), ByteView(block).subspan(1, 3)));
    return;
  }
  FAIL() << "no packet of two hops";
}

TEST(SphinxVectors, Key_derivation_uses_the_recorded_info_and_the_keystream_the_recorded_iv) {
  const Json& constants = section(kFile, "constants");
  ByteArray<32> secret{7};
  ByteArray<256> okm{};
  crypto::hkdf_sha256({}, secret, bytes_of(constants.at("hkdf_info")), okm);
  auto keys = sphinx::derive_routing_keys(secret);
  EXPECT_EQ(to_bytes(keys.stream.expose()), to_bytes(ByteView(okm).first(16)));
  EXPECT_EQ(to_bytes(keys.blinding.expose()), to_bytes(ByteView(okm).last(32)));
  EXPECT_EQ(array_of<16>(constants.at("stream_iv")), crypto::Iv{});
}

TEST(SphinxVectors, Private_keys_are_clamped_and_have_the_recorded_public_keys) {
  for (const auto& key : non_empty(section(kFile, "keys"))) {
    auto imported = private_key(key.at("raw"));
    EXPECT_TRUE(matches(key.at("clamped"), imported.expose())) << key.at("raw");
    EXPECT_TRUE(matches(key.at("public"), imported.public_key().bytes)) << key.at("raw");
    auto again = private_key(key.at("clamped"));
    EXPECT_TRUE(matches(key.at("clamped"), again.expose())) << "clamping twice";
  }
}

TEST(SphinxVectors, Key_agreement_with_any_point) {
  const Json& dh = section(kFile, "dh");
  auto key = private_key(dh.at("private_clamped"));
  EXPECT_TRUE(matches(dh.at("private_clamped"), key.expose()));
  for (const auto& entry : non_empty(dh.at("cases"))) {
    crypto::X25519PublicKey remote{array_of<32>(entry.at("u"))};
    EXPECT_TRUE(matches(entry.at("shared"), diffie_hellman(key, remote).expose())) << entry.at("name");
    EXPECT_TRUE(matches(entry.at("shared"), crypto::multiply_unclamped(key.expose(), remote.bytes).expose()))
        << "own ladder: " << entry.at("name");
  }
}

TEST(SphinxVectors, Scalars_modulo_the_group_order) {
  for (const auto& entry : non_empty(section(kFile, "scalar_mod_l"))) {
    auto bytes = array_of<32>(entry.at("bytes"));
    auto reduced = crypto::Scalar::reduce(bytes);
    EXPECT_TRUE(matches(entry.at("mod_l"), reduced.expose()));
    for (const auto& product : non_empty(entry.at("products"))) {
      auto n = array_of<32>(product.at("n"));
      EXPECT_TRUE(matches(product.at("n_times_b_mod_l"), crypto::Scalar::product(n, bytes).expose()));
      EXPECT_TRUE(matches(product.at("n_times_b_mod_l"), crypto::Scalar::product(n, reduced.expose()).expose()));
    }
  }
}

TEST(SphinxVectors, The_ladder_does_not_clamp) {
  std::vector<ByteArray<32>> numbers;
  std::vector<ByteArray<32>> points;
  const Json& cases = non_empty(section(kFile, "ladder_unclamped"));
  for (const auto& entry : cases) {
    numbers.push_back(array_of<32>(entry.at("n")));
    points.push_back(array_of<32>(entry.at("u")));
    EXPECT_TRUE(matches(entry.at("result"), crypto::multiply_unclamped(numbers.back(), points.back()).expose()))
        << entry.dump();
  }
  std::vector<crypto::Multiplication> jobs;
  for (std::size_t i = 0; i < cases.size(); ++i) jobs.push_back({.scalar = numbers[i], .point = points[i]});
  crypto::multiply_all(jobs);
  for (std::size_t i = 0; i < cases.size(); ++i) EXPECT_TRUE(matches(cases[i].at("result"), jobs[i].product.expose()));
}

TEST(SphinxVectors, Routing_keys_of_a_shared_secret) {
  for (const auto& entry : non_empty(section(kFile, "kdf"))) {
    auto keys = sphinx::derive_routing_keys(array_of<32>(entry.at("s")));
    EXPECT_TRUE(matches(entry.at("stream_key"), keys.stream.expose()));
    EXPECT_TRUE(matches(entry.at("mac_key"), keys.mac.expose()));
    EXPECT_TRUE(matches(entry.at("payload_key"), keys.payload.expose()));
    EXPECT_TRUE(matches(entry.at("blinding"), keys.blinding.expose()));
  }
}

TEST(SphinxVectors, Chains_and_fillers_of_one_to_five_hops) {
  for (const auto& entry : non_empty(section(kFile, "chain_and_filler"))) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    const Json& inputs = entry.at("inputs");
    const Json& hops = non_empty(entry.at("chain").at("hops"));
    auto secret = array_of<32>(inputs.at("initial_secret"));
    auto chain = sphinx::derive_key_chain(secret, public_keys(inputs.at("route")));
    EXPECT_TRUE(matches(entry.at("chain").at("alpha0"), chain.alpha));
    ASSERT_EQ(chain.keys.size(), hops.size());
    auto n = to_bytes(secret);
    for (std::size_t i = 0; i < hops.size(); ++i) {
      EXPECT_EQ(bytes_of(hops[i].at("n")), n);
      EXPECT_TRUE(matches(hops[i].at("s"), chain.shared_secrets[i].expose()));
      EXPECT_TRUE(matches(hops[i].at("stream_key"), chain.keys[i].stream.expose()));
      EXPECT_TRUE(matches(hops[i].at("mac_key"), chain.keys[i].mac.expose()));
      EXPECT_TRUE(matches(hops[i].at("payload_key"), chain.keys[i].payload.expose()));
      EXPECT_TRUE(matches(hops[i].at("blinding"), chain.keys[i].blinding.expose()));
      EXPECT_TRUE(matches(hops[i].at("blinding_mod_l"), sphinx::blinding_scalar(chain.keys[i]).expose()));
      n = to_bytes(crypto::Scalar::product(to_array<32>(n), chain.keys[i].blinding.expose()).expose());
    }
    EXPECT_TRUE(matches(entry.at("filler"), sphinx::make_filler(chain.keys)));
  }
}

TEST(SphinxVectors, Many_chains_at_once_are_the_chains_one_by_one) {
  std::vector<ByteArray<32>> secrets;
  std::vector<std::vector<crypto::X25519PublicKey>> keys;
  for (const auto& entry : non_empty(section(kFile, "chain_and_filler"))) {
    secrets.push_back(array_of<32>(entry.at("inputs").at("initial_secret")));
    keys.push_back(public_keys(entry.at("inputs").at("route")));
  }
  std::vector<sphinx::ChainStart> starts;
  for (std::size_t i = 0; i < secrets.size(); ++i)
    starts.push_back({.initial_secret = secrets[i], .hop_keys = keys[i]});
  auto chains = sphinx::derive_key_chains(starts);
  ASSERT_EQ(chains.size(), starts.size());
  for (std::size_t i = 0; i < chains.size(); ++i) {
    auto alone = sphinx::derive_key_chain(secrets[i], keys[i]);
    EXPECT_EQ(chains[i].alpha, alone.alpha);
    ASSERT_EQ(chains[i].keys.size(), alone.keys.size());
    EXPECT_EQ(sphinx::make_filler(chains[i].keys), sphinx::make_filler(alone.keys));
  }
}

TEST(SphinxVectors, Chains_with_strings_that_are_no_honest_keys) {
  for (const auto& entry : non_empty(section(kFile, "chain_arbitrary_public_keys"))) {
    const Json& hops = non_empty(entry.at("hops"));
    auto secret = array_of<32>(entry.at("initial_secret"));
    auto chain = sphinx::derive_key_chain(secret, public_keys(hops));
    EXPECT_TRUE(matches(entry.at("alpha0"), chain.alpha));
    auto n = to_bytes(secret);
    for (std::size_t i = 0; i < hops.size(); ++i) {
      EXPECT_EQ(bytes_of(hops[i].at("n")), n);
      EXPECT_TRUE(matches(hops[i].at("s"), chain.shared_secrets[i].expose()));
      EXPECT_TRUE(matches(hops[i].at("stream_key"), chain.keys[i].stream.expose()));
      n = to_bytes(crypto::Scalar::product(to_array<32>(n), chain.keys[i].blinding.expose()).expose());
    }
  }
}

}  // namespace
}  // namespace nym::test
