#pragma once

#include "engine/base/result.h"

namespace nym::net {

enum class NetError : std::uint16_t {
  bad_url = 1,
  unresolved,   ///< no address for a host name
  unreachable,  ///< no connection
  timed_out,
  tls_failed,    ///< no trust in the other side, or it does not speak TLS
  bad_response,  ///< no HTTP, or cut off
  too_large,
  too_many_redirects,
  too_many_requests,
  cannot_listen,
  not_found,    ///< no such file, or page
  file_failed,  ///< any other fault of a file
  locked,       ///< another process has it
  bad_key_file,
};
constexpr Layer layer_of(NetError) {
  return Layer::net;
}

}  // namespace nym::net
