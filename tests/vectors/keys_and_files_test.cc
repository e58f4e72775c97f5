#include <gtest/gtest.h>

#include "engine/base/text_encoding.h"
#include "engine/wire/gateway_details.h"
#include "engine/wire/keys.h"
#include "engine/wire/pem.h"
#include "engine/wire/recipient.h"
#include "tests/vectors/recorded_network.h"

namespace nym::wire {
namespace {

using test::array_of;
using test::bytes_of;
using test::cases_of;
using test::Json;

const Json& section(const char* name) {
  return test::vectors("keys_and_files.json").at(name);
}

std::string text_of(const Json& value) {
  return value.get<std::string>();
}

void expect_key_file(const Json& files, const char* name, std::string_view label, ByteView content) {
  EXPECT_EQ(to_pem(label, content), text_of(files.at(name)));
  auto read = from_pem(text_of(files.at(name)), label);
  ASSERT_TRUE(read.has_value()) << name;
  EXPECT_EQ(*read, to_bytes(content));
}

TEST(KeyFileVectors, KeySetsAreWrittenAndReadAsRecorded) {
  for (const auto& row : cases_of(section("key_sets"))) {
    auto identity = crypto::Ed25519PrivateKey::from_seed(array_of<32>(row.at("identity_seed")));
    auto encryption = crypto::X25519PrivateKey::from_bytes(array_of<32>(row.at("encryption_secret_raw")));
    auto gateway = crypto::Ed25519PrivateKey::from_seed(array_of<32>(row.at("gateway_seed"))).public_key();
    EXPECT_EQ(to_hex(encryption.expose()), text_of(row.at("encryption_private_clamped")));
    EXPECT_EQ(to_hex(identity.public_key().bytes()), text_of(row.at("identity_public")));
    EXPECT_EQ(to_hex(encryption.public_key().bytes), text_of(row.at("encryption_public")));
    EXPECT_EQ(to_base58(identity.expose_seed()), text_of(row.at("identity_private_base58")));
    EXPECT_EQ(to_base58(identity.public_key().bytes()), text_of(row.at("identity_public_base58")));
    EXPECT_EQ(to_base58(encryption.expose()), text_of(row.at("encryption_private_base58")));
    EXPECT_EQ(to_base58(encryption.public_key().bytes), text_of(row.at("encryption_public_base58")));
    EXPECT_EQ(to_base58(gateway.bytes()), text_of(row.at("gateway_identity_base58")));
    Recipient address{identity.public_key(), encryption.public_key(), gateway};
    EXPECT_EQ(address.to_string(), text_of(row.at("client_address")));

    auto shared = array_of<32>(row.at("gateway_shared_keys"));
    EXPECT_EQ(to_base58(shared), text_of(row.at("gateway_shared_keys_base58")));
    EXPECT_EQ(hash_of_shared_keys(shared), text_of(row.at("key_hash")));

    const auto& files = row.at("files");
    expect_key_file(files, "private_identity.pem", kPemEd25519Private, identity.expose_seed());
    expect_key_file(files, "public_identity.pem", kPemEd25519Public, identity.public_key().bytes());
    expect_key_file(files, "private_encryption.pem", kPemX25519Private, encryption.expose());
    expect_key_file(files, "public_encryption.pem", kPemX25519Public, encryption.public_key().bytes);
    expect_key_file(files, "ack_key.pem", kPemAckKey, bytes_of(row.at("ack_key")));
    expect_key_file(files, "gateway_shared.pem", kPemGatewaySharedKeys, shared);

    auto details = parse_gateway_details(text_of(files.at("gateway_details.json"))).value();
    EXPECT_EQ(details.key_hash, text_of(row.at("key_hash")));
    EXPECT_EQ(details.gateway_id, text_of(row.at("gateway_identity_base58")));
    EXPECT_EQ(to_json(details), text_of(files.at("gateway_details.json")));
  }
}

TEST(KeyFileVectors, X25519PublicKeysAreKeptAsTheyAre) {
  for (const auto& row : cases_of(section("x25519_public_import"))) {
    auto key = x25519_public_key(bytes_of(row.at("raw"))).value();
    EXPECT_EQ(to_hex(key.bytes), text_of(row.at("exported")));
    EXPECT_EQ(to_base58(key.bytes), text_of(row.at("base58")));
    EXPECT_EQ(x25519_public_key_from_base58(text_of(row.at("base58"))).value(), key);
  }
}

Result<Bytes> read_key_file(const std::string& kind, const std::string& file) {
  auto bytes_as = [&](std::string_view label, auto parse, auto bytes) -> Result<Bytes> {
    NYM_TRY(auto content, from_pem(file, label));
    NYM_TRY(auto key, parse(content));
    return to_bytes(bytes(key));
  };
  if (kind == "ack key") return bytes_as(kPemAckKey, ack_key, [](const auto& key) { return key.expose(); });
  if (kind == "gateway shared keys") {
    return bytes_as(kPemGatewaySharedKeys, gateway_shared_keys, [](const auto& key) { return key.expose(); });
  }
  if (kind == "ed25519 public key") {
    return bytes_as(kPemEd25519Public, ed25519_public_key, [](const auto& key) { return ByteView(key.bytes()); });
  }
  if (kind == "ed25519 private key") {
    return bytes_as(kPemEd25519Private, ed25519_private_key, [](const auto& key) { return key.expose_seed(); });
  }
  if (kind == "x25519 private key") {
    return bytes_as(kPemX25519Private, x25519_private_key, [](const auto& key) { return key.expose(); });
  }
  throw std::runtime_error("unknown kind of key file: " + kind);
}

TEST(KeyFileVectors, KeyFilesAreReadOrRefusedWithTheRecordedWords) {
  // What stands behind this comes from a library of the original.
  constexpr std::string_view kLibraryText = "invalid data: ";
  for (const auto& row : cases_of(section("pem_reading"))) {
    if (!row.contains("file")) continue;  // A file that does not exist; no parser sees it.
    auto read = read_key_file(text_of(row.at("read_as")), text_of(row.at("file")));
    const auto& result = row.at("result");
    ASSERT_EQ(read.has_value(), result.is_string()) << row.at("name");
    if (read) {
      EXPECT_EQ(to_hex(*read), text_of(result)) << row.at("name");
      continue;
    }
    std::string expected = text_of(result.at("error"));
    if (expected.starts_with(kLibraryText)) {
      EXPECT_TRUE(read.error().text().starts_with(kLibraryText)) << row.at("name");
    } else {
      EXPECT_EQ(read.error().text(), expected) << row.at("name");
    }
  }
}

template <class Key>
void expect_key_error(const Json& expected, const Result<Key>& key) {
  ASSERT_EQ(key.has_value(), expected.is_null()) << expected;
  if (!key) {
    EXPECT_EQ(key.error().text(), text_of(expected));
  }
}

TEST(KeyFileVectors, KeysInBase58AreReadOrRefusedWithTheRecordedWords) {
  for (const auto& row : cases_of(section("base58_key_errors"))) {
    std::string text = text_of(row.at("text"));
    expect_key_error(row.at("ed25519_public"), ed25519_public_key_from_base58(text));
    expect_key_error(row.at("ed25519_private"), ed25519_private_key_from_base58(text));
    expect_key_error(row.at("x25519_public"), x25519_public_key_from_base58(text));
    expect_key_error(row.at("x25519_private"), x25519_private_key_from_base58(text));
  }
}

TEST(KeyFileVectors, GatewayDetailsAreReadOrRefusedAsRecorded) {
  for (const auto& row : cases_of(section("gateway_details_reading"))) {
    std::string file = text_of(row.at("file"));
    auto details = parse_gateway_details(file);
    ASSERT_EQ(details.has_value(), row.at("error").is_null()) << row;
    if (!details) continue;
    Json json = Json::parse(file);
    EXPECT_EQ(details->key_hash, json.at("key_hash").get<std::string>());
    EXPECT_EQ(details->gateway_id, json.at("details").at("gateway_id").get<std::string>());
    EXPECT_EQ(details->gateway_owner, json.at("details").at("gateway_owner").get<std::string>());
    EXPECT_EQ(details->gateway_listener, json.at("details").at("gateway_listener").get<std::string>());
  }
}

}  // namespace
}  // namespace nym::wire
