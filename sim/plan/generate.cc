#include "sim/plan/generate.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/kernel/seeded_random.h"
#include "sim/plan/dice.h"
#include "sim/plan/generate_faults.h"
#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

constexpr Profile kProfiles[] = {Profile::smoke, Profile::swarm, Profile::everything};

NodeSet any_clients(Dice& dice, std::uint32_t count) {
  if (count < 4 || dice.chance(60)) return NodeSet::every(NodeKind::client);
  auto last = dice.small(1, count - 1);
  return {{{NodeTerm::Kind::range, NodeKind::client, 0, last, {}}}};
}

Rate any_rate(Dice& dice) {
  auto count = dice.between(1, 20);
  return {count, dice.pick({Duration::seconds(1), Duration::seconds(5), Duration::seconds(10)})};
}

Arrivals any_arrivals(Dice& dice) {
  auto kind = dice.below(5);
  auto rate = any_rate(dice);
  auto first = dice.ms(500, 5'000);
  auto second = dice.ms(500, 5'000);
  if (kind == 0) return PoissonArrivals{rate};
  if (kind == 1) return ConstantArrivals{rate};
  if (kind == 2) return BurstArrivals{rate.count, first};
  if (kind == 3) return OnOffArrivals{rate, first, second};
  return DiurnalArrivals{rate, {rate.count * 4, rate.per}, first + second};
}

SizeDistribution any_sizes(Dice& dice) {
  auto small = dice.between(1, 500);
  auto large = dice.between(501, 20'000);
  auto kind = dice.below(4);
  if (kind == 0) return FixedSize{large};
  if (kind == 1) return UniformSize{small, large};
  if (kind == 2) return ExponentialSize{large / 4};
  return SizeList{{small, large}};
}

// `name` is the message's alone: one text sent twice could not be told from a message that arrived twice.
PlannedMessage any_message(Dice& dice, std::uint32_t clients, const std::string& name) {
  PlannedMessage message;
  message.at = dice.ms(2'000, 8'000);
  message.from = dice.below(clients);
  message.to = (message.from + 1 + dice.below(clients - 1)) % clients;
  message.text = "message " + name;
  if (!dice.chance(40)) return message;
  message.reply_surbs = dice.small(1, 30);
  message.reply = "reply " + name;
  return message;
}

Workload any_workload(Dice& dice, std::uint32_t clients, std::uint64_t most, std::size_t number) {
  Workload workload;
  auto kind = dice.below(5);
  if (kind == 0) {
    ScheduleWorkload schedule;
    auto count = dice.between(1, most);
    for (std::size_t i = 0; i < count; ++i) {
      schedule.messages.push_back(any_message(dice, clients, fmt::format("{}.{}", number, i)));
    }
    workload.kind = std::move(schedule);
    return workload;
  }
  auto from = any_clients(dice, clients);
  auto to = any_clients(dice, clients);
  auto sizes = any_sizes(dice);
  auto arrivals = any_arrivals(dice);
  workload.start = dice.ms(2'000, 4'000);
  if (kind == 4) {
    auto size = dice.between(1'000, 50'000);
    workload.kind =
        FileWorkload{NodeSet::one({NodeKind::client, 0}), NodeSet::one({NodeKind::client, 1}), size, size / 2 + 1};
    return workload;
  }
  workload.count = dice.between(1, most);
  workload.length = dice.ms(2'000, 7'000);
  auto surbs = dice.small(1, 30);
  if (kind == 1) workload.kind = MessageWorkload{from, to, arrivals, sizes, dice.chance(30) ? surbs : 0};
  if (kind == 2) workload.kind = RequestReplyWorkload{from, to, arrivals, sizes, any_sizes(dice), surbs};
  if (kind == 3) workload.kind = GroupWorkload{from, to, arrivals, sizes};
  return workload;
}

TimeDistribution any_time(Dice& dice) {
  auto small = dice.ms(0, 10);
  auto large = dice.ms(11, 80);
  auto kind = dice.below(6);
  if (kind == 0) return {{FixedTime{large}}};
  if (kind == 1) return {{UniformTime{small, large}}};
  if (kind == 2) return {{NormalTime{large, small}}};
  if (kind == 3) return {{LogNormalTime{large, 500'000}}};
  return {{FixedTime{small}, ExponentialTime{large / 4}}};
}

LinkProfile any_links(Dice& dice) {
  LinkProfile links;
  if (dice.chance(50)) links.latency = any_time(dice);
  if (dice.chance(20)) links.jitter = {{ExponentialTime{dice.ms(1, 5)}}};
  if (dice.chance(40)) links.loss = dice.thousandths(0, 20);
  if (dice.chance(20)) links.duplicate = dice.thousandths(0, 10);
  if (dice.chance(20)) links.reorder = dice.thousandths(0, 20);
  if (dice.chance(20)) links.corrupt = dice.thousandths(0, 5);
  if (dice.chance(10)) links.rate = dice.between(300, 2'000) * 1'000;
  if (!dice.chance(10)) return links;
  links.clog_every = dice.ms(10'000, 60'000);
  links.clog_for = {{UniformTime{dice.ms(0, 100), dice.ms(101, 1'000)}}};
  return links;
}

ClientOptions any_options(Dice& dice) {
  ClientOptions options;
  if (dice.chance(30)) options.traffic.average_packet_delay = dice.ms(0, 100);
  if (dice.chance(30)) options.acks.average_ack_delay = dice.ms(0, 100);
  if (dice.chance(30)) options.traffic.message_sending_average_delay = dice.ms(5, 50);
  if (dice.chance(20)) options.traffic.main_poisson_stream = client::Switch::off;
  if (dice.chance(20)) options.traffic.loop_cover_stream = client::Switch::off;
  if (dice.chance(20)) options.traffic.primary_packet_size = wire::PacketSize::extended8;
  if (dice.chance(20)) options.traffic.secondary_packet_size = wire::PacketSize::extended32;
  if (dice.chance(10)) options.drop_cover_average_delay = dice.ms(200, 2'000);
  if (dice.chance(80)) options.replies.drop_after = dice.ms(30'000, 60'000);
  if (dice.chance(30)) options.topology.refresh_rate = dice.ms(2'000, 20'000);
  if (dice.chance(40)) options.journal = client::Switch::on;
  return options;
}

void draw_network(Dice& dice, Plan& plan) {
  plan.network.mixnodes = 3 * dice.small(1, 3);
  plan.network.gateways = dice.small(1, 3);
  plan.clients[0].count = dice.small(2, 6);
  plan.client = any_options(dice);
  plan.clients[0].options = plan.client;
}

void draw_all_else(Dice& dice, Plan& plan) {
  plan.network.topology = dice.pick({Topology::stratified, Topology::cascade, Topology::free_route});
  auto packets = dice.between(1, 100);
  auto interval = dice.ms(10, 500);
  plan.mix.strategy =
      dice.pick<MixStrategy>({StopAndGo{}, TimedMix{interval}, ThresholdMix{packets}, PoolMix{packets, interval}});
  if (dice.chance(30)) plan.mix.loop_cover_average_delay = interval;
  if (dice.chance(30)) plan.mix.replay_detection = client::Switch::off;
  plan.clients.push_back({"others", dice.small(1, 4), NodeSet::one({NodeKind::gateway, 0}), any_options(dice)});
  plan.link_rules.push_back({{NodeSet::every(NodeKind::mixnode), NodeSet::every(NodeKind::gateway), Direction::one_way},
                             any_link_change(dice)});
  plan.tags = {"generated", "a \"tag\" with\nodd \\ characters"};
  plan.adversaries.push_back(any_adversary(dice));
  plan.measure.metrics = {Metric::entropy, static_cast<Metric>(dice.below(kMetricCount))};
  plan.measure.warm_up = dice.ms(0, 5'000);
  plan.expect.latency_p95 = dice.ms(100, 10'000);
  plan.expect.cover_rate_within = dice.thousandths(1, 500);
  plan.expect.min_entropy_thousandths = static_cast<std::int64_t>(dice.between(0, 9'999));
  plan.calm_limit = dice.ms(1'000, 100'000);
}

// Who has used the last reply SURB can not ask for more: where packets get lost, a few of them are not enough.
void give_enough_surbs(Plan& plan) {
  constexpr std::uint32_t kEnough = 10;
  bool loses_packets = !plan.faults.empty() || plan.links.loss.parts > 0 || plan.links.corrupt.parts > 0;
  if (!loses_packets) return;
  for (auto& workload : plan.workloads) {
    if (auto* requests = std::get_if<RequestReplyWorkload>(&workload.kind)) {
      requests->reply_surbs = std::max(requests->reply_surbs, kEnough);
    }
    auto* schedule = std::get_if<ScheduleWorkload>(&workload.kind);
    if (schedule == nullptr) continue;
    for (auto& message : schedule->messages) {
      if (message.reply) message.reply_surbs = std::max(message.reply_surbs, kEnough);
    }
  }
}

// Links of small rate may carry less than is sent, for ever: then nobody can say how much arrives.
void expect_what_links_carry(Plan& plan) {
  if (!plan.links.rate) return;
  plan.expect.delivered = {};
  plan.expect.acknowledged = {};
}

}  // namespace

const char* to_string(Profile profile) {
  switch (profile) {
    case Profile::smoke:
      return "smoke";
    case Profile::swarm:
      return "swarm";
    case Profile::everything:
      return "everything";
  }
  return "unknown";
}

std::optional<Profile> profile_from(std::string_view name) {
  for (auto profile : kProfiles) {
    if (name == to_string(profile)) return profile;
  }
  return std::nullopt;
}

std::span<const Profile> all_profiles() {
  return kProfiles;
}

Plan generate_plan(Profile profile, std::uint64_t seed) {
  SeededRandom random(seed);
  auto stream = random.fork("plan");
  Dice dice(*stream);
  Plan plan;
  plan.name = fmt::format("{}-{}", to_string(profile), seed);
  plan.description = fmt::format("drawn by profile {} from seed {}", to_string(profile), seed);
  plan.fidelity = Fidelity::model;
  draw_network(dice, plan);
  bool is_smoke = profile == Profile::smoke;
  if (profile == Profile::everything) draw_all_else(dice, plan);
  if (!is_smoke) plan.links = any_links(dice);
  auto workloads = is_smoke ? 1 : dice.between(1, 2);
  for (std::size_t i = 0; i < workloads; ++i) {
    plan.workloads.push_back(any_workload(dice, client_count(plan), is_smoke ? 5 : 30, plan.workloads.size()));
  }
  if (!is_smoke) draw_faults(dice, plan);
  if (profile != Profile::swarm) return plan;
  give_enough_surbs(plan);
  expect_what_links_carry(plan);
  return plan;
}

}  // namespace nym::sim
