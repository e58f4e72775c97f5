#include "engine/wire/gateway_details.h"

#include <gtest/gtest.h>

namespace nym::wire {
namespace {

TEST(GatewayDetailsFile, SurvivesWritingAndReading) {
  GatewayDetails details{hash_of_shared_keys(ByteArray<32>{}), "id", "own\"er", "ws://::1:9000"};
  EXPECT_EQ(parse_gateway_details(to_json(details)).value(), details);
}

TEST(GatewayDetailsFile, EveryCutIsRefused) {
  std::string json = to_json(GatewayDetails{"a", "b", "c", "d"});
  for (std::size_t length = 0; length < json.size(); ++length) {
    EXPECT_FALSE(parse_gateway_details(std::string_view(json).substr(0, length)).has_value()) << length;
  }
}

TEST(GatewayDetailsFile, WrongTypesAreRefused) {
  EXPECT_FALSE(parse_gateway_details(R"({"key_hash":"a","details":"b"})").has_value());
  EXPECT_FALSE(
      parse_gateway_details(R"({"key_hash":1,"details":{"gateway_id":"","gateway_owner":"","gateway_listener":""}})")
          .has_value());
  EXPECT_FALSE(parse_gateway_details(std::string(100'000, ' ')).has_value());
}

}  // namespace
}  // namespace nym::wire
