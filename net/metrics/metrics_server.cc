#include "net/metrics/metrics_server.h"

#include <iterator>

namespace nym::net {

std::vector<prometheus::MetricFamily> MetricsPages::collect() {
  process_.refresh();
  auto families = own_.collect();
  for (auto* role : roles_) {
    auto more = role->collect();
    families.insert(families.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return families;
}

std::optional<HttpAnswer> MetricsPages::answer(std::string_view path) {
  if (path == "/metrics") {
    return HttpAnswer{.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = to_text(collect())};
  }
  if (path == "/livez") return HttpAnswer{.body = "alive\n"};
  if (path != "/readyz") return std::nullopt;
  for (const auto* role : roles_) {
    auto missing = role->why_not_ready();
    if (!missing.empty()) return HttpAnswer{.status = 503, .body = missing + "\n"};
  }
  return HttpAnswer{.body = "ready\n"};
}

Result<std::unique_ptr<MetricsServer>> MetricsServer::start(Runtime& runtime, const Endpoint& where, RoleMetrics& role,
                                                            FurtherPages further) {
  std::unique_ptr<MetricsServer> made(new MetricsServer);
  made->pages_.add(role);
  made->further_ = std::move(further);
  HttpServerOptions options{.max_connections = limits::kMetricsConnections, .body_max = limits::kMetricsBodyBytes};
  NYM_TRY(made->server_,
          HttpServer::listen(
              runtime, where, [self = made.get()](const HttpRequest& request) { return self->answer(request); },
              std::move(options)));
  return made;
}

HttpAnswer MetricsServer::answer(const HttpRequest& request) {
  if (request.method != "GET") return {.status = 405, .body = "only GET\n", .headers = {{"Allow", "GET, HEAD"}}};
  std::string_view target = request.target;
  auto path = target.substr(0, target.find('?'));
  if (auto page = pages_.answer(path)) return *std::move(page);
  auto page = further_ ? further_(path) : std::nullopt;
  if (page) return *std::move(page);
  return {.status = 404, .body = "there are /metrics, /livez and /readyz\n"};
}

}  // namespace nym::net
