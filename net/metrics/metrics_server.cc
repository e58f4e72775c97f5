#include "net/metrics/metrics_server.h"

namespace nym::net {
namespace {

HttpAnswer answer(RoleMetrics& role, const HttpRequest& request) {
  if (request.method != "GET") return {.status = 405, .body = "only GET\n", .headers = {{"Allow", "GET, HEAD"}}};
  auto path = request.target.substr(0, request.target.find('?'));
  if (path == "/metrics") {
    return {.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = role.scrape()};
  }
  if (path == "/livez") return {.body = "alive\n"};
  if (path != "/readyz") return {.status = 404, .body = "there are /metrics, /livez and /readyz\n"};
  auto missing = role.why_not_ready();
  if (missing.empty()) return {.body = "ready\n"};
  return {.status = 503, .body = missing + "\n"};
}

}  // namespace

Result<std::unique_ptr<MetricsServer>> MetricsServer::start(Runtime& runtime, const Endpoint& where,
                                                            RoleMetrics& role) {
  std::unique_ptr<MetricsServer> made(new MetricsServer);
  HttpServerOptions options{.max_connections = limits::kMetricsConnections, .body_max = limits::kMetricsBodyBytes};
  NYM_TRY(made->server_, HttpServer::listen(
                             runtime, where, [&role](const HttpRequest& request) { return answer(role, request); },
                             std::move(options)));
  return made;
}

}  // namespace nym::net
