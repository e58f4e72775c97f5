#include "net/tcp_link.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <deque>

#include "engine/base/check.h"
#include "net/acceptor.h"
#include "net/error.h"

namespace nym::net {

// Lives as long as the link or an operation of it.
struct TcpLink::State : std::enable_shared_from_this<TcpLink::State> {
  enum class Phase : std::uint8_t { created, opening, open, closed };

  State(Runtime& runtime_in, tcp::socket socket_in, TcpLinkOptions options_in)
      : runtime(runtime_in),
        socket(std::move(socket_in)),
        options(options_in),
        connect_timer(runtime_in, [this] { end(CloseReason::timed_out, "no answer to the connection attempt"); }) {}

  void start(TcpLinkHandlers given) {
    NYM_CHECK(phase == Phase::created);
    handlers = std::move(given);
    phase = Phase::opening;
    if (!remote) {
      runtime.post([self = shared_from_this()] { self->opened(); });
      return;
    }
    connect_timer.arm_after(options.connect_timeout);
    socket.async_connect(to_asio(*remote), [self = shared_from_this()](error_code error) {
      if (error) return self->end(close_reason_of(error), describe(error));
      self->opened();
    });
  }

  void opened() {
    if (phase != Phase::opening) return;
    phase = Phase::open;
    connect_timer.cancel();
    set_no_delay(socket);
    error_code ignored;
    socket.non_blocking(true, ignored);
    handlers.on_open();
    wait_for_data();
    write_next();
  }

  void wait_for_data() {
    if (phase != Phase::open || is_paused || is_reading) return;
    is_reading = true;
    socket.async_wait(tcp::socket::wait_read, [self = shared_from_this()](error_code error) {
      self->is_reading = false;
      if (error) return self->end(close_reason_of(error), describe(error));
      self->read_some();
      self->wait_for_data();
    });
  }

  void read_some() {
    for (int i = 0; i < limits::kReadsPerWakeUp && phase == Phase::open && !is_paused; ++i) {
      auto scratch = runtime.scratch();
      error_code error;
      auto count = socket.read_some(asio::buffer(scratch.data(), scratch.size()), error);
      if (error == asio::error::would_block || error == asio::error::try_again) return;
      if (error) return end(close_reason_of(error), describe(error));
      handlers.on_data(scratch.first(count));
      if (count < scratch.size()) return;
    }
  }

  void enqueue(Blob bytes) {
    if (phase == Phase::closed || bytes.empty()) return;
    if (bytes.stored().size() != bytes.size()) bytes = Blob(bytes.to_bytes());
    queued += bytes.size();
    if (queued > options.send_queue_max) return end_soon(CloseReason::reset, "the other side reads too slowly");
    queue.push_back(std::move(bytes));
    write_soon();
  }

  // What one callback sends is gathered into one write.
  void write_soon() {
    if (phase != Phase::open || is_writing) return;
    is_writing = true;
    runtime.post([self = shared_from_this()] {
      self->is_writing = false;
      self->write_next();
    });
  }

  void write_next() {
    if (phase != Phase::open || is_writing || queue.empty()) return;
    is_writing = true;
    std::vector<asio::const_buffer> buffers;
    std::size_t skip = front_written;
    for (const auto& piece : queue) {
      if (buffers.size() == limits::kBuffersPerWrite) break;
      auto bytes = piece.stored().subspan(skip);
      buffers.emplace_back(bytes.data(), bytes.size());
      skip = 0;
    }
    socket.async_write_some(buffers, [self = shared_from_this()](error_code error, std::size_t count) {
      self->is_writing = false;
      if (error) return self->end(close_reason_of(error), describe(error));
      self->written(count);
    });
  }

  void written(std::size_t count) {
    if (phase != Phase::open) return;
    queued -= count;
    front_written += count;
    while (!queue.empty() && front_written >= queue.front().size()) {
      front_written -= queue.front().size();
      queue.pop_front();
    }
    handlers.on_written(count);
    write_next();
  }

  void end(CloseReason reason, std::string_view detail) {
    if (phase == Phase::closed) return;
    silence();
    auto on_closed = std::move(handlers.on_closed);
    if (on_closed) on_closed(reason, detail);
  }

  // For calls of the owner, who must not be called back from inside them.
  void end_soon(CloseReason reason, std::string detail) {
    if (phase == Phase::closed) return;
    silence();
    runtime.post([self = shared_from_this(), reason, detail = std::move(detail)] {
      auto on_closed = std::move(self->handlers.on_closed);
      if (on_closed && !self->is_abandoned) on_closed(reason, detail);
    });
  }

  void silence() {
    phase = Phase::closed;
    connect_timer.cancel();
    net::drop(socket);
    slot.reset();
  }

  void abandon() {
    is_abandoned = true;
    if (phase != Phase::closed) silence();
  }

  Runtime& runtime;
  tcp::socket socket;
  TcpLinkOptions options;
  Timer connect_timer;
  std::optional<Endpoint> remote;  ///< nothing: accepted
  ConnectionSlot slot;
  TcpLinkHandlers handlers;
  std::deque<Blob> queue;
  std::size_t front_written = 0;  ///< bytes of the queue's first piece
  std::size_t queued = 0;
  Phase phase = Phase::created;
  bool is_reading = false;
  bool is_writing = false;
  bool is_paused = false;
  bool is_abandoned = false;
};

std::unique_ptr<TcpLink> TcpLink::connect(Runtime& runtime, const Endpoint& to, TcpLinkOptions options) {
  auto state = std::make_shared<State>(runtime, tcp::socket(runtime.context()), options);
  state->remote = to;
  return std::make_unique<TcpLink>(std::move(state));
}

Result<std::unique_ptr<TcpLink>> TcpLink::connect(Runtime& runtime, const std::filesystem::path& unix_socket,
                                                  TcpLinkOptions options) {
  NYM_TRY(auto socket, connect_unix(runtime.context(), unix_socket));
  return std::make_unique<TcpLink>(std::make_shared<State>(runtime, std::move(socket), options));
}

TcpLink::TcpLink(std::shared_ptr<State> state) : state_(std::move(state)) {}
TcpLink::~TcpLink() {
  state_->abandon();
}

void TcpLink::start(TcpLinkHandlers handlers) {
  state_->start(std::move(handlers));
}

void TcpLink::replace_handlers(TcpLinkHandlers handlers) {
  state_->handlers = std::move(handlers);
}

void TcpLink::send(Blob bytes) {
  state_->enqueue(std::move(bytes));
}

void TcpLink::send(std::vector<Bytes> pieces) {
  for (auto& piece : pieces) state_->enqueue(Blob(std::move(piece)));
}

std::size_t TcpLink::queued_bytes() const {
  return state_->queued;
}

void TcpLink::pause_reading() {
  state_->is_paused = true;
}

void TcpLink::resume_reading() {
  state_->is_paused = false;
  state_->wait_for_data();
}

void TcpLink::close() {
  state_->end_soon(CloseReason::shutdown, "closed by this side");
}

struct TcpListener::Parts {
  std::unique_ptr<Acceptor> acceptor;
};

template <class Where>
Result<std::unique_ptr<TcpListener::Parts>> TcpListener::open(Runtime& runtime, const Where& where, OnAccept on_accept,
                                                              TcpListenerOptions options) {
  auto on_socket = [&runtime, link = options.link, on_accept = std::move(on_accept)](
                       tcp::socket socket, const Endpoint& peer, ConnectionSlot slot) {
    auto state = std::make_shared<TcpLink::State>(runtime, std::move(socket), link);
    state->slot = std::move(slot);
    on_accept(std::make_unique<TcpLink>(std::move(state)), peer);
  };
  Acceptor::Options accepting{.max_connections = options.max_connections, .on_refused = std::move(options.on_refused)};
  NYM_TRY(auto acceptor, Acceptor::listen(runtime, where, std::move(accepting), std::move(on_socket)));
  return std::make_unique<Parts>(std::move(acceptor));
}

Result<std::unique_ptr<TcpListener>> TcpListener::listen(Runtime& runtime, const Endpoint& where, OnAccept on_accept,
                                                         TcpListenerOptions options) {
  NYM_TRY(auto parts, open(runtime, where, std::move(on_accept), options));
  return std::unique_ptr<TcpListener>(new TcpListener(std::move(parts)));
}

Result<std::unique_ptr<TcpListener>> TcpListener::listen(Runtime& runtime, const std::filesystem::path& where,
                                                         OnAccept on_accept, TcpListenerOptions options) {
  NYM_TRY(auto parts, open(runtime, where, std::move(on_accept), options));
  return std::unique_ptr<TcpListener>(new TcpListener(std::move(parts)));
}

TcpListener::TcpListener(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TcpListener::~TcpListener() = default;

const Endpoint& TcpListener::local_endpoint() const {
  return parts_->acceptor->local_endpoint();
}

}  // namespace nym::net
