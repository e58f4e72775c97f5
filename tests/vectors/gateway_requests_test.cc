#include <gtest/gtest.h>

#include <functional>

#include "engine/base/text_encoding.h"
#include "engine/crypto/hash.h"
#include "engine/sphinx/envelope.h"
#include "engine/wire/authentication.h"
#include "engine/wire/handshake.h"
#include "engine/wire/keys.h"
#include "engine/wire/mix_packet.h"
#include "tests/vectors/recorded_network.h"

namespace nym::wire {
namespace {

using test::array_of;
using test::bytes_of;
using test::cases_of;
using test::Json;
using test::matches;

const Json& section(const char* name) {
  return test::vectors("gateway_requests.json").at(name);
}

sphinx::GatewaySharedKeys keys_of(const Json& hex) {
  return sphinx::GatewaySharedKeys::from_bytes(array_of<32>(hex));
}

template <std::size_t N>
ByteArray<N> encrypted(const crypto::Aes128Key& key, const ByteArray<N>& bytes) {
  ByteArray<N> out = bytes;
  crypto::aes128_ctr(key, crypto::Iv{}, out);
  return out;
}

TEST(GatewayRequestVectors, ProtocolVersionIsTheRecordedOne) {
  EXPECT_EQ(kGatewayProtocolVersion, section("constants").at("protocol_version").get<int>());
}

/// Both ends of one handshake with the recorded secrets.
struct RecordedHandshake {
  crypto::Ed25519PrivateKey client_identity;
  crypto::Ed25519PrivateKey gateway_identity;
  crypto::X25519KeyPair client_ephemeral;
  crypto::X25519KeyPair gateway_ephemeral;

  explicit RecordedHandshake(const Json& row)
      : client_identity(crypto::Ed25519PrivateKey::from_seed(array_of<32>(row.at("client_identity_seed")))),
        gateway_identity(crypto::Ed25519PrivateKey::from_seed(array_of<32>(row.at("gateway_identity_seed")))),
        client_ephemeral(pair(row.at("client_ephemeral_private"))),
        gateway_ephemeral(pair(row.at("gateway_ephemeral_private"))) {
    EXPECT_EQ(client_identity.public_key().bytes(), array_of<32>(row.at("client_identity")));
    EXPECT_EQ(gateway_identity.public_key().bytes(), array_of<32>(row.at("gateway_identity")));
    EXPECT_EQ(to_base58(client_identity.public_key().bytes()), row.at("client_identity_base58").get<std::string>());
    EXPECT_EQ(to_base58(gateway_identity.public_key().bytes()), row.at("gateway_identity_base58").get<std::string>());
    EXPECT_EQ(client_ephemeral.public_key.bytes, array_of<32>(row.at("client_ephemeral_public")));
    EXPECT_EQ(gateway_ephemeral.public_key.bytes, array_of<32>(row.at("gateway_ephemeral_public")));
  }

  static crypto::X25519KeyPair pair(const Json& secret) {
    return crypto::X25519KeyPair::of(crypto::X25519PrivateKey::from_bytes(array_of<32>(secret)));
  }
};

sphinx::GatewaySharedKeys expect_recorded_keys(const Json& row, const RecordedHandshake& ends) {
  auto dh = crypto::diffie_hellman(ends.client_ephemeral.secret, ends.gateway_ephemeral.public_key);
  auto other = crypto::diffie_hellman(ends.gateway_ephemeral.secret, ends.client_ephemeral.public_key);
  EXPECT_EQ(to_bytes(dh.expose()), bytes_of(row.at("dh")));
  EXPECT_EQ(to_bytes(other.expose()), bytes_of(row.at("dh")));
  auto keys = sphinx::derive_gateway_keys(dh);
  EXPECT_EQ(to_bytes(keys.encryption.expose()), bytes_of(row.at("encryption_key")));
  EXPECT_EQ(to_bytes(keys.mac.expose()), bytes_of(row.at("mac_key")));
  auto bytes = keys.to_bytes();
  EXPECT_EQ(to_base58(bytes.expose()), row.at("shared_keys_base58").get<std::string>());
  return keys;
}

void expect_handshake_message(const Json& message, const char* from, const Bytes& data) {
  EXPECT_EQ(message.at("from"), from);
  EXPECT_EQ(to_hex(data), message.at("data").get<std::string>());
  std::string json = message.at("json").get<std::string>();
  HandshakePayload payload{kGatewayProtocolVersion, data};
  EXPECT_EQ(to_json(HandshakeControl(payload)), json);
  EXPECT_EQ(parse_handshake_control(json), HandshakeControl(payload));
}

TEST(GatewayRequestVectors, HandshakesExchangeTheRecordedMessages) {
  for (const auto& row : cases_of(section("handshakes"))) {
    RecordedHandshake ends(row);
    auto keys = expect_recorded_keys(row, ends);
    const auto& messages = cases_of(row.at("messages"));
    ASSERT_EQ(messages.size(), 4U);

    HandshakeInit init{ends.client_identity.public_key(), ends.client_ephemeral.public_key};
    expect_handshake_message(messages[0], "client", init.to_bytes());
    EXPECT_EQ(HandshakeInit::parse(init.to_bytes()).value().to_bytes(), init.to_bytes());
    EXPECT_EQ(to_json(ClientControl(RegisterRequest{kGatewayProtocolVersion, init.to_bytes()})),
              messages[0].at("json").get<std::string>());

    auto gateway_signs = handshake_transcript(ends.gateway_ephemeral.public_key, ends.client_ephemeral.public_key);
    auto gateway_signature = ends.gateway_identity.sign(gateway_signs);
    EXPECT_EQ(to_hex(gateway_signature), row.at("gateway_signature").get<std::string>());
    HandshakeReply reply{ends.gateway_ephemeral.public_key, encrypted(keys.encryption, gateway_signature)};
    expect_handshake_message(messages[1], "gateway", reply.to_bytes());
    auto parsed = HandshakeReply::parse(reply.to_bytes()).value();
    EXPECT_TRUE(verify(ends.gateway_identity.public_key(), gateway_signs,
                       encrypted(keys.encryption, parsed.encrypted_signature)));

    auto client_signs = handshake_transcript(ends.client_ephemeral.public_key, ends.gateway_ephemeral.public_key);
    auto client_signature = ends.client_identity.sign(client_signs);
    EXPECT_EQ(to_hex(client_signature), row.at("client_signature").get<std::string>());
    expect_handshake_message(messages[2], "client", to_bytes(encrypted(keys.encryption, client_signature)));
    EXPECT_TRUE(verify(ends.client_identity.public_key(), client_signs, client_signature));
    expect_handshake_message(messages[3], "gateway", {1});

    std::string response = row.at("register_response_json").get<std::string>();
    EXPECT_EQ(to_json(GatewayControl(RegisterResponse{kGatewayProtocolVersion, true})), response);
    EXPECT_EQ(parse_gateway_control(response), GatewayControl(RegisterResponse{kGatewayProtocolVersion, true}));
  }
}

TEST(GatewayRequestVectors, SharedKeysAreParsedOrRefusedWithTheRecordedWords) {
  for (const auto& row : cases_of(section("shared_key_parsing"))) {
    bool is_text = row.contains("base58");
    auto keys = is_text ? gateway_shared_keys_from_base58(row.at("base58").get<std::string>())
                        : gateway_shared_keys(Bytes(row.at("len").get<std::size_t>(), 3));
    const auto& result = row.at("result");
    ASSERT_EQ(keys.has_value(), result.is_string()) << row;
    if (!keys) {
      EXPECT_EQ(keys.error().text(), result.at("error").get<std::string>());
    } else if (is_text) {
      EXPECT_EQ(to_hex(keys->expose()), result.get<std::string>());
    }
  }
}

TEST(GatewayRequestVectors, AuthenticationIsMadeAndVerifiedAsRecorded) {
  auto other = keys_of(Json(std::string(64, '5')));
  for (const auto& row : cases_of(section("authenticate"))) {
    auto keys = keys_of(row.at("shared_keys"));
    auto request = make_authenticate(keys.encryption, array_of<32>(row.at("address")), array_of<16>(row.at("iv")));
    std::string json = row.at("json").get<std::string>();
    EXPECT_EQ(to_json(ClientControl(request)), json);
    EXPECT_EQ(parse_client_control(json), ClientControl(request));
    auto fields = decode_authenticate(request).value();
    EXPECT_EQ(fields.address, array_of<32>(row.at("address")));
    EXPECT_EQ(fields.encrypted_address, array_of<32>(row.at("enc_address")));
    EXPECT_EQ(fields.iv, array_of<16>(row.at("iv")));
    EXPECT_EQ(verifies(fields, keys.encryption), row.at("verifies").get<bool>());
    EXPECT_EQ(verifies(fields, other.encryption), row.at("verifies_with_other_keys").get<bool>());
  }
}

AuthenticateRequest good_request() {
  constexpr ByteArray<32> kAddress{};
  return make_authenticate(crypto::Aes128Key{}, kAddress, crypto::Iv{});
}

void expect_field(const Json& expected, const std::string& prefix, const Result<AuthenticationFields>& decoded,
                  const std::function<Bytes(const AuthenticationFields&)>& field) {
  ASSERT_EQ(decoded.has_value(), expected.is_string()) << expected;
  if (decoded) {
    EXPECT_EQ(to_hex(field(*decoded)), expected.get<std::string>());
  } else {
    EXPECT_EQ(decoded.error().text(), prefix + expected.at("error").get<std::string>());
  }
}

TEST(GatewayRequestVectors, AuthenticationFieldsAreDecodedOrRefusedWithTheRecordedWords) {
  for (const auto& row : cases_of(section("authenticate_field_parsing"))) {
    if (row.contains("iv_bytes_len")) {
      auto iv = parse_credential_iv(Bytes(row.at("iv_bytes_len").get<std::size_t>()));
      ASSERT_EQ(iv.has_value(), row.at("result") == "ok") << row;
      if (!iv) {
        EXPECT_EQ(iv.error().text(),
                  "Provided bandwidth IV is malformed - " + row.at("result").at("error").get<std::string>());
      }
      continue;
    }
    std::string text = row.at("text").get<std::string>();
    AuthenticateRequest address = good_request();
    AuthenticateRequest encrypted_address = address;
    AuthenticateRequest iv = address;
    address.address = text;
    encrypted_address.enc_address = text;
    iv.iv = text;
    expect_field(row.at("as_address"), "Provided client address is malformed - ", decode_authenticate(address),
                 [](const auto& fields) { return to_bytes(fields.address); });
    expect_field(row.at("as_enc_address"), "Provided encrypted client address is malformed - ",
                 decode_authenticate(encrypted_address),
                 [](const auto& fields) { return to_bytes(fields.encrypted_address); });
    expect_field(row.at("as_iv"), "Provided authentication IV is malformed - ", decode_authenticate(iv),
                 [](const auto& fields) { return to_bytes(fields.iv); });
  }
}

TEST(GatewayRequestVectors, ForwardRequestsAreSealedAndOpenedAsRecorded) {
  for (const auto& row : cases_of(section("forward_requests"))) {
    auto keys = keys_of(row.at("shared_keys"));
    auto next_hop = parse_endpoint(row.at("next_hop").get<std::string>()).value();
    Bytes packet = bytes_of(row.at("packet"));
    Bytes plaintext = encode_mix_packet_head(PacketType::mix, next_hop);
    append(plaintext, packet);
    Bytes head = bytes_of(row.at("mix_packet_head"));
    EXPECT_EQ(to_bytes(ByteView(plaintext).first(head.size())), head);
    EXPECT_EQ(plaintext.size(), row.at("mix_packet_len").get<std::size_t>());

    Bytes sealed = sphinx::seal_envelope(keys, plaintext);
    EXPECT_EQ(to_hex(ByteView(sealed).first(sphinx::kEnvelopeMac)), row.at("mac").get<std::string>());
    EXPECT_EQ(sealed.size(), row.at("sealed_len").get<std::size_t>());
    EXPECT_TRUE(matches(row.at("sealed"), sealed));
    EXPECT_EQ(to_hex(crypto::sha256(sealed)), row.at("sealed_sha256").get<std::string>());

    auto parsed = parse_mix_packet(Blob(sphinx::open_envelope(keys, sealed).value())).value();
    EXPECT_EQ(parsed.type, PacketType::mix);
    EXPECT_EQ(parsed.next_hop, next_hop);
    EXPECT_EQ(parsed.packet.to_bytes(), packet);
    EXPECT_EQ(packet_bytes(parsed.size), packet.size());
  }
}

/// The request that is too long for the file: a good head with other type and length, sealed afresh.
Bytes hidden_request(const Json& row, const sphinx::GatewaySharedKeys& keys, const Bytes& good) {
  std::string name = row.at("name").get<std::string>();
  Bytes plaintext(good.begin(), good.begin() + 8);
  plaintext[0] = static_cast<std::uint8_t>(name[5] - '0');
  std::size_t size = row.at("sealed_len").get<std::size_t>() - sphinx::kEnvelopeMac;
  for (std::size_t i = 0; plaintext.size() < size; ++i) plaintext.push_back(static_cast<std::uint8_t>(i % 251));
  Bytes sealed = sphinx::seal_envelope(keys, plaintext);
  EXPECT_TRUE(matches(row.at("sealed"), sealed)) << name;
  return sealed;
}

/// What a gateway makes of a binary request, with its words.
Result<MixPacket> read_request(const sphinx::GatewaySharedKeys& keys, const Bytes& sealed) {
  auto opened = sphinx::open_envelope(keys, sealed);
  if (!opened) {
    bool is_short = opened.error().is(sphinx::SphinxError::too_short);
    return is_short ? fail(WireError::too_short, "the request is too short")
                    : fail(WireError::bad_handshake, "provided MAC is invalid");
  }
  auto parsed = parse_mix_packet(Blob(*opened));
  if (!parsed) return fail(WireError::bad_address, "provided mix packet was malformed - " + parsed.error().text());
  return parsed;
}

TEST(GatewayRequestVectors, ForwardRequestsAreTakenOrRefusedWithTheRecordedWords) {
  const auto& all = section("forward_request_rejections");
  auto keys = keys_of(all.at("shared_keys"));
  Bytes good = bytes_of(all.at("good_mix_packet"));
  for (const auto& row : cases_of(all)) {
    Bytes sealed = row.at("sealed").is_string() ? bytes_of(row.at("sealed")) : hidden_request(row, keys, good);
    EXPECT_EQ(sealed.size(), row.at("sealed_len").get<std::size_t>());
    auto parsed = read_request(keys, sealed);
    const auto& result = row.at("result");
    ASSERT_EQ(parsed.has_value(), result.is_object() && !result.contains("error")) << row.at("name");
    if (parsed) {
      EXPECT_EQ(to_string(parsed->next_hop), result.at("next_hop").get<std::string>());
      EXPECT_EQ(static_cast<int>(parsed->type), result.at("packet_type").get<int>());
      // The recorded length of an Outfox packet comes from its own head.
      if (parsed->type == PacketType::mix) {
        EXPECT_EQ(parsed->packet.size(), result.at("packet_len").get<std::size_t>());
      }
    } else if (result.is_object()) {
      EXPECT_EQ(parsed.error().text(), result.at("error").get<std::string>()) << row.at("name");
    }
  }
}

TEST(GatewayRequestVectors, PushesAreSealedAndOpenedAsRecorded) {
  auto keys = keys_of(section("pushed_messages").at("shared_keys"));
  for (const auto& row : cases_of(section("pushed_messages"))) {
    if (row.contains("error")) {
      auto opened = sphinx::open_envelope(keys, bytes_of(row.at("pushed")));
      ASSERT_FALSE(opened.has_value()) << row;
      bool is_short = row.at("error") == "the request is too short";
      EXPECT_TRUE(opened.error().is(is_short ? sphinx::SphinxError::too_short : sphinx::SphinxError::bad_mac)) << row;
      continue;
    }
    Bytes message = bytes_of(row.at("message"));
    Bytes pushed = sphinx::seal_envelope(keys, message);
    EXPECT_TRUE(matches(row.at("pushed"), pushed)) << row.at("name");
    EXPECT_EQ(to_hex(crypto::sha256(pushed)), row.at("pushed_sha256").get<std::string>());
    EXPECT_EQ(sphinx::open_envelope(keys, pushed).value(), message);
  }
}

TEST(GatewayRequestVectors, MixPacketsAreParsedOrRefusedWithTheRecordedWords) {
  for (const auto& row : cases_of(section("mix_packet_parsing"))) {
    Bytes plaintext = bytes_of(row.at("head"));
    auto size = row.at("len").get<std::size_t>();
    std::size_t before_packet = 1 + (plaintext.size() > 1 && plaintext[1] == 6 ? 19U : 7U);
    while (plaintext.size() < size) {
      plaintext.push_back(static_cast<std::uint8_t>((plaintext.size() - before_packet) % 251));
    }
    plaintext.resize(size);
    auto parsed = parse_mix_packet(Blob(plaintext));
    const auto& result = row.at("result");
    ASSERT_EQ(parsed.has_value(), result.is_object() && !result.contains("error")) << row.at("name");
    if (parsed) {
      EXPECT_EQ(to_string(parsed->next_hop), result.at("next_hop").get<std::string>());
      EXPECT_EQ(static_cast<int>(parsed->type), result.at("type").get<int>());
      EXPECT_EQ(parsed->packet.to_bytes(), to_bytes(ByteView(plaintext).subspan(before_packet)));
    } else if (result.is_object()) {
      EXPECT_EQ(parsed.error().text(), result.at("error").get<std::string>()) << row.at("name");
    } else {
      EXPECT_TRUE(parsed.error().is(WireError::too_short));
    }
  }
}

}  // namespace
}  // namespace nym::wire
