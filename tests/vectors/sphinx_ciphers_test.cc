// sphinx.json: keystream, MAC, LIONESS and its parts, payloads, delays.

#include <cmath>

#include "engine/crypto/lioness.h"
#include "sim/kernel/seeded_random.h"
#include "tests/vectors/sphinx_vectors.h"

namespace nym::test {
namespace {

constexpr const char* kFile = "sphinx.json";

// A byte string, or text of the form `2033 x 42`: so many times that byte.
Bytes repeated_or_bytes(const Json& value) {
  if (!value.is_string()) return bytes_of(value);
  auto text = value.get<std::string>();
  auto times = text.find(" x ");
  if (times == std::string::npos) return bytes_of(value);
  return Bytes(std::stoul(text.substr(0, times)), bytes_of(Json(text.substr(times + 3))).at(0));
}

void expect_mac(const Json& entry) {
  auto mac = sphinx::header_mac(secret_of<16>(entry.at("key")), array_of<300>(entry.at("beta")));
  EXPECT_TRUE(matches(entry.at("mac"), mac));
}

TEST(SphinxVectors, Keystream_of_a_header) {
  for (const auto& entry : non_empty(section(kFile, "stream_keystream_360"))) {
    Bytes stream(bytes_of(entry.at("keystream")).size());
    EXPECT_EQ(stream.size(), sphinx::kKeystream);
    crypto::aes128_ctr(secret_of<16>(entry.at("key")), {}, stream);
    EXPECT_TRUE(matches(entry.at("keystream"), stream));
  }
}

TEST(SphinxVectors, Header_mac) {
  for (const auto& entry : non_empty(section(kFile, "header_mac"))) expect_mac(entry);
  expect_mac(section(kFile, "header_mac_fixed"));
}

TEST(SphinxVectors, Keyed_blake2b) {
  for (const auto& entry : non_empty(section(kFile, "blake2b_256_keyed"))) {
    auto digest = crypto::blake2b_keyed(array_of<64>(entry.at("key")), repeated_or_bytes(entry.at("data")));
    EXPECT_TRUE(matches(entry.at("digest"), digest));
  }
}

TEST(SphinxVectors, Original_chacha20) {
  for (const auto& entry : non_empty(section(kFile, "chacha20_djb"))) {
    ASSERT_EQ(array_of<8>(entry.at("nonce")), ByteArray<8>{}) << "only the zero nonce is used";
    Bytes data = bytes_of(entry.at("input"));
    crypto::chacha20(array_of<32>(entry.at("key")), data);
    EXPECT_TRUE(matches(entry.at("output"), data));
  }
}

TEST(SphinxVectors, Lioness_vector_of_its_authors) {
  const Json& vector = section(kFile, "lioness_crate_vector");
  auto key = secret_of<192>(vector.at("key"));
  Bytes block = bytes_of(vector.at("input"));
  crypto::lioness_encrypt(key, block);
  EXPECT_TRUE(matches(vector.at("output"), block));
  crypto::lioness_decrypt(key, block);
  EXPECT_TRUE(matches(vector.at("input"), block));
}

TEST(SphinxVectors, Lioness_of_zero_blocks) {
  for (const auto& entry : non_empty(section(kFile, "lioness_zero_blocks"))) {
    Bytes block(entry.at("zero_block_len").get<std::size_t>());
    crypto::lioness_encrypt(secret_of<192>(entry.at("key")), block);
    EXPECT_TRUE(matches(entry.at("encrypted"), block));
  }
}

TEST(SphinxVectors, Lioness_of_all_lengths) {
  const Json& lioness = section(kFile, "lioness");
  for (const auto& entry : non_empty(lioness.at("cases"))) {
    auto key = secret_of<192>(lioness.at("keys").at(entry.at("key").get<std::size_t>()));
    Bytes block = bytes_of(entry.at("block"));
    SCOPED_TRACE(std::to_string(block.size()) + " bytes");
    if (entry.contains("error")) {
      EXPECT_LE(block.size(), crypto::kLionessMinimum);
      EXPECT_DEATH(crypto::lioness_encrypt(key, block), "broken invariant");
      EXPECT_DEATH(crypto::lioness_decrypt(key, block), "broken invariant");
      continue;
    }
    Bytes encrypted = block;
    crypto::lioness_encrypt(key, encrypted);
    EXPECT_TRUE(matches(entry.at("encrypted"), encrypted));
    Bytes decrypted = block;
    crypto::lioness_decrypt(key, decrypted);
    EXPECT_TRUE(matches(entry.at("decrypted"), decrypted));
  }
}

TEST(SphinxVectors, Payloads_under_several_layers) {
  const Json& payloads = section(kFile, "payload_encapsulate");
  std::vector<crypto::LionessKey> keys;
  for (const auto& key : non_empty(payloads.at("keys_hop0_first"))) keys.push_back(secret_of<192>(key));
  for (const auto& entry : non_empty(payloads.at("cases"))) {
    auto size = entry.at("payload_size").get<std::size_t>();
    Bytes plaintext = bytes_of(entry.at("plaintext"));
    SCOPED_TRACE(std::to_string(plaintext.size()) + " in " + std::to_string(size));
    auto payload = sphinx::encapsulate_payload(plaintext, keys, size);
    if (entry.contains("error")) {
      ASSERT_FALSE(payload.has_value());
      EXPECT_TRUE(payload.error().is(error_of(entry.at("error"))));
      continue;
    }
    ASSERT_TRUE(payload.has_value());
    EXPECT_TRUE(matches(entry.at("encapsulated"), *payload));
    for (const auto& key : keys) crypto::lioness_decrypt(key, *payload);
    auto recovered = sphinx::recover_plaintext(*payload);
    ASSERT_TRUE(recovered.has_value());
    EXPECT_EQ(*recovered, plaintext);
  }
}

TEST(SphinxVectors, Plaintexts_inside_clear_payloads) {
  for (const auto& entry : non_empty(section(kFile, "recover_plaintext"))) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    auto plaintext = sphinx::recover_plaintext(bytes_of(entry.at("payload")));
    if (entry.contains("plaintext")) {
      ASSERT_TRUE(plaintext.has_value());
      EXPECT_TRUE(matches(entry.at("plaintext"), *plaintext));
    } else if (entry.contains("panic_debug_builds_only")) {
      ASSERT_TRUE(plaintext.has_value()) << "what the original's release build does";
      EXPECT_TRUE(plaintext->empty());
    } else {
      ASSERT_FALSE(plaintext.has_value());
      EXPECT_TRUE(
          plaintext.error().is(error_of(entry.contains("error") ? entry.at("error") : entry.at("parse_error"))));
    }
  }
}

// A hop's delay as the next hop's predecessor reads it in the header.
Bytes encoded_delay(std::uint64_t ns) {
  crypto::X25519KeyPair first = crypto::X25519KeyPair::of(crypto::X25519PrivateKey::from_bytes(ByteArray<32>{1}));
  sphinx::HeaderPlan plan{.route = {},
                          .destination = {},
                          .identifier = {},
                          .initial_secret = Secret<32>(ByteArray<32>{2}),
                          .final_padding = Bytes(sphinx::final_padding_size(2))};
  plan.route.push_back({.address = {}, .key = first.public_key, .delay = {ns}});
  plan.route.push_back({.address = {}, .key = first.public_key, .delay = {}});
  auto header = sphinx::make_header(plan);
  if (!header) throw std::runtime_error(header.error().text());
  auto secret = crypto::diffie_hellman(first.secret, {to_array<32>(header->bytes)});
  Bytes block = decrypted_routing(header->bytes, sphinx::derive_routing_keys(secret.expose()));
  return to_bytes(ByteView(block).subspan(36, 8));
}

Duration sum_of(const std::string& terms) {
  Duration sum;
  for (std::size_t at = 0; at < terms.size();) {
    std::size_t end = std::min(terms.find('+', at), terms.size());
    sum += Duration::nanoseconds(std::stoll(terms.substr(at, end - at)));
    at = end + 1;
  }
  return sum;
}

TEST(SphinxVectors, Delays_are_encoded_multiplied_and_added) {
  for (const auto& entry : non_empty(section(kFile, "delays").at("encoding"))) {
    SCOPED_TRACE(entry.dump());
    if (entry.contains("bytes")) {
      EXPECT_EQ(encoded_delay(u64_of(entry.at("ns"))), bytes_of(entry.at("bytes")));
    } else if (entry.contains("from_millis")) {
      auto delay = Duration::milliseconds(entry.at("from_millis").get<std::int64_t>());
      EXPECT_EQ(static_cast<std::uint64_t>(delay.ns()), u64_of(entry.at("ns")));
    } else if (entry.contains("times")) {
      auto hundredths = std::llround(entry.at("times").get<double>() * 100);
      auto delay = Duration::nanoseconds(static_cast<std::int64_t>(u64_of(entry.at("ns")))) * hundredths / 100;
      EXPECT_EQ(static_cast<std::uint64_t>(delay.ns()), u64_of(entry.at("ns_result")));
    } else {
      auto sum = sum_of(entry.at("sum_of").get<std::string>());
      EXPECT_EQ(static_cast<std::uint64_t>(sum.ns()), u64_of(entry.at("ns_result")));
    }
  }
}

// Our draws and the recorded ones are samples of one exponential distribution: both within five standard deviations.
TEST(SphinxVectors, Drawn_delays_are_distributed_as_the_recorded_ones) {
  for (const auto& run : non_empty(section(kFile, "delays").at("statistics_of_one_run_not_reproducible"))) {
    auto mean = Duration::milliseconds(run.at("mean_ms").get<std::int64_t>());
    auto draws = run.at("draws").get<int>();
    sim::SeededRandom random(static_cast<std::uint64_t>(mean.ns()));
    std::array<int, 3> below{};  // half a mean, a mean, three means
    double sum = 0;
    for (int i = 0; i < draws; ++i) {
      auto delay = draw_exponential(random, mean);
      sum += static_cast<double>(delay.ns());
      below[0] += delay < mean / 2 ? 1 : 0;
      below[1] += delay < mean ? 1 : 0;
      below[2] += delay < mean * 3 ? 1 : 0;
    }
    double n = draws;
    double mean_ns = static_cast<double>(mean.ns());
    EXPECT_NEAR(sum / n, mean_ns, 5 * mean_ns / std::sqrt(n));
    EXPECT_NEAR(run.at("measured_mean_ns").get<double>(), mean_ns, 5 * mean_ns / std::sqrt(n));
    const std::array<std::pair<const char*, double>, 3> limits{
        {{"below_half_mean", 0.5}, {"below_mean", 1}, {"below_3_means", 3}}};
    for (std::size_t i = 0; i < limits.size(); ++i) {
      double expected = 1 - std::exp(-limits[i].second);
      double tolerance = 5 * std::sqrt(expected * (1 - expected) / n);
      EXPECT_NEAR(below[i] / n, expected, tolerance) << limits[i].first;
      EXPECT_NEAR(run.at(limits[i].first).get<double>() / n, expected, tolerance) << limits[i].first;
    }
  }
}

}  // namespace
}  // namespace nym::test
