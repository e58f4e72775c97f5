#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace nym::net::test {

/// A certificate for one host name or address, signed by itself, and its key.
class TestCertificate {
 public:
  /// As in a certificate's alternative names: `DNS:localhost` or `IP:127.0.0.1`.
  explicit TestCertificate(const std::string& alternative_name);

  X509* certificate() const { return certificate_.get(); }
  EVP_PKEY* key() const { return key_.get(); }
  std::string to_pem() const;

 private:
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
  std::unique_ptr<X509, void (*)(X509*)> certificate_;
};

/// Serves TLS on a loopback port from a thread of its own, one connection after another: `serve` is called with the
/// handshake done, and the connection is closed behind it.
class TlsServer {
 public:
  /// Reads until `end`, or what comes before the connection ends.
  static std::string read_until(SSL* connection, std::string_view end);
  static void write(SSL* connection, std::string_view text);

  TlsServer(const TestCertificate& certificate, std::function<void(SSL*)> serve);
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer();

  std::uint16_t port() const { return port_; }

 private:
  void run();

  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::function<void(SSL*)> serve_;
  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

namespace detail {

inline void require(bool condition) {
  if (!condition) throw std::runtime_error("cannot set up a TLS server");
}

inline void add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  require(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

}  // namespace detail

inline TestCertificate::TestCertificate(const std::string& alternative_name)
    : key_(EVP_EC_gen("P-256"), EVP_PKEY_free), certificate_(X509_new(), X509_free) {
  constexpr long kDay = 86'400;
  X509* x509 = certificate_.get();
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(x509), kDay);
  X509_set_pubkey(x509, key_.get());
  X509_NAME* name = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(x509, name);
  detail::add_extension(x509, NID_basic_constraints, "critical,CA:TRUE");
  detail::add_extension(x509, NID_subject_alt_name, alternative_name);
  detail::require(X509_sign(x509, key_.get(), EVP_sha256()) > 0);
}

inline std::string TestCertificate::to_pem() const {
  std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), BIO_free);
  detail::require(PEM_write_bio_X509(out.get(), certificate_.get()) == 1);
  char* data = nullptr;
  long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

inline std::string TlsServer::read_until(SSL* connection, std::string_view end) {
  std::string text;
  std::array<char, 4096> piece{};
  while (!text.ends_with(end)) {
    int count = SSL_read(connection, piece.data(), static_cast<int>(piece.size()));
    if (count <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
  return text;
}

inline void TlsServer::write(SSL* connection, std::string_view text) {
  SSL_write(connection, text.data(), static_cast<int>(text.size()));
}

inline TlsServer::TlsServer(const TestCertificate& certificate, std::function<void(SSL*)> serve)
    : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free), serve_(std::move(serve)) {
  detail::require(SSL_CTX_use_certificate(context_.get(), certificate.certificate()) == 1);
  detail::require(SSL_CTX_use_PrivateKey(context_.get(), certificate.key()) == 1);
  listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  detail::require(::bind(listening_, any, size) == 0 && ::listen(listening_, 8) == 0);
  detail::require(::getsockname(listening_, any, &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { run(); });
}

inline TlsServer::~TlsServer() {
  ::shutdown(listening_, SHUT_RDWR);
  thread_.join();
  ::close(listening_);
}

inline void TlsServer::run() {
  while (true) {
    int socket = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    // A client that stays silent must not keep the test from ending.
    timeval patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    std::unique_ptr<SSL, void (*)(SSL*)> connection(SSL_new(context_.get()), SSL_free);
    SSL_set_fd(connection.get(), socket);
    if (SSL_accept(connection.get()) == 1) serve_(connection.get());
    connection.reset();
    ::close(socket);
  }
}

}  // namespace nym::net::test
