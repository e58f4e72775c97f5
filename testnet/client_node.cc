#include "testnet/client_node.h"

#include <fmt/format.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "net/clock.h"
#include "net/files.h"
#include "net/key_files.h"
#include "testnet/error.h"
#include "testnet/limits.h"

namespace nym::testnet {
namespace {

constexpr std::size_t kMaxAnswer = std::size_t{64} << 10U;

}  // namespace

std::map<std::string, std::string> network_environment(const std::string& directory_url) {
  return {{"CONFIGURED", "true"}, {"NYM_API", directory_url}, {"NYXD", directory_url}, {"NYM_API_URL", directory_url}};
}

std::string ClientNode::websocket_url() const {
  return fmt::format("ws://{}", to_string(setup_.plan.app));
}

ChildProcess::Options ClientNode::options(ChildProcess::Write write) const {
  ChildProcess::Options options{network_environment(directory_url_), setup_.log, setup_.log, write,
                                ChildProcess::Terminal::none};
  options.environment["HOME"] = setup_.folder.string();
  options.environment["NO_COLOR"] = "1";
  return options;
}

void ClientNode::start(Done done) {
  if (process_) return done({});
  on_started_ = std::move(done);
  started_at_ = net::now();
  is_paused_ = is_ready_ = was_ready_ = is_asking_ = false;
  why_.clear();
  auto known = net::read_file(setup_.folder / "client.json", kMaxAnswer);
  auto printed = known ? nlohmann::json::parse(as_text(*known), nullptr, false) : nlohmann::json();
  if (!printed.is_object() || !printed.contains("client_address")) return register_it();
  address_ = printed.value("client_address", "");
  run();
}

void ClientNode::register_it() {
  if (auto made = net::make_directories(setup_.folder); !made) return fail_start(made.error().text());
  auto init = options(ChildProcess::Write::append);
  init.output_file = setup_.folder / "client.json.new";
  auto started = ChildProcess::start(
      {setup_.program.string(), "init", "--id", setup_.plan.name, "--gateway", setup_.gateway, "--output", "json"},
      init);
  if (!started) return fail_start(started.error().text());
  process_.emplace(std::move(*started));
  step_ = Step::registering;
}

Result<void> ClientNode::on_registered(int code) {
  NYM_TRY(auto content, net::read_file(setup_.folder / "client.json.new", kMaxAnswer));
  auto printed = nlohmann::json::parse(as_text(content), nullptr, false);
  bool is_good = code == 0 && printed.is_object() && printed.contains("client_address");
  if (!is_good) return fail(TestnetError::node_failed, "nym-client init failed");
  address_ = printed["client_address"].get<std::string>();
  NYM_TRY_VOID(point_at_relay());
  std::error_code error;
  std::filesystem::rename(setup_.folder / "client.json.new", setup_.folder / "client.json", error);
  return {};
}

Result<void> ClientNode::point_at_relay() const {
  if (setup_.plan.relay.port == 0) return {};
  auto file = setup_.folder / ".nym/clients" / setup_.plan.name / "data/gateway_details.json";
  NYM_TRY(auto details, net::load_gateway_details(file));
  details.gateway_listener = fmt::format("ws://{}", to_string(setup_.plan.relay));
  return net::store_gateway_details(file, details);
}

void ClientNode::run() {
  std::vector<std::string> command{setup_.program.string(),
                                   "run",
                                   "--id",
                                   setup_.plan.name,
                                   "--host",
                                   to_string(setup_.plan.app.address),
                                   "--port",
                                   std::to_string(setup_.plan.app.port),
                                   "--metrics",
                                   to_string(setup_.plan.http)};
  command.insert(command.end(), setup_.run_options.begin(), setup_.run_options.end());
  auto started = ChildProcess::start(command, options(ChildProcess::Write::append));
  if (!started) return fail_start(started.error().text());
  process_.emplace(std::move(*started));
  step_ = Step::running;
  started_at_ = net::now();
}

void ClientNode::fail_start(const std::string& what) {
  step_ = Step::idle;
  process_.reset();
  why_ = what;
  auto done = std::exchange(on_started_, {});
  if (!done) return;
  done(fail(TestnetError::node_failed, fmt::format("{}: {}; see 'nym-testnet logs {}', or {}", setup_.plan.name, what,
                                                   setup_.plan.name, setup_.log.string())));
}

void ClientNode::look() {
  if (!process_) return;
  if (auto code = process_->poll_exit()) return on_exit(*code);
  bool is_late = !was_ready_ && !is_paused_ && net::now() - started_at_ > limits::kStart;
  if (is_late) {
    process_->signal(SIGKILL);
    return fail_start(fmt::format("it is not ready in time: {}", why_.empty() ? "it did not say why" : why_));
  }
  if (step_ != Step::running || is_paused_) return;
  auto since = net::now() - asked_at_;
  if (!is_asking_ && (!is_ready_ || since >= limits::kAskHealth)) ask_health();
}

void ClientNode::on_exit(int code) {
  process_.reset();
  if (step_ == Step::registering) {
    auto registered = on_registered(code);
    return registered ? run() : fail_start(registered.error().text());
  }
  is_ready_ = false;
  fail_start(fmt::format("its process ended with {}", code));
}

void ClientNode::ask_health() {
  asked_at_ = net::now();
  is_asking_ = true;
  auto url = net::parse_url(fmt::format("http://{}/readyz", to_string(setup_.plan.http)));
  if (url) http_.get(*url, [this](const Result<net::HttpResponse>& response) { on_health(response); });
}

void ClientNode::on_health(const Result<net::HttpResponse>& response) {
  is_asking_ = false;
  if (step_ != Step::running || is_paused_) return;
  is_ready_ = response && response->status == 200;
  why_ = is_ready_ ? "" : response ? response->body.substr(0, response->body.find('\n')) : "it does not answer";
  if (!is_ready_ || std::exchange(was_ready_, true)) return;
  if (auto done = std::exchange(on_started_, {})) done({});
}

void ClientNode::kill() {
  if (!process_) return;
  process_->signal(SIGKILL);
  process_.reset();
  is_ready_ = false;
  fail_start("killed");
}

void ClientNode::stop() {
  if (!process_) return;
  process_->signal(SIGCONT);
  process_->interrupt();
}

void ClientNode::pause() {
  if (!process_ || is_paused_) return;
  process_->signal(SIGSTOP);
  is_paused_ = true;
  why_ = "paused";
}

void ClientNode::resume() {
  if (!process_ || !is_paused_) return;
  process_->signal(SIGCONT);
  is_paused_ = false;
  is_ready_ = false;
  why_.clear();
}

NodeState ClientNode::state() const {
  if (step_ == Step::idle) return NodeState::stopped;
  if (is_paused_) return NodeState::degraded;
  if (is_ready_) return NodeState::ready;
  return was_ready_ ? NodeState::degraded : NodeState::starting;
}

std::string ClientNode::why() const {
  return state() == NodeState::starting ? "" : why_;
}

std::optional<int> ClientNode::pid() const {
  if (!process_) return std::nullopt;
  return process_->pid();
}

}  // namespace nym::testnet
