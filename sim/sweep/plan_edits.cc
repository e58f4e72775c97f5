#include "sim/sweep/plan_edits.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/overloaded.h"
#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

/// Where each node of one kind goes; nothing: it is gone.
using NodeMap = std::vector<std::optional<std::uint32_t>>;
using EditSet = std::function<void(NodeSet&)>;

bool is_gone(const NodeSet& set) {
  return set.terms.empty();
}

bool edit_path(LinkPath& path, const EditSet& edit) {
  edit(path.from);
  edit(path.to);
  return !is_gone(path.from) && !is_gone(path.to);
}

bool edit_pair(NodeSet& first, NodeSet& second, const EditSet& edit) {
  edit(first);
  edit(second);
  return !is_gone(first) && !is_gone(second);
}

bool edit_action(FaultAction& action, const EditSet& edit) {
  return std::visit(Overloaded{
                        [&](LinkFault& fault) { return edit_path(fault.path, edit); },
                        [&](Partition& fault) { return edit_pair(fault.first, fault.second, edit); },
                        [&](auto& fault) {
                          edit(fault.nodes);
                          return !is_gone(fault.nodes);
                        },
                    },
                    action);
}

bool edit_workload(WorkloadKind& kind, const EditSet& edit) {
  return std::visit(Overloaded{
                        [&](MessageWorkload& one) { return edit_pair(one.from, one.to, edit); },
                        [&](RequestReplyWorkload& one) { return edit_pair(one.from, one.to, edit); },
                        [&](GroupWorkload& one) { return edit_pair(one.from, one.members, edit); },
                        [&](FileWorkload& one) { return edit_pair(one.from, one.to, edit); },
                        [&](TraceWorkload& one) { return !one.messages.empty(); },
                        [&](ScheduleWorkload& one) { return !one.messages.empty(); },
                    },
                    kind);
}

bool edit_adversary(AdversaryKind& kind, const EditSet& edit) {
  return std::visit(Overloaded{
                        [&](CorruptMixes& one) {
                          bool is_share = is_gone(one.nodes);
                          edit(one.nodes);
                          return is_share || !is_gone(one.nodes);
                        },
                        [&](NMinusOne& one) { return edit_pair(one.target, one.victim, edit); },
                        [&](Intersection& one) {
                          edit(one.victim);
                          return !is_gone(one.victim);
                        },
                        [&](auto& one) {
                          edit(one.nodes);
                          return !is_gone(one.nodes);
                        },
                    },
                    kind);
}

void append_index(std::vector<NodeTerm>& terms, NodeKind kind, std::uint32_t index) {
  bool follows = !terms.empty() && terms.back().kind == NodeTerm::Kind::range && terms.back().nodes == kind &&
                 terms.back().last + 1 == index;
  if (follows) {
    terms.back().last = index;
  } else {
    terms.push_back({NodeTerm::Kind::range, kind, index, index, {}});
  }
}

void append_mapped(std::vector<NodeTerm>& terms, const NodeTerm& term, const NodeMap& map) {
  std::vector<std::uint32_t> mapped;
  for (std::size_t i = term.first; i < map.size() && i <= term.last; ++i) {
    if (map[i]) mapped.push_back(*map[i]);
  }
  std::ranges::sort(mapped);
  mapped.erase(std::unique(mapped.begin(), mapped.end()), mapped.end());
  for (auto index : mapped) append_index(terms, term.nodes, index);
}

void renumber(Plan& plan, NodeKind kind, const NodeMap& map) {
  edit_sets(plan, [&](NodeSet& set) {
    std::vector<NodeTerm> terms;
    for (const auto& term : set.terms) {
      bool is_range = term.kind == NodeTerm::Kind::range && term.nodes == kind;
      bool is_every = term.first == 0 && term.last == NodeTerm::kToTheEnd;
      if (is_range && !is_every) {
        append_mapped(terms, term, map);
      } else {
        terms.push_back(term);
      }
    }
    set.terms = std::move(terms);
  });
}

/// All stay but one.
NodeMap all_but(std::uint32_t count, std::uint32_t gone) {
  NodeMap map;
  for (std::uint32_t i = 0; i < count; ++i) {
    map.push_back(i == gone ? std::nullopt : std::optional(i < gone ? i : i - 1));
  }
  return map;
}

void move_messages(Plan& plan, const NodeMap& map) {
  for (auto& workload : plan.workloads) {
    auto* schedule = std::get_if<ScheduleWorkload>(&workload.kind);
    if (schedule == nullptr) continue;
    std::erase_if(schedule->messages, [&](const PlannedMessage& one) { return !map[one.from] || !map[one.to]; });
    for (auto& message : schedule->messages) {
      message.from = *map[message.from];
      message.to = *map[message.to];
    }
  }
}

/// Sets name clients by their numbers, not by their groups.
void number_groups(Plan& plan) {
  auto before = plan;
  edit_sets(plan, [&](NodeSet& set) {
    std::vector<NodeTerm> terms;
    for (const auto& term : set.terms) {
      auto clients = term.kind == NodeTerm::Kind::group ? resolve(before, {{term}}) : Result<std::vector<NodeName>>();
      if (term.kind != NodeTerm::Kind::group) terms.push_back(term);
      for (auto client : clients.value_or(std::vector<NodeName>())) append_index(terms, client.kind, client.index);
    }
    set.terms = std::move(terms);
  });
}

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

void edit_sets(Plan& plan, const EditSet& edit) {
  for (auto& site : plan.network.sites) edit(site.nodes);
  std::erase_if(plan.network.sites, [](const Site& site) { return is_gone(site.nodes); });
  for (auto& group : plan.clients) {
    edit(group.gateways);
    if (is_gone(group.gateways)) group.gateways = NodeSet::every(NodeKind::gateway);
  }
  std::erase_if(plan.link_rules, [&](LinkRule& rule) { return !edit_path(rule.path, edit); });
  std::erase_if(plan.workloads, [&](Workload& one) { return !edit_workload(one.kind, edit); });
  std::erase_if(plan.faults, [&](Fault& one) { return !edit_action(one.action, edit); });
  std::erase_if(plan.adversaries, [&](Adversary& one) { return !edit_adversary(one.kind, edit); });
}

Plan without_client(Plan plan, std::uint32_t client) {
  number_groups(plan);
  list_traces(plan);
  auto map = all_but(client_count(plan), client);
  move_messages(plan, map);
  renumber(plan, NodeKind::client, map);
  std::uint32_t end = 0;
  for (auto group = plan.clients.begin(); group != plan.clients.end(); ++group) {
    end += group->count;
    if (client >= end) continue;
    if (--group->count == 0) plan.clients.erase(group);
    break;
  }
  return plan;
}

Plan without_gateway(Plan plan, std::uint32_t gateway) {
  renumber(plan, NodeKind::gateway, all_but(plan.network.gateways, gateway));
  --plan.network.gateways;
  return plan;
}

Plan with_three_mixnodes(Plan plan) {
  NodeMap map;
  for (std::uint32_t i = 0; i < plan.network.mixnodes; ++i) {
    auto layer = layer_of(plan.network, i);
    map.push_back(layer ? *layer - 1 : i % kLayersOfRoute);
  }
  renumber(plan, NodeKind::mixnode, map);
  plan.network.mixnodes = kLayersOfRoute;
  return plan;
}

Plan with_pinned_clients(Plan plan) {
  number_groups(plan);
  std::vector<ClientGroup> groups;
  for (std::uint32_t i = 0; i < client_count(plan); ++i) {
    auto gateway = NodeSet::one({NodeKind::gateway, gateway_of(plan, i)});
    groups.push_back({{}, 1, std::move(gateway), group_of(plan, i).options});
  }
  plan.clients = std::move(groups);
  return plan;
}

Plan with_one_group(Plan plan) {
  number_groups(plan);
  auto count = client_count(plan);
  plan.clients = {{{}, count, NodeSet::every(NodeKind::gateway), plan.clients.front().options}};
  plan.client = plan.clients.front().options;
  return plan;
}

std::size_t listed_messages(const Plan& plan) {
  std::size_t count = 0;
  for (const auto& workload : plan.workloads) {
    if (const auto* schedule = std::get_if<ScheduleWorkload>(&workload.kind)) count += schedule->messages.size();
    if (const auto* trace = std::get_if<TraceWorkload>(&workload.kind)) count += trace->messages.size();
  }
  return count;
}

bool has_drawn_workloads(const Plan& plan) {
  return std::ranges::any_of(plan.workloads, [](const Workload& one) {
    return !std::holds_alternative<ScheduleWorkload>(one.kind) && !std::holds_alternative<TraceWorkload>(one.kind);
  });
}

void list_traces(Plan& plan) {
  for (auto& workload : plan.workloads) {
    auto* trace = std::get_if<TraceWorkload>(&workload.kind);
    if (trace == nullptr) continue;
    auto messages = std::move(trace->messages);
    for (auto& message : messages) message.at += workload.start;
    workload = Workload{workload.name, {}, {}, {}, ScheduleWorkload{std::move(messages)}};
  }
}

Plan without_messages(Plan plan, std::size_t begin, std::size_t count) {
  list_traces(plan);
  std::size_t number = 0;
  for (auto& workload : plan.workloads) {
    auto* schedule = std::get_if<ScheduleWorkload>(&workload.kind);
    if (schedule == nullptr) continue;
    std::erase_if(schedule->messages, [&](const PlannedMessage&) {
      auto mine = number++;
      return mine >= begin && mine - begin < count;
    });
  }
  std::erase_if(plan.workloads, [](const Workload& one) {
    const auto* schedule = std::get_if<ScheduleWorkload>(&one.kind);
    return schedule != nullptr && schedule->messages.empty();
  });
  return plan;
}

void for_each_message(Plan& plan, const std::function<void(PlannedMessage&)>& edit) {
  for (auto& workload : plan.workloads) {
    auto* schedule = std::get_if<ScheduleWorkload>(&workload.kind);
    if (schedule == nullptr) continue;
    for (auto& message : schedule->messages) edit(message);
  }
}

std::string describe_size(const Plan& plan) {
  auto text = counted(client_count(plan), "client") + ", " + counted(listed_messages(plan), "message");
  if (has_drawn_workloads(plan)) text += " and drawn ones";
  text += ", " + counted(plan.faults.size(), "fault");
  if (!plan.adversaries.empty()) {
    text += fmt::format(", {} adversar{}", plan.adversaries.size(), plan.adversaries.size() == 1 ? "y" : "ies");
  }
  return text;
}

Duration last_begin(const Plan& plan) {
  Duration last;
  for (const auto& fault : plan.faults) last = std::max(last, fault.at);
  for (const auto& one : plan.adversaries) last = std::max(last, one.at);
  for (const auto& workload : plan.workloads) {
    last = std::max(last, workload.start);
    const auto* schedule = std::get_if<ScheduleWorkload>(&workload.kind);
    if (schedule == nullptr) continue;
    for (const auto& message : schedule->messages) last = std::max(last, message.at);
  }
  return last;
}

}  // namespace nym::sim
