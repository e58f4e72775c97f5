#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/blob.h"
#include "engine/base/connection.h"
#include "engine/base/drop_reason.h"
#include "engine/base/endpoint.h"
#include "engine/base/result.h"
#include "net/limits.h"
#include "net/runtime.h"
#include "net/url.h"

namespace nym::net {

class WebSocketSession;

enum class WebSocketForm : std::uint8_t { text, binary };

struct WebSocketHandlers {
  std::function<void()> on_open;
  /// Always UTF-8.
  std::function<void(std::string)> on_text;
  std::function<void(Bytes)> on_binary;
  /// So many more of the sent messages are with the operating system; in the order of sending.
  std::function<void(std::size_t messages)> on_written;
  /// Last call, exactly once unless the owner destroys the connection before. `detail` is for people.
  std::function<void(CloseReason, std::string_view detail)> on_closed;
  /// The answer to a ping, with its payload. May be left empty.
  std::function<void(ByteView payload)> on_pong = {};
  /// Only for OverLimit::report: a message began that is too long; `bytes` is what its header says. Nothing is
  /// delivered after this; the owner may send an explanation, and closes.
  std::function<void(WebSocketForm, std::uint64_t bytes)> on_too_long{};
};

/// What a message that is too long does to a connection: a Close frame with code 1009; the end without a word; or the
/// owner decides.
enum class OverLimit : std::uint8_t { close, drop, report };

struct WebSocketOptions {
  std::size_t read_message_max = limits::kMessageBytes;
  std::size_t read_frame_max = limits::kMessageBytes;  ///< of one frame; not looked at with OverLimit::close
  OverLimit over_limit = OverLimit::close;
  std::size_t send_queue_max = limits::kMessageSendQueue;
  Duration handshake_timeout = limits::kHandshakeTimeout;
  Duration close_timeout = limits::kCloseTimeout;
};

/// One end of a websocket without extensions. Pings are answered, and sent when the owner asks. The other side may end
/// it with or without a closing handshake. Destroying it (also inside a callback) drops the connection without further
/// callbacks.
class WebSocketConnection {
 public:
  /// To ws:// or wss:// (with the system's trusted roots); connects when started.
  static std::unique_ptr<WebSocketConnection> connect(Runtime& runtime, const Url& url, WebSocketOptions options = {});
  explicit WebSocketConnection(std::shared_ptr<WebSocketSession> session);
  WebSocketConnection(const WebSocketConnection&) = delete;
  WebSocketConnection& operator=(const WebSocketConnection&) = delete;
  ~WebSocketConnection();

  /// Once. An accepted connection reports on_open too. All handlers must be set.
  void start(WebSocketHandlers handlers);

  /// One unfragmented frame a message, in the order of the calls; before on_open too: then it waits. `text` must be
  /// UTF-8. More than `send_queue_max` bytes waiting closes the connection (reset).
  void send_text(std::string text);
  void send_binary(Blob bytes);
  void send_binary(Bytes bytes) { send_binary(Blob(std::move(bytes))); }
  std::size_t queued_bytes() const;
  /// At most 125 bytes. Does not wait behind queued messages; left out while an earlier one is being written.
  void ping(ByteView payload = {});

  /// While paused a few messages are read ahead, so that pings are answered, and kept; then nothing more is read.
  void pause_reading();
  void resume_reading();

  /// Sends what is queued and a Close frame, waits for the answer for `close_timeout` in all; on_closed follows with
  /// CloseReason::shutdown. Messages that arrive meanwhile are lost. `why` has at most 123 bytes of UTF-8.
  void close(std::uint16_t code = kNormalClosure, std::string_view why = {});
  static constexpr std::uint16_t kNormalClosure = 1000;

 private:
  std::shared_ptr<WebSocketSession> session_;
};

/// What a request for a websocket says about where it comes from.
struct UpgradeHead {
  std::string target;                ///< path and query
  std::vector<std::string> origins;  ///< one from a browser, else none
  std::string authorization;
};
struct UpgradeRefusal {
  unsigned status = 403;
  std::string text;  ///< a line for people
};
/// Nothing: welcome.
using JudgeUpgrade = std::function<std::optional<UpgradeRefusal>(const UpgradeHead&)>;

struct WebSocketListenerOptions {
  std::size_t max_connections = limits::kIncomingConnections;  ///< more are closed at once
  Duration patience{};                                         ///< or after so long, if no place became free
  WebSocketOptions connection{};
  JudgeUpgrade judge{};  ///< empty: everybody is welcome
  /// One became no websocket: too_many_connections, malformed_frame, slow_frame. May be empty.
  std::function<void(DropReason)> on_refused{};
};

/// Accepts websockets on any path until it is destroyed; those accepted live on. Other HTTP requests are answered with
/// status 400 or 426 and a line of text, those that are not welcome with what `judge` says; whatever else comes is
/// dropped, at the latest after the handshake timeout.
class WebSocketListener {
 public:
  /// The upgrade is done. The connection is to be started; dropping it closes it.
  using OnConnection = std::function<void(std::unique_ptr<WebSocketConnection>, const Endpoint& peer)>;

  /// Port 0 takes a free one. Error: cannot_listen.
  static Result<std::unique_ptr<WebSocketListener>> listen(Runtime& runtime, const Endpoint& where,
                                                           OnConnection on_connection,
                                                           WebSocketListenerOptions options = {});
  /// On a unix socket of mode 0600, which is removed in the end; one that a dead process left is replaced. Peers have
  /// the endpoint 0.0.0.0:0. Error: cannot_listen.
  static Result<std::unique_ptr<WebSocketListener>> listen(Runtime& runtime, const std::filesystem::path& where,
                                                           OnConnection on_connection,
                                                           WebSocketListenerOptions options = {});
  ~WebSocketListener();
  WebSocketListener(const WebSocketListener&) = delete;
  WebSocketListener& operator=(const WebSocketListener&) = delete;

  const Endpoint& local_endpoint() const;

 private:
  struct Parts;
  template <class Where>
  static Result<std::unique_ptr<Parts>> open(Runtime& runtime, const Where& where, OnConnection on_connection,
                                             WebSocketListenerOptions options);
  explicit WebSocketListener(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace nym::net
