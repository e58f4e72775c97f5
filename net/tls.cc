#include "net/tls.h"

#include <openssl/ssl.h>

#include <boost/asio/ssl/host_name_verification.hpp>

#include "engine/base/endpoint.h"

namespace nym::net {

std::unique_ptr<asio::ssl::context> make_tls_context() {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
  // Without roots every certificate is refused, which is what is reported then.
  error_code ignored;
  context->set_default_verify_paths(ignored);
  context->set_verify_mode(asio::ssl::verify_peer, ignored);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  return context;
}

error_code expect_host(TlsStream& stream, const std::string& host) {
  error_code error;
  stream.set_verify_callback(asio::ssl::host_name_verification(host), error);
  if (error || parse_ip(host)) return error;
  std::string name = host;
  if (SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) != 1) {
    return asio::error::invalid_argument;
  }
  return error;
}

}  // namespace nym::net
