#include "sim/plan/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/base/overloaded.h"
#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

constexpr std::uint64_t kMostNodes = 4'000'000;

/// Finds the first problem; whatever comes after one is not looked at.
class Validator {
 public:
  explicit Validator(const Plan& plan) : plan_(plan) {}

  std::optional<Problem> run() {
    check_network();
    if (!problem_) check_clients();
    if (!problem_) check_sites();
    if (!problem_) check_links();
    if (!problem_) check_workloads();
    if (!problem_) check_faults();
    if (!problem_) check_adversaries();
    return std::move(problem_);
  }

 private:
  void complain(std::string path, std::string text) {
    if (!problem_) problem_ = Problem{std::move(path), std::move(text)};
  }
  void require_nodes(const NodeSet& set, const std::string& path) {
    auto nodes = resolve(plan_, set);
    if (!nodes) complain(path, nodes.error().text());
  }
  void require_nodes(const NodeSet& set, NodeKind kind, const std::string& path) {
    auto nodes = resolve(plan_, set, kind);
    if (!nodes) complain(path, nodes.error().text());
  }

  void check_network() {
    const auto& network = plan_.network;
    if (network.mixnodes < kLayersOfRoute) {
      complain("network.mixnodes",
               fmt::format("a route has {} mixnodes, but the network has only {}", kLayersOfRoute, network.mixnodes));
    }
    if (network.topology == Topology::cascade && network.mixnodes % kLayersOfRoute != 0) {
      complain("network.mixnodes", "cascades need a multiple of 3 mixnodes");
    }
    if (network.gateways == 0) complain("network.gateways", "clients need a gateway");
  }

  void check_clients() {
    std::set<std::string> names;
    std::uint64_t total = 0;
    check_options(plan_.client, "client");
    for (std::size_t i = 0; i < plan_.clients.size(); ++i) {
      const auto& group = plan_.clients[i];
      auto path = fmt::format("clients.{}", i);
      total += group.count;
      check_group_name(group.name, path + ".name");
      if (!group.name.empty() && !names.insert(group.name).second) {
        complain(path + ".name", fmt::format("another group is called '{}' too", group.name));
      }
      require_nodes(group.gateways, NodeKind::gateway, path + ".gateways");
      check_options(group.options, path);
    }
    if (total == 0 || total > kMostNodes) {
      complain("clients", fmt::format("{} clients; there can be 1 to {}", total, kMostNodes));
    }
  }

  void check_group_name(const std::string& name, const std::string& path) {
    if (name.empty()) return;
    auto set = parse_node_set(name);
    bool is_free = set && set->terms.size() == 1 && set->terms[0].kind == NodeTerm::Kind::group;
    if (!is_free)
      complain(path, fmt::format("'{}' can not name a group; use a letter, then letters, digits, - and _", name));
  }

  void check_options(const ClientOptions& options, const std::string& path) {
    if (options.traffic.secondary_packet_size == options.traffic.primary_packet_size) {
      complain(path + ".secondary_packet_size", "equals the primary size; leave it out");
    }
    if (options.replies.min_storage > options.replies.max_storage) {
      complain(path + ".min_surb_storage", "is above max_surb_storage");
    }
    if (options.replies.min_request > options.replies.max_request) {
      complain(path + ".min_surb_request", "is above max_surb_request");
    }
    if (options.gateway_link.backoff_initial > options.gateway_link.backoff_maximum) {
      complain(path + ".reconnect_initial", "is above reconnect_maximum");
    }
  }

  void check_sites() {
    for (std::size_t i = 0; i < plan_.network.sites.size(); ++i) {
      const auto& site = plan_.network.sites[i];
      auto path = fmt::format("site.{}", i);
      if (site.name.empty()) complain(path + ".name", "which site?");
      require_nodes(site.nodes, path + ".nodes");
    }
  }

  void check_latency(const TimeDistribution& latency, const std::string& path) {
    for (const auto& term : latency.terms) {
      const auto* matrix = std::get_if<MatrixTime>(&term);
      if (matrix == nullptr || matrix->matrix == nullptr) continue;
      const auto& known = matrix->matrix->sites;
      for (const auto& site : plan_.network.sites) {
        if (std::find(known.begin(), known.end(), site.name) != known.end()) continue;
        complain(path, fmt::format("{} has no site '{}'", matrix->file, site.name));
      }
    }
  }

  void check_change(const LinkChange& change, const std::string& path) {
    if (change.latency) check_latency(*change.latency, path);
    if (change == LinkChange{}) complain(path, "nothing changes on these links");
  }

  void check_path(const LinkPath& link, const std::string& path) {
    require_nodes(link.from, path);
    require_nodes(link.to, path);
  }

  void check_links() {
    check_latency(plan_.links.latency, "links.latency");
    for (std::size_t i = 0; i < plan_.link_rules.size(); ++i) {
      auto path = fmt::format("link.{}", i);
      check_path(plan_.link_rules[i].path, path + ".path");
      check_change(plan_.link_rules[i].change, path);
    }
  }

  void check_pair(const NodeSet& from, const NodeSet& to, const std::string& path, const char* second) {
    require_nodes(from, NodeKind::client, path + ".from");
    require_nodes(to, NodeKind::client, path + "." + second);
    if (problem_) return;
    auto senders = *resolve(plan_, from, NodeKind::client);
    auto receivers = *resolve(plan_, to, NodeKind::client);
    bool is_alone = senders.size() == 1 && senders == receivers;
    if (is_alone) complain(path + ".from", "a client does not write to itself; name another receiver");
  }

  void check_message(const PlannedMessage& message, const std::string& path) {
    auto count = client_count(plan_);
    if (message.from >= count || message.to >= count) {
      complain(path, fmt::format("there are only {} clients", count));
    }
    if (message.reply && message.reply_surbs == 0) complain(path, "a reply needs reply_surbs");
    if (message.text.empty() && message.bytes == 0) complain(path, "a message needs a text or bytes");
    check_time(message.at, path);
  }

  void check_time(Duration at, const std::string& path) {
    if (at <= plan_.time_limit) return;
    complain(path, fmt::format("is at {}, after the time limit of {}", to_text(at), to_text(plan_.time_limit)));
  }

  void check_workloads() {
    for (std::size_t i = 0; i < plan_.workloads.size() && !problem_; ++i) {
      const auto& workload = plan_.workloads[i];
      auto path = fmt::format("workload.{}", i);
      bool has_end = workload.count || workload.length;
      auto check_list = [&](const std::vector<PlannedMessage>& messages, const std::string& below) {
        for (std::size_t m = 0; m < messages.size() && !problem_; ++m) {
          check_message(messages[m], below.empty() ? path : fmt::format("{}.{}.{}", path, below, m));
        }
      };
      auto check_drawn = [&](const NodeSet& from, const NodeSet& to, const char* second) {
        if (!has_end) complain(path, "when does it end? give count or length");
        check_pair(from, to, path, second);
        check_time(workload.start, path + ".start");
      };
      std::visit(Overloaded{
                     [&](const MessageWorkload& kind) { check_drawn(kind.from, kind.to, "to"); },
                     [&](const RequestReplyWorkload& kind) { check_drawn(kind.from, kind.to, "to"); },
                     [&](const GroupWorkload& kind) { check_drawn(kind.from, kind.members, "members"); },
                     [&](const FileWorkload& kind) {
                       check_pair(kind.from, kind.to, path, "to");
                       check_time(workload.start, path + ".start");
                     },
                     [&](const TraceWorkload& kind) { check_list(kind.messages, ""); },
                     [&](const ScheduleWorkload& kind) { check_list(kind.messages, "messages"); },
                 },
                 workload.kind);
    }
  }

  /// Which nodes a fault can befall.
  void check_action(const FaultAction& action, const std::string& path) {
    auto only = [&](const NodeSet& nodes, NodeKind kind) { require_nodes(nodes, kind, path); };
    auto no_mixnodes = [&](const NodeSet& nodes, const char* why) {
      require_nodes(nodes, path);
      if (problem_) return;
      auto first = resolve(plan_, nodes)->front();
      if (first.kind == NodeKind::mixnode) complain(path, fmt::format("{} {}", to_text(first), why));
    };
    std::visit(Overloaded{
                   [&](const LinkFault& fault) {
                     check_path(fault.path, path);
                     check_change(fault.change, path);
                   },
                   [&](const Partition& fault) {
                     require_nodes(fault.first, path);
                     require_nodes(fault.second, path);
                   },
                   [&](const Silence& fault) { only(fault.nodes, NodeKind::gateway); },
                   [&](const CutSessions& fault) { only(fault.nodes, NodeKind::gateway); },
                   [&](const LeaveApp& fault) { only(fault.nodes, NodeKind::client); },
                   [&](const DiskFull& fault) { no_mixnodes(fault.nodes, "has no disk"); },
                   [&](const DiskError& fault) { no_mixnodes(fault.nodes, "has no disk"); },
                   [&](const DiskSlow& fault) { no_mixnodes(fault.nodes, "has no disk"); },
                   [&](const FailNth& fault) { check_failing(fault, path); },
                   [&](const auto& fault) { require_nodes(fault.nodes, path); },
               },
               action);
  }

  void check_failing(const FailNth& fault, const std::string& path) {
    require_nodes(fault.nodes, path);
    if (problem_) return;
    auto nodes = resolve(plan_, fault.nodes);
    for (auto node : *nodes) {
      bool can = fault.operation == Operation::dial || node.kind == NodeKind::client ||
                 (fault.operation == Operation::persist && node.kind == NodeKind::gateway);
      if (!can) complain(path, fmt::format("{} does no such operation", to_text(node)));
    }
  }

  void check_faults() {
    for (std::size_t i = 0; i < plan_.faults.size() && !problem_; ++i) {
      const auto& fault = plan_.faults[i];
      auto path = fmt::format("faults.{}", i);
      check_action(fault.action, path);
      check_time(fault.at, path);
      if (fault.length && is_momentary(fault.action)) complain(path, "this fault has no length");
      if (fault.repeat && !fault.length && !is_momentary(fault.action)) {
        complain(path, "a fault that comes again must end before; say for how long");
      }
    }
  }

  void check_adversary(const AdversaryKind& kind, const std::string& path) {
    auto nodes = path + ".nodes";
    std::visit(Overloaded{
                   [&](const PassiveObserver& one) { require_nodes(one.nodes, nodes); },
                   [&](const CorruptMixes& one) {
                     if (one.nodes.terms.empty()) return;
                     require_nodes(one.nodes, NodeKind::mixnode, nodes);
                   },
                   [&](const CorruptGateway& one) { require_nodes(one.nodes, NodeKind::gateway, nodes); },
                   [&](const NMinusOne& one) {
                     require_nodes(one.target, NodeKind::mixnode, path + ".target");
                     require_nodes(one.victim, NodeKind::client, path + ".victim");
                   },
                   [&](const Intersection& one) { check_victim(one, path + ".victim"); },
                   [&](const auto& one) { check_relays(one.nodes, nodes); },
               },
               kind);
  }

  void check_victim(const Intersection& one, const std::string& path) {
    require_nodes(one.victim, NodeKind::client, path);
    if (!problem_ && resolve(plan_, one.victim)->size() != 1) complain(path, "only one client can be followed");
  }

  void check_relays(const NodeSet& nodes, const std::string& path) {
    require_nodes(nodes, path);
    if (problem_) return;
    auto last = resolve(plan_, nodes)->back();
    if (last.kind == NodeKind::client) complain(path, fmt::format("{} relays nothing", to_text(last)));
  }

  void check_adversaries() {
    for (std::size_t i = 0; i < plan_.adversaries.size() && !problem_; ++i) {
      check_adversary(plan_.adversaries[i].kind, fmt::format("adversary.{}", i));
      check_time(plan_.adversaries[i].at, fmt::format("adversary.{}.at", i));
    }
  }

  const Plan& plan_;
  std::optional<Problem> problem_;
};

}  // namespace

std::optional<Problem> first_problem(const Plan& plan) {
  return Validator(plan).run();
}

}  // namespace nym::sim
