#pragma once

// Private to this folder: what its parts share about Asio sockets.

#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "engine/base/connection.h"
#include "engine/base/endpoint.h"
#include "engine/base/result.h"

namespace nym::net {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

tcp::endpoint to_asio(const Endpoint& endpoint);
Endpoint from_asio(const tcp::endpoint& endpoint);

/// How the end of a connection is reported.
CloseReason close_reason_of(const error_code& error);
/// In lower case, as part of a sentence.
std::string describe(const error_code& error);

/// Small frames must not wait for each other. Failing is harmless.
void set_no_delay(tcp::socket& socket);
/// Both directions at once; pending operations end with an error.
void drop(tcp::socket& socket);

}  // namespace nym::net
