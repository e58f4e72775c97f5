#include "cli/option_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cli/settings.h"
#include "cli/url_list.h"
#include "engine/base/endpoint.h"
#include "engine/base/text_encoding.h"
#include "engine/crypto/ed25519.h"
#include "net/url.h"

namespace nym::cli {
namespace {

using Fault = std::optional<std::string>;

constexpr std::size_t kMaxIdBytes = 1'024;

Fault fault_of_number(std::string_view text, std::uint64_t min, std::uint64_t max) {
  std::uint64_t value = 0;
  auto digits = text.starts_with('+') ? text.substr(1) : text;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  bool is_number = !digits.empty() && end == digits.data() + digits.size() && error != std::errc::invalid_argument;
  if (text.empty()) return "cannot parse integer from empty string";
  if (!is_number) return "invalid digit found in string";
  if (error == std::errc() && value >= min && value <= max) return std::nullopt;
  return fmt::format("{} is not in {}..={}", text, min, max);
}

Fault fault_of_gateway_key(std::string_view text) {
  auto bytes = from_base58(text);
  if (!bytes) {
    return fmt::format("the base58 representation of the public key was malformed - {}", bytes.error().text());
  }
  auto key = crypto::Ed25519PublicKey::parse(*bytes);
  return key ? Fault() : key.error().text();
}

Fault fault_of_id(std::string_view text) {
  if (text.empty()) return "a client needs a name";
  if (text.size() > kMaxIdBytes) return fmt::format("longer than {} bytes", kMaxIdBytes);
  bool is_clean = std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
  return is_clean ? Fault() : "it contains a control character";
}

template <class Parse>
Fault fault_of_list(std::string_view text, const Parse& parse) {
  for (auto piece : split_at_commas(text)) {
    if (auto fault = parse(piece)) return fault;
  }
  return std::nullopt;
}

Fault fault_of_url(std::string_view text) {
  auto url = parse_http_url(text);
  return url ? Fault() : url.error().text();
}

Fault fault_of_origin(std::string_view text) {
  auto origin = parse_origin(text);
  return origin ? Fault() : origin.error().text();
}

}  // namespace

Fault fault_of_value(const OptionSpec& option, std::string_view value) {
  switch (option.kind) {
    case ValueKind::client_id:
      return fault_of_id(value);
    case ValueKind::path:
      return value.empty() ? Fault("a path can not be empty") : Fault();
    case ValueKind::port:
      return fault_of_number(value, 0, 65'535);
    case ValueKind::byte_count:
      return fault_of_number(value, kMinAppMessage, kMaxAppMessage);
    case ValueKind::ip_address:
      return parse_ip(value) ? Fault() : "invalid IP address syntax";
    case ValueKind::endpoint:
      return parse_endpoint(value) ? Fault() : "expected an IP address and a port, as in 127.0.0.1:9300";
    case ValueKind::gateway_key:
      return fault_of_gateway_key(value);
    case ValueKind::urls:
      return fault_of_list(value, fault_of_url);
    case ValueKind::origins:
      return fault_of_list(value, fault_of_origin);
    case ValueKind::none:
    case ValueKind::boolean:
    case ValueKind::choice:
    case ValueKind::any:
      return std::nullopt;
  }
  return std::nullopt;
}

Result<std::string> parse_origin(std::string_view text) {
  NYM_TRY(auto url, parse_http_url(text));
  if (url.target() != "/") return fail(CliError::usage, "an origin has no path, as in https://example.org");
  return fmt::format("{}://{}", net::to_string(url.scheme), url.authority());
}

}  // namespace nym::cli
