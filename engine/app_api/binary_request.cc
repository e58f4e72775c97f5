#include <fmt/format.h>

#include "engine/app_api/added_binary.h"
#include "engine/app_api/codec.h"

namespace nym::app_api {
namespace {

// 05 §6b.
enum class RequestTag : std::uint8_t {
  send = 0x00,
  send_anonymous = 0x01,
  reply = 0x02,
  self_address = 0x03,
  closed_connection = 0x04,
  get_lane_queue_length = 0x05,
};
constexpr std::uint8_t kLastTag = 0x05;
constexpr std::size_t kLaneRequestSize = 9;

using Parsed = std::expected<Request, RequestError>;

template <class... Args>
std::unexpected<RequestError> refuse(ErrorKind kind, fmt::format_string<Args...> text, Args&&... args) {
  return std::unexpected(RequestError{kind, fmt::format(text, std::forward<Args>(args)...)});
}

std::unexpected<RequestError> too_short(std::string_view name) {
  return refuse(ErrorKind::too_short_request, "not enough data provided to recover '{}'", name);
}

std::unexpected<RequestError> bad_length(std::string_view what, std::uint64_t specified, std::size_t actual) {
  return refuse(ErrorKind::malformed_request, "{} len has inconsistent length. specified: {} got: {}", what, specified,
                actual);
}

// In requests that send something 0 means no lane (05 §4.3).
std::optional<LaneId> lane_of(std::uint64_t connection_id) {
  if (connection_id == 0) return std::nullopt;
  return LaneId{connection_id};
}
std::uint64_t connection_id_of(const std::optional<LaneId>& lane) {
  return lane ? lane->value : 0;
}

std::expected<wire::Recipient, RequestError> parse_recipient(const ByteArray<wire::Recipient::kSize>& bytes,
                                                             const AddressBook* known) {
  if (const auto* found = known == nullptr ? nullptr : known->find(bytes)) return *found;
  auto recipient = wire::Recipient::from_bytes(bytes);
  if (!recipient) return refuse(ErrorKind::malformed_request, "malformed recipient: {}", recipient.error().text());
  return *recipient;
}

Parsed parse_send(ByteReader in, const AddressBook* known) {
  auto address = in.take_array<wire::Recipient::kSize>();
  auto connection_id = in.take_be<std::uint64_t>();
  auto length = in.take_be<std::uint64_t>();
  if (!address || !connection_id || !length) return too_short("send");
  auto recipient = parse_recipient(*address, known);
  if (!recipient) return std::unexpected(std::move(recipient.error()));
  if (*length != in.remaining()) return bad_length("data", *length, in.remaining());
  return Send{.recipient = *recipient, .data = to_bytes(in.rest()), .lane = lane_of(*connection_id)};
}

Parsed parse_send_anonymous(ByteReader in, const AddressBook* known) {
  auto reply_surbs = in.take_be<std::uint32_t>();
  auto address = in.take_array<wire::Recipient::kSize>();
  auto connection_id = in.take_be<std::uint64_t>();
  auto length = in.take_be<std::uint64_t>();
  if (!reply_surbs || !address || !connection_id || !length) return too_short("send_anonymous");
  auto recipient = parse_recipient(*address, known);
  if (!recipient) return std::unexpected(std::move(recipient.error()));
  if (*length != in.remaining()) return bad_length("data", *length, in.remaining());
  return SendAnonymous{.recipient = *recipient,
                       .data = to_bytes(in.rest()),
                       .reply_surbs = *reply_surbs,
                       .lane = lane_of(*connection_id)};
}

Parsed parse_reply(ByteReader in) {
  auto tag = in.take_array<wire::SenderTag::kSize>();
  auto connection_id = in.take_be<std::uint64_t>();
  auto length = in.take_be<std::uint64_t>();
  if (!tag || !connection_id || !length) return too_short("reply");
  if (*length != in.remaining()) return bad_length("message", *length, in.remaining());
  return Reply{.to = {*tag}, .data = to_bytes(in.rest()), .lane = lane_of(*connection_id)};
}

template <class LaneRequest>
Parsed parse_lane_request(ByteReader in, std::string_view name) {
  auto connection_id = in.take_be<std::uint64_t>();
  if (!connection_id || in.remaining() != 0) {
    return refuse(ErrorKind::malformed_request, "The received {} has invalid length", name);
  }
  return LaneRequest{LaneId{*connection_id}};
}

ByteWriter begin(RequestTag tag, std::size_t data_size) {
  constexpr std::size_t kLongestHead = 117;
  ByteWriter out(kLongestHead + data_size);
  out.put_be(static_cast<std::uint8_t>(tag));
  return out;
}

void put_lane_and_data(ByteWriter& out, const std::optional<LaneId>& lane, ByteView data) {
  out.put_be(connection_id_of(lane)).put_be(static_cast<std::uint64_t>(data.size())).put(data);
}

Bytes lane_request(RequestTag tag, LaneId lane) {
  ByteWriter out(kLaneRequestSize);
  out.put_be(static_cast<std::uint8_t>(tag)).put_be(lane.value);
  return std::move(out).finish();
}

struct Emitter {
  Bytes operator()(const Send& request) const {
    ByteWriter out = begin(RequestTag::send, request.data.size());
    out.put(request.recipient.to_bytes());
    put_lane_and_data(out, request.lane, request.data);
    return std::move(out).finish();
  }
  Bytes operator()(const SendAnonymous& request) const {
    ByteWriter out = begin(RequestTag::send_anonymous, request.data.size());
    out.put_be(request.reply_surbs).put(request.recipient.to_bytes());
    put_lane_and_data(out, request.lane, request.data);
    return std::move(out).finish();
  }
  Bytes operator()(const Reply& request) const {
    ByteWriter out = begin(RequestTag::reply, request.data.size());
    out.put(request.to.bytes);
    put_lane_and_data(out, request.lane, request.data);
    return std::move(out).finish();
  }
  Bytes operator()(const SelfAddress&) const { return {static_cast<std::uint8_t>(RequestTag::self_address)}; }
  Bytes operator()(const ClosedConnection& request) const {
    return lane_request(RequestTag::closed_connection, request.lane);
  }
  Bytes operator()(const GetLaneQueueLength& request) const {
    return lane_request(RequestTag::get_lane_queue_length, request.lane);
  }
  Bytes operator()(const Subscribe& request) const { return to_added_binary(request); }
  Bytes operator()(const GetStatus& request) const { return to_added_binary(request); }
};

}  // namespace

std::expected<Request, RequestError> parse_binary_request(ByteView bytes, const AddressBook* known) {
  ByteReader in(bytes);
  auto tag = in.take_be<std::uint8_t>();
  if (!tag) return refuse(ErrorKind::empty_request, "no data provided");
  if (*tag > kLastTag) {
    return refuse(ErrorKind::unknown_request, "{} does not correspond to any valid request tag", *tag);
  }
  switch (static_cast<RequestTag>(*tag)) {
    case RequestTag::send:
      return parse_send(in, known);
    case RequestTag::send_anonymous:
      return parse_send_anonymous(in, known);
    case RequestTag::reply:
      return parse_reply(in);
    case RequestTag::closed_connection:
      return parse_lane_request<ClosedConnection>(in, "closed connection");
    case RequestTag::get_lane_queue_length:
      return parse_lane_request<GetLaneQueueLength>(in, "get lane queue lengths");
    case RequestTag::self_address:
      break;
  }
  return SelfAddress{};
}

Bytes to_binary(const Request& request) {
  return std::visit(Emitter{}, request);
}

}  // namespace nym::app_api
