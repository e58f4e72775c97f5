#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/client/config.h"
#include "sim/grammar/fault.h"

namespace nym::sim {

// A scenario as data: the network, what is sent on it, what goes wrong, who looks on, what is measured and what must
// hold. docs/simulator.md describes every key of the files that it is read from. All times are since the start of the
// simulation (whose clock then shows one second).

/// Of plan files; a plan of a later one is refused.
inline constexpr std::uint32_t kPlanFormat = 1;

/// How much of the cryptography is done: all of it, or only what it decides.
enum class Fidelity : std::uint8_t { real, model };
const char* to_string(Fidelity fidelity);
std::optional<Fidelity> fidelity_from(std::string_view name);

enum class Topology : std::uint8_t {
  stratified,  ///< three layers; a route takes one mixnode of each
  cascade,     ///< the k-th mixnodes of the layers follow each other, on every route
  free_route   ///< any three mixnodes in any order
};
struct Site {
  std::string name;
  NodeSet nodes;
};
struct NetworkPlan {
  Topology topology = Topology::stratified;
  std::uint32_t mixnodes = 3;  ///< in all layers
  std::uint32_t gateways = 2;
  std::vector<Site> sites;  ///< for latencies by matrix; other nodes are dealt over the sites of the matrix in turn
};

// How a mixnode holds packets back.
struct StopAndGo {
  friend bool operator==(const StopAndGo&, const StopAndGo&) = default;
};  ///< each by the time that its sender drew
struct TimedMix {
  Duration interval;
  friend bool operator==(const TimedMix&, const TimedMix&) = default;
};  ///< all, every interval
struct ThresholdMix {
  std::uint64_t packets = 1;
  friend bool operator==(const ThresholdMix&, const ThresholdMix&) = default;
};  ///< all, when there are so many
struct PoolMix {
  std::uint64_t keep = 0;
  Duration interval;
  friend bool operator==(const PoolMix&, const PoolMix&) = default;
};  ///< every interval all but `keep` drawn ones
/// `stop-and-go`, `timed(100ms)`, `threshold(20)`, `pool(10,100ms)`.
using MixStrategy = std::variant<StopAndGo, TimedMix, ThresholdMix, PoolMix>;
Result<MixStrategy> parse_mix_strategy(std::string_view text);
std::string to_text(const MixStrategy& strategy);

struct MixPlan {
  MixStrategy strategy = StopAndGo{};
  client::Switch replay_detection = client::Switch::on;
  std::optional<Duration> loop_cover_average_delay;  ///< mean time between a mixnode's own loops; none: it makes none
};

/// What one client is like.
struct ClientOptions {
  client::TrafficConfig traffic;
  client::AckConfig acks;
  client::ReplyConfig replies;
  client::TopologyConfig topology;
  client::GatewayConfig gateway_link;
  client::Switch journal = client::Switch::off;
  std::optional<Duration> drop_cover_average_delay;  ///< mean time between drop-cover packets; none: it makes none
};
/// Clients that are alike. All groups together number their clients c1, c2, ... in order.
struct ClientGroup {
  std::string name;  ///< as a set of nodes; empty: none
  std::uint32_t count = 1;
  NodeSet gateways = NodeSet::every(NodeKind::gateway);  ///< dealt in turn
  ClientOptions options;
};

struct LinkProfile {
  TimeDistribution latency{{FixedTime{Duration::milliseconds(1)}, ExponentialTime{Duration::milliseconds(2)}}};
  TimeDistribution jitter = TimeDistribution::fixed(Duration());  ///< added to the latency
  Probability loss;
  Probability duplicate;
  Probability reorder;
  Probability corrupt;
  std::optional<std::uint64_t> rate;   ///< bytes in a second
  std::optional<Duration> clog_every;  ///< mean time between two clogs of a link; none: it does not clog
  TimeDistribution clog_for = TimeDistribution::fixed(Duration::seconds(1));
};
/// What is different on some links from beginning to end; later rules win.
struct LinkRule {
  LinkPath path;
  LinkChange change;
};

/// One message, and the reply its receiver sends through a reply SURB.
struct PlannedMessage {
  Duration at;
  std::size_t from = 0;  ///< client
  std::size_t to = 0;
  std::string text;  ///< empty: `bytes` of filler that names the message
  std::uint32_t reply_surbs = 0;
  std::optional<std::string> reply;
  std::uint64_t bytes = 0;
};

// Kinds of workloads. Senders and receivers are drawn for each message, evenly, never one client as both.
struct MessageWorkload {
  NodeSet from = NodeSet::every(NodeKind::client);
  NodeSet to = NodeSet::every(NodeKind::client);
  Arrivals arrivals = PoissonArrivals{};
  SizeDistribution sizes = FixedSize{1'000};
  std::uint32_t reply_surbs = 0;  ///< sent with each message, which then is anonymous
};
struct RequestReplyWorkload {
  NodeSet from = NodeSet::every(NodeKind::client);
  NodeSet to = NodeSet::every(NodeKind::client);
  Arrivals arrivals = PoissonArrivals{};
  SizeDistribution sizes = FixedSize{1'000};
  SizeDistribution reply_sizes = FixedSize{1'000};
  std::uint32_t reply_surbs = 20;
};
/// Each message goes to every member but its sender.
struct GroupWorkload {
  NodeSet from = NodeSet::every(NodeKind::client);
  NodeSet members = NodeSet::every(NodeKind::client);
  Arrivals arrivals = PoissonArrivals{};
  SizeDistribution sizes = FixedSize{1'000};
};
/// One file from every sender to one receiver, cut into messages.
struct FileWorkload {
  NodeSet from;
  NodeSet to;
  std::uint64_t size = 1'000'000;
  std::uint64_t chunk = 100'000;  ///< bytes of a message
};
struct TraceWorkload {
  std::string file;
  std::vector<PlannedMessage> messages;  ///< read when the plan is loaded
};
struct ScheduleWorkload {
  std::vector<PlannedMessage> messages;
};
using WorkloadKind =
    std::variant<MessageWorkload, RequestReplyWorkload, GroupWorkload, FileWorkload, TraceWorkload, ScheduleWorkload>;
struct Workload {
  std::string name;
  Duration start = Duration::seconds(2);
  std::optional<std::uint64_t> count;  ///< of messages; none: until `length` is over
  std::optional<Duration> length;      ///< none: until `count` are sent
  WorkloadKind kind = ScheduleWorkload{};
};

// Kinds of adversaries. Those that look on change no event.
/// Sees when and how much passes on all links of some nodes.
struct PassiveObserver {
  NodeSet nodes{{{NodeTerm::Kind::all, {}, 0, 0, {}}}};
};
/// Mixnodes that show everything they do: named ones, or a share drawn at the start.
struct CorruptMixes {
  NodeSet nodes;  ///< empty: `share` decides
  Probability share;
};
struct CorruptGateway {
  NodeSet nodes;
};
/// Mixnodes and gateways that lose some of what passes.
struct DroppingNodes {
  NodeSet nodes;
  Probability share;
};
struct DelayingNodes {
  NodeSet nodes;
  Probability share{std::uint64_t{1} << 32U};
  TimeDistribution by = TimeDistribution::fixed(Duration::milliseconds(100));
};
/// Holds back all packets at one mixnode but the victim's, and floods it with its own.
struct NMinusOne {
  NodeSet target;  ///< mixnodes
  NodeSet victim;  ///< clients
  Rate flood{100, Duration::seconds(1)};
};
/// Changes a bit of payloads, and looks for damaged packets at the end of routes.
struct Tagging {
  NodeSet nodes;
  Probability share{std::uint64_t{1} << 32U};
};
/// Sends again what it saw before.
struct ReplayingNodes {
  NodeSet nodes;
  Probability share{std::uint64_t{1} << 32U};
  Duration after = Duration::seconds(1);
};
/// Compares who was active in windows in which the victim was.
struct Intersection {
  NodeSet victim;  ///< one client
  Duration window = Duration::seconds(10);
};
using AdversaryKind = std::variant<PassiveObserver, CorruptMixes, CorruptGateway, DroppingNodes, DelayingNodes,
                                   NMinusOne, Tagging, ReplayingNodes, Intersection>;
struct Adversary {
  std::string name;
  Duration at;                     ///< since the start
  std::optional<Duration> length;  ///< none: to the end
  AdversaryKind kind = PassiveObserver{};
};

enum class Metric : std::uint8_t {
  latency,
  goodput,
  overhead,
  node_load,
  queue_depth,
  drops,
  surb_stock,
  cover_rate,
  client_states,
  entropy,
  anonymity_set,
  unlinkability,
  unobservability,
  corrupt_routes,
  loop_loss
};
inline constexpr std::size_t kMetricCount = 15;
const char* to_string(Metric metric);
std::optional<Metric> metric_from(std::string_view name);

struct MeasurePlan {
  std::vector<Metric> metrics = {Metric::latency, Metric::goodput, Metric::node_load, Metric::drops};
  Duration warm_up;                               ///< what happens before it is not counted
  Duration window = Duration::seconds(1);         ///< of figures over time
  Duration sample = Duration::milliseconds(100);  ///< between two looks at queues and stocks
};

/// What must hold. What is not given may be anything.
struct ExpectPlan {
  client::Switch all_outcomes = client::Switch::on;  ///< every message has an outcome when calm is over
  Probability delivered{std::uint64_t{1} << 32U};    ///< at least, of messages and replies
  Probability acknowledged{std::uint64_t{1} << 32U};
  std::optional<std::uint64_t> max_replays;  ///< packets that a node refused because it had seen them
  std::optional<Duration> latency_p50;       ///< at most; of whole messages
  std::optional<Duration> latency_p95;
  std::optional<Duration> latency_p99;
  std::optional<Probability> cover_rate_within;  ///< of the configured rate
  std::optional<std::int64_t> max_overhead_thousandths;
  std::optional<std::int64_t> min_entropy_thousandths;  ///< bits
  std::optional<std::int64_t> min_anonymity_set_thousandths;
  std::optional<Probability> max_corrupt_routes;
  std::optional<Probability> max_linked;  ///< targets that an adversary links
  std::optional<Duration> loop_loss_noticed_within;
};

struct Plan {
  std::string name;
  std::string description;
  std::vector<std::string> tags;
  Fidelity fidelity = Fidelity::real;           ///< unless a run says otherwise
  Duration time_limit = Duration::seconds(60);  ///< of the phase with work and faults
  std::optional<Duration> calm_limit;           ///< none: follows from the configuration
  NetworkPlan network;
  MixPlan mix;
  ClientOptions client;  ///< what groups begin with
  std::vector<ClientGroup> clients{{{}, 2}};
  LinkProfile links;
  std::vector<LinkRule> link_rules;
  std::vector<Workload> workloads;
  std::vector<Fault> faults;
  std::vector<Adversary> adversaries;
  MeasurePlan measure;
  ExpectPlan expect;
};

}  // namespace nym::sim
