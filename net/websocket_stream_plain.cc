#include <boost/asio/ssl/error.hpp>

#include "net/websocket_stream.h"

namespace nym::net {

template class WebSocketStream<tcp::socket>;

CloseReason websocket_close_reason_of(const error_code& error) {
  if (error == websocket::error::closed) return CloseReason::finished;
  // Gone without a goodbye: what was sent last may not have been read.
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) return CloseReason::reset;
  if (error == beast::error::timeout) return CloseReason::timed_out;
  if (error == websocket::error::upgrade_declined) return CloseReason::refused;
  bool is_system =
      error.category() == boost::system::system_category() || error.category() == boost::system::generic_category();
  return is_system ? close_reason_of(error) : CloseReason::protocol_error;
}

}  // namespace nym::net
