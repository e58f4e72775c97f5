#include <fmt/format.h>

#include "engine/app_api/added_binary.h"
#include "engine/app_api/codec.h"
#include "engine/app_api/utf8.h"

namespace nym::app_api {
namespace {

// 05 §6c.
enum class ResponseTag : std::uint8_t { error = 0x00, received = 0x01, self_address = 0x02, lane_queue_length = 0x03 };
constexpr std::uint8_t kLastTag = 0x03;
constexpr std::uint8_t kWithoutSender = 0x00;
constexpr std::uint8_t kWithSender = 0x01;

using Parsed = std::expected<Response, RequestError>;

template <class... Args>
std::unexpected<RequestError> refuse(ErrorKind kind, fmt::format_string<Args...> text, Args&&... args) {
  return std::unexpected(RequestError{kind, fmt::format(text, std::forward<Args>(args)...)});
}

std::unexpected<RequestError> too_short(std::string_view name) {
  return refuse(ErrorKind::too_short_response, "not enough data provided to recover '{}'", name);
}

std::unexpected<RequestError> bad_length(std::uint64_t specified, std::size_t actual) {
  return refuse(ErrorKind::malformed_response, "message len has inconsistent length. specified: {} got: {}", specified,
                actual);
}

std::optional<ErrorKind> error_kind(std::uint8_t code) {
  switch (static_cast<ErrorKind>(code)) {
    case ErrorKind::empty_request:
    case ErrorKind::too_short_request:
    case ErrorKind::unknown_request:
    case ErrorKind::malformed_request:
    case ErrorKind::empty_response:
    case ErrorKind::too_short_response:
    case ErrorKind::unknown_response:
    case ErrorKind::malformed_response:
    case ErrorKind::other:
      return static_cast<ErrorKind>(code);
  }
  return std::nullopt;
}

Parsed parse_error(ByteReader in) {
  auto code = in.take_be<std::uint8_t>();
  auto length = in.take_be<std::uint64_t>();
  if (!code || !length) return too_short("error");
  auto kind = error_kind(*code);
  if (!kind) return refuse(ErrorKind::malformed_response, "invalid error code {}", *code);
  if (*length != in.remaining()) return bad_length(*length, in.remaining());
  if (auto fault = utf8_fault(in.rest())) {
    return refuse(ErrorKind::malformed_response, "malformed error message: {}", *fault);
  }
  return RequestError{*kind, std::string(as_text(in.rest()))};
}

Parsed parse_received(ByteReader in) {
  constexpr std::size_t kShortest = 9;
  if (in.remaining() < kShortest) return too_short("received");
  auto flag = in.take_be<std::uint8_t>();
  if (*flag > kWithSender) return refuse(ErrorKind::malformed_response, "invalid sender tag flag {}", *flag);
  Received received;
  if (*flag == kWithSender) {
    auto sender = in.take_array<wire::SenderTag::kSize>();
    if (!sender) return too_short("received");
    received.sender = wire::SenderTag{*sender};
  }
  auto length = in.take_be<std::uint64_t>();
  if (!length) return too_short("received");
  if (*length != in.remaining()) return bad_length(*length, in.remaining());
  received.data = to_bytes(in.rest());
  return received;
}

Parsed parse_own_address(ByteReader in) {
  auto bytes = in.take_array<wire::Recipient::kSize>();
  if (!bytes || in.remaining() != 0) return too_short("self_address");
  auto address = wire::Recipient::from_bytes(*bytes);
  if (!address) return refuse(ErrorKind::malformed_response, "malformed Recipient: {}", address.error().text());
  return OwnAddress{*address};
}

// Bytes after the two numbers are ignored (05 §7.3).
Parsed parse_lane_queue_length(ByteReader in) {
  auto lane = in.take_be<std::uint64_t>();
  auto length = in.take_be<std::uint64_t>();
  if (!lane || !length) return too_short("lane_queue_length");
  return LaneQueueLength{LaneId{*lane}, *length};
}

ByteWriter begin(ResponseTag tag, std::size_t data_size) {
  constexpr std::size_t kLongestHead = 97;
  ByteWriter out(kLongestHead + data_size);
  out.put_be(static_cast<std::uint8_t>(tag));
  return out;
}

void put_sized(ByteWriter& out, ByteView data) {
  out.put_be(static_cast<std::uint64_t>(data.size())).put(data);
}

struct Emitter {
  Bytes operator()(const Received& response) const {
    ByteWriter out = begin(ResponseTag::received, response.data.size());
    out.put_be(response.sender ? kWithSender : kWithoutSender);
    if (response.sender) out.put(response.sender->bytes);
    put_sized(out, response.data.stored());
    return std::move(out).finish();
  }
  Bytes operator()(const OwnAddress& response) const {
    ByteWriter out = begin(ResponseTag::self_address, 0);
    out.put(response.address.to_bytes());
    return std::move(out).finish();
  }
  Bytes operator()(const LaneQueueLength& response) const {
    ByteWriter out = begin(ResponseTag::lane_queue_length, 0);
    out.put_be(response.lane.value).put_be(response.length);
    return std::move(out).finish();
  }
  Bytes operator()(const RequestError& response) const {
    ByteWriter out = begin(ResponseTag::error, response.detail.size());
    out.put_be(static_cast<std::uint8_t>(response.kind));
    put_sized(out, as_bytes(response.detail));
    return std::move(out).finish();
  }
  Bytes operator()(const Subscribed& response) const { return to_added_binary(response); }
  Bytes operator()(const Status& response) const { return to_added_binary(response); }
  Bytes operator()(const DeliveryEvent& response) const { return to_added_binary(response); }
  Bytes operator()(const GatewayEvent& response) const { return to_added_binary(response); }
};

}  // namespace

Bytes to_binary(const Response& response) {
  return std::visit(Emitter{}, response);
}

std::expected<Response, RequestError> parse_binary_response(ByteView bytes) {
  ByteReader in(bytes);
  auto tag = in.take_be<std::uint8_t>();
  if (!tag) return refuse(ErrorKind::empty_response, "no data provided");
  if (is_added_response(*tag)) return parse_added_response(bytes);
  if (*tag > kLastTag) {
    return refuse(ErrorKind::unknown_response, "{} does not correspond to any valid response tag", *tag);
  }
  switch (static_cast<ResponseTag>(*tag)) {
    case ResponseTag::error:
      return parse_error(in);
    case ResponseTag::received:
      return parse_received(in);
    case ResponseTag::self_address:
      return parse_own_address(in);
    case ResponseTag::lane_queue_length:
      break;
  }
  return parse_lane_queue_length(in);
}

}  // namespace nym::app_api
