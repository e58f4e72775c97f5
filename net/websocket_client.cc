#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>

#include "net/resolver.h"
#include "net/websocket_stream.h"

namespace nym::net {
namespace {

// A websocket that this side opens: address, connection, TLS where asked for, upgrade.
template <class Stream>
class OutgoingWebSocket final : public WebSocketStream<Stream> {
 public:
  template <class... Args>
  OutgoingWebSocket(Runtime& runtime, Url url, WebSocketOptions options, Args&&... stream_args)
      : WebSocketStream<Stream>(runtime, options, std::forward<Args>(stream_args)...), url_(std::move(url)) {}

 private:
  std::shared_ptr<OutgoingWebSocket> self() {
    return std::static_pointer_cast<OutgoingWebSocket>(this->shared_from_this());
  }

  void begin_open() override {
    resolve(this->runtime(), url_.host, url_.port, [self = self()](Result<std::vector<Endpoint>> found) {
      if (self->is_over()) return;
      if (!found) return self->ended(CloseReason::refused, found.error().text());
      self->connect(*found);
    });
  }

  void connect(const std::vector<Endpoint>& addresses) {
    std::vector<tcp::endpoint> endpoints;
    for (const auto& address : addresses) endpoints.push_back(to_asio(address));
    asio::async_connect(this->socket(), endpoints, [self = self()](error_code error, const tcp::endpoint&) {
      if (self->is_over()) return drop(self->socket());
      if (error) return self->failed(error);
      set_no_delay(self->socket());
      self->secure();
    });
  }

  void secure() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      auto& tls = this->stream().next_layer();
      if (auto error = expect_host(tls, url_.host)) return this->failed(error);
      tls.async_handshake(asio::ssl::stream_base::client, [self = self()](error_code error) {
        if (error) return self->failed(error);
        self->upgrade();
      });
    } else {
      upgrade();
    }
  }

  std::optional<FrameMask> next_mask() override { return draw_array<4>(random_); }

  void upgrade() {
    this->stream().async_handshake(url_.authority(), url_.target(),
                                   [self = self()](error_code error) { self->handshake_done(error); });
  }

  Url url_;
  OsRandom random_;
};

}  // namespace

std::unique_ptr<WebSocketConnection> WebSocketConnection::connect(Runtime& runtime, const Url& url,
                                                                  WebSocketOptions options) {
  if (!uses_tls(url.scheme)) {
    return std::make_unique<WebSocketConnection>(
        std::make_shared<OutgoingWebSocket<tcp::socket>>(runtime, url, options, runtime.context()));
  }
  // OpenSSL keeps what it needs of the context.
  return std::make_unique<WebSocketConnection>(
      std::make_shared<OutgoingWebSocket<TlsStream>>(runtime, url, options, runtime.context(), *make_tls_context()));
}

}  // namespace nym::net
