#include "net/acceptor.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>

#include "net/error.h"
#include "net/limits.h"

namespace nym::net {
namespace {

std::string advice(const error_code& error) {
  if (error == asio::error::address_in_use) {
    return "address already in use; stop the other program or choose another port";
  }
  if (error == asio::error::access_denied) return "permission denied; choose a port from 1024 on";
  if (error == boost::system::errc::address_not_available) return "this machine does not have that address";
  return describe(error);
}

Result<tcp::acceptor> open(asio::io_context& context, const Endpoint& where) {
  tcp::acceptor acceptor(context);
  auto endpoint = to_asio(where);
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(limits::kListenBacklog, error);
  if (error)
    return fail(NetError::cannot_listen, fmt::format("cannot listen on {}: {}", to_string(where), advice(error)));
  return acceptor;
}

bool is_shortage(const error_code& error) {
  return error == asio::error::no_descriptors || error == asio::error::no_buffer_space ||
         error == asio::error::no_memory || error == boost::system::errc::too_many_files_open_in_system;
}

}  // namespace

struct Acceptor::State : std::enable_shared_from_this<Acceptor::State> {
  State(Runtime& runtime, tcp::acceptor accepting, std::size_t max, OnSocket callback)
      : acceptor(std::move(accepting)),
        max_connections(max),
        on_socket(std::move(callback)),
        pause(runtime, [this] { accept_next(); }) {}

  void accept_next() {
    acceptor.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
      if (self->is_closed) return;
      if (!error) self->take(std::move(socket));
      if (is_shortage(error)) {
        self->pause.arm_after(limits::kAcceptPause);
      } else if (!self->is_closed) {
        self->accept_next();
      }
    });
  }

  void take(tcp::socket socket) {
    error_code error;
    auto peer = socket.remote_endpoint(error);
    if (error || *open_connections >= max_connections) return;
    set_no_delay(socket);
    ++*open_connections;
    ConnectionSlot slot(this, [count = open_connections](const void*) { --*count; });
    on_socket(std::move(socket), from_asio(peer), std::move(slot));
  }

  void close() {
    is_closed = true;
    pause.cancel();
    error_code ignored;
    acceptor.close(ignored);
  }

  tcp::acceptor acceptor;
  std::size_t max_connections;
  OnSocket on_socket;
  Timer pause;
  Endpoint local;
  std::shared_ptr<std::size_t> open_connections = std::make_shared<std::size_t>(0);
  bool is_closed = false;
};

Result<std::unique_ptr<Acceptor>> Acceptor::listen(Runtime& runtime, const Endpoint& where, std::size_t max_connections,
                                                   OnSocket on_socket) {
  NYM_TRY(auto acceptor, open(runtime.context(), where));
  auto state = std::make_shared<State>(runtime, std::move(acceptor), max_connections, std::move(on_socket));
  error_code error;
  state->local = from_asio(state->acceptor.local_endpoint(error));
  state->accept_next();
  return std::unique_ptr<Acceptor>(new Acceptor(std::move(state)));
}

Acceptor::~Acceptor() {
  state_->close();
}

const Endpoint& Acceptor::local_endpoint() const {
  return state_->local;
}

}  // namespace nym::net
