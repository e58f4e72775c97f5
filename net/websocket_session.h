#pragma once

// Private to this folder: everything about a websocket that does not depend on its stream.

#include <deque>
#include <optional>

#include "net/websocket.h"

namespace nym::net {

struct WebSocketMessage {
  WebSocketForm form = WebSocketForm::binary;
  Blob payload;
};

/// The life of one websocket. Subclasses add the stream: each begin_... starts one operation, whose end they report
/// once, from the event loop, with the function named there.
///
///   created ──start──► opening ──opened──► open ──close──► closing
///                         │                  │                │
///                         └────── ended ─────┴──── ended ─────┴──► closed
class WebSocketSession : public std::enable_shared_from_this<WebSocketSession> {
 public:
  WebSocketSession(Runtime& runtime, WebSocketOptions options);
  WebSocketSession(const WebSocketSession&) = delete;
  WebSocketSession& operator=(const WebSocketSession&) = delete;
  virtual ~WebSocketSession() = default;

  void start(WebSocketHandlers handlers);
  void send(WebSocketMessage message);
  std::size_t queued_bytes() const { return queued_; }
  void ping(ByteView payload);
  void pause_reading() { is_paused_ = true; }
  void resume_reading();
  void close(std::uint16_t code, std::string_view why);
  /// The owner is gone.
  void abandon();

 protected:
  virtual void begin_open() = 0;  ///< opened
  virtual void begin_read() = 0;  ///< message_read
  /// messages_written: the first, or several from the first on; they stay in place until then.
  virtual void begin_write(const std::deque<WebSocketMessage>& messages) = 0;
  virtual void begin_ping(ByteView payload) = 0;                             ///< ping_written; `payload` is copied
  virtual void begin_close(std::uint16_t code, const std::string& why) = 0;  ///< ended
  /// Closes the socket: operations under way end, with errors.
  virtual void drop() = 0;

  void opened();
  void message_read(WebSocketForm form, Bytes payload);
  void messages_written(std::size_t count);
  void ping_written() { is_pinging_ = false; }
  void pong_read(ByteView payload);
  /// What is still to come of it is read and forgotten.
  void message_too_long(WebSocketForm form, std::uint64_t bytes);
  bool is_discarding() const { return is_discarding_; }
  /// The end has begun, for that reason, the first that is told: `ended` follows, at the latest after the close
  /// timeout.
  void ending(CloseReason reason);
  /// Any failure of any operation.
  void ended(CloseReason reason, std::string_view detail);

  bool is_over() const { return phase_ == Phase::closed; }
  Runtime& runtime() { return runtime_; }
  const WebSocketOptions& options() const { return options_; }

 private:
  enum class Phase : std::uint8_t { created, opening, open, closing, closed };

  void time_is_up();
  void end_soon(CloseReason reason, std::string detail);
  void silence();
  void read_next();
  void write_next();
  void write_soon();
  void deliver(WebSocketForm form, Bytes payload);
  void deliver_held();

  Runtime& runtime_;
  WebSocketOptions options_;
  Timer timer_;
  WebSocketHandlers handlers_;
  Phase phase_ = Phase::created;
  std::optional<CloseReason> end_reason_;  ///< while it is ending
  std::deque<WebSocketMessage> queue_;     ///< the first ones are being written if is_writing_
  std::size_t queued_ = 0;
  std::deque<std::pair<WebSocketForm, Bytes>> held_;  ///< read while paused
  std::size_t held_bytes_ = 0;
  std::uint16_t close_code_ = WebSocketConnection::kNormalClosure;
  std::string close_text_;
  bool is_discarding_ = false;
  bool is_reading_ = false;
  bool is_writing_ = false;
  bool is_pinging_ = false;
  bool is_paused_ = false;
  bool is_delivery_due_ = false;
  bool is_abandoned_ = false;
};

}  // namespace nym::net
