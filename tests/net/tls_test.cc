#include <cstdlib>

#include "net/error.h"
#include "net/files.h"
#include "net/http_client.h"
#include "tests/net/loopback.h"
#include "tests/net/raw_frames.h"
#include "tests/net/temporary_directory.h"
#include "tests/net/tls_server.h"

namespace nym::net::test {
namespace {

class TlsTest : public LoopbackTest {
 protected:
  void SetUp() override { trust(certificate); }
  void TearDown() override { ::unsetenv("SSL_CERT_FILE"); }

  void trust(const TestCertificate& trusted) {
    auto path = directory.path() / "roots.pem";
    ASSERT_TRUE(write_file_atomically(path, as_bytes(trusted.to_pem())).has_value());
    ::setenv("SSL_CERT_FILE", path.c_str(), 1);
  }

  static Url address(std::string_view scheme, std::string_view host, const TlsServer& server) {
    return parse_url(std::string(scheme) + "://" + std::string(host) + ":" + std::to_string(server.port())).value();
  }

  Result<HttpResponse> get(const Url& url) {
    HttpClient client(runtime);
    std::optional<Result<HttpResponse>> response;
    client.get(url, [&](Result<HttpResponse> got) { response = std::move(got); });
    EXPECT_TRUE(happens([&] { return response.has_value(); }));
    return std::move(response).value();
  }

  static void answer_hello(SSL* connection) {
    TlsServer::read_until(connection, "\r\n\r\n");
    TlsServer::write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  }

  TemporaryDirectory directory;
  TestCertificate certificate{"DNS:localhost,IP:127.0.0.1"};
};

TEST_F(TlsTest, GetsOverHttpsByNameAndByAddress) {
  TlsServer server(certificate, answer_hello);
  for (const auto* host : {"localhost", "127.0.0.1"}) {
    auto response = get(address("https", host, server));
    ASSERT_TRUE(response.has_value()) << response.error().text();
    EXPECT_EQ(response->body, "hello");
  }
}

TEST_F(TlsTest, ACertificateThatNobodyTrustsIsRefused) {
  TlsServer server(certificate, answer_hello);
  trust(TestCertificate("DNS:localhost"));
  auto response = get(address("https", "localhost", server));
  ASSERT_FALSE(response.has_value());
  EXPECT_TRUE(response.error().is(NetError::tls_failed));
  EXPECT_NE(response.error().text().find("certificate verify failed"), std::string::npos) << response.error().text();
}

TEST_F(TlsTest, ACertificateOfAnotherHostIsRefused) {
  TestCertificate other("DNS:other.example");
  trust(other);
  TlsServer server(other, answer_hello);
  EXPECT_TRUE(get(address("https", "localhost", server)).error().is(NetError::tls_failed));
  EXPECT_TRUE(get(address("https", "127.0.0.1", server)).error().is(NetError::tls_failed));
}

TEST_F(TlsTest, ABodyThatMayHaveBeenCutOffIsRefused) {
  TlsServer server(certificate, [](SSL* connection) {
    TlsServer::read_until(connection, "\r\n\r\n");
    TlsServer::write(connection, "HTTP/1.1 200 OK\r\n\r\nuntil the end, which anybody could make");
  });
  auto response = get(address("https", "localhost", server));
  ASSERT_FALSE(response.has_value());
  EXPECT_TRUE(response.error().is(NetError::bad_response));
}

TEST_F(TlsTest, ARedirectionFromHttpsToHttpIsNotFollowed) {
  TlsServer server(certificate, [](SSL* connection) {
    TlsServer::read_until(connection, "\r\n\r\n");
    TlsServer::write(connection, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n");
  });
  auto response = get(address("https", "localhost", server));
  ASSERT_FALSE(response.has_value());
  EXPECT_TRUE(response.error().is(NetError::bad_url)) << response.error().text();
}

TEST_F(TlsTest, WebSocketsWorkOverTls) {
  TlsServer server(certificate, [](SSL* connection) {
    auto request = TlsServer::read_until(connection, "\r\n\r\n");
    TlsServer::write(connection, upgrade_answer(as_bytes(request)));
    TlsServer::write(connection, as_text(raw_frame(Opcode::text, as_bytes("hello"), Mask::none)));
    // 2 bytes of head, 4 of mask and 3 of payload, then the Close frame's first.
    std::array<char, 9> frame{};
    SSL_read(connection, frame.data(), frame.size());
    TlsServer::write(connection,
                     as_text(raw_frame(Opcode::binary, Bytes{static_cast<std::uint8_t>(frame[1] & 0x7f)}, Mask::none)));
    TlsServer::read_until(connection, "never sent");
  });
  WebSocketPeer client;
  client.start(WebSocketConnection::connect(runtime, address("wss", "localhost", server)));
  ASSERT_TRUE(happens([&] { return client.texts.size() == 1 || client.closed; }));
  ASSERT_TRUE(client.is_open) << client.detail;
  client.connection->send_binary(Bytes{1, 2, 3});
  ASSERT_TRUE(happens([&] { return client.binaries.size() == 1; }));
  EXPECT_EQ(client.binaries[0], Bytes{3});
  client.connection->close();
  ASSERT_TRUE(happens([&] { return client.closed.has_value(); }));
  EXPECT_EQ(client.closed, CloseReason::shutdown);
}

TEST_F(TlsTest, AWebSocketToAnUntrustedServerStaysClosed) {
  TlsServer server(certificate, [](SSL* connection) { TlsServer::read_until(connection, "\r\n\r\n"); });
  trust(TestCertificate("DNS:localhost"));
  WebSocketPeer client;
  client.start(WebSocketConnection::connect(runtime, address("wss", "localhost", server)));
  ASSERT_TRUE(happens([&] { return client.closed.has_value(); }));
  EXPECT_EQ(client.closed, CloseReason::protocol_error);
  EXPECT_NE(client.detail.find("certificate verify failed"), std::string::npos) << client.detail;
  EXPECT_FALSE(client.is_open);
}

}  // namespace
}  // namespace nym::net::test
