#include <gtest/gtest.h>

#include "engine/base/text_encoding.h"
#include "engine/wire/keys.h"
#include "engine/wire/recipient.h"
#include "engine/wire/routing_address.h"
#include "engine/wire/sender_tag.h"
#include "tests/vectors/recorded_network.h"

namespace nym::wire {
namespace {

using test::array_of;
using test::bytes_of;
using test::cases_of;
using test::Json;

const Json& cases(const char* name) {
  return cases_of(test::vectors("addressing.json").at(name));
}

template <class T>
std::string error_of(const Result<T>& result) {
  return result ? "accepted" : result.error().text();
}

void expect_recorded_keys(const Json& row, const Recipient& recipient) {
  auto identity = crypto::Ed25519PrivateKey::from_seed(array_of<32>(row.at("identity_seed"))).public_key();
  auto encryption = crypto::X25519PrivateKey::from_bytes(array_of<32>(row.at("encryption_private"))).public_key();
  auto gateway = crypto::Ed25519PrivateKey::from_seed(array_of<32>(row.at("gateway_seed"))).public_key();
  EXPECT_EQ(identity.bytes(), array_of<32>(row.at("identity")));
  EXPECT_EQ(encryption.bytes, array_of<32>(row.at("encryption")));
  EXPECT_EQ(gateway.bytes(), array_of<32>(row.at("gateway")));
  EXPECT_EQ(recipient, (Recipient{identity, encryption, gateway}));
  EXPECT_EQ(identity.bytes(), array_of<32>(row.at("sphinx_destination")));
  EXPECT_EQ(array_of<16>(row.at("sphinx_identifier")), ByteArray<16>{});
  EXPECT_EQ(to_base58(identity.bytes()), row.at("destination_text").get<std::string>());
}

TEST(AddressingVectors, RecipientsHaveTheirRecordedForms) {
  for (const auto& row : cases("recipients")) {
    auto recipient = Recipient::from_bytes(array_of<96>(row.at("recipient_96"))).value();
    if (row.contains("identity_seed")) expect_recorded_keys(row, recipient);
    EXPECT_EQ(recipient.to_bytes(), array_of<96>(row.at("recipient_96")));
    EXPECT_EQ(recipient.to_string(), row.at("text").get<std::string>());
    EXPECT_EQ(Recipient::parse(recipient.to_string()), recipient);
    EXPECT_EQ(Recipient::from_bytes(recipient.to_bytes()), recipient);
  }
}

TEST(AddressingVectors, RecipientTextsAreParsedOrRefusedWithTheRecordedWords) {
  for (const auto& row : cases("recipient_text_parsing")) {
    auto parsed = Recipient::parse(row.at("text").get<std::string>());
    ASSERT_EQ(parsed.has_value(), !row.contains("error")) << row;
    if (parsed) {
      EXPECT_EQ(parsed->to_bytes(), array_of<96>(row.at("recipient_96"))) << row;
      EXPECT_EQ(parsed->to_string(), row.at("to_string").get<std::string>()) << row;
    } else {
      EXPECT_EQ(parsed.error().text(), row.at("error").get<std::string>());
      EXPECT_TRUE(parsed.error().is(WireError::bad_recipient));
    }
  }
}

TEST(AddressingVectors, Ed25519KeysAreAcceptedAndKeptAsRecordedAndX25519KeysAlways) {
  for (const auto& row : cases("ed25519_public_keys")) {
    Bytes bytes = bytes_of(row.at("bytes"));
    auto key = ed25519_public_key(bytes);
    EXPECT_EQ(key.has_value(), row.at("accepted_as_ed25519_key").get<bool>()) << row;
    if (key) {
      EXPECT_EQ(to_bytes(key->bytes()), bytes);
    }
    EXPECT_EQ(to_bytes(x25519_public_key(bytes).value().bytes), bytes);
  }
}

TEST(AddressingVectors, KeysOfOtherLengthsAreRefusedWithTheRecordedWords) {
  for (const auto& row : cases("key_lengths")) {
    Bytes bytes(row.at("len").get<std::size_t>(), 1);
    EXPECT_EQ(error_of(ed25519_public_key(bytes)), row.at("ed25519").get<std::string>());
    EXPECT_EQ(error_of(x25519_public_key(bytes)), row.at("x25519").get<std::string>());
    EXPECT_EQ(error_of(x25519_private_key(bytes)), row.at("x25519_private").get<std::string>());
    EXPECT_EQ(error_of(ed25519_private_key(bytes)), row.at("ed25519_private").get<std::string>());
  }
}

TEST(AddressingVectors, NodeAddressesHaveTheirRecordedForms) {
  for (const auto& row : cases("node_addresses")) {
    auto endpoint = parse_endpoint(row.at("text").get<std::string>()).value();
    EXPECT_EQ(encode_address(endpoint), bytes_of(row.at("unpadded")));
    EXPECT_EQ(encode_address_19(endpoint), array_of<19>(row.at("padded19")));
    EXPECT_EQ(encode_address_32(endpoint), array_of<32>(row.at("padded32")));
    for (const char* form : {"unpadded", "padded19", "padded32"}) {
      auto decoded = decode_address(bytes_of(row.at(form)));
      ASSERT_TRUE(decoded.has_value()) << row;
      EXPECT_EQ(decoded->endpoint, endpoint);
      EXPECT_EQ(decoded->length, row.at("min_len").get<std::size_t>());
    }
  }
}

TEST(AddressingVectors, NodeAddressesAreParsedOrRefusedAsRecorded) {
  for (const auto& row : cases("node_address_parsing")) {
    auto decoded = decode_address(bytes_of(row.at("bytes")));
    ASSERT_EQ(decoded.has_value(), !row.contains("error")) << row;
    if (decoded) {
      EXPECT_EQ(to_string(decoded->endpoint), row.at("text").get<std::string>());
    } else {
      EXPECT_TRUE(decoded.error().is(WireError::bad_address));
    }
  }
}

TEST(AddressingVectors, SenderTagsHaveTheirRecordedTexts) {
  for (const auto& row : cases("sender_tags")) {
    SenderTag tag{array_of<16>(row.at("bytes"))};
    EXPECT_EQ(tag.to_string(), row.at("text").get<std::string>());
    EXPECT_EQ(SenderTag::parse(tag.to_string()), tag);
  }
}

TEST(AddressingVectors, SenderTagTextsAreParsedOrRefusedWithTheRecordedWords) {
  for (const auto& row : cases("sender_tag_parsing")) {
    auto parsed = SenderTag::parse(row.at("text").get<std::string>());
    ASSERT_EQ(parsed.has_value(), !row.contains("error")) << row;
    if (parsed) {
      EXPECT_EQ(parsed->bytes, array_of<16>(row.at("bytes")));
    } else {
      EXPECT_EQ(parsed.error().text(), row.at("error").get<std::string>());
      EXPECT_TRUE(parsed.error().is(WireError::bad_sender_tag));
    }
  }
}

TEST(AddressingVectors, Base58TextsAreAsRecorded) {
  for (const auto& row : cases("base58")) {
    Bytes bytes = bytes_of(row.at("bytes"));
    EXPECT_EQ(to_base58(bytes), row.at("text").get<std::string>());
    EXPECT_EQ(from_base58(row.at("text").get<std::string>()).value(), bytes);
  }
}

}  // namespace
}  // namespace nym::wire
