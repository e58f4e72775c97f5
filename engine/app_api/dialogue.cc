#include "engine/app_api/dialogue.h"

#include <fmt/format.h>

#include "engine/app_api/legacy_binary.h"
#include "engine/app_api/request_builder.h"
#include "engine/app_api/utf8.h"
#include "engine/app_api/v0_7.h"
#include "engine/base/result.h"

namespace nym::app_api {
namespace {

constexpr std::string_view kTagKey = R"("senderTag":)";

Frame text_frame(std::string_view text) {
  return {Format::text, to_bytes(as_bytes(text))};
}

std::unexpected<RequestError> malformed(std::string detail) {
  return std::unexpected(RequestError{ErrorKind::malformed_request, std::move(detail)});
}

// 05 §9.5: programs of that time find the sender tag under the name of the SURB.
std::string with_reply_surb(const Received& received) {
  auto text = to_text(received);
  auto tag = text.substr(text.rfind(kTagKey) + kTagKey.size());
  text.pop_back();
  return fmt::format(R"({},"replySurb":{})", text, tag);
}

Scan<std::string> read_message_id(const JsonValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && !text->empty() && text->size() <= AppRequest::kMaxMessageId) return *text;
  return std::unexpected(
      fmt::format("messageId: expected a string of 1 to {} bytes, got {}", AppRequest::kMaxMessageId, describe(value)));
}

}  // namespace

std::variant<AppRequest, Frame> Dialogue::read(Format format, ByteView frame) {
  if (dialect_ == Dialect::v0_7) return read_v0_7(format, frame);
  push_format_ = format;
  auto request = format == Format::text ? read_text(as_text(frame)) : read_binary(frame);
  if (request) return *std::move(request);
  return answer(format, request.error());
}

Dialogue::Read Dialogue::read_text(std::string_view text) {
  if (dialect_ == Dialect::strict) {
    auto request = parse_text_request(text);
    if (!request) return std::unexpected(std::move(request.error()));
    return AppRequest{*std::move(request)};
  }
  auto scanned = scan_text_request(text, Grammar::extended);
  if (!scanned) return malformed(std::move(scanned.error()));
  if (scanned->with_reply_surb) is_legacy_text_ = true;
  AppRequest asked{SelfAddress{}};
  if (expects_message_ids_ && scanned->message_id) {
    auto id = read_message_id(*scanned->message_id);
    if (!id) return malformed(std::move(id.error()));
    asked.message_id = *std::move(id);
  }
  auto request = build_request(*std::move(scanned), book_);
  if (!request) return malformed(std::move(request.error()));
  asked.request = *std::move(request);
  return asked;
}

Dialogue::Read Dialogue::read_binary(ByteView bytes) {
  bool is_strict = dialect_ == Dialect::strict;
  if (!is_strict && is_added_request(bytes)) return parse_added_request(bytes);
  auto current = is_legacy_binary_ ? std::unexpected(RequestError{}) : parse_binary_request(bytes, book_);
  if (current) return AppRequest{*std::move(current)};
  if (!is_strict && is_legacy_binary_request(bytes)) is_legacy_binary_ = true;
  if (!is_legacy_binary_) return std::unexpected(std::move(current.error()));
  auto legacy = parse_legacy_binary_request(bytes);
  if (!legacy) return std::unexpected(std::move(legacy.error()));
  return AppRequest{*std::move(legacy)};
}

Frame Dialogue::answer(Format asked, const Response& response) const {
  if (dialect_ == Dialect::v0_7) return text_frame(v0_7::to_text(response));
  if (asked == Format::binary) {
    return {Format::binary, is_legacy_binary_ ? to_legacy_binary(response) : to_binary(response)};
  }
  const auto* received = std::get_if<Received>(&response);
  return text_frame(is_legacy_text_ && received != nullptr ? with_reply_surb(*received) : to_text(response));
}

Frame Dialogue::push(const Response& response) const {
  return dialect_ == Dialect::v0_7 ? push_v0_7(response) : answer(push_format_, response);
}

std::optional<Frame> Dialogue::confirmation() const {
  if (dialect_ != Dialect::v0_7) return std::nullopt;
  return text_frame(v0_7::kConfirmation);
}

std::variant<AppRequest, Frame> Dialogue::read_v0_7(Format format, ByteView frame) {
  if (format == Format::binary) push_format_ = Format::binary;
  auto read = format == Format::text ? v0_7::read_text(as_text(frame), *book_) : v0_7::read_binary(frame, *book_);
  if (auto* answered = std::get_if<std::string>(&read)) return text_frame(*answered);
  auto& request = std::get<Request>(read);
  if (format == Format::text && std::holds_alternative<Send>(request)) push_format_ = Format::text;
  return AppRequest{std::move(request)};
}

// The payload and nothing else; in text only what is text.
Frame Dialogue::push_v0_7(const Response& response) const {
  const auto* received = std::get_if<Received>(&response);
  if (received == nullptr) return answer(Format::text, response);
  bool as_text = push_format_ == Format::text && !utf8_fault(received->data.stored());
  return {as_text ? Format::text : Format::binary, received->data.to_bytes()};
}

}  // namespace nym::app_api
