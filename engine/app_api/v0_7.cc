#include "engine/app_api/v0_7.h"

#include <fmt/format.h>

#include <charconv>

#include "engine/app_api/text_grammar.h"

namespace nym::app_api::v0_7 {
namespace {

constexpr std::string_view kBadAddress = "malformed recipient address";

std::string error_text(std::string_view message) {
  return fmt::format(R"({{"type":"error","message":{}}})", json_string(message));
}

struct Position {
  std::size_t line = 0;
  std::size_t column = 0;
};

// Takes ` at line L column C` off the end of a fault, if it is there.
Position split_position(std::string& fault) {
  constexpr std::string_view kLine = " at line ";
  constexpr std::string_view kColumn = " column ";
  auto line_at = fault.rfind(kLine);
  auto column_at = fault.rfind(kColumn);
  if (line_at == std::string::npos || column_at == std::string::npos || column_at < line_at) return {};
  Position position;
  const char* end = fault.data() + fault.size();
  std::from_chars(fault.data() + line_at + kLine.size(), end, position.line);
  std::from_chars(fault.data() + column_at + kColumn.size(), end, position.column);
  fault.resize(line_at);
  return position;
}

std::string fault_text(std::string fault) {
  auto position = split_position(fault);
  return error_text(fmt::format("received invalid request. err: Error({}, line: {}, column: {})", quote(fault),
                                position.line, position.column));
}

std::string clients_text(const AddressBook& book) {
  std::string list;
  for (const auto& identity : book.identities()) {
    if (!list.empty()) list += ",";
    list += json_string(identity);
  }
  return fmt::format(R"({{"type":"getClients","clients":[{}]}})", list);
}

}  // namespace

std::variant<Request, std::string> read_text(std::string_view text, const AddressBook& book) {
  auto scanned = scan_text_request(text, Grammar::v0_7);
  if (!scanned) return fault_text(std::move(scanned.error()));
  if (scanned->kind == TextRequest::Kind::get_clients) return clients_text(book);
  if (scanned->kind != TextRequest::Kind::send) return SelfAddress{};
  auto data = to_bytes(as_bytes(*scanned->message));
  if (auto full = wire::Recipient::parse(*scanned->recipient)) return Send{*full, std::move(data), std::nullopt};
  const auto* known = book.find(*scanned->recipient);
  if (known == nullptr) return error_text(kBadAddress);
  return Send{*known, std::move(data), std::nullopt};
}

std::variant<Request, std::string> read_binary(ByteView bytes, const AddressBook& book) {
  ByteReader in(bytes);
  auto identity_bytes = in.take_array<32>();
  auto gateway_bytes = in.take_array<32>();
  if (!identity_bytes || !gateway_bytes) return error_text("invalid binary request");
  auto identity = crypto::Ed25519PublicKey::parse(*identity_bytes);
  auto gateway = crypto::Ed25519PublicKey::parse(*gateway_bytes);
  const auto* known = identity && gateway ? book.find(*identity, *gateway) : nullptr;
  if (known == nullptr) return error_text(kBadAddress);
  return Send{*known, to_bytes(in.rest()), std::nullopt};
}

std::string to_text(const Response& response) {
  if (const auto* own = std::get_if<OwnAddress>(&response)) {
    return fmt::format(R"({{"type":"selfAddress","address":{}}})", json_string(two_part_form(own->address)));
  }
  if (const auto* error = std::get_if<RequestError>(&response)) return error_text(error->detail);
  return app_api::to_text(response);
}

}  // namespace nym::app_api::v0_7
