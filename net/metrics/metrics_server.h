#pragma once

#include "net/http_server.h"
#include "net/metrics/role_metrics.h"

namespace nym::net {

/// Serves a role's metrics over HTTP:
///   /metrics   Prometheus' text form
///   /livez     200: the process answers
///   /readyz    200 when the role can do its work, else 503 and why
/// Other paths are 404, other methods than GET and HEAD 405. Whoever reaches the port can read it: bind it to loopback
/// or a management network.
class MetricsServer {
 public:
  /// Port 0 takes a free one; `role` outlives it. Error: cannot_listen.
  static Result<std::unique_ptr<MetricsServer>> start(Runtime& runtime, const Endpoint& where, RoleMetrics& role);

  const Endpoint& local_endpoint() const { return server_->local_endpoint(); }

 private:
  MetricsServer() = default;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace nym::net
