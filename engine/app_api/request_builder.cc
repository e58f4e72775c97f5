#include "engine/app_api/request_builder.h"

#include "engine/app_api/legacy_binary.h"
#include "engine/base/result.h"

namespace nym::app_api {
namespace {

Scan<wire::Recipient> read_recipient(const std::string& text, const AddressBook* book) {
  auto recipient = wire::Recipient::parse(text);
  if (recipient) return *recipient;
  const auto* known = book != nullptr ? book->find(text) : nullptr;
  if (known != nullptr) return *known;
  return std::unexpected(recipient.error().text());
}

Scan<Request> build_send(TextRequest&& scanned, const AddressBook* book) {
  NYM_TRY(auto recipient, read_recipient(*scanned.recipient, book));
  Bytes data = to_bytes(as_bytes(*scanned.message));
  if (scanned.kind == TextRequest::Kind::send_anonymous) {
    return SendAnonymous{recipient, std::move(data), scanned.reply_surbs, scanned.lane};
  }
  if (scanned.with_reply_surb == true) {
    return SendAnonymous{recipient, std::move(data), kImpliedReplySurbs, scanned.lane};
  }
  return Send{recipient, std::move(data), scanned.lane};
}

Scan<Request> build_reply(TextRequest&& scanned) {
  auto tag = wire::SenderTag::parse(*scanned.sender_tag);
  if (!tag) return std::unexpected(tag.error().text());
  return Reply{*tag, to_bytes(as_bytes(*scanned.message)), scanned.lane};
}

}  // namespace

Scan<Request> build_request(TextRequest&& scanned, const AddressBook* book) {
  using Kind = TextRequest::Kind;
  switch (scanned.kind) {
    case Kind::send:
    case Kind::send_anonymous:
      return build_send(std::move(scanned), book);
    case Kind::reply:
      return build_reply(std::move(scanned));
    case Kind::closed_connection:
      return ClosedConnection{*scanned.lane};
    case Kind::get_lane_queue_length:
      return GetLaneQueueLength{*scanned.lane};
    case Kind::subscribe:
      return Subscribe{scanned.events};
    case Kind::status:
      return GetStatus{};
    case Kind::self_address:
    case Kind::get_clients:
      break;
  }
  return SelfAddress{};
}

}  // namespace nym::app_api
