#include "engine/app_api/json_number.h"

#include <gtest/gtest.h>

namespace nym::app_api {
namespace {

std::string described(std::string_view text) {
  auto number = scan_number(text);
  return number ? describe(number->value) : std::string(number.error().what);
}

TEST(JsonNumber, IntegersKeepTheirSign) {
  EXPECT_EQ(scan_number("0")->value, JsonValue(std::uint64_t{0}));
  EXPECT_EQ(scan_number("18446744073709551615")->value, JsonValue(~std::uint64_t{0}));
  EXPECT_EQ(scan_number("-1")->value, JsonValue(std::int64_t{-1}));
  EXPECT_EQ(scan_number("-9223372036854775808")->value, JsonValue(std::numeric_limits<std::int64_t>::min()));
}

TEST(JsonNumber, WhatIsNoPlainIntegerIsFloatingPoint) {
  EXPECT_EQ(described("-0"), "floating point `-0`");
  EXPECT_EQ(described("5.0"), "floating point `5`");
  EXPECT_EQ(described("1e3"), "floating point `1000`");
  EXPECT_EQ(described("18446744073709551616"), "floating point `18446744073709552000`");
  EXPECT_EQ(described("-9223372036854775809"), "floating point `-9223372036854776000`");
}

TEST(JsonNumber, FloatingPointIsShownWithFewestDigitsAndNoExponent) {
  EXPECT_EQ(described("0.1"), "floating point `0.1`");
  EXPECT_EQ(described("123.456"), "floating point `123.456`");
  EXPECT_EQ(described("1e-7"), "floating point `0.0000001`");
  EXPECT_EQ(described("12E+2"), "floating point `1200`");
  EXPECT_EQ(described("1e23"), "floating point `1" + std::string(23, '0') + "`");
  EXPECT_EQ(described("1e308"), "floating point `1" + std::string(308, '0') + "`");
  EXPECT_EQ(described("-2.5e-3"), "floating point `-0.0025`");
}

TEST(JsonNumber, TinyNumbersBecomeZeroAndHugeOnesFail) {
  EXPECT_EQ(described("1e-400"), "floating point `0`");
  EXPECT_EQ(described("-1e-99999999999"), "floating point `-0`");
  EXPECT_EQ(described("0e99999999999"), "floating point `0`");
  EXPECT_EQ(described("1e309"), "number out of range");
  EXPECT_EQ(described("1e99999999999"), "number out of range");
  EXPECT_EQ(described("123456789e305"), "number out of range");
  EXPECT_EQ(described("1" + std::string(400, '0')), "number out of range");
}

TEST(JsonNumber, StopsAtTheFirstByteThatIsNotItsOwn) {
  EXPECT_EQ(scan_number("0x1")->length, 1U);
  EXPECT_EQ(scan_number("12,")->length, 2U);
  EXPECT_EQ(scan_number("1.50}")->length, 4U);
  EXPECT_EQ(scan_number("1e+05 ")->length, 5U);
}

TEST(JsonNumber, FaultsAreCountedInConsumedBytes) {
  struct Case {
    std::string_view text;
    std::string_view what;
    std::size_t consumed;
  };
  for (const auto& [text, what, consumed] : {
           Case{"-", "EOF while parsing a value", 1},
           Case{"-x", "invalid number", 2},
           Case{"01", "invalid number", 2},
           Case{"-00", "invalid number", 3},
           Case{"1.", "EOF while parsing a value", 2},
           Case{"1.x", "invalid number", 3},
           Case{"1e", "EOF while parsing a value", 2},
           Case{"1e+", "EOF while parsing a value", 3},
           Case{"1e+x", "invalid number", 4},
           Case{"1e400,", "number out of range", 5},
           Case{"1e99999999999", "number out of range", 12},
       }) {
    auto number = scan_number(text);
    ASSERT_FALSE(number.has_value()) << text;
    EXPECT_EQ(number.error().what, what) << text;
    EXPECT_EQ(number.error().consumed, consumed) << text;
  }
}

}  // namespace
}  // namespace nym::app_api
