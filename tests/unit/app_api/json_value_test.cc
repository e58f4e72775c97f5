#include "engine/app_api/json_value.h"

#include <gtest/gtest.h>

namespace nym::app_api {
namespace {

using namespace std::string_view_literals;

TEST(JsonValue, IsNamedByItsKind) {
  EXPECT_EQ(describe(JsonNull{}), "null");
  EXPECT_EQ(describe(true), "boolean `true`");
  EXPECT_EQ(describe(std::int64_t{-5}), "integer `-5`");
  EXPECT_EQ(describe(JsonArray{}), "sequence");
  EXPECT_EQ(describe(JsonObject{}), "map");
  EXPECT_EQ(describe(std::string("x")), "string \"x\"");
}

TEST(JsonValue, QuotedTextEscapesWhatIsNotPrintable) {
  EXPECT_EQ(quote("a\"b\\c'"), R"("a\"b\\c'")");
  EXPECT_EQ(quote("\0\t\n\r\x01\x7f"sv), R"("\0\t\n\r\u{1}\u{7f}")");
  EXPECT_EQ(quote("caf\u00e9 \u20ac \U0001f600"), "\"caf\u00e9 \u20ac \U0001f600\"");
  EXPECT_EQ(quote("\u200b\u00a0\ufeff\u0301\ufe0f"), R"("\u{200b}\u{a0}\u{feff}\u{301}\u{fe0f}")");
  EXPECT_EQ(quote("\U000e0001\ue000"), R"("\u{e0001}\u{e000}")");
}

}  // namespace
}  // namespace nym::app_api
