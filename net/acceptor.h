#pragma once

// Private to this folder: the listening half of all servers.

#include <functional>
#include <memory>

#include "net/runtime.h"
#include "net/sockets.h"

namespace nym::net {

/// One of a listener's places for connections, taken until its last copy is gone.
using ConnectionSlot = std::shared_ptr<const void>;

/// Accepts connections until it is destroyed. More than `max_connections` at a time are closed at once.
class Acceptor {
 public:
  using OnSocket = std::function<void(tcp::socket, const Endpoint& peer, ConnectionSlot)>;

  /// Port 0 takes a free one. Error: cannot_listen.
  static Result<std::unique_ptr<Acceptor>> listen(Runtime& runtime, const Endpoint& where, std::size_t max_connections,
                                                  OnSocket on_socket);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  const Endpoint& local_endpoint() const;

 private:
  struct State;
  explicit Acceptor(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

}  // namespace nym::net
