#include "testnet/fault_book.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/overloaded.h"
#include "testnet/error.h"
#include "testnet/limits.h"

namespace nym::testnet {
namespace {

std::unexpected<Error> refuse(std::string text) {
  return fail(TestnetError::bad_fault, std::move(text));
}

Role role_of(sim::NodeKind kind) {
  return kind == sim::NodeKind::mixnode ? Role::mixnode : kind == sim::NodeKind::gateway ? Role::gateway : Role::client;
}

bool is_member(const sim::NodeTerm& term, const NodePlan& plan) {
  switch (term.kind) {
    case sim::NodeTerm::Kind::all:
      return true;
    case sim::NodeTerm::Kind::layer:
      return plan.role == Role::mixnode && plan.layer == term.first;
    case sim::NodeTerm::Kind::range:
      return plan.role == role_of(term.nodes) && plan.index >= term.first && plan.index <= term.last;
    case sim::NodeTerm::Kind::group:
      return false;
  }
  return false;
}

bool names_sites(const std::optional<sim::TimeDistribution>& time) {
  return time && std::any_of(time->terms.begin(), time->terms.end(),
                             [](const auto& term) { return std::holds_alternative<sim::MatrixTime>(term); });
}

}  // namespace

Result<std::vector<bool>> FaultBook::members(const sim::NodeSet& set) const {
  auto plans = ground_.plans();
  std::vector<bool> out(plans.size());
  for (const auto& term : set.terms) {
    bool found = false;
    for (std::size_t i = 0; i < plans.size(); ++i) {
      if (!is_member(term, *plans[i])) continue;
      out[i] = found = true;
    }
    if (found) continue;
    auto text = sim::to_text(sim::NodeSet{{term}});
    return refuse(fmt::format("this network has no '{}'; its nodes are in 'nym-testnet status'", text));
  }
  return out;
}

FaultBook::Places FaultBook::places(const sim::NodeSet& set) const {
  Places out;
  auto found = members(set).value_or(std::vector<bool>());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i]) out.push_back(i);
  }
  return out;
}

Result<void> FaultBook::check_link(const sim::LinkFault& fault) const {
  NYM_TRY(auto from, members(fault.path.from));
  NYM_TRY(auto to, members(fault.path.to));
  if (names_sites(fault.change.latency) || names_sites(fault.change.jitter)) {
    return refuse("nodes of a real network are at no sites, so 'matrix' says nothing; give the time itself");
  }
  auto plans = ground_.plans();
  auto has_role = [&](const std::vector<bool>& set, bool clients) {
    for (std::size_t i = 0; i < plans.size(); ++i) {
      if (set[i] && (plans[i]->role == Role::client) == clients) return true;
    }
    return false;
  };
  bool only_clients = !(has_role(from, false) && has_role(to, false));
  if (only_clients && (fault.change.duplicate || fault.change.reorder)) {
    return refuse(
        "a client's websocket runs over TCP, which puts in order and drops doubles: duplicate and reorder can only be "
        "done between mixnodes and gateways");
  }
  return {};
}

// One line for what cannot be done to real processes.
Result<void> FaultBook::check(const sim::FaultAction& action) const {
  if (const auto* nodes = sim::nodes_of(action)) {
    NYM_TRY_VOID(members(*nodes));
  }
  auto no_disk = [] {
    return refuse("a real disk cannot be made full, broken or slow without being root; only the simulator can do that");
  };
  auto no_clock = [] { return refuse("all processes have the machine's clock; only the simulator has others"); };
  return std::visit(
      Overloaded{
          [&](const sim::LinkFault& fault) { return check_link(fault); },
          [&](const sim::Partition& fault) -> Result<void> {
            NYM_TRY_VOID(members(fault.first));
            NYM_TRY_VOID(members(fault.second));
            return {};
          },
          [&](const sim::SwizzleClog&) -> Result<void> {
            return refuse("swizzle is for the simulator; clog links one after the other: for 1s mix1->* clog");
          },
          [&](const sim::Slow&) -> Result<void> {
            return refuse("a real process cannot be made slower; pause it for a while, or give its links a rate");
          },
          [&](const sim::ClockJump&) -> Result<void> { return no_clock(); },
          [&](const sim::ClockDrift&) -> Result<void> { return no_clock(); },
          [&](const sim::DiskFull&) -> Result<void> { return no_disk(); },
          [&](const sim::DiskError&) -> Result<void> { return no_disk(); },
          [&](const sim::DiskSlow&) -> Result<void> { return no_disk(); },
          [&](const sim::FailNth&) -> Result<void> {
            return refuse("single operations of a real process cannot be made to fail; only the simulator can do that");
          },
          [&](const sim::LeaveApp&) -> Result<void> {
            return refuse("applications are your programs; end them yourself");
          },
          [](const auto&) -> Result<void> { return {}; },
      },
      action);
}

std::vector<LinkRule> FaultBook::rules_of(const sim::FaultAction& action) const {
  auto of = [&](const sim::NodeSet& set) { return members(set).value_or(std::vector<bool>(ground_.plans().size())); };
  if (const auto* link = std::get_if<sim::LinkFault>(&action)) {
    return {{of(link->path.from), of(link->path.to), link->path.direction, link->change}};
  }
  if (const auto* cut = std::get_if<sim::Partition>(&action)) {
    return {{of(cut->first), of(cut->second), cut->direction, {}, true}};
  }
  if (const auto* silence = std::get_if<sim::Silence>(&action)) {
    auto clients = of(sim::NodeSet::every(sim::NodeKind::client));
    return {{of(silence->nodes), clients, sim::Direction::both_ways, {}, true}};
  }
  return {};
}

void FaultBook::add(const std::string& line, std::function<void(Result<std::uint64_t>)> done) {
  if (entries_.size() >= limits::kFaults) return done(refuse("there are too many faults; clear some"));
  auto fault = sim::parse_fault(line);
  if (!fault) return done(std::unexpected(fault.error()));
  if (auto possible = check(fault->action); !possible) return done(std::unexpected(possible.error()));
  auto number = next_++;
  auto& entry = entries_[number];
  entry.fault = std::move(*fault);
  entry.times_left = entry.fault.repeat ? entry.fault.repeat->times : 1;
  entry.begin = std::make_unique<net::Timer>(runtime_, [this, number] { begin(number, [](const Result<void>&) {}); });
  entry.end = std::make_unique<net::Timer>(runtime_, [this, number] { end(number, [](const Result<void>&) {}); });
  if (entry.fault.at > Duration()) {
    entry.begin->arm_after(entry.fault.at);
    return done(number);
  }
  begin(number, [done, number](const Result<void>& begun) {
    if (begun) return done(number);
    done(std::unexpected(begun.error()));
  });
}

void FaultBook::begin(std::uint64_t number, Node::Done done) {
  auto& entry = entries_.at(number);
  --entry.times_left;
  entry.is_active = true;
  entry.rules = rules_of(entry.fault.action);
  if (entry.fault.length) entry.end->arm_after(*entry.fault.length);
  if (entry.times_left > 0) entry.begin->arm_after(entry.fault.repeat->every);
  do_to_nodes(entry.fault.action);
  bool is_over = sim::is_momentary(entry.fault.action);
  bool has_rules = !entry.rules.empty();
  if (is_over) entry.is_active = false;
  if (is_over && entry.times_left == 0) entries_.erase(number);
  if (!has_rules) return done({});
  apply_rules(std::move(done));
}

void FaultBook::end(std::uint64_t number, Node::Done done) {
  auto& entry = entries_.at(number);
  auto action = entry.fault.action;
  bool was_active = std::exchange(entry.is_active, false);
  bool had_rules = !std::exchange(entry.rules, {}).empty();
  if (entry.times_left == 0) entries_.erase(number);
  if (was_active) undo_to_nodes(action);
  if (!had_rules) return done({});
  apply_rules(std::move(done));
}

void FaultBook::clear(std::optional<std::uint64_t> number, Node::Done done) {
  if (number && !entries_.contains(*number)) {
    return done(refuse(fmt::format("there is no fault {}; see 'nym-testnet fault list'", *number)));
  }
  std::vector<sim::FaultAction> ended;
  std::erase_if(entries_, [&](const auto& entry) {
    if (number && entry.first != *number) return false;
    if (entry.second.is_active) ended.push_back(entry.second.fault.action);
    return true;
  });
  for (const auto& action : ended) undo_to_nodes(action);
  apply_rules(std::move(done));
}

nlohmann::ordered_json FaultBook::list() const {
  auto out = nlohmann::ordered_json::array();
  for (const auto& [number, entry] : entries_) {
    out.push_back({{"number", number}, {"line", sim::to_text(entry.fault)}, {"active", entry.is_active}});
  }
  return out;
}

void FaultBook::apply_rules(Node::Done done) {
  std::vector<LinkRule> rules;
  for (const auto& [number, entry] : entries_) rules.insert(rules.end(), entry.rules.begin(), entry.rules.end());
  ground_.set_rules(rules, std::move(done));
}

void FaultBook::crash(const sim::NodeSet& nodes, sim::DiskState disk) {
  for (auto place : places(nodes)) {
    ground_.node(place).kill();
    if (disk == sim::DiskState::lost) ground_.forget_state(place);
  }
}

void FaultBook::start_again(const sim::NodeSet& nodes) {
  for (auto place : places(nodes)) ground_.node(place).start([](const Result<void>&) {});
}

void FaultBook::do_to_nodes(const sim::FaultAction& action) {
  auto each = [&](const sim::NodeSet& nodes, auto what) {
    for (auto place : places(nodes)) what(place);
  };
  std::visit(Overloaded{
                 [&](const sim::Crash& fault) { crash(fault.nodes, fault.disk); },
                 [&](const sim::Kill& fault) { crash(fault.nodes, sim::DiskState::kept); },
                 [&](const sim::Restart& fault) {
                   crash(fault.nodes, fault.disk);
                   start_again(fault.nodes);
                 },
                 [&](const sim::Pause& fault) { each(fault.nodes, [&](auto at) { ground_.node(at).pause(); }); },
                 [&](const sim::Suspend& fault) { each(fault.nodes, [&](auto at) { ground_.node(at).pause(); }); },
                 [&](const sim::CutSessions& fault) { each(fault.nodes, [&](auto at) { ground_.cut_sessions(at); }); },
                 [](const auto&) {},
             },
             action);
}

void FaultBook::undo_to_nodes(const sim::FaultAction& action) {
  auto resume = [&](const sim::NodeSet& nodes) {
    for (auto place : places(nodes)) ground_.node(place).resume();
  };
  std::visit(Overloaded{
                 [&](const sim::Crash& fault) { start_again(fault.nodes); },
                 [&](const sim::Pause& fault) { resume(fault.nodes); },
                 [&](const sim::Suspend& fault) { resume(fault.nodes); },
                 [](const auto&) {},
             },
             action);
}

}  // namespace nym::testnet
