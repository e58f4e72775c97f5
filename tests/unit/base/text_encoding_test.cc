#include "engine/base/text_encoding.h"

#include <gtest/gtest.h>

namespace nym {
namespace {

TEST(Hex, Goes_both_ways_in_lower_case) {
  EXPECT_EQ(to_hex(Bytes{0x00, 0xab, 0xff}), "00abff");
  EXPECT_EQ(from_hex("00abFF"), (Bytes{0x00, 0xab, 0xff}));
  EXPECT_EQ(to_hex({}), "");
  EXPECT_EQ(from_hex(""), Bytes{});
}

TEST(Hex, Refuses_odd_lengths_and_other_characters) {
  EXPECT_TRUE(from_hex("abc").error().is(TextError::odd_length));
  for (const char* text : {"0g", "g0", " 0", "0x", "-1", "\xff\xff"}) {
    EXPECT_TRUE(from_hex(text).error().is(TextError::invalid_character)) << text;
  }
}

TEST(Base58, Keeps_leading_zeros_as_ones) {
  EXPECT_EQ(to_base58(Bytes{0, 0, 1}), "112");
  EXPECT_EQ(from_base58("112"), (Bytes{0, 0, 1}));
  EXPECT_EQ(to_base58(Bytes{0, 0}), "11");
  EXPECT_EQ(from_base58("11"), (Bytes{0, 0}));
  EXPECT_EQ(to_base58({}), "");
  EXPECT_EQ(from_base58(""), Bytes{});
  EXPECT_EQ(to_base58(as_bytes("Hello World!")), "2NEpo7TZRRrLZSi2U");
}

TEST(Base58, Says_which_character_is_wrong_and_where) {
  auto text_of = [](std::string_view text) { return from_base58(text).error().text(); };
  EXPECT_EQ(text_of("ab0"), "provided string contained invalid character '0' at byte 2");
  EXPECT_EQ(text_of("O"), "provided string contained invalid character 'O' at byte 0");
  EXPECT_EQ(text_of("a "), "provided string contained invalid character ' ' at byte 1");
  EXPECT_EQ(text_of("a\n"), R"(provided string contained invalid character '\n' at byte 1)");
  EXPECT_EQ(text_of("a'"), R"(provided string contained invalid character '\'' at byte 1)");
  EXPECT_EQ(text_of("a\\"), R"(provided string contained invalid character '\\' at byte 1)");
  EXPECT_EQ(text_of("a\x01"), R"(provided string contained invalid character '\u{1}' at byte 1)");
  EXPECT_EQ(text_of(std::string_view("a\0", 2)), R"(provided string contained invalid character '\0' at byte 1)");
  EXPECT_EQ(text_of("ab\xc3\xa4"), "provided string contained non-ascii character starting at byte 2");
  EXPECT_TRUE(from_base58("ab\xc3\xa4").error().is(TextError::non_ascii));
  EXPECT_TRUE(from_base58("0").error().is(TextError::invalid_character));
}

TEST(Base58, Does_not_decode_texts_without_end) {
  EXPECT_TRUE(from_base58(std::string(kMaxBase58Text, 'z')).has_value());
  EXPECT_TRUE(from_base58(std::string(kMaxBase58Text + 1, 'z')).error().is(TextError::too_long));
}

TEST(Base64, Pads_when_it_encodes) {
  EXPECT_EQ(to_base64({}), "");
  EXPECT_EQ(to_base64(as_bytes("f")), "Zg==");
  EXPECT_EQ(to_base64(as_bytes("fo")), "Zm8=");
  EXPECT_EQ(to_base64(as_bytes("foo")), "Zm9v");
  EXPECT_EQ(to_base64(Bytes{0xfb, 0xff, 0xfe}), "+//+");
}

TEST(Base64, Decodes_with_and_without_padding) {
  for (const char* text : {"Zg==", "Zg=", "Zg"}) EXPECT_EQ(from_base64(text), (Bytes{'f'})) << text;
  EXPECT_EQ(from_base64("Zm8="), (Bytes{'f', 'o'}));
  EXPECT_EQ(from_base64("Zm9v"), (Bytes{'f', 'o', 'o'}));
  EXPECT_EQ(from_base64(""), Bytes{});
}

TEST(Base64, Refuses_surplus_padding_unused_bits_and_other_characters) {
  for (const char* text : {"Z", "Zg===", "Zm9v=", "=", "====", "Zh==", "Zm9="}) {
    EXPECT_TRUE(from_base64(text).error().is(TextError::bad_padding)) << text;
  }
  for (const char* text : {"Zm9*", "Zm 9", "Zm-_", "Zg==Zg==", "\xffm9v"}) {
    EXPECT_TRUE(from_base64(text).error().is(TextError::invalid_character)) << text;
  }
}

TEST(TextEncodings, Everything_encoded_decodes_to_itself) {
  Bytes bytes;
  for (std::size_t length = 0; length < 70; ++length) {
    EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
    EXPECT_EQ(from_base58(to_base58(bytes)), bytes);
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    bytes.push_back(static_cast<std::uint8_t>((length * 151 + 77) % 256));
  }
}

}  // namespace
}  // namespace nym
