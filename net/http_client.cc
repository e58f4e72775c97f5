#include "net/http_client.h"

#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <map>

#include "net/error.h"
#include "net/resolver.h"
#include "net/tls.h"

namespace nym::net {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

using RequestNumber = std::uint64_t;

bool is_redirection(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// One request and one answer on one connection.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  struct Answer {
    HttpResponse response;
    std::string location;  ///< of a redirection
  };
  using OnAnswer = std::function<void(Result<Answer>)>;

  Exchange(Url url, std::size_t body_max, OnAnswer on_answer) : url_(std::move(url)), on_answer_(std::move(on_answer)) {
    parser_.header_limit(limits::kHttpHeaderBytes);
    parser_.body_limit(body_max);
    request_.method(http::verb::get);
    request_.version(11);
    request_.target(url_.target());
    request_.set(http::field::host, url_.authority());
    request_.set(http::field::accept, "*/*");
    request_.set(http::field::connection, "close");
  }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  virtual ~Exchange() = default;

  virtual void begin(Runtime& runtime) = 0;
  /// No callback any more.
  virtual void stop() = 0;

 protected:
  void finish(Result<Answer> answer) {
    auto on_answer = std::move(on_answer_);
    stop();
    if (on_answer) on_answer(std::move(answer));
  }

  void fail_with(NetError code, std::string_view doing, const error_code& error) {
    finish(nym::fail(code, fmt::format("{} {}: {}", doing, to_string(url_), describe(error))));
  }

  void unreadable(const error_code& error) {
    if (error == http::error::body_limit) return fail_with(NetError::too_large, "too long an answer from", error);
    fail_with(NetError::bad_response, "no proper answer from", error);
  }

  Answer take_answer() {
    auto& message = parser_.get();
    return {.response = {.status = message.result_int(), .body = std::move(message.body())},
            .location = std::string(message[http::field::location])};
  }

  Url url_;
  OnAnswer on_answer_;
  http::request<http::empty_body> request_;
  beast::flat_buffer buffer_;
  http::response_parser<http::string_body> parser_;
};

template <class Stream>
class StreamExchange final : public Exchange {
 public:
  template <class... Args>
  StreamExchange(Url url, std::size_t body_max, OnAnswer on_answer, Args&&... stream_args)
      : Exchange(std::move(url), body_max, std::move(on_answer)), stream_(std::forward<Args>(stream_args)...) {}

  void begin(Runtime& runtime) override {
    resolve(runtime, url_.host, url_.port, [self = self()](Result<std::vector<Endpoint>> found) {
      if (self->is_stopped_) return;
      if (!found) return self->finish(std::unexpected(found.error()));
      self->connect(*found);
    });
  }

  void stop() override {
    is_stopped_ = true;
    on_answer_ = nullptr;
    drop(socket());
  }

 private:
  std::shared_ptr<StreamExchange> self() { return std::static_pointer_cast<StreamExchange>(shared_from_this()); }
  tcp::socket& socket() { return beast::get_lowest_layer(stream_); }

  void connect(const std::vector<Endpoint>& addresses) {
    std::vector<tcp::endpoint> endpoints;
    for (const auto& address : addresses) endpoints.push_back(to_asio(address));
    asio::async_connect(socket(), endpoints, [self = self()](error_code error, const tcp::endpoint&) {
      if (self->is_stopped_) return drop(self->socket());
      if (error) return self->fail_with(NetError::unreachable, "cannot connect to", error);
      set_no_delay(self->socket());
      self->secure();
    });
  }

  void secure() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      if (auto error = expect_host(stream_, url_.host)) return fail_with(NetError::tls_failed, "no TLS with", error);
      stream_.async_handshake(asio::ssl::stream_base::client, [self = self()](error_code error) {
        if (error) return self->fail_with(NetError::tls_failed, "no TLS with", error);
        self->ask();
      });
    } else {
      ask();
    }
  }

  void ask() {
    http::async_write(stream_, request_, [self = self()](error_code error, std::size_t) {
      if (error) return self->fail_with(NetError::bad_response, "cannot ask", error);
      self->read();
    });
  }

  void read() {
    http::async_read(stream_, buffer_, parser_, [self = self()](error_code error, std::size_t) {
      if (error) return self->unreadable(error);
      self->finish(self->take_answer());
    });
  }

  Stream stream_;
  bool is_stopped_ = false;
};

}  // namespace

struct HttpClient::State : std::enable_shared_from_this<HttpClient::State> {
  struct Request {
    Url url;
    OnResponse on_response;
    int redirects = 0;
    std::shared_ptr<Exchange> exchange;
    std::unique_ptr<Timer> timer;
  };

  State(Runtime& runtime_in, HttpClientOptions options_in)
      : runtime(runtime_in), options(options_in), tls_context(make_tls_context()) {}

  void get(const Url& url, OnResponse on_response) {
    if (requests.size() >= limits::kHttpRequestsInFlight) {
      return fail_soon(std::move(on_response), NetError::too_many_requests, "too many requests at a time");
    }
    if (url.scheme != Scheme::http && url.scheme != Scheme::https) {
      return fail_soon(std::move(on_response), NetError::bad_url, fmt::format("{} is no http address", to_string(url)));
    }
    auto number = next_number++;
    auto& request = requests[number];
    request.url = url;
    request.on_response = std::move(on_response);
    request.timer = std::make_unique<Timer>(runtime, [self = this, number] { self->time_is_up(number); });
    request.timer->arm_after(options.timeout);
    begin_exchange(number, request);
  }

  void fail_soon(OnResponse on_response, NetError code, std::string text) {
    runtime.post([weak = weak_from_this(), on_response = std::move(on_response), code, text = std::move(text)] {
      if (!weak.expired()) on_response(fail(code, text));
    });
  }

  void begin_exchange(RequestNumber number, Request& request) {
    auto on_answer = [weak = weak_from_this(), number](Result<Exchange::Answer> answer) {
      if (auto self = weak.lock()) self->answered(number, std::move(answer));
    };
    if (request.url.scheme == Scheme::https) {
      request.exchange = std::make_shared<StreamExchange<TlsStream>>(
          request.url, options.body_max, std::move(on_answer), runtime.context(), *tls_context);
    } else {
      request.exchange = std::make_shared<StreamExchange<tcp::socket>>(request.url, options.body_max,
                                                                       std::move(on_answer), runtime.context());
    }
    request.exchange->begin(runtime);
  }

  void answered(RequestNumber number, Result<Exchange::Answer> answer) {
    if (!answer) return finish(number, std::unexpected(std::move(answer.error())));
    if (!is_redirection(answer->response.status) || answer->location.empty()) {
      return finish(number, std::move(answer->response));
    }
    auto& request = requests.at(number);
    if (++request.redirects > options.redirects_max) {
      return finish(number, fail(NetError::too_many_redirects,
                                 fmt::format("too many redirections, the last one from {}", to_string(request.url))));
    }
    auto next = join_url(request.url, answer->location);
    if (!next) return finish(number, std::unexpected(std::move(next.error())));
    bool is_http =
        next->scheme == Scheme::https || (next->scheme == Scheme::http && request.url.scheme == Scheme::http);
    if (!is_http) {
      return finish(number, fail(NetError::bad_url, fmt::format("{} redirects to {}, which is not followed",
                                                                to_string(request.url), to_string(*next))));
    }
    request.url = *std::move(next);
    begin_exchange(number, request);
  }

  void time_is_up(RequestNumber number) {
    auto& request = requests.at(number);
    request.exchange->stop();
    finish(number, fail(NetError::timed_out, fmt::format("no answer from {} within {} s", to_string(request.url),
                                                         options.timeout.whole_seconds())));
  }

  void finish(RequestNumber number, Result<HttpResponse> response) {
    auto request = requests.extract(number);
    request.mapped().timer->cancel();
    request.mapped().on_response(std::move(response));
  }

  void stop() {
    for (auto& [number, request] : requests) request.exchange->stop();
    requests.clear();
  }

  Runtime& runtime;
  HttpClientOptions options;
  std::unique_ptr<asio::ssl::context> tls_context;
  std::map<RequestNumber, Request> requests;
  RequestNumber next_number = 0;
};

HttpClient::HttpClient(Runtime& runtime, HttpClientOptions options)
    : state_(std::make_shared<State>(runtime, options)) {}
HttpClient::~HttpClient() {
  state_->stop();
}

void HttpClient::get(const Url& url, OnResponse on_response) {
  state_->get(url, std::move(on_response));
}

}  // namespace nym::net
