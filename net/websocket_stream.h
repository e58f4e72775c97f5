#pragma once

// Private to this folder: a websocket over one kind of stream. The only header with Beast's websocket in it.

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "net/frame_meter.h"
#include "net/os_random.h"
#include "net/tls.h"
#include "net/websocket_frames.h"
#include "net/websocket_session.h"

namespace nym::net {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

CloseReason websocket_close_reason_of(const error_code& error);

/// A stream that tells when Beast begins to take it down: after a Close frame or a broken one of the other side. Beast
/// then waits for the other side's end without a limit of its own. One that two may write to, Beast its control frames
/// and we our messages: each write is whole, the other waits. And one that is read to its end when nothing can be
/// written any more: what the other side sent before it went may still wait to be read, and Beast stops at any error,
/// so writes seem to succeed from then on.
template <class Stream>
class WatchedStream : public Stream {
 public:
  template <class... Args>
  explicit WatchedStream(Args&&... args) : Stream(std::forward<Args>(args)...) {}

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (write_error_) return pretend(buffers, std::forward<Handler>(handler));
    if (!is_writing_) return write_whole(buffers, std::forward<Handler>(handler));
    next_write_ = [this, buffers, waiting = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler))] {
      write_whole(buffers, std::move(*waiting));
    };
  }

  /// What waits is not written any more, and its handler not called: it may own what owns this stream.
  void forget_waiting() { next_write_ = {}; }

  /// Why nothing is written any more.
  const std::optional<error_code>& write_error() const { return write_error_; }

  std::function<void()> on_teardown;
  /// Told once, when a write fails.
  std::function<void(const error_code&)> on_write_error;
  /// Sees what comes in before Beast does.
  std::function<void(ByteView)> on_bytes;
  /// Where a plain socket is read into; kept for the time of a callback only.
  MutableByteView scratch;

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    if constexpr (std::is_same_v<Stream, tcp::socket>) {
      if (!scratch.empty()) return read_ahead(buffers, std::forward<Handler>(handler));
    }
    Stream::async_read_some(buffers, [this, buffers, handler = std::forward<Handler>(handler)](
                                         error_code error, std::size_t count) mutable {
      show(buffers, count);
      std::move(handler)(error, count);
    });
  }

 private:
  // Beast asks for a message's head and its rest by themselves. One read of a socket takes all that came instead, and
  // Beast gets it in the pieces that it asks for.
  template <class Buffers, class Handler>
  void read_ahead(const Buffers& buffers, Handler&& handler) {
    if (!ahead_.empty()) {
      auto count = take_ahead(buffers);
      return asio::post(this->get_executor(),
                        [this, buffers, count, handler = std::forward<Handler>(handler)]() mutable {
                          show(buffers, count);
                          std::move(handler)(error_code(), count);
                        });
    }
    this->async_wait(tcp::socket::wait_read,
                     [this, buffers, handler = std::forward<Handler>(handler)](error_code error) mutable {
                       auto count = error ? 0 : read_now(buffers, error);
                       if (error == asio::error::would_block || error == asio::error::try_again) {
                         return read_ahead(buffers, std::move(handler));
                       }
                       show(buffers, count);
                       std::move(handler)(error, count);
                     });
  }

  template <class Buffers>
  std::size_t read_now(const Buffers& buffers, error_code& error) {
    if (!this->non_blocking()) this->non_blocking(true, error);
    if (error) return 0;
    auto came = this->read_some(asio::buffer(scratch.data(), scratch.size()), error);
    auto count = asio::buffer_copy(buffers, asio::buffer(scratch.data(), came));
    ahead_.assign(scratch.begin() + static_cast<std::ptrdiff_t>(count),
                  scratch.begin() + static_cast<std::ptrdiff_t>(came));
    return count;
  }

  template <class Buffers>
  std::size_t take_ahead(const Buffers& buffers) {
    auto left = ByteView(ahead_).subspan(taken_);
    auto count = asio::buffer_copy(buffers, asio::buffer(left.data(), left.size()));
    taken_ += count;
    if (taken_ < ahead_.size()) return count;
    ahead_ = {};
    taken_ = 0;
    return count;
  }

  template <class Buffers, class Handler>
  void write_whole(const Buffers& buffers, Handler&& handler) {
    is_writing_ = true;
    asio::async_write(static_cast<Stream&>(*this), buffers,
                      [this, whole = asio::buffer_size(buffers), handler = std::forward<Handler>(handler)](
                          error_code error, std::size_t count) mutable {
                        is_writing_ = false;
                        if (error) {
                          count = fail_writing(error, whole);
                          error = {};
                        }
                        if (auto next = std::exchange(next_write_, {})) next();
                        std::move(handler)(error, count);
                      });
  }

  std::size_t fail_writing(const error_code& error, std::size_t whole) {
    if (!std::exchange(write_error_, error) && on_write_error) on_write_error(error);
    return whole;
  }

  template <class Buffers, class Handler>
  void pretend(const Buffers& buffers, Handler&& handler) {
    asio::post(this->get_executor(),
               [count = asio::buffer_size(buffers), handler = std::forward<Handler>(handler)]() mutable {
                 std::move(handler)(error_code(), count);
               });
  }

  template <class Buffers>
  void show(const Buffers& buffers, std::size_t count) {
    if (!on_bytes) return;
    for (auto part = asio::buffer_sequence_begin(buffers); part != asio::buffer_sequence_end(buffers); ++part) {
      asio::mutable_buffer buffer(*part);
      auto shown = std::min(count, buffer.size());
      on_bytes({static_cast<const std::uint8_t*>(buffer.data()), shown});
      count -= shown;
    }
  }

  Bytes ahead_;            ///< read and not asked for yet, at most limits::kReadBytes
  std::size_t taken_ = 0;  ///< of it
  bool is_writing_ = false;
  std::function<void()> next_write_;
  std::optional<error_code> write_error_;
};

// Found by Beast through its argument.
template <class Stream, class Handler>
void async_teardown(beast::role_type role, WatchedStream<Stream>& stream, Handler&& handler) {
  if (stream.on_teardown) stream.on_teardown();
  using websocket::async_teardown;
  async_teardown(role, static_cast<Stream&>(stream), std::forward<Handler>(handler));
}

/// `Stream` is a TCP socket or TLS over one; compiled once for each, in websocket_stream_plain.cc and
/// websocket_stream_tls.cc.
template <class Stream>
class WebSocketStream : public WebSocketSession {
 public:
  template <class... Args>
  WebSocketStream(Runtime& runtime, WebSocketOptions options, Args&&... stream_args)
      : WebSocketSession(runtime, options), stream_(std::forward<Args>(stream_args)...) {
    // The session has its own clock.
    stream_.set_option(
        websocket::stream_base::timeout{websocket::stream_base::none(), websocket::stream_base::none(), false});
    stream_.read_message_max(options.over_limit == OverLimit::close ? options.read_message_max : 0);
    stream_.auto_fragment(false);
    stream_.write_buffer_bytes(kWriteBufferBytes);
    stream_.control_callback([this](websocket::frame_type kind, beast::string_view payload) {
      if (kind == websocket::frame_type::pong) pong_read(as_bytes({payload.data(), payload.size()}));
    });
    stream_.next_layer().on_teardown = [this] {
      bool was_asked_to = stream_.reason().code != websocket::close_code::none;
      ending(was_asked_to ? CloseReason::finished : CloseReason::protocol_error);
    };
    stream_.next_layer().on_write_error = [this](const error_code& error) { ending(websocket_close_reason_of(error)); };
    stream_.next_layer().scratch = runtime.scratch();
    if (options.over_limit == OverLimit::close) return;
    meter_.emplace(options.read_frame_max, options.read_message_max);
    stream_.next_layer().on_bytes = [this](ByteView bytes) { measure(bytes); };
  }

 protected:
  // A packet of the usual sizes leaves in one system call.
  static constexpr std::size_t kWriteBufferBytes = std::size_t{36} << 10U;

  websocket::stream<WatchedStream<Stream>>& stream() { return stream_; }
  tcp::socket& socket() { return beast::get_lowest_layer(stream_); }

  std::shared_ptr<WebSocketStream> self() { return std::static_pointer_cast<WebSocketStream>(shared_from_this()); }

  /// The upgrade is done.
  void handshake_done(const error_code& error) {
    if (error) return failed(error);
    opened();
  }

  void failed(const error_code& error) { ended(websocket_close_reason_of(error), describe(error)); }
  void drop() override {
    stream_.next_layer().forget_waiting();
    net::drop(socket());
  }

 private:
  void measure(ByteView bytes) {
    auto excess = meter_ ? meter_->feed(bytes) : std::nullopt;
    if (!excess) return;
    meter_.reset();
    if (options().over_limit == OverLimit::drop) {
      return ended(CloseReason::protocol_error, "a message is longer than the limit");
    }
    bool is_text = excess->form == FrameMeter::Excess::Form::text;
    message_too_long(is_text ? WebSocketForm::text : WebSocketForm::binary, excess->bytes);
  }

  void begin_read() override {
    stream_.async_read_some(buffer_, 0, [self = self()](error_code error, std::size_t) {
      if (error) return self->failed(error);
      if (self->is_discarding()) self->buffer_.consume(self->buffer_.size());
      if (self->is_discarding() || !self->stream_.is_message_done()) return self->begin_read();
      self->take_message();
    });
  }

  void take_message() {
    auto form = stream_.got_text() ? WebSocketForm::text : WebSocketForm::binary;
    auto data = buffer_.cdata();
    Bytes payload(static_cast<const std::uint8_t*>(data.data()),
                  static_cast<const std::uint8_t*>(data.data()) + data.size());
    buffer_.consume(buffer_.size());
    if (buffer_.capacity() > limits::kKeptReadBuffer) buffer_.shrink_to_fit();
    message_read(form, std::move(payload));
  }

  void begin_write(const std::deque<WebSocketMessage>& messages) override {
    auto count = gather(messages);
    if (count == 0) return write_alone(messages.front());
    if (!stream_.is_open()) return runtime().post([self = self()] { self->failed(asio::error::operation_aborted); });
    stream_.next_layer().async_write_some(
        asio::buffer(gathered_),
        [self = self(), count](error_code error, std::size_t) { self->written(error, count); });
  }

  // As many as fit, from the first on; none if that one is long.
  std::size_t gather(const std::deque<WebSocketMessage>& messages) {
    gathered_.clear();
    std::size_t count = 0;
    for (; count < messages.size(); ++count) {
      auto payload = messages[count].payload.stored();
      if (gathered_.size() + payload.size() > limits::kGatheredBytes) break;
      append_frame(gathered_, messages[count].form, payload, next_mask());
    }
    return count;
  }

  virtual std::optional<FrameMask> next_mask() = 0;

  void write_alone(const WebSocketMessage& message) {
    stream_.text(message.form == WebSocketForm::text);
    auto bytes = message.payload.stored();
    stream_.async_write(asio::buffer(bytes.data(), bytes.size()),
                        [self = self()](error_code error, std::size_t) { self->written(error, 1); });
  }

  // Nothing more is taken from the queue when the stream only seems to write.
  void written(const error_code& error, std::size_t count) {
    if (error) return failed(error);
    if (!stream_.next_layer().write_error()) messages_written(count);
  }

  void begin_ping(ByteView payload) override {
    auto text = as_text(payload);
    stream_.async_ping(websocket::ping_data(text.data(), text.size()), [self = self()](error_code error) {
      if (error) return self->failed(error);
      self->ping_written();
    });
  }

  void begin_close(std::uint16_t code, const std::string& why) override {
    websocket::close_reason reason(static_cast<websocket::close_code>(code), why);
    stream_.async_close(reason, [self = self()](error_code error) { self->failed(error); });
  }

  websocket::stream<WatchedStream<Stream>> stream_;
  beast::flat_buffer buffer_;
  Bytes gathered_;  ///< what is being written
  std::optional<FrameMeter> meter_;
};

extern template class WebSocketStream<tcp::socket>;
extern template class WebSocketStream<TlsStream>;

}  // namespace nym::net
