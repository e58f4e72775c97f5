#include "cli/log.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace nym::cli {
namespace {

constexpr std::int64_t kMoment = 1'795'223'858'219;  // 2026-11-21T01:17:38.219Z

TEST(LogLine, HasTheFormOfTheOriginal) {
  EXPECT_EQ(text_log_line(kMoment, LogLevel::info, "nym_gateway_client::client", 0, "hello", Colours::off),
            " 2026-11-21T01:17:38.219Z INFO  nym_gateway_client::client > hello");
  EXPECT_EQ(text_log_line(kMoment, LogLevel::error, "a", 3, "hello", Colours::off),
            " 2026-11-21T01:17:38.219Z ERROR a   > hello");
  EXPECT_EQ(text_log_line(kMoment, LogLevel::warn, "a", 0, "x", Colours::on),
            " 2026-11-21T01:17:38.219Z \x1b[33mWARN \x1b[0m \x1b[1ma\x1b[0m > x");
}

TEST(LogLine, IsOneLineWhateverAPeerSends) {
  EXPECT_EQ(text_log_line(kMoment, LogLevel::info, "a", 0, "x\ny\x1b[31m", Colours::off),
            " 2026-11-21T01:17:38.219Z INFO  a > x\\x0ay\\x1b[31m");
  auto json = nlohmann::json::parse(json_log_line(kMoment, LogLevel::warn, "a", "x\n\"\xff"));
  EXPECT_EQ(json["level"], "warn");
  EXPECT_EQ(json["time"], "2026-11-21T01:17:38.219Z");
  EXPECT_EQ(json["target"], "a");
  EXPECT_EQ(json["message"].get<std::string>().substr(0, 3), "x\n\"");
}

TEST(LogFilter, ShowsInfoUnlessToldOtherwise) {
  LogFilter filter;
  EXPECT_TRUE(filter.shows(LogLevel::info, "a"));
  EXPECT_FALSE(filter.shows(LogLevel::debug, "a"));
  EXPECT_TRUE(LogFilter::parse("").shows(LogLevel::info, "a"));
  EXPECT_TRUE(LogFilter::parse("nym=what").shows(LogLevel::info, "a")) << "what makes no sense is left out";
}

TEST(LogFilter, TheLongestTargetCounts) {
  auto filter = LogFilter::parse("WARN, nym_client=debug,nym_client::websocket=off,other/regex");
  EXPECT_FALSE(filter.shows(LogLevel::info, "nym_task"));
  EXPECT_TRUE(filter.shows(LogLevel::warn, "nym_task"));
  EXPECT_TRUE(filter.shows(LogLevel::debug, "nym_client::commands"));
  EXPECT_FALSE(filter.shows(LogLevel::error, "nym_client::websocket::listener"));
  EXPECT_TRUE(filter.shows(LogLevel::trace, "other"));
  EXPECT_FALSE(LogFilter::parse("nym_client=info").shows(LogLevel::error, "else")) << "no directive is for it";
}

}  // namespace
}  // namespace nym::cli
