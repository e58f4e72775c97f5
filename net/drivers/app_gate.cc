#include "net/drivers/app_gate.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/text_encoding.h"
#include "engine/crypto/constant_time.h"
#include "net/error.h"
#include "net/files.h"

namespace nym::net {
namespace {

constexpr std::string_view kBearer = "bearer ";
constexpr std::string_view kTokenParameter = "token=";
constexpr std::string_view kEverybody = "*";
constexpr auto kOfOthers = std::filesystem::perms::group_all | std::filesystem::perms::others_all;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

bool is_scheme(std::string_view text) {
  return is_word(text) && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
         });
}

bool is_loopback_host(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  if (host.ends_with(".localhost")) return true;
  auto ip = parse_ip(host);
  const auto* v4 = ip ? std::get_if<Ipv4>(&*ip) : nullptr;
  return v4 != nullptr && v4->octets[0] == 127;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto byte = text[i] == '%' && i + 2 < text.size() ? from_hex(text.substr(i + 1, 2)) : Result<Bytes>(Bytes{});
    if (byte && byte->size() == 1) {
      out.push_back(static_cast<char>((*byte)[0]));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

}  // namespace

bool is_loopback_origin(std::string_view origin) {
  auto text = lower(origin);
  auto scheme_end = text.find("://");
  if (scheme_end == std::string::npos || !is_scheme(std::string_view(text).substr(0, scheme_end))) return false;
  std::string_view host = std::string_view(text).substr(scheme_end + 3);
  auto port_at = host.rfind(':');
  bool has_port = port_at != std::string_view::npos && host.back() != ']';
  if (has_port) {
    auto port = host.substr(port_at + 1);
    bool is_number =
        !port.empty() && std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number) return false;
    host = host.substr(0, port_at);
  }
  return is_loopback_host(host);
}

std::string presented_token(const UpgradeHead& head) {
  if (lower(head.authorization).starts_with(kBearer)) return head.authorization.substr(kBearer.size());
  auto query_at = head.target.find('?');
  if (query_at == std::string::npos) return {};
  std::string_view rest = std::string_view(head.target).substr(query_at + 1);
  while (!rest.empty()) {
    auto end = std::min(rest.find('&'), rest.size());
    auto parameter = rest.substr(0, end);
    if (parameter.starts_with(kTokenParameter)) return percent_decoded(parameter.substr(kTokenParameter.size()));
    rest = rest.substr(std::min(end + 1, rest.size()));
  }
  return {};
}

Result<AppGate> AppGate::open(const Rules& rules) {
  if (rules.token_file.empty()) return AppGate(rules.allowed_origins, {});
  NYM_TRY(auto content, read_file(rules.token_file, limits::kAppTokenFile));
  std::error_code error;
  auto mode = std::filesystem::status(rules.token_file, error).permissions();
  if (error || (mode & kOfOthers) != std::filesystem::perms::none) {
    return fail(NetError::bad_key_file, fmt::format("the token file {} can be used by others; run 'chmod 600 {}'",
                                                    rules.token_file, rules.token_file));
  }
  auto token = std::string(as_text(content));
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  if (!is_word(token)) {
    return fail(NetError::bad_key_file,
                fmt::format("the token file {} must hold one word of ASCII characters", rules.token_file));
  }
  return AppGate(rules.allowed_origins, std::move(token));
}

bool AppGate::is_allowed(const std::string& origin) const {
  if (is_loopback_origin(origin)) return true;
  return std::any_of(allowed_origins_.begin(), allowed_origins_.end(), [&](const std::string& allowed) {
    return allowed == kEverybody || lower(allowed) == lower(origin);
  });
}

std::optional<UpgradeRefusal> AppGate::judge_origin(const UpgradeHead& head) const {
  auto foreign = std::find_if_not(head.origins.begin(), head.origins.end(),
                                  [this](const std::string& origin) { return is_allowed(origin); });
  if (foreign == head.origins.end()) return std::nullopt;
  return UpgradeRefusal{403, "pages of this origin may not use this client; see allowed_origins\n"};
}

std::optional<UpgradeRefusal> AppGate::judge(const UpgradeHead& head) const {
  if (auto refusal = judge_origin(head)) return refusal;
  if (token_.empty() || crypto::equal(as_bytes(presented_token(head)), as_bytes(token_))) return std::nullopt;
  return UpgradeRefusal{401, "this client asks for its token\n"};
}

}  // namespace nym::net
