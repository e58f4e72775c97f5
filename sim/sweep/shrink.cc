#include "sim/sweep/shrink.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "engine/base/overloaded.h"
#include "sim/plan/load.h"
#include "sim/plan/nodes.h"
#include "sim/plan/validate.h"
#include "sim/sweep/plan_edits.h"
#include "sim/sweep/subject.h"

namespace nym::sim {
namespace {

constexpr std::size_t kMostSingled = 16;  ///< nodes of a set that are tried one by one
constexpr std::size_t kFewMessages = 20;  ///< that are edited one by one
constexpr std::size_t kFewElements = 4;   ///< of a list, for whose last ones other seeds are tried
constexpr std::uint64_t kOtherSeeds = 6;
constexpr Duration kSecond = Duration::seconds(1);
constexpr Duration kTenth = Duration::milliseconds(100);

TimeDistribution fixed_like(const TimeDistribution& drawn) {
  for (const auto& term : drawn.terms) {
    if (const auto* fixed = std::get_if<FixedTime>(&term)) return TimeDistribution::fixed(fixed->value);
    if (const auto* normal = std::get_if<NormalTime>(&term)) return TimeDistribution::fixed(normal->mean);
    if (const auto* uniform = std::get_if<UniformTime>(&term)) return TimeDistribution::fixed(uniform->max);
  }
  return TimeDistribution::fixed(Duration::milliseconds(1));
}

Duration floor_to(Duration value, Duration unit) {
  return Duration::nanoseconds(value.ns() / unit.ns() * unit.ns());
}

class Shrinker {
 public:
  Shrinker(Plan plan, const ShrinkOptions& options) : plan_(std::move(plan)), seed_(options.seed), options_(options) {}

  std::optional<Shrunk> run() {
    auto kind = options_.fails(plan_, seed_);
    tries_ = 1;
    if (!kind) return std::nullopt;
    kind_ = *kind;
    seen_.insert(hash_of(plan_));
    std::string before;
    for (auto now = hash_of(plan_); now != before && !options_.is_over(); now = hash_of(plan_)) {
      before = now;
      leave_out();
      simplify();
    }
    return Shrunk{std::move(plan_), seed_, kind_, tries_};
  }

 private:
  enum class Seeds : std::uint8_t { this_one, some_others };
  bool attempt(Plan candidate, Seeds seeds = Seeds::this_one) {
    if (first_problem(candidate) || !seen_.insert(hash_of(candidate)).second) return false;
    if (attempt(candidate, seed_)) return true;
    if (seeds == Seeds::this_one) return false;
    for (auto other = seed_ + 1; other <= seed_ + kOtherSeeds; ++other) {
      if (attempt(candidate, other)) return true;
    }
    return false;
  }
  bool attempt(const Plan& candidate, std::uint64_t seed) {
    if (options_.is_over()) return false;
    ++tries_;
    if (options_.fails(candidate, seed) != kind_) return false;
    plan_ = candidate;
    seed_ = seed;
    options_.on_progress(plan_, tries_);
    return true;
  }
  template <class Edit>
  bool edit(Edit change) {
    auto candidate = plan_;
    change(candidate);
    return attempt(std::move(candidate));
  }

  /// Leaves out ever smaller parts of a list: half of it, a quarter, ..., single elements.
  void leave_out_of(const std::function<std::size_t(const Plan&)>& size,
                    const std::function<Plan(Plan, std::size_t begin, std::size_t count)>& without) {
    for (auto part = size(plan_); part >= 1; part /= 2) {
      for (std::size_t begin = 0; begin < size(plan_);) {
        auto count = std::min(part, size(plan_) - begin);
        auto seeds = size(plan_) <= kFewElements ? Seeds::some_others : Seeds::this_one;
        if (!attempt(without(plan_, begin, count), seeds)) begin += count;
      }
    }
  }
  template <class Place>
  void leave_out_elements(Place place) {
    leave_out_of([&](const Plan& plan) { return place(plan).size(); },
                 [&](Plan plan, std::size_t begin, std::size_t count) {
                   auto& list = place(plan);
                   auto first = list.begin() + static_cast<std::ptrdiff_t>(begin);
                   list.erase(first, first + static_cast<std::ptrdiff_t>(count));
                   return plan;
                 });
  }

  void leave_out() {
    leave_out_elements([](auto& plan) -> auto& { return plan.faults; });
    leave_out_elements([](auto& plan) -> auto& { return plan.adversaries; });
    leave_out_elements([](auto& plan) -> auto& { return plan.link_rules; });
    list_what_is_drawn();
    leave_out_elements([](auto& plan) -> auto& { return plan.workloads; });
    leave_out_of(listed_messages, without_messages);
    leave_out_nodes();
  }

  // A schedule can be cut down further than a distribution.
  void list_what_is_drawn() {
    edit(list_traces);
    if (!has_drawn_workloads(plan_)) return;
    auto messages = options_.list_messages(plan_);
    if (!messages || messages->empty()) return;
    edit([&](Plan& plan) { plan.workloads = {Workload{{}, {}, {}, {}, ScheduleWorkload{*messages}}}; });
  }

  void leave_out_nodes() {
    for (auto client = client_count(plan_); client-- > 0;) {
      if (client_count(plan_) == 1) break;
      if (attempt(without_client(plan_, client), Seeds::some_others)) continue;
      attempt(without_client(with_pinned_clients(plan_), client));
    }
    for (auto gateway = plan_.network.gateways; gateway-- > 0;) {
      if (plan_.network.gateways > 1) attempt(without_gateway(plan_, gateway));
    }
    if (plan_.network.mixnodes > kLayersOfRoute) attempt(with_three_mixnodes(plan_));
    if (plan_.clients.size() > 1) attempt(with_one_group(plan_));
  }

  void simplify() {
    simplify_network();
    simplify_options();
    simplify_links();
    for (std::size_t i = 0; i < plan_.faults.size(); ++i) simplify_fault(i);
    simplify_workloads();
    simplify_messages();
    for (std::size_t i = 0; i < plan_.adversaries.size(); ++i) {
      shorten([i](Plan& plan) { return &plan.adversaries[i].at; });
      edit([i](Plan& plan) { plan.adversaries[i].length.reset(); });
    }
    auto enough = last_begin(plan_) + kSecond;
    if (enough < plan_.time_limit) edit([&](Plan& plan) { plan.time_limit = enough; });
    shorten([](Plan& plan) { return &plan.time_limit; });
  }

  void simplify_network() {
    edit([](Plan& plan) { plan.network.topology = Topology::stratified; });
    edit([](Plan& plan) { plan.network.sites.clear(); });
    edit([](Plan& plan) { plan.mix.strategy = StopAndGo{}; });
    edit([](Plan& plan) { plan.mix.loop_cover_average_delay.reset(); });
    edit([](Plan& plan) { plan.mix.replay_detection = client::Switch::on; });
    edit([](Plan& plan) { plan.tags.clear(); });
    edit([](Plan& plan) { plan.measure = {}; });
    edit([](Plan& plan) { plan.calm_limit.reset(); });
    edit([](Plan& plan) { plan.expect = {}; });
  }

  /// One part of the options of all groups as by default.
  template <class Place>
  void reset_options(Place place) {
    const ClientOptions standard;
    edit([&](Plan& plan) {
      place(plan.client) = place(standard);
      for (auto& group : plan.clients) place(group.options) = place(standard);
    });
  }
  void simplify_options() {
    reset_options([](auto& options) -> auto& { return options; });
    reset_options([](auto& options) -> auto& { return options.traffic; });
    reset_options([](auto& options) -> auto& { return options.acks; });
    reset_options([](auto& options) -> auto& { return options.replies; });
    reset_options([](auto& options) -> auto& { return options.topology; });
    reset_options([](auto& options) -> auto& { return options.gateway_link; });
    reset_options([](auto& options) -> auto& { return options.journal; });
    reset_options([](auto& options) -> auto& { return options.drop_cover_average_delay; });
    edit([](Plan& plan) {
      for (auto& group : plan.clients) group.gateways = NodeSet::every(NodeKind::gateway);
    });
  }

  void simplify_links() {
    edit([](Plan& plan) {
      plan.links = {};
      plan.links.latency = TimeDistribution::fixed(Duration::milliseconds(1));
    });
    edit([](Plan& plan) { plan.links.latency = fixed_like(plan.links.latency); });
    edit([](Plan& plan) { plan.links.jitter = TimeDistribution::fixed(Duration()); });
    edit([](Plan& plan) { plan.links.loss = {}; });
    edit([](Plan& plan) { plan.links.duplicate = {}; });
    edit([](Plan& plan) { plan.links.reorder = {}; });
    edit([](Plan& plan) { plan.links.corrupt = {}; });
    edit([](Plan& plan) { plan.links.rate.reset(); });
    edit([](Plan& plan) { plan.links.clog_every.reset(); });
    edit([](Plan& plan) { plan.links.clog_for = fixed_like(plan.links.clog_for); });
    for (std::size_t i = 0; i < plan_.link_rules.size(); ++i) {
      simplify_change([i](Plan& plan) { return &plan.link_rules[i].change; });
    }
  }

  template <class Place>
  void simplify_change(Place place) {
    edit([&](Plan& plan) { place(plan)->latency.reset(); });
    edit([&](Plan& plan) { place(plan)->jitter.reset(); });
    edit([&](Plan& plan) { place(plan)->loss.reset(); });
    edit([&](Plan& plan) { place(plan)->duplicate.reset(); });
    edit([&](Plan& plan) { place(plan)->reorder.reset(); });
    edit([&](Plan& plan) { place(plan)->corrupt.reset(); });
    edit([&](Plan& plan) { place(plan)->rate.reset(); });
    edit([&](Plan& plan) { place(plan)->clog = LinkChange::Clog::open; });
    edit([&](Plan& plan) {
      auto& change = *place(plan);
      if (change.latency) change.latency = fixed_like(*change.latency);
      if (change.jitter) change.jitter = fixed_like(*change.jitter);
    });
  }

  void simplify_fault(std::size_t i) {
    edit([i](Plan& plan) { plan.faults[i].repeat.reset(); });
    while (plan_.faults[i].repeat && edit([i](Plan& plan) { plan.faults[i].repeat->times /= 2; })) {
    }
    if (plan_.faults[i].length) shorten([i](Plan& plan) { return &*plan.faults[i].length; });
    shorten([i](Plan& plan) { return &plan.faults[i].at; });
    simplify_action(i);
  }

  void simplify_action(std::size_t i) {
    const auto& action = plan_.faults[i].action;
    auto change_of = [i](Plan& plan) { return &std::get<LinkFault>(plan.faults[i].action).change; };
    bool is_link = std::holds_alternative<LinkFault>(action);
    bool is_partition = std::holds_alternative<Partition>(action);
    bool is_crash = std::holds_alternative<Crash>(action);
    bool is_restart = std::holds_alternative<Restart>(action);
    if (is_link) simplify_change(change_of);
    if (is_crash) edit([i](Plan& plan) { std::get<Crash>(plan.faults[i].action).disk = DiskState::kept; });
    if (is_restart) edit([i](Plan& plan) { std::get<Restart>(plan.faults[i].action).disk = DiskState::kept; });
    if (is_link) {
      narrow([i](Plan& plan) { return &std::get<LinkFault>(plan.faults[i].action).path.from; });
      narrow([i](Plan& plan) { return &std::get<LinkFault>(plan.faults[i].action).path.to; });
    } else if (is_partition) {
      narrow([i](Plan& plan) { return &std::get<Partition>(plan.faults[i].action).first; });
      narrow([i](Plan& plan) { return &std::get<Partition>(plan.faults[i].action).second; });
    } else {
      narrow([i](Plan& plan) { return const_cast<NodeSet*>(nodes_of(plan.faults[i].action)); });
    }
  }

  /// One node of a set instead of all.
  template <class Place>
  void narrow(Place place) {
    auto nodes = resolve(plan_, *place(plan_));
    if (!nodes || nodes->size() < 2 || nodes->size() > kMostSingled) return;
    for (auto node : *nodes) {
      if (edit([&](Plan& plan) { *place(plan) = NodeSet::one(node); })) return;
    }
  }

  /// Halves a time as often as that goes, then makes it round.
  template <class Place>
  void shorten(Place place) {
    edit([&](Plan& plan) { *place(plan) = Duration(); });
    while (*place(plan_) > kTenth && edit([&](Plan& plan) { *place(plan) = *place(plan) / 2; })) {
    }
    edit([&](Plan& plan) { *place(plan) = floor_to(*place(plan), kTenth); });
    edit([&](Plan& plan) { *place(plan) = floor_to(*place(plan), kSecond); });
  }

  void simplify_workloads() {
    for (std::size_t i = 0; i < plan_.workloads.size(); ++i) {
      while (plan_.workloads[i].count.value_or(1) > 1 && edit([i](Plan& plan) { *plan.workloads[i].count /= 2; })) {
      }
      if (plan_.workloads[i].length) shorten([i](Plan& plan) { return &*plan.workloads[i].length; });
      auto halve_file = [i](Plan& plan) {
        auto& file = std::get<FileWorkload>(plan.workloads[i].kind);
        file.size = std::max<std::uint64_t>(file.size / 2, 1);
      };
      while (std::holds_alternative<FileWorkload>(plan_.workloads[i].kind) && edit(halve_file)) {
      }
    }
  }

  /// What two clients can send as well need not be sent by others.
  void join_pairs() {
    std::optional<PlannedMessage> first;
    auto all = plan_;
    for_each_message(all, [&](PlannedMessage& message) {
      if (!first) first = message;
    });
    if (!first) return;
    for (bool is_reversed : {false, true}) {
      auto from = is_reversed ? first->to : first->from;
      auto to = is_reversed ? first->from : first->to;
      for (std::size_t number = 1; number < std::min(listed_messages(plan_), kFewMessages); ++number) {
        edit_message(number, [&](PlannedMessage& message) {
          bool is_other = std::minmax(message.from, message.to) != std::minmax(from, to);
          if (is_other) std::tie(message.from, message.to) = std::tie(from, to);
        });
      }
    }
  }

  void edit_message(std::size_t number, const std::function<void(PlannedMessage&)>& change) {
    std::size_t at = 0;
    edit_messages([&](PlannedMessage& message) {
      if (at++ == number) change(message);
    });
  }
  void edit_messages(const std::function<void(PlannedMessage&)>& change) {
    edit([&](Plan& plan) { for_each_message(plan, change); });
  }

  // All at once first, then one by one.
  void simplify_messages() {
    const std::function<void(PlannedMessage&)> changes[] = {
        [](PlannedMessage& message) {
          message.reply.reset();
          message.reply_surbs = 0;
        },
        [](PlannedMessage& message) { message.reply_surbs = std::min(message.reply_surbs, 1U); },
        [](PlannedMessage& message) {
          message.text = "x";
          message.bytes = 0;
        },
        [](PlannedMessage& message) {
          if (message.text.size() > 100) message.text.resize(100);
          message.bytes = std::min<std::uint64_t>(message.bytes, 100);
        },
        [](PlannedMessage& message) {
          if (message.reply) message.reply = "y";
        },
        [](PlannedMessage& message) { message.at = floor_to(message.at, kSecond); },
        [](PlannedMessage& message) { message.at = floor_to(message.at, kTenth); },
    };
    for (const auto& change : changes) edit_messages(change);
    join_pairs();
    if (listed_messages(plan_) > kFewMessages) return;
    for (std::size_t number = 0; number < listed_messages(plan_); ++number) {
      for (const auto& change : changes) edit_message(number, change);
    }
  }

  Plan plan_;
  std::uint64_t seed_;
  const ShrinkOptions& options_;
  FailureKind kind_;
  std::set<std::string> seen_;  ///< hashes of plans that were tried
  std::size_t tries_ = 0;
};

}  // namespace

std::optional<Shrunk> shrink(Plan plan, const ShrinkOptions& options) {
  return Shrinker(std::move(plan), options).run();
}

}  // namespace nym::sim
