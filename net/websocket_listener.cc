#include <boost/asio/io_context.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "net/acceptor.h"
#include "net/websocket_stream.h"

namespace nym::net {
namespace {

// Beast insists on naming a server, else itself with its version.
constexpr std::string_view kServerName = "nym";

using UpgradeRequest = http::request<http::empty_body>;

// A websocket that the other side opened.
class IncomingWebSocket final : public WebSocketStream<tcp::socket> {
 public:
  IncomingWebSocket(Runtime& runtime, WebSocketOptions options, tcp::socket socket, ConnectionSlot slot)
      : WebSocketStream(runtime, options, std::move(socket)), slot_(std::move(slot)) {
    stream().set_option(websocket::stream_base::decorator(
        [](websocket::response_type& response) { response.set(http::field::server, kServerName); }));
  }

  /// Before start(): answers the upgrade. Calls back unless the socket is dropped meanwhile.
  void upgrade(const UpgradeRequest& request, std::function<void(error_code)> on_done) {
    stream().async_accept(
        request, [self = shared_from_this(), on_done = std::move(on_done)](error_code error) { on_done(error); });
  }
  void drop_socket() { net::drop(socket()); }

 private:
  void drop() override {
    WebSocketStream::drop();
    slot_.reset();
  }

  void begin_open() override {
    runtime().post(
        [self = std::static_pointer_cast<IncomingWebSocket>(shared_from_this())] { self->handshake_done({}); });
  }

  std::optional<FrameMask> next_mask() override { return std::nullopt; }

  ConnectionSlot slot_;
};

// From the TCP connection to the websocket, in limited time. Keeps itself alive by its operations.
class Upgrade : public std::enable_shared_from_this<Upgrade> {
 public:
  using OnConnection = WebSocketListener::OnConnection;

  Upgrade(Runtime& runtime, tcp::socket socket, Endpoint peer, ConnectionSlot slot,
          std::shared_ptr<OnConnection> on_connection, std::shared_ptr<const WebSocketListenerOptions> listening)
      : runtime_(runtime),
        socket_(std::move(socket)),
        peer_(peer),
        slot_(std::move(slot)),
        on_connection_(std::move(on_connection)),
        listening_(std::move(listening)),
        timer_(runtime, [this] { give_up(); }) {
    parser_.header_limit(limits::kUpgradeBytes);
    parser_.body_limit(0);
  }

  void begin() {
    timer_.arm_after(listening_->connection.handshake_timeout);
    http::async_read(socket_, buffer_, parser_, [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return self->unreadable(error);
      self->judge(self->parser_.get());
    });
  }

 private:
  void give_up() {
    if (!was_refused_) report(DropReason::slow_frame);
    drop(socket_);
    if (session_) session_->drop_socket();
  }

  void unreadable(const error_code& error) {
    bool is_http_fault = error.category() == make_error_code(http::error::bad_version).category() &&
                         error != http::error::end_of_stream && error != http::error::partial_message;
    if (!is_http_fault) return finish();
    refuse(http::status::bad_request, "this is no request for a websocket\n");
  }

  void judge(UpgradeRequest& request) {
    if (!*on_connection_) return finish();
    if (!websocket::is_upgrade(request)) {
      return refuse(http::status::upgrade_required, "this port speaks websocket only\n");
    }
    if (auto refusal = unwelcome(request)) return refuse(static_cast<http::status>(refusal->status), refusal->text);
    if (buffer_.size() > 0) return refuse(http::status::bad_request, "data before the answer to the upgrade\n");
    // Not asked for by the original.
    if (request.find(http::field::host) == request.end()) request.set(http::field::host, "localhost");
    session_ =
        std::make_shared<IncomingWebSocket>(runtime_, listening_->connection, std::move(socket_), std::move(slot_));
    session_->upgrade(request, [self = shared_from_this()](error_code error) { self->upgraded(error); });
  }

  std::optional<UpgradeRefusal> unwelcome(const UpgradeRequest& request) const {
    if (!listening_->judge) return std::nullopt;
    UpgradeHead head{.target = std::string(request.target()),
                     .authorization = std::string(request[http::field::authorization])};
    auto [first, last] = request.equal_range(http::field::origin);
    for (; first != last; ++first) head.origins.emplace_back(first->value());
    return listening_->judge(head);
  }

  void upgraded(const error_code& error) {
    timer_.cancel();
    auto session = std::move(session_);
    auto on_connection = *on_connection_;
    if (error == websocket::condition::handshake_failed) report(DropReason::malformed_frame);
    if (error || !on_connection) return session->drop_socket();
    on_connection(std::make_unique<WebSocketConnection>(std::move(session)), peer_);
  }

  void report(DropReason reason) const {
    if (*on_connection_ && listening_->on_refused) listening_->on_refused(reason);
  }

  void refuse(http::status status, std::string text) {
    was_refused_ = true;
    report(DropReason::malformed_frame);
    answer_.version(11);
    answer_.result(status);
    answer_.set(http::field::content_type, "text/plain");
    answer_.set(http::field::connection, "close");
    if (status == http::status::upgrade_required) answer_.set(http::field::upgrade, "websocket");
    if (status == http::status::unauthorized) answer_.set(http::field::www_authenticate, "Bearer");
    answer_.body() = std::move(text);
    answer_.prepare_payload();
    http::async_write(socket_, answer_, [self = shared_from_this()](error_code, std::size_t) {
      error_code ignored;
      self->socket_.shutdown(tcp::socket::shutdown_send, ignored);
      self->wait_for_end();
    });
  }

  // Closing with unread bytes would take the answer away from the other side.
  void wait_for_end() {
    socket_.async_read_some(asio::buffer(unwanted_), [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return self->finish();
      self->wait_for_end();
    });
  }

  void finish() {
    timer_.cancel();
    drop(socket_);
  }

  Runtime& runtime_;
  tcp::socket socket_;
  Endpoint peer_;
  ConnectionSlot slot_;
  std::shared_ptr<OnConnection> on_connection_;  ///< empty when the listener is gone
  std::shared_ptr<const WebSocketListenerOptions> listening_;
  Timer timer_;
  beast::flat_buffer buffer_{limits::kUpgradeBytes};
  http::request_parser<http::empty_body> parser_;
  http::response<http::string_body> answer_;
  ByteArray<1024> unwanted_{};
  std::shared_ptr<IncomingWebSocket> session_;
  bool was_refused_ = false;
};

}  // namespace

struct WebSocketListener::Parts {
  std::shared_ptr<OnConnection> on_connection;
  std::unique_ptr<Acceptor> acceptor;
};

template <class Where>
Result<std::unique_ptr<WebSocketListener::Parts>> WebSocketListener::open(Runtime& runtime, const Where& where,
                                                                          OnConnection on_connection,
                                                                          WebSocketListenerOptions options) {
  auto callback = std::make_shared<OnConnection>(std::move(on_connection));
  auto listening = std::make_shared<const WebSocketListenerOptions>(std::move(options));
  Acceptor::Options accepting{listening->max_connections, listening->patience, {}};
  if (listening->on_refused) {
    accepting.on_refused = [listening] { listening->on_refused(DropReason::too_many_connections); };
  }
  auto on_socket = [&runtime, callback, listening](tcp::socket socket, const Endpoint& peer, ConnectionSlot slot) {
    std::make_shared<Upgrade>(runtime, std::move(socket), peer, std::move(slot), callback, listening)->begin();
  };
  NYM_TRY(auto acceptor, Acceptor::listen(runtime, where, std::move(accepting), std::move(on_socket)));
  return std::make_unique<Parts>(std::move(callback), std::move(acceptor));
}

Result<std::unique_ptr<WebSocketListener>> WebSocketListener::listen(Runtime& runtime, const Endpoint& where,
                                                                     OnConnection on_connection,
                                                                     WebSocketListenerOptions options) {
  NYM_TRY(auto parts, open(runtime, where, std::move(on_connection), std::move(options)));
  return std::unique_ptr<WebSocketListener>(new WebSocketListener(std::move(parts)));
}

Result<std::unique_ptr<WebSocketListener>> WebSocketListener::listen(Runtime& runtime,
                                                                     const std::filesystem::path& where,
                                                                     OnConnection on_connection,
                                                                     WebSocketListenerOptions options) {
  NYM_TRY(auto parts, open(runtime, where, std::move(on_connection), std::move(options)));
  return std::unique_ptr<WebSocketListener>(new WebSocketListener(std::move(parts)));
}

WebSocketListener::WebSocketListener(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
WebSocketListener::~WebSocketListener() {
  *parts_->on_connection = nullptr;
}

const Endpoint& WebSocketListener::local_endpoint() const {
  return parts_->acceptor->local_endpoint();
}

}  // namespace nym::net
