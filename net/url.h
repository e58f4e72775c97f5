#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace nym::net {

enum class Scheme : std::uint8_t { http, https, ws, wss };
std::string_view to_string(Scheme scheme);
std::uint16_t default_port(Scheme scheme);
constexpr bool uses_tls(Scheme scheme) {
  return scheme == Scheme::https || scheme == Scheme::wss;
}

/// An absolute address of something to connect to.
struct Url {
  Scheme scheme = Scheme::http;
  std::string host;  ///< a name or an IP literal, without brackets
  std::uint16_t port = 0;
  std::string path;   ///< begins with `/`
  std::string query;  ///< with its `?`, or empty

  /// What a request line names.
  std::string target() const { return path + query; }
  /// For the Host header: the port only where it is not the scheme's own.
  std::string authority() const;
  friend bool operator==(const Url&, const Url&) = default;
};

/// An IPv6 host may lack its brackets when a port follows (04 §2.8). A fragment is cut off. Error: bad_url, for other
/// schemes, user names, and whatever may not stand in a request line.
Result<Url> parse_url(std::string_view text);
std::string to_string(const Url& url);

/// What a redirection to `reference` (absolute or not) means, seen from `base`. Error: bad_url.
Result<Url> join_url(const Url& base, std::string_view reference);

/// Appends to the path. A path that ends in `/`, unless that is all of it, gives a double slash (03 §13.1).
Url append_segments(Url base, std::span<const std::string_view> segments);

}  // namespace nym::net
