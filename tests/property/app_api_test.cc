#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/app_api/codec.h"
#include "engine/app_api/json_scanner.h"
#include "engine/app_api/utf8.h"
#include "sim/kernel/seeded_random.h"

namespace nym::app_api {
namespace {

using OrderedJson = nlohmann::ordered_json;

rc::Gen<Bytes> any_bytes() {
  return rc::gen::arbitrary<Bytes>();
}

rc::Gen<wire::Recipient> any_recipient() {
  return rc::gen::map(rc::gen::arbitrary<std::uint64_t>(), [](std::uint64_t seed) {
    sim::SeededRandom random(seed);
    auto identity = crypto::Ed25519PrivateKey::generate(random).public_key();
    auto encryption = crypto::X25519PrivateKey::generate(random).public_key();
    auto gateway = crypto::Ed25519PrivateKey::generate(random).public_key();
    return wire::Recipient{identity, encryption, gateway};
  });
}

rc::Gen<wire::SenderTag> any_tag() {
  return rc::gen::map(rc::gen::container<Bytes>(16, rc::gen::arbitrary<std::uint8_t>()),
                      [](const Bytes& bytes) { return wire::SenderTag{to_array<16>(bytes)}; });
}

// Lane 0 of a sending request has no binary form.
std::optional<LaneId> draw_lane() {
  auto lane = *rc::gen::arbitrary<std::uint64_t>();
  if (lane == 0) return std::nullopt;
  return LaneId{lane};
}

Request draw_request() {
  switch (*rc::gen::inRange(0, 6)) {
    case 0:
      return Send{*any_recipient(), *any_bytes(), draw_lane()};
    case 1:
      return SendAnonymous{*any_recipient(), *any_bytes(), *rc::gen::arbitrary<std::uint32_t>(), draw_lane()};
    case 2:
      return Reply{*any_tag(), *any_bytes(), draw_lane()};
    case 3:
      return ClosedConnection{LaneId{*rc::gen::arbitrary<std::uint64_t>()}};
    case 4:
      return GetLaneQueueLength{LaneId{*rc::gen::arbitrary<std::uint64_t>()}};
    default:
      return SelfAddress{};
  }
}

Response draw_response() {
  switch (*rc::gen::inRange(0, 4)) {
    case 0: {
      Received received{*any_bytes(), std::nullopt};
      if (*rc::gen::arbitrary<bool>()) received.sender = *any_tag();
      return received;
    }
    case 1:
      return OwnAddress{*any_recipient()};
    case 2:
      return LaneQueueLength{LaneId{*rc::gen::arbitrary<std::uint64_t>()}, *rc::gen::arbitrary<std::uint64_t>()};
    default:
      return RequestError{ErrorKind::malformed_request, to_lossy_text(*any_bytes())};
  }
}

// The JSON of a request that has a text form.
std::optional<OrderedJson> to_json(const Request& request) {
  OrderedJson json;
  auto put_lane = [&json](const std::optional<LaneId>& lane) {
    if (lane) json["connectionId"] = lane->value;
  };
  if (const auto* send = std::get_if<Send>(&request)) {
    json = {{"type", "send"}, {"message", to_lossy_text(send->data)}, {"recipient", send->recipient.to_string()}};
    put_lane(send->lane);
  } else if (const auto* anonymous = std::get_if<SendAnonymous>(&request)) {
    json = {{"type", "sendAnonymous"},
            {"message", to_lossy_text(anonymous->data)},
            {"recipient", anonymous->recipient.to_string()},
            {"replySurbs", anonymous->reply_surbs}};
    put_lane(anonymous->lane);
  } else if (const auto* reply = std::get_if<Reply>(&request)) {
    json = {{"type", "reply"}, {"message", to_lossy_text(reply->data)}, {"senderTag", reply->to.to_string()}};
    put_lane(reply->lane);
  } else if (std::holds_alternative<SelfAddress>(request)) {
    json = {{"type", "selfAddress"}};
  } else {
    return std::nullopt;
  }
  return json;
}

Request with_text_payload(Request request) {
  auto clean = [](Bytes& data) { data = to_bytes(as_bytes(to_lossy_text(data))); };
  if (auto* send = std::get_if<Send>(&request)) clean(send->data);
  if (auto* anonymous = std::get_if<SendAnonymous>(&request)) clean(anonymous->data);
  if (auto* reply = std::get_if<Reply>(&request)) clean(reply->data);
  return request;
}

std::string mutate(std::string text) {
  for (int changes = *rc::gen::inRange(1, 4); changes > 0 && !text.empty(); --changes) {
    auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    auto c = *rc::gen::elementOf(std::string("{}[],:\"\\\n 0-1eEu.tfn\x01\xff\xc3"));
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        text[at] = c;
        break;
      case 1:
        text.insert(at, 1, c);
        break;
      default:
        text.erase(at, 1);
        break;
    }
  }
  return text;
}

bool scanner_accepts(std::string_view text) {
  JsonScanner scanner(text);
  return scanner.value(JsonScanner::Keep::contents).has_value() && scanner.end_of_text().has_value();
}

bool has_position(const std::string& detail) {
  return detail.find(" at line ") != std::string::npos;
}

RC_GTEST_PROP(AppApi, BinaryRequestsReadBackAsWritten, ()) {
  auto request = draw_request();
  auto parsed = parse_binary_request(to_binary(request));
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(*parsed == request);
}

RC_GTEST_PROP(AppApi, BinaryResponsesReadBackAsWritten, ()) {
  auto response = draw_response();
  auto parsed = parse_binary_response(to_binary(response));
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(*parsed == response);
}

RC_GTEST_PROP(AppApi, TextRequestsReadBackHoweverTheyAreSpaced, ()) {
  auto request = with_text_payload(draw_request());
  auto json = to_json(request);
  RC_PRE(json.has_value());
  auto parsed = parse_text_request(
      json->dump(*rc::gen::inRange(-1, 5), *rc::gen::element(' ', '\t'), *rc::gen::arbitrary<bool>()));
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(*parsed == request);
}

RC_GTEST_PROP(AppApi, TextResponsesAreJsonWithTheWrittenValues, ()) {
  auto response = draw_response();
  auto json = OrderedJson::parse(to_text(response));
  if (const auto* received = std::get_if<Received>(&response)) {
    RC_ASSERT(json.at("message").get<std::string>() == to_lossy_text(received->data.stored()));
    RC_ASSERT(json.at("senderTag").is_null() == !received->sender);
  } else if (const auto* length = std::get_if<LaneQueueLength>(&response)) {
    RC_ASSERT(json.at("lane").get<std::uint64_t>() == length->lane.value);
    RC_ASSERT(json.at("queue_length").get<std::uint64_t>() == length->length);
  } else if (const auto* error = std::get_if<RequestError>(&response)) {
    RC_ASSERT(json.at("message").get<std::string>() == "malformed request:" + error->detail);
  } else {
    RC_ASSERT(wire::Recipient::parse(json.at("address").get<std::string>()).value() ==
              std::get<OwnAddress>(response).address);
  }
}

RC_GTEST_PROP(AppApi, RandomBytesNeverDoMoreThanFail, ()) {
  auto bytes = *any_bytes();
  if (auto request = parse_binary_request(bytes)) {
    RC_ASSERT(parse_binary_request(to_binary(*request)).value() == *request);
  }
  if (auto response = parse_binary_response(bytes)) {
    RC_ASSERT(parse_binary_response(to_binary(*response)).value() == *response);
  }
  auto text = parse_text_request(as_text(bytes));
  if (!text) RC_ASSERT(text.error().kind == ErrorKind::malformed_request);
}

RC_GTEST_PROP(AppApi, DamagedBinaryRequestsAreReadExactlyOrRefused, ()) {
  auto bytes = to_binary(draw_request());
  auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[at] = *rc::gen::arbitrary<std::uint8_t>();
  bytes.resize(bytes.size() - *rc::gen::inRange<std::size_t>(0, 2));
  auto parsed = parse_binary_request(bytes);
  // Only selfAddress has a form that is not written as it was read.
  if (parsed && !std::holds_alternative<SelfAddress>(*parsed)) RC_ASSERT(to_binary(*parsed) == bytes);
}

RC_GTEST_PROP(AppApi, TheScannerAcceptsWhatAnotherJsonParserAccepts, ()) {
  auto request = draw_request();
  auto json = to_json(request);
  RC_PRE(json.has_value());
  (*json)["more"] = {1, -2.5, "x", nullptr, {{"a", true}, {"b", OrderedJson::array()}}};
  auto text = mutate(json->dump());
  // The other one skips a byte order mark.
  RC_PRE(!text.starts_with("\xef\xbb\xbf"));
  RC_ASSERT(scanner_accepts(text) == nlohmann::json::accept(text));
}

RC_GTEST_PROP(AppApi, MutatedTextRequestsFailInsideTheTextOrInTheirShape, ()) {
  auto json = to_json(draw_request());
  RC_PRE(json.has_value());
  auto text = mutate(json->dump());
  auto parsed = parse_text_request(text);
  if (parsed) return;
  RC_ASSERT(parsed.error().kind == ErrorKind::malformed_request);
  RC_ASSERT(!parsed.error().detail.empty());
  if (!scanner_accepts(text)) return;
  // A whole JSON value is misplaced only at the top level or in its type.
  if (has_position(parsed.error().detail)) {
    RC_ASSERT(parsed.error().detail.find("type") != std::string::npos ||
              parsed.error().detail.find("variant") != std::string::npos);
  }
}

}  // namespace
}  // namespace nym::app_api
