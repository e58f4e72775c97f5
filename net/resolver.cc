#include "net/resolver.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>

#include "net/error.h"
#include "net/sockets.h"

namespace nym::net {

void resolve(Runtime& runtime, const std::string& host, std::uint16_t port,
             std::function<void(Result<std::vector<Endpoint>>)> on_resolved) {
  if (auto address = parse_ip(host)) {
    runtime.post([endpoint = Endpoint{*address, port}, on_resolved = std::move(on_resolved)] {
      on_resolved(std::vector<Endpoint>{endpoint});
    });
    return;
  }
  auto resolver = std::make_shared<tcp::resolver>(runtime.context());
  auto done = [resolver, host, on_resolved = std::move(on_resolved)](error_code error,
                                                                     const tcp::resolver::results_type& found) {
    if (error || found.empty()) {
      auto why = error ? describe(error) : "no address";
      return on_resolved(fail(NetError::unresolved, fmt::format("cannot find the address of {}: {}", host, why)));
    }
    std::vector<Endpoint> endpoints;
    for (const auto& entry : found) endpoints.push_back(from_asio(entry.endpoint()));
    on_resolved(std::move(endpoints));
  };
  resolver->async_resolve(host, std::to_string(port), tcp::resolver::numeric_service, std::move(done));
}

}  // namespace nym::net
