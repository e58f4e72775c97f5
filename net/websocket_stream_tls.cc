#include "net/websocket_stream.h"

namespace nym::net {

template class WebSocketStream<TlsStream>;

}  // namespace nym::net
