#include "engine/base/endpoint.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <charconv>

namespace nym {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

}  // namespace

std::optional<std::variant<Ipv4, Ipv6>> parse_ip(std::string_view text) {
  std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  Ipv4 four;
  if (inet_pton(AF_INET, terminated.c_str(), four.octets.data()) == 1) return four;
  Ipv6 six;
  if (inet_pton(AF_INET6, terminated.c_str(), six.octets.data()) == 1) return six;
  return std::nullopt;
}

std::string to_string(const std::variant<Ipv4, Ipv6>& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (const auto* four = std::get_if<Ipv4>(&address)) {
    inet_ntop(AF_INET, four->octets.data(), text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, std::get<Ipv6>(address).octets.data(), text.data(), text.size());
  }
  return text.data();
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  auto address = parse_ip(host);
  auto port = parse_port(text.substr(colon + 1));
  if (!address || !port || bracketed != std::holds_alternative<Ipv6>(*address)) return std::nullopt;
  return Endpoint{*address, *port};
}

std::string to_string(const Endpoint& endpoint) {
  auto address = to_string(endpoint.address);
  if (std::holds_alternative<Ipv6>(endpoint.address)) return fmt::format("[{}]:{}", address, endpoint.port);
  return fmt::format("{}:{}", address, endpoint.port);
}

}  // namespace nym
