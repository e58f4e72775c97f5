#include "engine/app_api/json_scanner.h"

#include <gtest/gtest.h>

namespace nym::app_api {
namespace {

std::string outcome(std::string_view text) {
  JsonScanner scanner(text);
  auto value = scanner.value(JsonScanner::Keep::contents);
  if (!value) return value.error();
  auto end = scanner.end_of_text();
  return end ? describe(*value) : end.error();
}

TEST(JsonScanner, ReadsScalars) {
  EXPECT_EQ(outcome(" null "), "null");
  EXPECT_EQ(outcome("false"), "boolean `false`");
  EXPECT_EQ(outcome("-7"), "integer `-7`");
  EXPECT_EQ(outcome(R"("a\u00e9\ud83d\ude00\/")"), "string \"a\u00e9\U0001f600/\"");
}

TEST(JsonScanner, ChecksNestedValuesToTheirEnd) {
  EXPECT_EQ(outcome(R"([1,{"a":[true,null,"x\n"]},[]])"), "sequence");
  EXPECT_EQ(outcome(R"({"a":{"b":{}},"c":1.5e3})"), "map");
  EXPECT_EQ(outcome(R"([1,{"a":[true,nul]}])"), "expected ident at line 1 column 18");
  EXPECT_EQ(outcome(R"({"a":[1 2]})"), "expected `,` or `]` at line 1 column 9");
  EXPECT_EQ(outcome(R"([{"a":1,}])"), "trailing comma at line 1 column 9");
  EXPECT_EQ(outcome(R"([{"a":1,)"), "EOF while parsing a value at line 1 column 8");
}

TEST(JsonScanner, AllowsExactly127Levels) {
  auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_EQ(outcome(nested(127)), "sequence");
  EXPECT_EQ(outcome(nested(128)), "recursion limit exceeded at line 1 column 128");
  EXPECT_EQ(outcome(std::string(1'000'000, '[')), "recursion limit exceeded at line 1 column 128");
}

TEST(JsonScanner, LevelsThatAreClosedDoNotCount) {
  std::string many = "[";
  for (int i = 0; i < 1000; ++i) many += "[[]],";
  EXPECT_EQ(outcome(many + "0]"), "sequence");
}

TEST(JsonScanner, CountsColumnsInBytesSinceTheNewline) {
  EXPECT_EQ(outcome("\n\n  x"), "expected value at line 3 column 3");
  EXPECT_EQ(outcome("[1,\n"), "EOF while parsing a value at line 2 column 0");
  EXPECT_EQ(outcome("\"\u00e9\u00e9\" 1"), "trailing characters at line 1 column 8");
}

TEST(JsonScanner, RefusesTextThatIsNotUtf8) {
  EXPECT_EQ(outcome("\"a\xff\" "), "invalid unicode code point at line 1 column 4");
  EXPECT_EQ(outcome("\xff"), "expected value at line 1 column 1");
}

TEST(JsonScanner, NamesFaultsInStrings) {
  EXPECT_EQ(outcome(R"("\)"), "EOF while parsing a string at line 1 column 2");
  EXPECT_EQ(outcome(R"("\u12)"), "EOF while parsing a string at line 1 column 5");
  EXPECT_EQ(outcome(R"("\ud800)"), "EOF while parsing a string at line 1 column 7");
  EXPECT_EQ(outcome(R"("\ud800\)"), "EOF while parsing a string at line 1 column 8");
  EXPECT_EQ(outcome(R"("\ud800\n")"), "unexpected end of hex escape at line 1 column 9");
  EXPECT_EQ(outcome(R"("\q")"), "invalid escape at line 1 column 3");
}

}  // namespace
}  // namespace nym::app_api
