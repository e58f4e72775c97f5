#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/base/blob.h"
#include "engine/base/connection.h"
#include "engine/base/endpoint.h"
#include "engine/base/result.h"
#include "net/limits.h"
#include "net/runtime.h"

namespace nym::net {

struct TcpLinkHandlers {
  std::function<void()> on_open;
  /// At most limits::kReadBytes; the view is valid during the call.
  std::function<void(ByteView)> on_data;
  /// So many more of the sent bytes are with the operating system.
  std::function<void(std::size_t bytes)> on_written;
  /// Last call, exactly once unless the owner destroys the link before. `detail` is for people.
  std::function<void(CloseReason, std::string_view detail)> on_closed;
};

struct TcpLinkOptions {
  Duration connect_timeout = limits::kConnectTimeout;
  std::size_t send_queue_max = limits::kLinkSendQueue;
};

/// A TCP stream, outgoing or accepted, without Nagle's delay. Destroying it (also inside a callback) drops the
/// connection without further callbacks.
class TcpLink {
 public:
  struct State;

  /// Connects when started.
  static std::unique_ptr<TcpLink> connect(Runtime& runtime, const Endpoint& to, TcpLinkOptions options = {});
  /// A stream over a unix socket. Error: unreachable, naming the path.
  static Result<std::unique_ptr<TcpLink>> connect(Runtime& runtime, const std::filesystem::path& unix_socket,
                                                  TcpLinkOptions options = {});
  explicit TcpLink(std::shared_ptr<State> state);
  TcpLink(const TcpLink&) = delete;
  TcpLink& operator=(const TcpLink&) = delete;
  ~TcpLink();

  /// Once. An accepted link reports on_open too. All handlers must be set.
  void start(TcpLinkHandlers handlers);
  /// After start, not inside a callback of this link.
  void replace_handlers(TcpLinkHandlers handlers);

  /// Before on_open too: then it waits. More than `send_queue_max` bytes waiting closes the link (reset).
  void send(Blob bytes);
  void send(Bytes bytes) { send(Blob(std::move(bytes))); }
  void send(std::vector<Bytes> pieces);
  std::size_t queued_bytes() const;

  /// While paused nothing is read, so that the sender is slowed down; an end of the connection is noticed only by
  /// writes.
  void pause_reading();
  void resume_reading();

  /// Drops what is queued; on_closed follows with CloseReason::shutdown.
  void close();

 private:
  std::shared_ptr<State> state_;
};

struct TcpListenerOptions {
  std::size_t max_connections = limits::kIncomingConnections;  ///< more are closed at once
  TcpLinkOptions link{};
  std::function<void()> on_refused{};  ///< one found no place; may be empty
};

/// Accepts TCP streams until it is destroyed; those accepted live on.
class TcpListener {
 public:
  /// The link is to be started; dropping it closes the connection.
  using OnAccept = std::function<void(std::unique_ptr<TcpLink>, const Endpoint& peer)>;

  /// Port 0 takes a free one. Error: cannot_listen.
  static Result<std::unique_ptr<TcpListener>> listen(Runtime& runtime, const Endpoint& where, OnAccept on_accept,
                                                     TcpListenerOptions options = {});
  /// On a unix socket of mode 0600, which is removed in the end; one that a dead process left is replaced. Peers have
  /// the endpoint 0.0.0.0:0. Error: cannot_listen.
  static Result<std::unique_ptr<TcpListener>> listen(Runtime& runtime, const std::filesystem::path& where,
                                                     OnAccept on_accept, TcpListenerOptions options = {});
  ~TcpListener();
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;

  const Endpoint& local_endpoint() const;

 private:
  struct Parts;
  template <class Where>
  static Result<std::unique_ptr<Parts>> open(Runtime& runtime, const Where& where, OnAccept on_accept,
                                             TcpListenerOptions options);
  explicit TcpListener(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace nym::net
