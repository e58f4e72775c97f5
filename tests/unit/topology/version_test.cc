#include "engine/topology/version.h"

#include <gtest/gtest.h>

namespace nym::topology {
namespace {

TEST(Versions, AreReadAsSemanticVersioningSays) {
  for (std::string_view text : {"1.2.3", " 1.2.3\t", "1.2.3-rc.1", "1.2.3-0a.b-c+001.x", "1.2.18446744073709551615"}) {
    auto version = parse_version(text);
    ASSERT_TRUE(version.has_value()) << text;
    EXPECT_EQ(*version, (MajorMinor{1, 2}));
  }
}

TEST(Versions, AnythingElseIsNone) {
  for (std::string_view text : {"",       " ",      "1",          "1.2",      "1.2.3.4",
                                "v1.2.3", "01.2.3", "1.02.3",     "1.2.03",   "1.2.x",
                                "1.2.3-", "1.2.3+", "1.2.3-a..b", "1.2.3-01", "1.2.3-ä",
                                "-1.2.3", "1..3",   "1.2.",       "1. 2.3",   "1.2.18446744073709551616"}) {
    EXPECT_FALSE(parse_version(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace nym::topology
