#pragma once

#include "net/http_server.h"
#include "net/metrics/process_metrics.h"
#include "net/metrics/role_metrics.h"

namespace nym::net {

/// What a process shows of itself over HTTP:
///   /metrics   Prometheus' text form
///   /livez     200: the process answers
///   /readyz    200 when every role can do its work, else 503 and why
class MetricsPages {
 public:
  /// `role` outlives this.
  void add(RoleMetrics& role) { roles_.push_back(&role); }
  /// Nothing for other paths.
  std::optional<HttpAnswer> answer(std::string_view path);
  /// Everything, current.
  std::vector<prometheus::MetricFamily> collect();

 private:
  std::vector<RoleMetrics*> roles_;
  MetricSet own_;
  ProcessMetrics process_{own_};
};

/// Serves these pages for one role. Other paths are 404 unless `further` has them, other methods than GET and HEAD 405.
/// Whoever reaches the port can read it: bind it to loopback or a management network.
class MetricsServer {
 public:
  using FurtherPages = std::function<std::optional<HttpAnswer>(std::string_view path)>;
  /// Port 0 takes a free one; `role` outlives it. Error: cannot_listen.
  static Result<std::unique_ptr<MetricsServer>> start(Runtime& runtime, const Endpoint& where, RoleMetrics& role,
                                                      FurtherPages further = {});

  const Endpoint& local_endpoint() const { return server_->local_endpoint(); }

 private:
  MetricsServer() = default;
  HttpAnswer answer(const HttpRequest& request);

  MetricsPages pages_;
  FurtherPages further_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace nym::net
