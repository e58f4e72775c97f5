#include "engine/app_api/utf8.h"

#include <gtest/gtest.h>

namespace nym::app_api {
namespace {

TEST(Utf8, ReadsACharacterOfEachLength) {
  EXPECT_EQ(read_utf8(as_bytes("A")).character, U'A');
  EXPECT_EQ(read_utf8(as_bytes("\u00e9x")).character, U'\u00e9');
  EXPECT_EQ(read_utf8(as_bytes("\u20ac")).character, U'\u20ac');
  EXPECT_EQ(read_utf8(as_bytes("\U0001f600")).character, U'\U0001f600');
  EXPECT_EQ(read_utf8(as_bytes("\U0010ffff")).length, 4U);
}

TEST(Utf8, TellsACutOffSequenceFromAWrongOne) {
  EXPECT_TRUE(read_utf8(as_bytes("\xe2\x82")).is_cut_off);
  EXPECT_EQ(read_utf8(as_bytes("\xe2\x82")).length, 2U);
  EXPECT_FALSE(read_utf8(as_bytes("\xe2\x28")).is_cut_off);
  EXPECT_EQ(read_utf8(as_bytes("\xe2\x28")).length, 1U);
}

TEST(Utf8, NamesTheFirstFault) {
  EXPECT_EQ(utf8_fault(as_bytes("caf\u00e9 \U0001f600")), std::nullopt);
  EXPECT_EQ(utf8_fault({}), std::nullopt);
  EXPECT_EQ(utf8_fault(as_bytes("ab\xff")), "invalid utf-8 sequence of 1 bytes from index 2");
  EXPECT_EQ(utf8_fault(as_bytes("\u00e9\xf0\x90\x80z")), "invalid utf-8 sequence of 3 bytes from index 2");
  EXPECT_EQ(utf8_fault(as_bytes("\xf0\x90")), "incomplete utf-8 byte sequence from index 0");
}

TEST(Utf8, RefusesSurrogatesOverlongFormsAndTooLargeValues) {
  for (std::string_view text : {"\xed\xa0\x80", "\xed\xbf\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf",
                                "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80"}) {
    EXPECT_TRUE(utf8_fault(as_bytes(text)).has_value());
  }
  for (std::string_view text : {"\xed\x9f\xbf", "\xee\x80\x80", "\xe0\xa0\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_FALSE(utf8_fault(as_bytes(text)).has_value());
  }
}

TEST(Utf8, ReplacesEveryBrokenSequenceOnce) {
  EXPECT_EQ(to_lossy_text(as_bytes("a\xff"
                                   "b")),
            "a\ufffdb");
  EXPECT_EQ(to_lossy_text(as_bytes("\xf0\x90\x80")), "\ufffd");
  EXPECT_EQ(to_lossy_text(as_bytes("\xed\xa0\x80")), "\ufffd\ufffd\ufffd");
  EXPECT_EQ(to_lossy_text(as_bytes("plain \u20ac")), "plain \u20ac");
}

}  // namespace
}  // namespace nym::app_api
