#include "net/websocket_session.h"

#include "engine/base/check.h"

namespace nym::net {

WebSocketSession::WebSocketSession(Runtime& runtime, WebSocketOptions options)
    : runtime_(runtime), options_(options), timer_(runtime, [this] { time_is_up(); }) {}

void WebSocketSession::start(WebSocketHandlers handlers) {
  NYM_CHECK(phase_ == Phase::created);
  handlers_ = std::move(handlers);
  phase_ = Phase::opening;
  timer_.arm_after(options_.handshake_timeout);
  begin_open();
}

void WebSocketSession::opened() {
  if (phase_ != Phase::opening) return;
  phase_ = Phase::open;
  timer_.cancel();
  handlers_.on_open();
  read_next();
  write_next();
}

void WebSocketSession::send(WebSocketMessage message) {
  if (phase_ == Phase::closing || phase_ == Phase::closed) return;
  if (message.payload.stored().size() != message.payload.size()) message.payload = Blob(message.payload.to_bytes());
  queued_ += message.payload.size();
  if (queued_ > options_.send_queue_max) return end_soon(CloseReason::reset, "the other side reads too slowly");
  queue_.push_back(std::move(message));
  write_soon();
}

// What one callback sends is gathered into one write.
void WebSocketSession::write_soon() {
  if (is_writing_ || phase_ != Phase::open) return;
  is_writing_ = true;
  runtime_.post([self = shared_from_this()] {
    self->is_writing_ = false;
    self->write_next();
  });
}

void WebSocketSession::ping(ByteView payload) {
  if (phase_ != Phase::open || is_pinging_) return;
  is_pinging_ = true;
  begin_ping(payload);
}

void WebSocketSession::pong_read(ByteView payload) {
  if (phase_ == Phase::open && handlers_.on_pong) handlers_.on_pong(payload);
}

void WebSocketSession::write_next() {
  if (is_writing_ || (phase_ != Phase::open && phase_ != Phase::closing)) return;
  if (!queue_.empty()) {
    is_writing_ = true;
    begin_write(queue_);
  } else if (phase_ == Phase::closing) {
    is_writing_ = true;
    begin_close(close_code_, close_text_);
  }
}

void WebSocketSession::messages_written(std::size_t count) {
  if (phase_ == Phase::closed) return;
  for (std::size_t i = 0; i < count; ++i) {
    queued_ -= queue_.front().payload.size();
    queue_.pop_front();
  }
  handlers_.on_written(count);  // which may send
  is_writing_ = false;
  write_next();
}

void WebSocketSession::read_next() {
  if (is_reading_ || (phase_ != Phase::open && phase_ != Phase::closing)) return;
  if (held_.size() >= limits::kHeldMessages || held_bytes_ >= limits::kHeldBytes) return;
  is_reading_ = true;
  begin_read();
}

void WebSocketSession::message_read(WebSocketForm form, Bytes payload) {
  is_reading_ = false;
  if (phase_ == Phase::open) {
    if (is_paused_ || !held_.empty()) {
      held_bytes_ += payload.size();
      held_.emplace_back(form, std::move(payload));
    } else {
      deliver(form, std::move(payload));
    }
  }
  read_next();
}

void WebSocketSession::deliver(WebSocketForm form, Bytes payload) {
  if (form == WebSocketForm::text) {
    handlers_.on_text(std::string(as_text(payload)));
  } else {
    handlers_.on_binary(std::move(payload));
  }
}

void WebSocketSession::resume_reading() {
  is_paused_ = false;
  if (is_delivery_due_) return;
  is_delivery_due_ = true;
  runtime_.post([self = shared_from_this()] { self->deliver_held(); });
}

void WebSocketSession::deliver_held() {
  is_delivery_due_ = false;
  while (!held_.empty() && !is_paused_ && phase_ == Phase::open) {
    auto [form, payload] = std::move(held_.front());
    held_.pop_front();
    held_bytes_ -= payload.size();
    deliver(form, std::move(payload));
  }
  read_next();
}

void WebSocketSession::close(std::uint16_t code, std::string_view why) {
  if (phase_ == Phase::created || phase_ == Phase::opening)
    return end_soon(CloseReason::shutdown, "closed by this side");
  if (phase_ != Phase::open) return;
  phase_ = Phase::closing;
  close_code_ = code;
  close_text_ = why;
  held_.clear();
  held_bytes_ = 0;
  timer_.arm_after(options_.close_timeout);
  read_next();
  write_next();
}

void WebSocketSession::message_too_long(WebSocketForm form, std::uint64_t bytes) {
  if (phase_ != Phase::open || is_discarding_) return;
  is_discarding_ = true;
  handlers_.on_too_long(form, bytes);
}

void WebSocketSession::time_is_up() {
  auto self = shared_from_this();
  ended(CloseReason::timed_out, phase_ == Phase::opening ? "no connection within the time allowed"
                                                         : "the other side did not end the connection");
}

void WebSocketSession::ending(CloseReason reason) {
  if (phase_ != Phase::open || end_reason_) return;
  end_reason_ = reason;
  timer_.arm_after(options_.close_timeout);
}

void WebSocketSession::ended(CloseReason reason, std::string_view detail) {
  if (phase_ == Phase::closed) return;
  bool was_asked = phase_ == Phase::closing;
  silence();
  auto on_closed = std::move(handlers_.on_closed);
  if (!on_closed || is_abandoned_) return;
  if (was_asked) return on_closed(CloseReason::shutdown, "closed by this side");
  on_closed(end_reason_.value_or(reason), detail);
}

// For calls of the owner, who must not be called back from inside them.
void WebSocketSession::end_soon(CloseReason reason, std::string detail) {
  if (phase_ == Phase::closed) return;
  silence();
  runtime_.post([self = shared_from_this(), reason, detail = std::move(detail)] {
    auto on_closed = std::move(self->handlers_.on_closed);
    if (on_closed && !self->is_abandoned_) on_closed(reason, detail);
  });
}

void WebSocketSession::silence() {
  phase_ = Phase::closed;
  timer_.cancel();
  drop();
}

void WebSocketSession::abandon() {
  is_abandoned_ = true;
  if (phase_ != Phase::closed) silence();
}

WebSocketConnection::WebSocketConnection(std::shared_ptr<WebSocketSession> session) : session_(std::move(session)) {}
WebSocketConnection::~WebSocketConnection() {
  session_->abandon();
}

void WebSocketConnection::start(WebSocketHandlers handlers) {
  session_->start(std::move(handlers));
}

void WebSocketConnection::send_text(std::string text) {
  session_->send({WebSocketForm::text, Blob(to_bytes(as_bytes(text)))});
}

void WebSocketConnection::send_binary(Blob bytes) {
  session_->send({WebSocketForm::binary, std::move(bytes)});
}

std::size_t WebSocketConnection::queued_bytes() const {
  return session_->queued_bytes();
}
void WebSocketConnection::ping(ByteView payload) {
  session_->ping(payload);
}
void WebSocketConnection::pause_reading() {
  session_->pause_reading();
}
void WebSocketConnection::resume_reading() {
  session_->resume_reading();
}
void WebSocketConnection::close(std::uint16_t code, std::string_view why) {
  session_->close(code, why);
}

}  // namespace nym::net
