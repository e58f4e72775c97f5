#include <gtest/gtest.h>

#include "engine/app_api/codec.h"
#include "engine/base/text_encoding.h"
#include "tests/support/vectors.h"

namespace nym::app_api {
namespace {

using test::Json;

const Json& section(const std::string& name) {
  const Json& found = test::vectors("websocket_api.json").at(name);
  if (!found.is_array() || found.empty()) throw std::runtime_error("no cases in section " + name);
  return found;
}

std::optional<LaneId> lane_of(const Json& value) {
  if (value.is_null()) return std::nullopt;
  return LaneId{test::u64_of(value)};
}

wire::Recipient recipient_of(const Json& value) {
  auto recipient = wire::Recipient::from_bytes(test::array_of<96>(value));
  if (!recipient) throw std::runtime_error("vector has a bad recipient: " + recipient.error().text());
  return *recipient;
}

wire::SenderTag tag_of(const Json& value) {
  return {test::array_of<16>(value)};
}

Request request_of(const Json& value) {
  auto name = value.at("request").get<std::string>();
  if (name == "selfAddress") return SelfAddress{};
  auto lane = lane_of(value.at("connection_id"));
  if (name == "closedConnection") return ClosedConnection{lane.value()};
  if (name == "getLaneQueueLength") return GetLaneQueueLength{lane.value()};
  auto data = test::bytes_of(value.at("message"));
  if (name == "reply") return Reply{tag_of(value.at("sender_tag")), data, lane};
  auto recipient = recipient_of(value.at("recipient"));
  if (name == "send") return Send{recipient, data, lane};
  if (name != "sendAnonymous") throw std::runtime_error("unknown request " + name);
  return SendAnonymous{recipient, data, static_cast<std::uint32_t>(test::u64_of(value.at("reply_surbs"))), lane};
}

Response response_of(const Json& value) {
  auto name = value.at("response").get<std::string>();
  if (name == "selfAddress") return OwnAddress{recipient_of(value.at("address"))};
  if (name == "laneQueueLength") {
    return LaneQueueLength{LaneId{test::u64_of(value.at("lane"))}, test::u64_of(value.at("queue_length"))};
  }
  if (name == "error") {
    return RequestError{static_cast<ErrorKind>(value.at("kind").get<int>()), value.at("message").get<std::string>()};
  }
  if (name != "received") throw std::runtime_error("unknown response " + name);
  Received received{test::bytes_of(value.at("message")), std::nullopt};
  if (!value.at("sender_tag").is_null()) received.sender = tag_of(value.at("sender_tag"));
  return received;
}

RequestError error_of(const Json& value) {
  return {static_cast<ErrorKind>(value.at("error_kind").get<int>()), value.at("message").get<std::string>()};
}

void expect_request(const Json& expected, ByteView bytes, const std::string& where) {
  SCOPED_TRACE(where + ": " + to_hex(bytes));
  auto parsed = parse_binary_request(bytes);
  if (!expected.contains("error_kind")) {
    ASSERT_TRUE(parsed.has_value()) << parsed.error().detail;
    EXPECT_EQ(*parsed, request_of(expected));
    return;
  }
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error(), error_of(expected));
  if (expected.contains("answer_frame")) {
    EXPECT_EQ(to_hex(to_binary(Response(parsed.error()))), expected.at("answer_frame").get<std::string>());
  }
}

void expect_response(const Json& expected, ByteView bytes, const std::string& where) {
  SCOPED_TRACE(where + ": " + to_hex(bytes));
  auto parsed = parse_binary_response(bytes);
  if (expected.is_string()) {
    // The reference dies of these; refusing is what is left.
    EXPECT_FALSE(parsed.has_value());
    return;
  }
  if (!expected.contains("error_kind")) {
    ASSERT_TRUE(parsed.has_value()) << parsed.error().detail;
    EXPECT_EQ(*parsed, response_of(expected));
    return;
  }
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error(), error_of(expected));
}

const Json& named(const Json& cases, const std::string& name) {
  for (const auto& item : cases) {
    if (item.at("name") == name) return item;
  }
  throw std::runtime_error("no case named " + name);
}

// What follows the length field of these is the message of the common inputs.
Bytes with_length_field(Bytes bytes, std::uint64_t length) {
  auto message = test::bytes_of(test::vectors("websocket_api.json").at("inputs").at("message"));
  std::size_t at = bytes.size() - message.size() - sizeof(std::uint64_t);
  store_be(length, std::span<std::uint8_t, 8>(bytes.data() + at, 8));
  return bytes;
}

TEST(WebsocketApiVectors, BinaryRequestsAreReadAndWritten) {
  for (const auto& item : section("binary_requests")) {
    auto bytes = test::bytes_of(item.at("bytes"));
    expect_request(item.at("parsed"), bytes, item.at("name"));
    EXPECT_EQ(to_hex(to_binary(request_of(item.at("parsed")))), to_hex(bytes)) << item.at("name");
  }
}

TEST(WebsocketApiVectors, DamagedBinaryRequestsAreAnsweredWithTheRecordedFrames) {
  std::uint64_t message_size = test::bytes_of(test::vectors("websocket_api.json").at("inputs").at("message")).size();
  const std::map<std::string, std::uint64_t> lengths{
      {"length_field_plus_1", message_size + 1},
      {"length_field_minus_1", message_size - 1},
      {"length_field_2^64-1", ~std::uint64_t{0}},
      {"length_field_0", 0},
  };
  for (const auto& item : section("binary_request_damage")) {
    auto name = item.at("request").get<std::string>();
    auto bytes = test::bytes_of(named(section("binary_requests"), name).at("bytes"));
    for (const auto& range : item.at("prefixes")) {
      auto last = range.at("to_len").get<std::size_t>();
      for (auto length = range.at("from_len").get<std::size_t>(); length <= last; ++length) {
        expect_request(range.at("result"), ByteView(bytes).first(length), name);
      }
    }
    auto longer = bytes;
    longer.push_back(0);
    expect_request(item.at("one_byte_appended"), longer, name + " and a byte");
    for (const auto& [key, length] : lengths) {
      if (item.contains(key)) expect_request(item.at(key), with_length_field(bytes, length), name + " " + key);
    }
  }
}

TEST(WebsocketApiVectors, RequestsOfFixedSizeRefuseOtherSizes) {
  for (const auto& item : section("binary_fixed_size_requests")) {
    expect_request(item.at("result"), test::bytes_of(item.at("bytes")), "fixed size");
  }
}

TEST(WebsocketApiVectors, SingleBytesAreAnsweredByTag) {
  for (const auto& item : section("binary_single_byte_requests")) {
    expect_request(item.at("result"), Bytes{item.at("byte").get<std::uint8_t>()}, "single byte");
  }
}

void expect_key_verdict(const Json& verdict, Bytes request, const Bytes& key, std::size_t offset) {
  std::copy(key.begin(), key.end(), request.begin() + static_cast<std::ptrdiff_t>(offset));
  auto parsed = parse_binary_request(request);
  if (verdict.is_string()) {
    ASSERT_EQ(verdict, "accepted");
    ASSERT_TRUE(parsed.has_value()) << parsed.error().detail;
    EXPECT_EQ(to_hex(to_binary(*parsed)), to_hex(request));
    return;
  }
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error(), error_of(verdict));
}

TEST(WebsocketApiVectors, OddKeysInASendAreJudgedAsRecorded) {
  constexpr std::size_t kIdentity = 1;
  constexpr std::size_t kEncryption = 33;
  constexpr std::size_t kGateway = 65;
  auto send = test::bytes_of(section("binary_requests").front().at("bytes"));
  for (const auto& item : section("binary_send_with_odd_keys")) {
    SCOPED_TRACE(item.at("name"));
    auto key = test::bytes_of(item.at("key"));
    expect_key_verdict(item.at("as_identity"), send, key, kIdentity);
    expect_key_verdict(item.at("as_gateway"), send, key, kGateway);
    expect_key_verdict("accepted", send, key, kEncryption);
  }
}

TEST(WebsocketApiVectors, ResponsesAreWrittenInBothFormsAndReadBack) {
  for (const auto& item : section("responses")) {
    SCOPED_TRACE(item.at("name"));
    auto response = response_of(item.at("parsed"));
    EXPECT_EQ(to_hex(to_binary(response)), item.at("binary").get<std::string>());
    EXPECT_EQ(to_text(response), item.at("text").get<std::string>());
    expect_response(item.at("parsed"), test::bytes_of(item.at("binary")), "response");
  }
}

TEST(WebsocketApiVectors, DamagedBinaryResponsesAreRefusedAsRecorded) {
  for (const auto& item : section("binary_response_damage")) {
    if (item.contains("bytes")) {
      expect_response(item.at("result"), test::bytes_of(item.at("bytes")), item.at("name"));
      continue;
    }
    auto name = item.at("response").get<std::string>();
    auto bytes = test::bytes_of(named(section("responses"), name).at("binary"));
    for (const auto& range : item.at("prefixes")) {
      auto last = range.at("to_len").get<std::size_t>();
      for (auto length = range.at("from_len").get<std::size_t>(); length <= last; ++length) {
        expect_response(range.at("result"), ByteView(bytes).first(length), name);
      }
    }
    auto longer = bytes;
    longer.push_back(0);
    expect_response(item.at("one_byte_appended"), longer, name + " and a byte");
  }
}

TEST(WebsocketApiVectors, PushedBytesBecomeTextWithReplacementCharacters) {
  for (const auto& item : section("text_pushes")) {
    auto message = test::bytes_of(item.at("message"));
    EXPECT_EQ(to_text(Received{message, std::nullopt}), item.at("text").get<std::string>()) << to_hex(message);
  }
}

TEST(WebsocketApiVectors, TextRequestsAreReadOrAnsweredWithTheRecordedText) {
  for (const auto& item : section("text_requests")) {
    auto text = item.at("in").get<std::string>();
    SCOPED_TRACE(text);
    auto parsed = parse_text_request(text);
    if (item.contains("ok")) {
      EXPECT_TRUE(parsed.has_value()) << parsed.error().detail;
      if (parsed) {
        EXPECT_EQ(*parsed, request_of(item.at("ok")));
      }
      continue;
    }
    EXPECT_FALSE(parsed.has_value());
    if (parsed) continue;
    EXPECT_EQ(static_cast<int>(parsed.error().kind), item.at("error_kind").get<int>());
    EXPECT_EQ(to_text(Response(parsed.error())), item.at("answer_text").get<std::string>());
    if (item.contains("json_error")) {
      EXPECT_EQ(parsed.error().detail, item.at("json_error").get<std::string>());
    }
  }
}

}  // namespace
}  // namespace nym::app_api
