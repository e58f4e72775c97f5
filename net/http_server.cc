#include "net/http_server.h"

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>
#include <set>

#include "net/acceptor.h"

namespace nym::net {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

// What the connections of a server share.
struct Service {
  HttpServer::Handler handler;
  HttpServerOptions options;
  std::set<tcp::socket*> sockets{};
  bool is_gone = false;  ///< the server was destroyed
};

// Requests and answers in turn on one connection. Keeps itself alive by its operations.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(Runtime& runtime, std::shared_ptr<Service> service, tcp::socket socket, ConnectionSlot slot)
      : service_(std::move(service)),
        socket_(std::move(socket)),
        slot_(std::move(slot)),
        timer_(runtime, [this] { give_up(); }) {
    service_->sockets.insert(&socket_);
  }
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;
  ~HttpSession() { service_->sockets.erase(&socket_); }

  void read_next() {
    parser_.emplace();
    parser_->header_limit(limits::kServedHeaderBytes);
    parser_->body_limit(service_->options.body_max);
    timer_.arm_after(service_->options.idle_timeout);
    http::async_read(socket_, buffer_, *parser_, [self = shared_from_this()](error_code error, std::size_t) {
      if (self->service_->is_gone) return self->finish();
      if (error) return self->unreadable(error);
      self->serve(self->parser_->get());
    });
  }

 private:
  void serve(http::request<http::string_body>& request) {
    HttpRequest asked{.method = std::string(request.method_string()),
                      .target = std::string(request.target()),
                      .body = std::move(request.body())};
    bool is_head = request.method() == http::verb::head;
    if (is_head) asked.method = "GET";
    // The handler may destroy the server.
    auto service = service_;
    auto answer = service->handler(asked);
    if (service->is_gone) return finish();
    write(std::move(answer), request.keep_alive(), is_head);
  }

  void give_up() {
    bool is_begun = parser_ && (parser_->got_some() || buffer_.size() > 0);
    if (is_begun && !parser_->is_done()) refused(DropReason::slow_frame);
    drop(socket_);
  }

  void refused(DropReason reason) const {
    if (!service_->is_gone && service_->options.on_refused) service_->options.on_refused(reason);
  }

  void unreadable(const error_code& error) {
    bool is_http_fault = error.category() == make_error_code(http::error::bad_version).category() &&
                         error != http::error::end_of_stream && error != http::error::partial_message;
    if (!is_http_fault) return finish();
    refused(DropReason::malformed_frame);
    if (error == http::error::body_limit) {
      return write({.status = 413, .body = "too large\n"}, false, false);
    }
    write({.status = 400, .body = "this is no proper request\n"}, false, false);
  }

  void write(HttpAnswer answer, bool keep_alive, bool is_head) {
    answer_ = {};
    answer_.version(11);
    answer_.result(answer.status >= 200 && answer.status <= 599 ? answer.status : 500U);
    answer_.set(http::field::content_type, answer.content_type);
    if (!service_->options.allowed_origin.empty()) {
      answer_.set(http::field::access_control_allow_origin, service_->options.allowed_origin);
    }
    for (const auto& [name, value] : answer.headers) answer_.set(name, value);
    answer_.keep_alive(keep_alive);
    answer_.content_length(answer.body.size());
    if (!is_head) answer_.body() = std::move(answer.body);
    timer_.arm_after(service_->options.idle_timeout);
    http::async_write(socket_, answer_, [self = shared_from_this(), keep_alive](error_code error, std::size_t) {
      if (error || self->service_->is_gone) return self->finish();
      if (keep_alive) return self->read_next();
      error_code ignored;
      self->socket_.shutdown(tcp::socket::shutdown_send, ignored);
      self->wait_for_end();
    });
  }

  // Closing with unread bytes would take the answer away from the other side.
  void wait_for_end() {
    socket_.async_read_some(asio::buffer(unwanted_), [self = shared_from_this()](error_code error, std::size_t) {
      if (error || self->service_->is_gone) return self->finish();
      self->wait_for_end();
    });
  }

  void finish() {
    timer_.cancel();
    drop(socket_);
  }

  std::shared_ptr<Service> service_;
  tcp::socket socket_;
  ConnectionSlot slot_;
  Timer timer_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> answer_;
  ByteArray<1024> unwanted_{};
};

}  // namespace

struct HttpServer::Parts {
  std::shared_ptr<Service> service;
  std::unique_ptr<Acceptor> acceptor;
};

Result<std::unique_ptr<HttpServer>> HttpServer::listen(Runtime& runtime, const Endpoint& where, Handler handler,
                                                       HttpServerOptions options) {
  Acceptor::Options accepting{.max_connections = options.max_connections};
  auto service = std::make_shared<Service>(std::move(handler), std::move(options));
  auto on_socket = [&runtime, service](tcp::socket socket, const Endpoint&, ConnectionSlot slot) {
    std::make_shared<HttpSession>(runtime, service, std::move(socket), std::move(slot))->read_next();
  };
  accepting.on_refused = [service] {
    if (service->options.on_refused) service->options.on_refused(DropReason::too_many_connections);
  };
  NYM_TRY(auto acceptor, Acceptor::listen(runtime, where, std::move(accepting), std::move(on_socket)));
  return std::unique_ptr<HttpServer>(new HttpServer(std::make_unique<Parts>(std::move(service), std::move(acceptor))));
}

HttpServer::HttpServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
HttpServer::~HttpServer() {
  parts_->service->is_gone = true;
  for (auto* socket : parts_->service->sockets) drop(*socket);
}

const Endpoint& HttpServer::local_endpoint() const {
  return parts_->acceptor->local_endpoint();
}

}  // namespace nym::net
