#pragma once

// Private to this folder: the listening half of all servers.

#include <filesystem>
#include <functional>
#include <memory>

#include "net/limits.h"
#include "net/runtime.h"
#include "net/sockets.h"

namespace nym::net {

/// One of a listener's places for connections, taken until its last copy is gone.
using ConnectionSlot = std::shared_ptr<const void>;

/// Accepts connections until it is destroyed. More than `max_connections` at a time are closed: at once, or if no place
/// became free within `patience`.
class Acceptor {
 public:
  using OnSocket = std::function<void(tcp::socket, const Endpoint& peer, ConnectionSlot)>;
  struct Options {
    std::size_t max_connections = limits::kIncomingConnections;
    Duration patience{};
    std::function<void()> on_refused{};  ///< one found no place; may be empty
  };

  /// Port 0 takes a free one. Error: cannot_listen.
  static Result<std::unique_ptr<Acceptor>> listen(Runtime& runtime, const Endpoint& where, Options options,
                                                  OnSocket on_socket);
  /// A unix socket of mode 0600, removed in the end. Its connections come as TCP sockets, of which only the descriptor
  /// matters, with the peer 0.0.0.0:0. Error: cannot_listen.
  static Result<std::unique_ptr<Acceptor>> listen(Runtime& runtime, const std::filesystem::path& where, Options options,
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

/// The other end of such a socket, connected. Error: unreachable.
Result<tcp::socket> connect_unix(asio::io_context& context, const std::filesystem::path& where);

}  // namespace nym::net
