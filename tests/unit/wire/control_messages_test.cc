#include "engine/wire/control_messages.h"

#include <gtest/gtest.h>

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
