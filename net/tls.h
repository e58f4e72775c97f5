#pragma once

// Private to this folder: TLS towards servers.

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <string>

#include "net/sockets.h"

namespace nym::net {

using TlsStream = asio::ssl::stream<tcp::socket>;

/// Trusts the system's roots (SSL_CERT_FILE and SSL_CERT_DIR name others), TLS 1.2 and later.
std::unique_ptr<asio::ssl::context> make_tls_context();

/// The certificate must be for `host`, a name or an IP literal.
error_code expect_host(TlsStream& stream, const std::string& host);

}  // namespace nym::net
