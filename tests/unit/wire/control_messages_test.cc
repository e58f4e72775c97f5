#include "engine/wire/control_messages.h"

#include <gtest/gtest.h>

#include <limits>

namespace nym::wire {
namespace {

TEST(ControlMessages, KeyOrderAndUnknownKeysDoNotMatter) {
  auto parsed = parse_gateway_control(R"({"x":{"y":[]},"status":true,"bandwidth_remaining":-5,"type":"authenticate"})");
  EXPECT_EQ(parsed.value(), GatewayControl(AuthenticateResponse{std::nullopt, true, -5}));
}

TEST(ControlMessages, EveryKnownKeyMayAppearOnce) {
  EXPECT_FALSE(parse_gateway_control(R"({"type":"register","type":"register","status":true})").has_value());
  EXPECT_FALSE(parse_gateway_control(R"({"type":"register","status":true,"status":true})").has_value());
  EXPECT_TRUE(parse_gateway_control(R"({"type":"register","status":true,"a":1,"a":2})").has_value());
}

TEST(ControlMessages, AnArrayMeansTheFieldsInOrder) {
  EXPECT_EQ(parse_client_control(R"(["authenticate",null,"a","b","c"])").value(),
            ClientControl(AuthenticateRequest{std::nullopt, "a", "b", "c"}));
  EXPECT_FALSE(parse_client_control(R"(["authenticate",1,"a","b"])").has_value());
  EXPECT_FALSE(parse_client_control(R"(["claimFreeTestnetBandwidth",1])").has_value());
  EXPECT_FALSE(parse_client_control("[[]]").has_value());
}

TEST(ControlMessages, TheTwoEndsDoNotTakeEachOthersMessages) {
  std::string claim = to_json(ClientControl(ClaimFreeBandwidth{}));
  EXPECT_TRUE(parse_client_control(claim).has_value());
  EXPECT_FALSE(parse_gateway_control(claim).has_value());
  EXPECT_FALSE(parse_handshake_control(claim).has_value());
  std::string send = to_json(GatewayControl(SendResponse{1}));
  EXPECT_FALSE(parse_client_control(send).has_value());
}

// What answers every packet is read in a way of its own: with a blank in front it is read like all others.
TEST(ControlMessages, TheShortWayMeansTheSameAsTheLongOne) {
  auto expect_same = [](const std::string& text) {
    auto shortly = parse_gateway_control(text);
    auto at_length = parse_gateway_control(" " + text);
    ASSERT_EQ(shortly.has_value(), at_length.has_value()) << text;
    if (shortly) {
      EXPECT_EQ(*shortly, *at_length) << text;
    }
  };
  constexpr std::string_view kHead = R"({"type":"send","remaining_bandwidth":)";
  for (auto number : {"", "0", "-0", "00", "01", "1", "-1", "+1", " 1", "1 ", "1.0", "1e3", "1x", "0x1", "null",
                      "9223372036854775807", "9223372036854775808", "-9223372036854775808", "99999999999999999999"}) {
    for (auto tail : {"}", "", "}}", "} ", ",\"a\":1}", "]"}) expect_same(std::string(kHead) + number + tail);
  }
  auto text = to_json(GatewayControl(SendResponse{1'234'567}));
  EXPECT_EQ(text, R"({"type":"send","remaining_bandwidth":1234567})");
  for (std::size_t i = 0; i < text.size(); ++i) {
    expect_same(text.substr(0, i));
    for (char other : {' ', '0', '-', '"', 'x', '}'}) {
      auto changed = text;
      changed[i] = other;
      expect_same(changed);
    }
  }
  for (std::int64_t number : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    SendResponse extreme{number};
    EXPECT_EQ(parse_gateway_control(to_json(GatewayControl(extreme))).value(), GatewayControl(extreme));
  }
}

TEST(ControlMessages, OversizedTextsAreRefused) {
  std::string huge = R"({"type":"error","message":")" + std::string(2 << 20, 'x') + "\"}";
  EXPECT_FALSE(parse_gateway_control(huge).has_value());
}

TEST(ControlMessages, BrokenTextInAnErrorStillMakesJson) {
  std::string json = to_json(GatewayControl(ErrorResponse{"\xff\n"}));
  EXPECT_TRUE(parse_gateway_control(json).has_value()) << json;
}

}  // namespace
}  // namespace nym::wire
