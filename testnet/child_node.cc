#include "testnet/child_node.h"

#include <fmt/format.h>

#include <csignal>

#include "engine/base/text_encoding.h"
#include "net/clock.h"
#include "testnet/error.h"

namespace nym::testnet {

std::vector<std::string> ChildNode::command() const {
  const auto& plan = setup_.plan;
  std::vector<std::string> command{"/proc/self/exe", to_string(plan.role), "--name",   plan.name,
                                   "--dir",          setup_.folder,        "--listen", to_string(plan.mix),
                                   "--announce",     setup_.announce,      "--http",   to_string(plan.http)};
  auto add = [&](const char* option, std::string value) { command.insert(command.end(), {option, std::move(value)}); };
  if (plan.role == Role::mixnode) add("--layer", std::to_string(plan.layer));
  if (plan.role == Role::gateway) add("--clients", to_string(plan.clients));
  return command;
}

void ChildNode::start(Done done) {
  if (process_) return done({});
  auto started = ChildProcess::start(
      command(), {{}, setup_.log, setup_.log, ChildProcess::Write::append, ChildProcess::Terminal::none});
  if (!started) return done(std::unexpected(started.error()));
  process_.emplace(std::move(*started));
  is_paused_ = false;
  why_.clear();
  started_at_ = net::now();
  on_started_ = std::move(done);
}

void ChildNode::finish_start(Result<void> result) {
  if (auto done = std::exchange(on_started_, {})) done(std::move(result));
}

// Its socket is the last thing that it opens.
void ChildNode::connect() {
  auto link = ControlLink::connect(runtime_, setup_.folder);
  if (!link) {
    if (net::now() - started_at_ < limits::kStart) return;
    kill();
    return finish_start(fail(TestnetError::node_failed, fmt::format("{} does not start; see 'nym-testnet logs {}'",
                                                                    setup_.plan.name, setup_.plan.name)));
  }
  control_ = std::move(*link);
  send_known_hops();
  send_detours([this](Result<void> sent) { finish_start(std::move(sent)); });
}

void ChildNode::look() {
  if (!process_) return;
  if (auto code = process_->poll_exit()) {
    why_ = fmt::format("its process ended with {}", *code);
    process_.reset();
    control_.reset();
    return finish_start(fail(TestnetError::node_failed, fmt::format("{} ended while it started; see its log, {}",
                                                                    setup_.plan.name, setup_.log.string())));
  }
  if (!control_ && !is_paused_) connect();
}

void ChildNode::kill() {
  if (!process_) return;
  process_->signal(SIGKILL);
  process_.reset();
  control_.reset();
  why_ = "killed";
}

void ChildNode::stop() {
  if (!process_) return;
  process_->signal(SIGCONT);
  process_->interrupt();
}

void ChildNode::pause() {
  if (!process_ || is_paused_) return;
  process_->signal(SIGSTOP);
  is_paused_ = true;
  why_ = "paused";
}

void ChildNode::resume() {
  if (!process_ || !is_paused_) return;
  process_->signal(SIGCONT);
  is_paused_ = false;
  why_.clear();
}

NodeState ChildNode::state() const {
  if (!process_) return NodeState::stopped;
  if (is_paused_) return NodeState::degraded;
  return control_ ? NodeState::ready : NodeState::starting;
}

std::optional<int> ChildNode::pid() const {
  if (!process_) return std::nullopt;
  return process_->pid();
}

// One that stands still is told, and acts on it when it goes on.
void ChildNode::set_detours(const net::Detours& detours, Done done) {
  detours_ = detours;
  if (!control_) return done({});
  if (!is_paused_) return send_detours(std::move(done));
  send_detours([](const Result<void>&) {});
  done({});
}

void ChildNode::send_detours(Done done) {
  auto list = nlohmann::json::array();
  for (const auto& [address, really] : detours_) list.push_back({to_string(address), to_string(really)});
  control_->ask({{"command", "detours"}, {"detours", list}}, [done](const Result<nlohmann::ordered_json>& answer) {
    if (answer) return done({});
    done(std::unexpected(answer.error()));
  });
}

void ChildNode::set_known_hops(const KnownHops& addresses) {
  known_hops_ = addresses;
  if (control_) send_known_hops();
}

// Answered before what is sent after it.
void ChildNode::send_known_hops() {
  auto list = nlohmann::json();
  if (known_hops_) list = nlohmann::json::array();
  for (const auto& address : known_hops_.value_or(std::set<Endpoint>())) list.push_back(to_string(address));
  control_->ask({{"command", "known-hops"}, {"addresses", list}}, [](const Result<nlohmann::ordered_json>&) {});
}

void ChildNode::watch(const ByteArray<32>& begin, Seen seen) {
  if (!control_) return;
  control_->ask({{"command", "watch"}, {"begin", to_hex(begin)}}, [seen](const Result<nlohmann::ordered_json>& answer) {
    if (answer) seen(TimePoint::at(Duration::nanoseconds(answer->value("at_ns", std::int64_t{0}))));
  });
}

}  // namespace nym::testnet
