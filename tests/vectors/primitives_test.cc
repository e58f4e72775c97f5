// The cryptographic parts of gateway_requests.json, messages.json, acks.json, keys_and_files.json and addressing.json.

#include "engine/base/endpoint.h"
#include "engine/base/text_encoding.h"
#include "engine/crypto/ed25519.h"
#include "engine/crypto/hkdf.h"
#include "engine/crypto/hmac.h"
#include "tests/vectors/sphinx_vectors.h"

namespace nym::test {
namespace {

using sphinx::SphinxError;

constexpr const char* kGateway = "gateway_requests.json";
constexpr const char* kMessages = "messages.json";
constexpr const char* kAcks = "acks.json";
constexpr const char* kKeys = "keys_and_files.json";
constexpr const char* kAddressing = "addressing.json";

// A message given by its digest only follows the section's note: byte i = (3 i + 1) mod 251.
Bytes message_of(const Json& value) {
  if (!value.is_object() || value.contains("pattern")) return bytes_of(value);
  Bytes message(value.at("len").get<std::size_t>());
  for (std::size_t i = 0; i < message.size(); ++i) message[i] = static_cast<std::uint8_t>((3 * i + 1) % 251);
  if (!matches(value, message)) throw std::runtime_error("not the message that was meant: " + value.dump());
  return message;
}

TEST(PrimitiveVectors, Hmac_over_blake3) {
  for (const auto& entry : non_empty(section(kGateway, "hmac_blake3").at("cases"))) {
    auto mac = crypto::hmac_blake3(bytes_of(entry.at("key")), message_of(entry.at("message")));
    EXPECT_TRUE(matches(entry.at("mac"), mac)) << entry.dump();
  }
}

TEST(PrimitiveVectors, Hkdf_over_blake3) {
  for (const auto& entry : non_empty(section(kGateway, "hkdf_blake3"))) {
    Bytes okm(entry.at("len").get<std::size_t>());
    Bytes salt = entry.contains("salt") ? bytes_of(entry.at("salt")) : Bytes{};
    Bytes info = entry.contains("info") ? bytes_of(entry.at("info")) : Bytes{};
    crypto::hkdf_blake3(salt, bytes_of(entry.at("ikm")), info, okm);
    EXPECT_TRUE(matches(entry.at("okm"), okm)) << entry.dump();
  }
}

TEST(PrimitiveVectors, Blake3) {
  for (const auto& entry : non_empty(section(kGateway, "blake3"))) {
    EXPECT_TRUE(matches(entry.at("digest"), crypto::blake3(bytes_of(entry.at("input"))))) << entry.dump();
  }
}

void expect_keystream(const Json& key, const Json& iv, const Json& expected) {
  Bytes stream(bytes_of(expected).size());
  crypto::aes128_ctr(secret_of<16>(key), array_of<16>(iv), stream);
  EXPECT_TRUE(matches(expected, stream)) << iv;
}

TEST(PrimitiveVectors, Counter_mode_with_a_64_bit_counter) {
  for (const auto& entry : non_empty(section(kGateway, "aes128_ctr64be"))) {
    expect_keystream(entry.at("key"), entry.at("iv"), entry.at("keystream"));
  }
  const Json& wrap = section(kGateway, "ctr_wrap_with_handshake_key");
  expect_keystream(wrap.at("encryption_key"), wrap.at("iv"), wrap.at("keystream_32"));
}

TEST(PrimitiveVectors, Envelopes_with_an_iv) {
  const Json& sealed_with_iv = section(kGateway, "sealed_with_iv");
  auto keys = sphinx::GatewaySharedKeys::from_bytes(array_of<32>(sealed_with_iv.at("shared_keys")));
  EXPECT_TRUE(matches(sealed_with_iv.at("shared_keys"), keys.to_bytes().expose()));
  for (const auto& entry : non_empty(sealed_with_iv.at("cases"))) {
    auto iv = array_of<16>(entry.at("iv"));
    Bytes plaintext = bytes_of(entry.at("plaintext"));
    Bytes sealed = sphinx::seal_envelope(keys, plaintext, iv);
    EXPECT_TRUE(matches(entry.at("sealed"), sealed));
    auto opened = sphinx::open_envelope(keys, sealed, iv);
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(*opened, plaintext);
  }
}

TEST(PrimitiveVectors, Digests_of_reply_keys) {
  for (const auto& entry : non_empty(section(kMessages, "surb_key_digest"))) {
    EXPECT_TRUE(matches(entry.at("digest"), sphinx::digest_of(secret_of<16>(entry.at("key"))).bytes));
  }
}

TEST(PrimitiveVectors, Packet_keys) {
  for (const auto& entry : non_empty(section(kMessages, "packet_key"))) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    auto own = private_key(entry.at("private"));
    crypto::X25519PublicKey remote{array_of<32>(entry.at("remote_public"))};
    EXPECT_TRUE(matches(entry.at("public_bytes_kept"), remote.bytes));
    EXPECT_TRUE(matches(entry.at("dh"), crypto::diffie_hellman(own, remote).expose()));
    EXPECT_TRUE(matches(entry.at("packet_key"), sphinx::packet_key(own, remote).expose()));
  }
}

void expect_ciphertext(const Json& entry, ByteView ciphertext) {
  EXPECT_TRUE(matches(entry.at("first32_of_ciphertext"), ciphertext.first(32)));
  if (entry.contains("last16_of_ciphertext")) {
    EXPECT_TRUE(matches(entry.at("last16_of_ciphertext"), ciphertext.last(16)));
  }
  EXPECT_TRUE(matches(entry.at("blake3_of_ciphertext"), crypto::blake3(ciphertext)));
}

void expect_delivered(const Json& entry, const Bytes& sealed, const Result<Bytes>& opened) {
  EXPECT_TRUE(matches(entry.at("delivered_part"), sealed));
  expect_ciphertext(entry, ByteView(sealed).subspan(sphinx::kFragmentKeyField));
  ASSERT_TRUE(opened.has_value());
  EXPECT_TRUE(matches(entry.at("fragment"), *opened));
}

TEST(PrimitiveVectors, Fragments_end_to_end) {
  for (const auto& entry : non_empty(section(kMessages, "fragment_encryption"))) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    Bytes fragment = bytes_of(entry.at("fragment"));
    if (entry.contains("ephemeral_private")) {
      auto recipient = private_key(entry.at("recipient_private"));
      auto sealed = sphinx::seal_fragment(private_key(entry.at("ephemeral_private")), recipient.public_key(), fragment);
      expect_delivered(entry, sealed, sphinx::open_fragment(recipient, sealed));
    } else if (entry.contains("surb_encryption_key")) {
      auto key = secret_of<16>(entry.at("surb_encryption_key"));
      auto sealed = sphinx::seal_reply_fragment(key, fragment);
      expect_delivered(entry, sealed, sphinx::open_reply_fragment(key, sealed));
    } else {
      crypto::aes128_ctr(secret_of<16>(entry.at("packet_key")), {}, fragment);
      expect_ciphertext(entry, fragment);
    }
  }
}

TEST(PrimitiveVectors, Delivered_payloads_that_are_short) {
  const Json& short_payloads = section(kMessages, "short_delivered_payloads");
  ASSERT_EQ(short_payloads.at("bytes").get<std::string>(), "byte i = i + 1");
  auto recipient = private_key(short_payloads.at("recipient_private"));
  for (const auto& entry : non_empty(short_payloads.at("cases"))) {
    SCOPED_TRACE(entry.dump());
    Bytes delivered(entry.at("len").get<std::size_t>());
    for (std::size_t i = 0; i < delivered.size(); ++i) delivered[i] = static_cast<std::uint8_t>(i + 1);
    auto opened = sphinx::open_fragment(recipient, delivered);
    const Json& outcome = entry.at("outcome");
    EXPECT_EQ(opened.has_value(), !outcome.contains("error"));
    if (opened) {
      EXPECT_TRUE(matches(outcome.at("fragment_bytes"), *opened));
    } else {
      EXPECT_TRUE(opened.error().is(SphinxError::too_short));
    }
  }
}

TEST(PrimitiveVectors, Lengths_and_sizes_of_reply_surbs) {
  for (const auto& entry : non_empty(section(kMessages, "reply_surb_lengths"))) {
    Bytes bytes(entry.at("len").get<std::size_t>(), 3);
    ByteReader reader(bytes);
    bool accepted = reader.take(sphinx::SurbKey::kSize).has_value() && sphinx::Surb::parse(reader.rest()).has_value();
    EXPECT_EQ(accepted, entry.at("outcome") == "ok") << entry.dump();
  }
  for (const auto& entry : non_empty(section(kMessages, "reply_surb_sizes"))) {
    auto hops = entry.at("mix_hops").get<std::size_t>() + 1;
    EXPECT_EQ(16 + sphinx::surb_size(hops), entry.at("len").get<std::size_t>());
    if (hops == sphinx::kReplySurbHops) {
      EXPECT_EQ(sphinx::kReplySurb, entry.at("len").get<std::size_t>());
    }
  }
}

// A routing address as it stands in headers (01 §11.2).
sphinx::NodeAddress node_address(const std::string& text) {
  auto endpoint = parse_endpoint(text);
  if (!endpoint) throw std::runtime_error("no endpoint: " + text);
  ByteWriter out;
  if (const auto* four = std::get_if<Ipv4>(&endpoint->address)) {
    out.put_be(std::uint8_t{4}).put_be(endpoint->port).put(four->octets).put_zeros(25);
  } else {
    out.put_be(std::uint8_t{6}).put_be(endpoint->port).put(std::get<Ipv6>(endpoint->address).octets).put_zeros(13);
  }
  return {to_array<32>(out.finish())};
}

sphinx::ReplyPayload reply_with_plaintext_of(std::size_t size) {
  sphinx::SurbAck ack{.first_hop = {}, .packet = Blob(Bytes(386))};
  return {.ack = ack, .fragment = Blob(Bytes(size - sphinx::kSurbAck - sphinx::kFragmentKeyField))};
}

TEST(PrimitiveVectors, Using_a_reply_surb) {
  const Json& apply = section(kMessages, "apply_surb");
  ASSERT_EQ(apply.at("plaintext").get<std::string>(), "every byte 07");
  sphinx::ReplySurb bytes{bytes_of(apply.at("reply_surb"))};
  auto surb = sphinx::Surb::parse(ByteView(bytes.bytes).subspan(16));
  ASSERT_TRUE(surb.has_value());
  constexpr std::size_t kRegularPayload = 2065;
  sphinx::RealSuite suite;
  for (const auto& entry : non_empty(apply.at("cases"))) {
    SCOPED_TRACE(entry.dump().substr(0, 100));
    if (entry.contains("case")) {
      // An unusable first hop is found by whoever reads the address; nothing breaks here.
      sphinx::ReplySurb bad = bytes;
      bad.bytes[16 + sphinx::kHeader] = 9;
      auto reply = suite.seal_reply(bad, reply_with_plaintext_of(2048), kRegularPayload);
      ASSERT_TRUE(reply.has_value());
      EXPECT_EQ(reply->first_hop.bytes[0], 9);
      continue;
    }
    ASSERT_EQ(entry.at("packet_size"), "regular");
    auto length = entry.at("plaintext_len").get<std::size_t>();
    const Json& outcome = entry.at("outcome");
    if (outcome.contains("error")) {
      if (length < sphinx::kSurbAck + sphinx::kFragmentKeyField) continue;  // no reply of ours is so short
      auto reply = suite.seal_reply(bytes, reply_with_plaintext_of(length), kRegularPayload);
      ASSERT_FALSE(reply.has_value());
      EXPECT_TRUE(reply.error().is(SphinxError::invalid_payload));
      continue;
    }
    auto packet = sphinx::use_surb(*surb, Bytes(length, 7), kRegularPayload);
    ASSERT_TRUE(packet.has_value());
    EXPECT_EQ(packet->size(), outcome.at("packet_len").get<std::size_t>());
    EXPECT_TRUE(matches(outcome.at("packet"), *packet));
    EXPECT_EQ(surb->first_hop, node_address(outcome.at("first_hop").get<std::string>()));
    EXPECT_TRUE(suite.seal_reply(bytes, reply_with_plaintext_of(length), kRegularPayload).has_value());
  }
}

TEST(PrimitiveVectors, Identifiers_in_acknowledgements) {
  for (const auto& entry : non_empty(section(kAcks, "identifiers"))) {
    auto key = secret_of<16>(entry.at("ack_key"));
    auto id = array_of<5>(entry.at("fragment_id"));
    auto sealed = sphinx::seal_ack(key, array_of<16>(entry.at("iv")), id);
    EXPECT_TRUE(matches(entry.at("ack_plaintext"), sealed));
    EXPECT_EQ(sphinx::open_ack(key, sealed), id);
    const Json& wrong = entry.at("with_wrong_key");
    EXPECT_TRUE(matches(wrong.at("recovered"), sphinx::open_ack(secret_of<16>(wrong.at("wrong_key")), sealed)));
  }
}

// The plan of a recorded acknowledgement and the keys of the nodes along it: three mixes, the client's gateway.
struct AckRoute {
  sphinx::HeaderPlan plan;
  std::vector<crypto::X25519PrivateKey> keys;
};

AckRoute ack_route(const Json& entry) {
  const Json& inputs = entry.at("sphinx_inputs");
  const Json& client = entry.at("client");
  AckRoute route{.plan = {.route = {},
                          .destination = {to_array<32>(bytes_of(client.at("recipient")))},
                          .identifier = {array_of<16>(entry.at("destination_identifier"))},
                          .initial_secret = secret_of<32>(inputs.at("initial_secret")),
                          .final_padding = bytes_of(inputs.at("final_padding"))},
                 .keys = {}};
  for (const std::string& role : {std::string("mix layer 1"), std::string("mix layer 2"), std::string("mix layer 3"),
                                  client.at("gateway").get<std::string>()}) {
    const Json& network = non_empty(entry.at("network"));
    auto node = std::ranges::find_if(network, [&](const Json& n) { return n.at("role") == role; });
    if (node == network.end()) throw std::runtime_error("no node " + role);
    route.plan.route.push_back({.address = {array_of<32>(node->at("address32"))},
                                .key = {array_of<32>(node->at("sphinx_public"))},
                                .delay = {u64_of(inputs.at("delays_ns").at(route.keys.size()))}});
    route.keys.push_back(private_key(node->at("sphinx_private")));
  }
  return route;
}

TEST(PrimitiveVectors, Packets_that_carry_acknowledgements) {
  sphinx::RealSuite suite;
  for (const auto& entry : non_empty(section(kAcks, "surb_acks"))) {
    auto [plan, keys] = ack_route(entry);
    auto first_hop = plan.route.first().address;
    auto ack_key = secret_of<16>(entry.at("client").at("ack_key"));
    auto id = array_of<5>(entry.at("fragment_id"));
    sphinx::AckPayload payload{.key = ack_key, .iv = array_of<16>(entry.at("iv")), .id = id};
    Blob packet = suite.seal({.header = plan, .payload_size = 38, .payload = payload});
    EXPECT_TRUE(packet.is_pending());

    Bytes expected = bytes_of(entry.at("surb_ack_405"));
    ASSERT_EQ(expected.size(), sphinx::kSurbAck);
    EXPECT_EQ(first_hop, node_address(entry.at("first_hop").get<std::string>()));
    EXPECT_EQ(to_bytes(ByteView(expected).first(19)), to_bytes(ByteView(first_hop.bytes).first(19)));
    EXPECT_EQ(to_bytes(ByteView(expected).subspan(19)), packet.to_bytes());
    expect_hops(packet.to_bytes(), entry.at("hops"), keys);

    Bytes at_gateway = bytes_of(entry.at("plaintext_at_gateway_21"));
    auto opened = suite.open_ack(ack_key, Blob(at_gateway));
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(*opened, id);
    std::uint64_t total = 0;
    for (std::size_t i = 0; i + 1 < plan.route.size(); ++i) total += plan.route[i].delay.ns;
    EXPECT_EQ(total, u64_of(entry.at("expected_total_delay_ns")));
  }
}

TEST(PrimitiveVectors, Imported_x25519_private_keys) {
  for (const auto& entry : non_empty(section(kKeys, "x25519_private_import"))) {
    auto key = private_key(entry.at("raw"));
    EXPECT_TRUE(matches(entry.at("exported"), key.expose()));
    EXPECT_TRUE(matches(entry.at("public"), key.public_key().bytes));
  }
}

TEST(PrimitiveVectors, Ed25519_signatures) {
  for (const auto& entry : non_empty(section(kKeys, "ed25519_signatures"))) {
    auto key = crypto::Ed25519PrivateKey::from_seed(array_of<32>(entry.at("seed")));
    Bytes message = bytes_of(entry.at("message"));
    EXPECT_TRUE(matches(entry.at("public"), key.public_key().bytes()));
    auto signature = key.sign(message);
    EXPECT_TRUE(matches(entry.at("signature"), signature));
    EXPECT_TRUE(crypto::verify(key.public_key(), message, signature));
  }
}

TEST(PrimitiveVectors, Ed25519_verdicts) {
  constexpr std::string_view kKeyRejected = "public key rejected: ";
  for (const auto& entry : non_empty(section(kKeys, "ed25519_verification"))) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    auto result = entry.at("result").get<std::string>();
    auto key = crypto::Ed25519PublicKey::parse(bytes_of(entry.at("public")));
    if (result.starts_with(kKeyRejected)) {
      ASSERT_FALSE(key.has_value());
      EXPECT_EQ(key.error().text(), result.substr(kKeyRejected.size()));
      continue;
    }
    ASSERT_TRUE(key.has_value());
    bool verdict = crypto::verify(*key, bytes_of(entry.at("message")), array_of<64>(entry.at("signature")));
    EXPECT_EQ(verdict, result == "valid") << result;
  }
}

TEST(PrimitiveVectors, Ed25519_public_keys) {
  for (const auto& entry : non_empty(section(kAddressing, "ed25519_public_keys").at("cases"))) {
    SCOPED_TRACE(entry.at("name").get<std::string>());
    auto key = crypto::Ed25519PublicKey::parse(bytes_of(entry.at("bytes")));
    ASSERT_EQ(key.has_value(), entry.at("accepted_as_ed25519_key").get<bool>());
    if (key) {
      EXPECT_TRUE(matches(entry.at("bytes"), key->bytes()));
    } else {
      EXPECT_EQ(key.error().text(), entry.at("error").get<std::string>());
      EXPECT_TRUE(key.error().is(crypto::CryptoError::not_a_point));
    }
  }
}

TEST(PrimitiveVectors, Base58) {
  for (const auto& entry : non_empty(section(kAddressing, "base58"))) {
    Bytes bytes = bytes_of(entry.at("bytes"));
    EXPECT_EQ(to_base58(bytes), entry.at("text").get<std::string>());
    auto decoded = from_base58(entry.at("text").get<std::string>());
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(*decoded, bytes);
  }
}

}  // namespace
}  // namespace nym::test
