#include "net/sockets.h"

#include "engine/base/overloaded.h"

namespace nym::net {

tcp::endpoint to_asio(const Endpoint& endpoint) {
  auto address =
      std::visit(Overloaded{[](const Ipv4& v4) { return asio::ip::address(asio::ip::address_v4(v4.octets)); },
                            [](const Ipv6& v6) { return asio::ip::address(asio::ip::address_v6(v6.octets)); }},
                 endpoint.address);
  return {address, endpoint.port};
}

Endpoint from_asio(const tcp::endpoint& endpoint) {
  auto address = endpoint.address();
  if (address.is_v4()) return {Ipv4{address.to_v4().to_bytes()}, endpoint.port()};
  return {Ipv6{address.to_v6().to_bytes()}, endpoint.port()};
}

CloseReason close_reason_of(const error_code& error) {
  if (!error || error == asio::error::eof) return CloseReason::finished;
  if (error == asio::error::operation_aborted) return CloseReason::shutdown;
  if (error == asio::error::timed_out) return CloseReason::timed_out;
  for (auto refused : {asio::error::connection_refused, asio::error::host_unreachable, asio::error::network_unreachable,
                       asio::error::network_down}) {
    if (error == refused) return CloseReason::refused;
  }
  return CloseReason::reset;
}

std::string describe(const error_code& error) {
  if (error == asio::error::eof) return "connection closed by the other side";
  std::string text = error.message();
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

void set_no_delay(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
}

void drop(tcp::socket& socket) {
  error_code ignored;
  socket.shutdown(tcp::socket::shutdown_both, ignored);
  socket.close(ignored);
}

}  // namespace nym::net
