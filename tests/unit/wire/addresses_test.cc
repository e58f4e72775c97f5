#include <gtest/gtest.h>

#include "engine/wire/recipient.h"
#include "engine/wire/sender_tag.h"

namespace nym::wire {
namespace {

Recipient some_recipient() {
  auto identity = crypto::Ed25519PrivateKey::from_seed(ByteArray<32>{1}).public_key();
  auto gateway = crypto::Ed25519PrivateKey::from_seed(ByteArray<32>{2}).public_key();
  return {identity, {{3}}, gateway};
}

TEST(Recipients, SurviveTextAndBytes) {
  auto recipient = some_recipient();
  EXPECT_EQ(Recipient::parse(recipient.to_string()).value(), recipient);
  EXPECT_EQ(Recipient::from_bytes(recipient.to_bytes()).value(), recipient);
}

TEST(Recipients, TheFirstMistakeIsNamed) {
  std::string text = some_recipient().to_string();
  auto error = [](std::string_view t) { return Recipient::parse(t).error().text(); };
  EXPECT_TRUE(error("").ends_with("'@' character "));
  EXPECT_TRUE(error(text + "@").ends_with("'@' character "));
  EXPECT_TRUE(error("a@b").ends_with("'.' character "));
  EXPECT_TRUE(error("a.b@c").starts_with("recipient's identity key"));
  EXPECT_TRUE(error(text + "l").starts_with("recipient gateway's identity key"));
}

TEST(Recipients, EndlessTextsAreRefusedQuickly) {
  std::string key(1'000'000, 'z');
  EXPECT_FALSE(Recipient::parse(key + "." + key + "@" + key).has_value());
}

TEST(SenderTags, HaveSixteenBytes) {
  SenderTag tag{{1, 2, 3}};
  EXPECT_EQ(SenderTag::parse(tag.to_string()).value(), tag);
  EXPECT_TRUE(SenderTag::parse("1").error().is(WireError::bad_sender_tag));
  EXPECT_TRUE(SenderTag::parse("!").error().is(WireError::bad_sender_tag));
  EXPECT_FALSE(SenderTag::parse(std::string(1'000'000, '1')).has_value());
}

}  // namespace
}  // namespace nym::wire
