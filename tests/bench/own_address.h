#pragma once

#include "net/clock.h"
#include "net/error.h"
#include "testnet/app_connection.h"

namespace nym::bench {

/// Asked of the client behind this connection, which then belongs to an application: messages come to it.
/// Error: timed_out.
inline Result<std::string> own_address(net::Runtime& runtime, testnet::AppConnection& app) {
  app.send({{"type", "selfAddress"}});
  bool came = runtime.run_until([&] { return app.has_message(); }, net::now() + Duration::seconds(30));
  if (!came) return fail(net::NetError::timed_out, "a client does not say its address");
  return app.take()->value("address", "");
}

}  // namespace nym::bench
