#include "testnet/dashboard.h"

#include <fmt/format.h>

#include "net/clock.h"
#include "testnet/network_status.h"

namespace nym::testnet {
namespace {

constexpr Duration kAskEvery = Duration::seconds(1);
constexpr const char* kOwnFigures = "testnet";

net::HttpAnswer json(const nlohmann::ordered_json& document) {
  return {.content_type = "application/json", .body = document.dump(), .headers = {{"Cache-Control", "no-store"}}};
}

}  // namespace

Dashboard::Dashboard(net::Runtime& runtime, Network& network)
    : network_(network), http_(runtime), tracer_(runtime, network), timer_(runtime, [this] { ask_processes(); }) {}

Result<std::unique_ptr<Dashboard>> Dashboard::start(net::Runtime& runtime, const Endpoint& where, Network& network) {
  std::unique_ptr<Dashboard> made(new Dashboard(runtime, network));
  auto* self = made.get();
  NYM_TRY(made->server_, net::HttpServer::listen(runtime, where, [self](const net::HttpRequest& request) {
            return self->answer(request);
          }));
  made->timer_.arm_after(Duration());
  return made;
}

void Dashboard::ask_processes() {
  for (const auto& member : network_.members()) {
    if (member.node->pid()) ask(member);
  }
  timer_.arm_after(kAskEvery);
}

void Dashboard::ask(const Network::Member& member) {
  auto url = net::parse_url(fmt::format("http://{}/metrics", to_string(member.plan.http)));
  if (!url) return;
  http_.get(*url, [this, name = member.plan.name](const Result<net::HttpResponse>& response) {
    if (response && response->status == 200) texts_[name] = response->body;
  });
}

nlohmann::ordered_json Dashboard::state() {
  Figures figures;
  add_figures(figures, net::to_text(network_.pages().collect()), kOwnFigures);
  for (const auto& [name, text] : texts_) add_figures(figures, text, name);
  return {{"at_ms", net::now().since_origin().whole_ms()},
          {"status", status_of(network_, network_.faults())},
          {"figures", figures},
          {"traces", tracer_.list()}};
}

net::HttpAnswer Dashboard::answer(const net::HttpRequest& request) {
  auto path = request.target.substr(0, request.target.find('?'));
  if (path == "/" && request.method == "GET") {
    return {.content_type = "text/html; charset=utf-8", .body = std::string(dashboard_page())};
  }
  if (path == "/api/state" && request.method == "GET") return json(state());
  if (path == "/api/trace" && request.method == "POST") {
    auto sent = tracer_.send();
    if (!sent) return {.status = 503, .body = sent.error().text() + "\n"};
    return json({{"number", *sent}});
  }
  return {.status = 404, .body = "there are /, /api/state and /api/trace\n"};
}

}  // namespace nym::testnet
