#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <variant>

#include "engine/base/bytes.h"

namespace nym {

struct Ipv4 {
  ByteArray<4> octets{};
  friend auto operator<=>(const Ipv4&, const Ipv4&) = default;
};

struct Ipv6 {
  ByteArray<16> octets{};
  friend auto operator<=>(const Ipv6&, const Ipv6&) = default;
};

/// An IP address and a port: where a TCP connection goes.
struct Endpoint {
  std::variant<Ipv4, Ipv6> address;
  std::uint16_t port = 0;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
  /// As if it were memberwise; written out because maps of endpoints are asked for every packet.
  friend std::strong_ordering operator<=>(const Endpoint& a, const Endpoint& b) {
    const auto* four_a = std::get_if<Ipv4>(&a.address);
    const auto* four_b = std::get_if<Ipv4>(&b.address);
    if (four_a == nullptr || four_b == nullptr) {
      if (auto order = a.address <=> b.address; order != 0) return order;
    } else if (four_a->octets != four_b->octets) {
      return load_be<std::uint32_t>(four_a->octets) <=> load_be<std::uint32_t>(four_b->octets);
    }
    return a.port <=> b.port;
  }
};

/// `1.2.3.4` or `2001:db8::1`, without brackets.
std::optional<std::variant<Ipv4, Ipv6>> parse_ip(std::string_view text);
std::string to_string(const std::variant<Ipv4, Ipv6>& address);

/// `1.2.3.4:1789` or `[2001:db8::1]:1789`.
std::optional<Endpoint> parse_endpoint(std::string_view text);
std::string to_string(const Endpoint& endpoint);

}  // namespace nym
