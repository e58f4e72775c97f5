#include "engine/app_api/added_binary.h"

#include <fmt/format.h>

#include "engine/app_api/codec.h"
#include "engine/app_api/utf8.h"
#include "engine/base/check.h"

namespace nym::app_api {
namespace {

enum class AddedRequest : std::uint8_t { subscribe = 0x40, status = 0x41, named = 0x42 };
enum class AddedResponse : std::uint8_t { subscribed = 0x40, status = 0x41, delivery = 0x42, gateway = 0x43 };

constexpr std::uint8_t kDeliveryBit = 0x01;
constexpr std::uint8_t kGatewayBit = 0x02;

std::uint8_t to_mask(const EventKinds& events) {
  return static_cast<std::uint8_t>((events.delivery ? kDeliveryBit : 0U) | (events.gateway ? kGatewayBit : 0U));
}
std::optional<EventKinds> events_of(std::uint8_t mask) {
  if ((mask & ~(kDeliveryBit | kGatewayBit)) != 0) return std::nullopt;
  return EventKinds{.delivery = (mask & kDeliveryBit) != 0, .gateway = (mask & kGatewayBit) != 0};
}

std::unexpected<RequestError> malformed_request(std::string text) {
  return std::unexpected(RequestError{ErrorKind::malformed_request, std::move(text)});
}
std::unexpected<RequestError> malformed_response(std::string text) {
  return std::unexpected(RequestError{ErrorKind::malformed_response, std::move(text)});
}

std::expected<AppRequest, RequestError> parse_subscribe(ByteReader in) {
  auto mask = in.take_be<std::uint8_t>();
  if (!mask || in.remaining() != 0) return malformed_request("the received subscribe has invalid length");
  auto events = events_of(*mask);
  if (!events) return malformed_request(fmt::format("unknown events in mask {}", *mask));
  return AppRequest{Subscribe{*events}};
}

std::expected<AppRequest, RequestError> parse_named(ByteReader in) {
  auto size = in.take_be<std::uint8_t>();
  auto id = size ? in.take(*size) : std::nullopt;
  if (!id) {
    return std::unexpected(
        RequestError{ErrorKind::too_short_request, "not enough data provided to recover the message id"});
  }
  if (id->empty() || id->size() > AppRequest::kMaxMessageId) {
    return malformed_request(fmt::format("a message id has 1 to {} bytes, not {}", AppRequest::kMaxMessageId, *size));
  }
  auto request = parse_binary_request(in.rest());
  if (!request) return std::unexpected(std::move(request.error()));
  bool sends = std::holds_alternative<Send>(*request) || std::holds_alternative<SendAnonymous>(*request) ||
               std::holds_alternative<Reply>(*request);
  if (!sends) return malformed_request("a message id belongs to a request that sends a message");
  return AppRequest{*std::move(request), std::string(as_text(*id))};
}

void put_text(ByteWriter& out, std::string_view text) {
  out.put_be(static_cast<std::uint64_t>(text.size())).put(as_bytes(text));
}

// The rest of a response: a length and so many bytes of UTF-8.
std::expected<std::string, RequestError> take_text(ByteReader in) {
  auto length = in.take_be<std::uint64_t>();
  if (!length || *length != in.remaining()) return malformed_response("the text of an event has inconsistent length");
  if (auto fault = utf8_fault(in.rest())) return malformed_response(fmt::format("malformed text: {}", *fault));
  return std::string(as_text(in.rest()));
}

std::expected<Response, RequestError> parse_status(ByteReader in) {
  auto address = in.take_array<wire::Recipient::kSize>();
  auto link = in.take_be<std::uint8_t>();
  if (!address || !link) return malformed_response("not enough data provided to recover 'status'");
  auto recipient = wire::Recipient::from_bytes(*address);
  if (!recipient) return malformed_response(fmt::format("malformed Recipient: {}", recipient.error().text()));
  if (*link > static_cast<std::uint8_t>(LinkState::waiting)) return malformed_response("unknown state of the gateway");
  Status status{.address = *recipient, .gateway = static_cast<LinkState>(*link)};
  for (auto* field : {&status.apps, &status.kept_messages, &status.queued_packets, &status.open_messages,
                      &status.max_message, &status.max_reply_surbs}) {
    auto value = in.take_be<std::uint64_t>();
    if (!value) return malformed_response("not enough data provided to recover 'status'");
    *field = *value;
  }
  return status;
}

std::expected<Response, RequestError> parse_delivery(ByteReader in) {
  auto outcome = in.take_be<std::uint8_t>();
  auto size = in.take_be<std::uint8_t>();
  auto id = size ? in.take(*size) : std::nullopt;
  if (!id || *outcome > static_cast<std::uint8_t>(DeliveryOutcome::cancelled)) {
    return malformed_response("malformed delivery event");
  }
  auto why = take_text(in);
  if (!why) return std::unexpected(std::move(why.error()));
  return DeliveryEvent{std::string(as_text(*id)), static_cast<DeliveryOutcome>(*outcome), *std::move(why)};
}

std::expected<Response, RequestError> parse_gateway(ByteReader in) {
  auto state = in.take_be<std::uint8_t>();
  if (!state || *state > static_cast<std::uint8_t>(LinkState::waiting)) {
    return malformed_response("malformed gateway event");
  }
  auto why = take_text(in);
  if (!why) return std::unexpected(std::move(why.error()));
  return GatewayEvent{static_cast<LinkState>(*state), *std::move(why)};
}

ByteWriter begin_added(AddedResponse tag) {
  ByteWriter out;
  out.put_be(static_cast<std::uint8_t>(tag));
  return out;
}

}  // namespace

Bytes to_added_binary(const Subscribe& request) {
  return {static_cast<std::uint8_t>(AddedRequest::subscribe), to_mask(request.events)};
}
Bytes to_added_binary(const GetStatus&) {
  return {static_cast<std::uint8_t>(AddedRequest::status)};
}

Bytes to_binary(const AppRequest& asked) {
  auto request = to_binary(asked.request);
  if (!asked.message_id) return request;
  NYM_CHECK(!asked.message_id->empty() && asked.message_id->size() <= AppRequest::kMaxMessageId);
  ByteWriter out;
  out.put_be(static_cast<std::uint8_t>(AddedRequest::named));
  out.put_be(static_cast<std::uint8_t>(asked.message_id->size())).put(as_bytes(*asked.message_id)).put(request);
  return std::move(out).finish();
}

bool is_added_request(ByteView bytes) {
  if (bytes.empty()) return false;
  auto last = static_cast<std::uint8_t>(AddedRequest::named);
  return bytes[0] >= static_cast<std::uint8_t>(AddedRequest::subscribe) && bytes[0] <= last;
}

std::expected<AppRequest, RequestError> parse_added_request(ByteView bytes) {
  NYM_CHECK(is_added_request(bytes));
  ByteReader in(bytes.subspan(1));
  switch (static_cast<AddedRequest>(bytes[0])) {
    case AddedRequest::subscribe:
      return parse_subscribe(in);
    case AddedRequest::named:
      return parse_named(in);
    case AddedRequest::status:
      break;
  }
  if (in.remaining() != 0) return malformed_request("the received status has invalid length");
  return AppRequest{GetStatus{}};
}

Bytes to_added_binary(const Subscribed& response) {
  return std::move(begin_added(AddedResponse::subscribed).put_be(to_mask(response.events))).finish();
}

Bytes to_added_binary(const Status& response) {
  ByteWriter out = begin_added(AddedResponse::status);
  out.put(response.address.to_bytes()).put_be(static_cast<std::uint8_t>(response.gateway));
  out.put_be(response.apps).put_be(response.kept_messages).put_be(response.queued_packets);
  out.put_be(response.open_messages).put_be(response.max_message).put_be(response.max_reply_surbs);
  return std::move(out).finish();
}

Bytes to_added_binary(const DeliveryEvent& response) {
  ByteWriter out = begin_added(AddedResponse::delivery);
  out.put_be(static_cast<std::uint8_t>(response.outcome));
  out.put_be(static_cast<std::uint8_t>(response.message_id.size())).put(as_bytes(response.message_id));
  put_text(out, response.why);
  return std::move(out).finish();
}

Bytes to_added_binary(const GatewayEvent& response) {
  ByteWriter out = begin_added(AddedResponse::gateway);
  out.put_be(static_cast<std::uint8_t>(response.state));
  put_text(out, response.why);
  return std::move(out).finish();
}

bool is_added_response(std::uint8_t tag) {
  return tag >= static_cast<std::uint8_t>(AddedResponse::subscribed) &&
         tag <= static_cast<std::uint8_t>(AddedResponse::gateway);
}

std::expected<Response, RequestError> parse_added_response(ByteView bytes) {
  NYM_CHECK(!bytes.empty() && is_added_response(bytes[0]));
  ByteReader in(bytes.subspan(1));
  switch (static_cast<AddedResponse>(bytes[0])) {
    case AddedResponse::status:
      return parse_status(in);
    case AddedResponse::delivery:
      return parse_delivery(in);
    case AddedResponse::gateway:
      return parse_gateway(in);
    case AddedResponse::subscribed:
      break;
  }
  auto mask = in.take_be<std::uint8_t>();
  auto events = mask ? events_of(*mask) : std::nullopt;
  if (!events || in.remaining() != 0) return malformed_response("malformed subscription");
  return Subscribed{*events};
}

}  // namespace nym::app_api
