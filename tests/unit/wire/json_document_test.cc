#include "engine/wire/json_document.h"

#include <gtest/gtest.h>

namespace nym::wire {
namespace {

constexpr JsonLimits kLimits{1 << 20, 1'000};

bool is_json(std::string_view text) {
  return parse_json(text, kLimits).has_value();
}

TEST(JsonDocuments, OnlyTheStandardIsAccepted) {
  EXPECT_TRUE(is_json(" \t\r\n{\"a\":[1,-2,3.5,true,null,\"x\"]} "));
  for (std::string_view text :
       {"",    " ",      "{",      "[1,]", "{\"a\":1,}", "01",      "+1",  ".5",    "1.",          "nul",
        "'a'", "//x\n1", "/*x*/1", "1 2",  "\"\x01\"",   "\"\\x\"", "NaN", "1e999", "\"\\ud800\"", "\xEF\xBB\xBF{}"}) {
    EXPECT_FALSE(is_json(text)) << text;
  }
  EXPECT_FALSE(is_json("\"\xff\"")) << "no UTF-8";
  EXPECT_FALSE(is_json(std::string_view("1\0", 2)));
}

TEST(JsonDocuments, SizeDepthAndNumberOfValuesAreBounded) {
  std::string deepest = std::string(127, '[') + std::string(127, ']');
  EXPECT_TRUE(is_json(deepest));
  EXPECT_FALSE(is_json("[" + deepest + "]"));
  EXPECT_FALSE(is_json(std::string(1'000'000, '[')));
  EXPECT_TRUE(parse_json("[1,2]", {5, 3}).has_value());
  EXPECT_FALSE(parse_json("[1,2]", {4, 3}).has_value());
  EXPECT_FALSE(parse_json("[1,2]", {5, 2}).has_value());
}

TEST(JsonDocuments, MinusZeroIsNoInteger) {
  JsonProblem problem;
  constexpr std::array<std::string_view, 1> kNames = {"a"};
  auto root = parse_json(R"({"a":-0})", kLimits).value();
  JsonFields(&root, kNames, UnknownKeys::refused, problem).integer<std::int64_t>("a");
  EXPECT_TRUE(problem.found());
}

/// What is wrong with the text when it is read as {"a": u8, "b": text or missing}.
std::string problem_with(std::string_view text, UnknownKeys unknown = UnknownKeys::refused) {
  constexpr std::array<std::string_view, 2> kNames = {"a", "b"};
  auto root = parse_json(text, kLimits).value();
  JsonProblem problem;
  JsonFields fields(&root, kNames, unknown, problem);
  fields.integer<std::uint8_t>("a");
  fields.optional_text("b");
  return problem.text();
}

TEST(JsonFieldsOfObjects, AreReadInAnyOrderEachOnce) {
  EXPECT_EQ(problem_with(R"({"b":"x","a":255})"), "");
  EXPECT_EQ(problem_with(R"({"a":0,"b":null})"), "");
  EXPECT_EQ(problem_with(R"({"a":0})"), "");
  EXPECT_NE(problem_with(R"({"a":1,"a":1})"), "");
  EXPECT_NE(problem_with(R"({"b":"x"})"), "");
  EXPECT_NE(problem_with(R"({"a":256})"), "");
  EXPECT_NE(problem_with(R"({"a":-1})"), "");
  EXPECT_NE(problem_with(R"({"a":1.0})"), "");
  EXPECT_NE(problem_with(R"({"a":"1"})"), "");
  EXPECT_NE(problem_with(R"({"a":1,"b":2})"), "");
  EXPECT_NE(problem_with("7"), "");
}

TEST(JsonFieldsOfObjects, UnknownOnesAreRefusedOrIgnoredEvenTwice) {
  EXPECT_NE(problem_with(R"({"a":1,"c":1})"), "");
  EXPECT_EQ(problem_with(R"({"a":1,"c":1,"c":[{}]})", UnknownKeys::ignored), "");
}

TEST(JsonFieldsOfArrays, StandInTheOrderOfTheNames) {
  EXPECT_EQ(problem_with(R"([1,"x"])"), "");
  EXPECT_NE(problem_with(R"([1])"), "");
  EXPECT_NE(problem_with(R"([1,"x",2])"), "");
  EXPECT_NE(problem_with(R"(["x",1])"), "");
}

TEST(JsonQuoting, EscapesAndRepairs) {
  EXPECT_EQ(json_quoted("a\"\\\n\x01\x7f\xC3\xA9"), "\"a\\\"\\\\\\n\\u0001\x7f\xC3\xA9\"");
  std::string repaired = json_quoted("\xff");
  EXPECT_TRUE(is_json(repaired)) << repaired;
}

}  // namespace
}  // namespace nym::wire
