#include "engine/app_api/legacy_binary.h"

#include <fmt/format.h>

#include "engine/app_api/codec.h"

namespace nym::app_api {
namespace {

// 05 §9.3, §9.4
enum class LegacyTag : std::uint8_t {
  send = 0x00,
  reply = 0x01,
  self_address = 0x02,
  closed_connection = 0x03,
  get_lane_queue_length = 0x04,
};
constexpr std::uint8_t kLastLegacyTag = 0x04;
constexpr std::uint8_t kWithSurb = 0x01;
constexpr std::uint8_t kLegacyReceived = 0x01;

std::unexpected<RequestError> refused(ErrorKind kind, std::string text) {
  return std::unexpected(RequestError{kind, std::move(text)});
}

// One of two layouts: with a connection id (v1.1.1 on) or without.
enum class SendLayout : std::uint8_t { without_lane, with_lane };

struct LegacySend {
  std::uint8_t flag = 0;
  ByteArray<wire::Recipient::kSize> address{};
  std::optional<LaneId> lane;
  std::uint64_t length = 0;
  ByteView data;
};

std::optional<LegacySend> split_send(ByteView bytes, SendLayout layout) {
  ByteReader in(bytes.subspan(1));
  auto flag = in.take_be<std::uint8_t>();
  auto address = in.take_array<wire::Recipient::kSize>();
  auto lane = layout == SendLayout::with_lane ? in.take_be<std::uint64_t>() : std::optional<std::uint64_t>(0);
  auto length = in.take_be<std::uint64_t>();
  if (!flag || !address || !lane || !length) return std::nullopt;
  return LegacySend{*flag, *address, *lane == 0 ? std::nullopt : std::optional(LaneId{*lane}), *length, in.rest()};
}

bool is_whole(const std::optional<LegacySend>& send) {
  return send && send->flag <= kWithSurb && send->length == send->data.size() &&
         wire::Recipient::from_bytes(send->address).has_value();
}

std::expected<Request, RequestError> parse_legacy_send(ByteView bytes) {
  auto send = split_send(bytes, SendLayout::without_lane);
  auto with_lane = split_send(bytes, SendLayout::with_lane);
  if (!is_whole(send) && is_whole(with_lane)) send = with_lane;
  if (!send) return refused(ErrorKind::too_short_request, "not enough data provided to recover 'send'");
  if (send->flag > kWithSurb) {
    return refused(ErrorKind::malformed_request, fmt::format("invalid reply surb flag {}", send->flag));
  }
  auto recipient = wire::Recipient::from_bytes(send->address);
  if (!recipient) {
    return refused(ErrorKind::malformed_request, fmt::format("malformed recipient: {}", recipient.error().text()));
  }
  if (send->length != send->data.size()) {
    return refused(ErrorKind::malformed_request, fmt::format("data len has inconsistent length. specified: {} got: {}",
                                                             send->length, send->data.size()));
  }
  if (send->flag == 0) return Send{*recipient, to_bytes(send->data), send->lane};
  return SendAnonymous{*recipient, to_bytes(send->data), kImpliedReplySurbs, send->lane};
}

struct LegacyReply {
  std::uint64_t surb_size = 0;
  ByteView surb;
  std::uint64_t length = 0;
  ByteView data;
};

std::optional<LegacyReply> split_reply(ByteView bytes) {
  ByteReader in(bytes.subspan(1));
  auto surb_size = in.take_be<std::uint64_t>();
  if (!surb_size || *surb_size > in.remaining()) return std::nullopt;
  auto surb = in.take(static_cast<std::size_t>(*surb_size));
  auto length = in.take_be<std::uint64_t>();
  if (!surb || !length) return std::nullopt;
  return LegacyReply{*surb_size, *surb, *length, in.rest()};
}

std::expected<Request, RequestError> parse_legacy_reply(ByteView bytes) {
  auto reply = split_reply(bytes);
  if (!reply) return refused(ErrorKind::too_short_request, "not enough data provided to recover 'reply'");
  if (reply->surb_size != wire::SenderTag::kSize) {
    return refused(ErrorKind::malformed_request,
                   fmt::format("malformed reply surb: it has {} bytes, the handles given out have {}", reply->surb_size,
                               wire::SenderTag::kSize));
  }
  if (reply->length != reply->data.size()) {
    return refused(
        ErrorKind::malformed_request,
        fmt::format("message len has inconsistent length. specified: {} got: {}", reply->length, reply->data.size()));
  }
  return Reply{wire::SenderTag{to_array<wire::SenderTag::kSize>(reply->surb)}, to_bytes(reply->data), std::nullopt};
}

template <class LaneRequest>
std::expected<Request, RequestError> parse_legacy_lane(ByteView bytes, std::string_view name) {
  ByteReader in(bytes.subspan(1));
  auto lane = in.take_be<std::uint64_t>();
  if (!lane || in.remaining() != 0) {
    return refused(ErrorKind::malformed_request, fmt::format("The received {} has invalid length", name));
  }
  return LaneRequest{LaneId{*lane}};
}

}  // namespace

bool is_legacy_binary_request(ByteView bytes) {
  if (bytes.empty()) return false;
  if (bytes[0] == static_cast<std::uint8_t>(LegacyTag::self_address)) return bytes.size() == 1;
  if (bytes[0] == static_cast<std::uint8_t>(LegacyTag::send)) {
    return is_whole(split_send(bytes, SendLayout::without_lane)) || is_whole(split_send(bytes, SendLayout::with_lane));
  }
  if (bytes[0] != static_cast<std::uint8_t>(LegacyTag::reply)) return false;
  auto reply = split_reply(bytes);
  return reply && reply->length == reply->data.size();
}

std::expected<Request, RequestError> parse_legacy_binary_request(ByteView bytes) {
  if (bytes.empty()) return refused(ErrorKind::empty_request, "no data provided");
  if (bytes[0] > kLastLegacyTag) return refused(ErrorKind::unknown_request, fmt::format("type {}", bytes[0]));
  switch (static_cast<LegacyTag>(bytes[0])) {
    case LegacyTag::send:
      return parse_legacy_send(bytes);
    case LegacyTag::reply:
      return parse_legacy_reply(bytes);
    case LegacyTag::closed_connection:
      return parse_legacy_lane<ClosedConnection>(bytes, "closed connection");
    case LegacyTag::get_lane_queue_length:
      return parse_legacy_lane<GetLaneQueueLength>(bytes, "get lane queue lengths");
    case LegacyTag::self_address:
      break;
  }
  return SelfAddress{};
}

Bytes to_legacy_binary(const Response& response) {
  const auto* received = std::get_if<Received>(&response);
  if (received == nullptr || !received->sender) return to_binary(response);
  ByteWriter out;
  out.put_be(kLegacyReceived).put_be(kWithSurb);
  out.put_be(static_cast<std::uint64_t>(wire::SenderTag::kSize)).put(received->sender->bytes);
  out.put_be(static_cast<std::uint64_t>(received->data.size())).put(received->data.stored());
  return std::move(out).finish();
}

}  // namespace nym::app_api
