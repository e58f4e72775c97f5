#include "net/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "engine/base/endpoint.h"
#include "net/error.h"
#include "net/limits.h"

namespace nym::net {
namespace {

struct SchemeFacts {
  Scheme scheme;
  std::string_view name;
  std::uint16_t port;
};
constexpr std::array kSchemes{SchemeFacts{Scheme::http, "http", 80}, SchemeFacts{Scheme::https, "https", 443},
                              SchemeFacts{Scheme::ws, "ws", 80}, SchemeFacts{Scheme::wss, "wss", 443}};

const SchemeFacts& facts_of(Scheme scheme) {
  return kSchemes[static_cast<std::size_t>(scheme)];
}

std::unexpected<Error> refuse(std::string_view text, std::string_view why) {
  constexpr std::size_t kShown = 200;
  return fail(NetError::bad_url, fmt::format("bad address \"{}\": {}", text.substr(0, kShown), why));
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_letter_or_digit(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

std::optional<Scheme> scheme_named(std::string_view name) {
  std::string wanted(name);
  std::transform(wanted.begin(), wanted.end(), wanted.begin(), lower);
  for (const auto& facts : kSchemes) {
    if (facts.name == wanted) return facts.scheme;
  }
  return std::nullopt;
}

bool is_host_name(std::string_view host) {
  auto is_allowed = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_'; };
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), is_allowed);
}

bool is_ipv6(std::string_view host) {
  auto address = parse_ip(host);
  return address && std::holds_alternative<Ipv6>(*address);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

struct Authority {
  std::string_view host;
  std::string_view port;  // empty: the scheme's
};

std::optional<Authority> split_authority(std::string_view text) {
  if (text.starts_with('[')) {
    auto end = text.find(']');
    if (end == std::string_view::npos || !is_ipv6(text.substr(1, end - 1))) return std::nullopt;
    auto rest = text.substr(end + 1);
    if (!rest.empty() && (rest[0] != ':' || rest.size() == 1)) return std::nullopt;
    return Authority{text.substr(1, end - 1), rest.empty() ? rest : rest.substr(1)};
  }
  auto colon = text.rfind(':');
  auto host = text.substr(0, colon);
  if (colon != std::string_view::npos && colon + 1 == text.size()) return std::nullopt;
  if (!is_host_name(host) && !is_ipv6(host)) return std::nullopt;
  return Authority{host, colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1)};
}

bool may_stand_in_request_line(char c) {
  return c > 0x20 && c < 0x7f;
}

// `/a/b/../c/.` as `/a/c/`.
std::string without_dots(std::string_view path) {
  std::vector<std::string_view> kept;
  bool ends_in_slash = false;
  while (!path.empty()) {
    path.remove_prefix(1);
    auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    ends_in_slash = segment == "." || segment == "..";
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (!ends_in_slash) kept.push_back(segment);
  }
  std::string out;
  for (auto segment : kept) out.append("/").append(segment);
  if (ends_in_slash || out.empty()) out += "/";
  return out;
}

void set_target(Url& url, std::string_view target) {
  auto query = std::min(target.find('?'), target.size());
  url.path = without_dots(target.substr(0, query));
  url.query = target.substr(query);
}

}  // namespace

std::string_view to_string(Scheme scheme) {
  return facts_of(scheme).name;
}
std::uint16_t default_port(Scheme scheme) {
  return facts_of(scheme).port;
}

std::string Url::authority() const {
  std::string shown = is_ipv6(host) ? "[" + host + "]" : host;
  return port == default_port(scheme) ? shown : fmt::format("{}:{}", shown, port);
}

Result<Url> parse_url(std::string_view text) {
  if (text.size() > limits::kUrlBytes) return refuse(text, "too long");
  if (!std::all_of(text.begin(), text.end(), may_stand_in_request_line)) return refuse(text, "invalid character");
  auto colon = text.find("://");
  auto scheme = scheme_named(text.substr(0, colon));
  if (colon == std::string_view::npos || !scheme) return refuse(text, "it must begin with http, https, ws or wss");

  auto rest = text.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  auto authority_text = rest.substr(0, rest.find_first_of("/?"));
  if (authority_text.find('@') != std::string_view::npos) return refuse(text, "user names are not supported");
  auto authority = split_authority(authority_text);
  if (!authority) return refuse(text, "invalid host");
  auto port = authority->port.empty() ? default_port(*scheme) : parse_port(authority->port);
  if (!port) return refuse(text, "invalid port");

  Url url{.scheme = *scheme, .host = std::string(authority->host), .port = *port, .path = "/", .query = ""};
  std::transform(url.host.begin(), url.host.end(), url.host.begin(), lower);
  auto target = rest.substr(authority_text.size());
  set_target(url, target.starts_with('/') ? std::string(target) : "/" + std::string(target));
  return url;
}

std::string to_string(const Url& url) {
  return fmt::format("{}://{}{}", to_string(url.scheme), url.authority(), url.target());
}

Result<Url> join_url(const Url& base, std::string_view reference) {
  reference = reference.substr(0, reference.find('#'));
  auto first_special = reference.find_first_of(":/?");
  if (first_special != std::string_view::npos && reference[first_special] == ':') return parse_url(reference);
  if (reference.starts_with("//")) return parse_url(fmt::format("{}:{}", to_string(base.scheme), reference));

  if (reference.size() > limits::kUrlBytes) return refuse(reference, "too long");
  if (!std::all_of(reference.begin(), reference.end(), may_stand_in_request_line)) {
    return refuse(reference, "invalid character");
  }
  Url joined = base;
  if (reference.empty()) return joined;
  if (reference.starts_with('?')) {
    joined.query = reference;
    return joined;
  }
  bool is_absolute = reference.starts_with('/');
  auto folder = is_absolute ? std::string() : base.path.substr(0, base.path.rfind('/') + 1);
  set_target(joined, folder + std::string(reference));
  return joined;
}

Url append_segments(Url base, std::span<const std::string_view> segments) {
  if (base.path == "/") base.path.clear();
  for (auto segment : segments) base.path.append("/").append(segment);
  if (base.path.empty()) base.path = "/";
  return base;
}

}  // namespace nym::net
