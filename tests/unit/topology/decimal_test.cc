#include "engine/topology/decimal.h"

#include <gtest/gtest.h>

namespace nym::topology {
namespace {

TEST(DirectoryNumbers, FitInto128Bits) {
  for (std::string_view text : {"0", "007", "+5", "340282366920938463463374607431768211455"}) {
    EXPECT_TRUE(is_u128(text)) << text;
  }
  for (std::string_view text : {"", "+", "-1", "1.5", " 1", "1 ", "0x1", "340282366920938463463374607431768211456",
                                "99999999999999999999999999999999999999999999999999"}) {
    EXPECT_FALSE(is_u128(text)) << text;
  }
}

TEST(DirectoryNumbers, DecimalsHaveAWholePartAndUpTo18Places) {
  for (std::string_view text : {"0", "1.5", "0.000000000000000001", "340282366920938463463.374607431768211455"}) {
    EXPECT_TRUE(is_decimal(text)) << text;
  }
  for (std::string_view text : {"", ".1", "1.", "1.0000000000000000001", "-1", "1.2.3", "1e3",
                                "340282366920938463463.374607431768211456", "340282366920938463464"}) {
    EXPECT_FALSE(is_decimal(text)) << text;
  }
}

TEST(DirectoryNumbers, FractionsEndAtOne) {
  EXPECT_TRUE(is_fraction_of_one("1.000000000000000000"));
  EXPECT_TRUE(is_fraction_of_one("0.1"));
  EXPECT_FALSE(is_fraction_of_one("1.000000000000000001"));
  EXPECT_FALSE(is_fraction_of_one("x"));
}

}  // namespace
}  // namespace nym::topology
