#include "sim/network/simulation.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/overloaded.h"
#include "engine/sphinx/real_suite.h"
#include "sim/model/model_suite.h"

namespace nym::sim {
namespace {

constexpr std::uint16_t kMixPort = 1789;
constexpr std::uint16_t kClientsPort = 9000;
constexpr const char* kVersion = "1.1.29";
/// From an acknowledgement until the message has arrived, at most, in calm: its receiver finds back to its gateway.
constexpr Duration kLastWay = Duration::minutes(2);

std::unique_ptr<sphinx::Suite> make_suite(Fidelity fidelity) {
  if (fidelity == Fidelity::real) return std::make_unique<sphinx::RealSuite>();
  return std::make_unique<ModelSuite>();
}

relay::ReplayMode replay_mode(const Plan& plan) {
  return plan.mix.replay_detection == client::Switch::on ? relay::ReplayMode::reject : relay::ReplayMode::reference;
}

topology::RouteShape route_shape(Topology topology) {
  switch (topology) {
    case Topology::stratified:
      return topology::RouteShape::stratified;
    case Topology::cascade:
      return topology::RouteShape::cascade;
    case Topology::free_route:
      return topology::RouteShape::free_route;
  }
  return topology::RouteShape::stratified;
}

mixnode::Strategy strategy_of(const MixStrategy& strategy) {
  return std::visit(
      Overloaded{
          [](const StopAndGo&) -> mixnode::Strategy { return mixnode::StopAndGo{}; },
          [](const TimedMix& timed) -> mixnode::Strategy { return mixnode::Timed{timed.interval}; },
          [](const ThresholdMix& mix) -> mixnode::Strategy { return mixnode::Threshold{mix.packets}; },
          [](const PoolMix& pool) -> mixnode::Strategy { return mixnode::Pool{pool.keep, pool.interval}; },
      },
      strategy);
}

Endpoint mix_endpoint(std::uint8_t group, std::size_t index) {
  return {Ipv4{{10, group, static_cast<std::uint8_t>(index >> 8U), static_cast<std::uint8_t>(index & 0xffU)}},
          kMixPort};
}

}  // namespace

Simulation::Simulation(const Plan& plan, const SimulationSettings& settings)
    : plan_(plan),
      random_(settings.seed),
      suite_(make_suite(settings.fidelity)),
      world_(plan, random_),
      book_(client_count(plan), world_.witnesses()),
      faults_(plan, world_, cast_, book_, random_) {
  if (settings.fidelity == Fidelity::real) world_.set_preparer(&preparer_.emplace(*suite_, settings.threads));
  add_mixnodes();
  add_gateways();
  add_clients();
  add_checkers();
  schedule_work();
  faults_.schedule();
}

Simulation::~Simulation() = default;

void Simulation::add(Interceptor& interceptor) {
  world_.witnesses().add(interceptor);
  interceptor.begin(*this);
}

mixnode::Config Simulation::mixnode_config(const crypto::X25519KeyPair& keys) const {
  mixnode::Config config{keys, replay_mode(plan_), {}, strategy_of(plan_.mix.strategy), std::nullopt};
  if (plan_.mix.loop_cover_average_delay) {
    auto delay = plan_.client.traffic.average_packet_delay;
    config.loops =
        mixnode::LoopConfig{*plan_.mix.loop_cover_average_delay, topology_, route_shape(plan_.network.topology), delay};
  }
  return config;
}

void Simulation::add_mixnodes() {
  auto sizes = layer_sizes(plan_.network);
  for (std::uint8_t layer = 1; layer <= topology::kLayers; ++layer) {
    for (std::size_t i = 0; i < sizes.at(layer - 1U); ++i) {
      auto random = random_.fork(fmt::format("mixnode {}.{}", layer, i));
      auto keys = crypto::X25519KeyPair::generate(*random);
      auto identity = crypto::Ed25519PrivateKey::generate(*random);
      auto endpoint = mix_endpoint(layer, i);
      HostId id{static_cast<std::uint32_t>(cast_.mixnodes.size())};
      auto host = std::make_unique<MixnodeHost>(world_, id, mixnode_config(keys), *suite_, std::move(random));
      if (preparer_) preparer_->add_node(id, keys);
      cast_.mixnodes.push_back(host.get());
      world_.add(std::move(host));
      world_.mix_connections().listen(id, endpoint);
      world_.schedule(Duration(), id, boxed<StartHost>());
      topology_->layers[layer - 1U].push_back(
          {id.value + 1, layer, endpoint, identity.public_key(), keys.public_key, kVersion});
    }
  }
}

void Simulation::add_gateways() {
  for (std::uint32_t i = 0; i < plan_.network.gateways; ++i) {
    auto random = random_.fork(fmt::format("gateway {}", i));
    auto keys = crypto::X25519KeyPair::generate(*random);
    auto identity = crypto::Ed25519PrivateKey::generate(*random);
    auto endpoint = mix_endpoint(9, i);
    topology::Gateway listed{identity.public_key(),       keys.public_key, endpoint, "simulated",
                             to_string(endpoint.address), kClientsPort,    kVersion};
    auto id = world_.names().id({NodeKind::gateway, i});
    auto host = std::make_unique<GatewayHost>(world_, id, gateway::Config{identity, keys, replay_mode(plan_), {}},
                                              *suite_, std::move(random));
    if (preparer_) preparer_->add_node(id, keys);
    cast_.gateways.push_back(host.get());
    world_.add(std::move(host));
    world_.mix_connections().listen(id, endpoint);
    world_.websockets().listen(id, listed.listener_url());
    topology_->gateways.push_back(std::move(listed));
  }
}

void Simulation::add_clients() {
  std::uint32_t first = 0;
  for (const auto& group : plan_.clients) {
    auto gateways = resolve(plan_, group.gateways, NodeKind::gateway);
    NYM_CHECK(gateways);
    for (auto i = first; i < first + group.count; ++i) {
      add_client(i, group.options, topology_->gateways[gateways->at(i % gateways->size())]);
    }
    first += group.count;
  }
}

void Simulation::add_client(std::uint32_t i, const ClientOptions& options, const topology::Gateway& gateway) {
  auto random = random_.fork(fmt::format("client {}", i));
  auto identity = crypto::Ed25519PrivateKey::generate(*random);
  auto encryption = crypto::X25519KeyPair::generate(*random);
  auto ack = draw_secret<16>(*random);
  ClientHost::Identity keys{std::move(identity), std::move(encryption), std::move(ack), gateway.identity,
                            gateway.listener_url()};
  auto id = world_.names().id({NodeKind::client, i});
  auto host = std::make_unique<ClientHost>(world_, id, std::move(keys), options, route_shape(plan_.network.topology),
                                           topology_, *suite_, std::move(random), book_,
                                           [this](std::uint32_t client) { return cast_.clients[client]->address(); });
  cast_.clients.push_back(host.get());
  world_.add(std::move(host));
  world_.schedule(Duration(), id, boxed<StartHost>());
}

void Simulation::add_checkers() {
  checkers_ = make_checkers(plan_, world_.complaints());
  for (const auto& checker : checkers_) world_.witnesses().add(*checker);
  bool refuses_copies = plan_.mix.replay_detection == client::Switch::on;
  if (!refuses_copies || !can_copy_packets(plan_)) return;
  for (auto* node : cast_.mixnodes) node->watch_replays(world_.complaints());
  for (auto* node : cast_.gateways) node->watch_replays(world_.complaints());
}

void Simulation::schedule_work() {
  for (const auto& workload : plan_.workloads) {
    auto random = random_.fork(fmt::format("workload {}", sources_.size()));
    sources_.push_back({make_work_source(plan_, workload, *random), std::nullopt});
  }
  sources_left_ = sources_.size();
  for (std::size_t i = 0; i < sources_.size(); ++i) schedule_next(i);
}

// One message ahead: what all will send exists only when its time comes. All of one instant go together.
void Simulation::schedule_next(std::size_t index) {
  auto& source = sources_[index];
  auto next = source.source->next();
  bool is_over = !next || next->at > plan_.time_limit;
  if (is_over) {
    --sources_left_;
    return;
  }
  auto at = std::max(world_.now(), kRunStart + next->at);
  planned_bytes_ += next->content.bytes;
  world_.schedule_action(at, [this, index, work = std::move(*next)]() mutable {
    auto* sender = cast_.clients[work.from];
    sender->submit(book_.add(std::move(work)));
    schedule_next(index);
  });
}

void Simulation::schedule_sample() {
  world_.schedule_action(world_.now() + plan_.measure.sample, [this] {
    world_.witnesses().tell([&](Observer& observer) { observer.on_sample(world_.now(), *this); });
    schedule_sample();
  });
}

// The longest that a message may live, and a generous time for what waits in queues before it.
Duration Simulation::calm_limit() const {
  if (plan_.calm_limit) return *plan_.calm_limit;
  Duration longest;
  for (const auto& group : plan_.clients) {
    const auto& options = group.options;
    constexpr std::int64_t kFragment = 1'500;
    auto fragments = static_cast<std::int64_t>(planned_bytes_) / kFragment + 100;
    auto sending = options.traffic.message_sending_average_delay * 4 * fragments;
    auto one = options.acks.max_age + options.replies.drop_after + options.gateway_link.response_timeout +
               options.gateway_link.backoff_maximum * 2 + sending;
    longest = std::max(longest, one);
  }
  return longest;
}

void Simulation::step_until(TimePoint limit, const std::function<bool()>& is_enough,
                            const std::function<bool()>& is_done) {
  constexpr int kBetweenQuestions = 1'000;
  auto is_wrong = [&] { return book_.violation() || world_.complaints().first(); };
  for (int steps = 0; !is_done() && !is_wrong() && world_.step(limit); ++steps) {
    if (steps % kBetweenQuestions == 0 && is_enough()) return;
  }
}

void Simulation::run(const std::function<bool()>& is_enough) {
  schedule_sample();
  tell(Phase::work);
  bool has_work = !plan_.workloads.empty();
  step_until(kRunStart + plan_.time_limit, is_enough, [&] { return has_work && work_is_over(); });
  tell(Phase::calm);
  faults_.heal();
  if (has_work && !is_enough()) {
    step_until(world_.now() + calm_limit(), is_enough, [&] { return book_.has_all_outcomes(); });
    auto has_come = [&] { return book_.is_settled() && is_at_least(book_.counts().delivered, plan_.expect.delivered); };
    step_until(world_.now() + std::min(kLastWay, calm_limit()), is_enough, has_come);
  }
  tell(Phase::over);
  if (!is_enough()) judge();
}

void Simulation::tell(Phase phase) {
  world_.witnesses().tell([&](Observer& observer) { observer.on_phase(world_.now(), phase); });
}

void Simulation::violate(Verdict kind, std::string text) {
  violations_.push_back({kind, world_.now() - kRunStart, std::move(text)});
}

bool Simulation::is_at_least(std::uint64_t count, Probability share) const {
  return static_cast<Uint128>(count) << 32U >= static_cast<Uint128>(book_.expected()) * share.parts;
}

void Simulation::judge() {
  if (world_.complaints().first()) violations_.push_back(*world_.complaints().first());
  if (book_.violation()) violations_.push_back(*book_.violation());
  if (plan_.expect.all_outcomes == client::Switch::on && !book_.is_settled() && violations_.empty()) {
    violate(Verdict::liveness, book_.unsettled());
  }
  if (!violations_.empty()) return;
  const auto& counts = book_.counts();
  auto expect = [&](std::uint64_t count, Probability share, const char* what) {
    if (is_at_least(count, share)) return;
    violate(Verdict::liveness, fmt::format("{} of {} messages and replies were {}, fewer than {}", count,
                                           book_.expected(), what, to_text(share)));
  };
  expect(counts.delivered, plan_.expect.delivered, "delivered");
  expect(counts.acknowledged, plan_.expect.acknowledged, "acknowledged");
  if (plan_.expect.max_replays && world_.replays() > *plan_.expect.max_replays) {
    violate(Verdict::safety, fmt::format("nodes refused {} packets because they had seen them, more than {}",
                                         world_.replays(), *plan_.expect.max_replays));
  }
}

std::optional<std::size_t> Simulation::held_packets(std::uint32_t mixnode) const {
  const auto* node = cast_.mixnodes[mixnode]->node();
  if (node == nullptr) return std::nullopt;
  return node->held_packets();
}

std::size_t Simulation::inbox_messages(std::uint32_t gateway) const {
  return cast_.gateways[gateway]->inbox_messages();
}

std::optional<client::Status> Simulation::client_status(std::uint32_t client) const {
  const auto* node = cast_.clients[client]->client();
  if (node == nullptr) return std::nullopt;
  return node->status();
}

void Simulation::inject(TimePoint at, NodeName to, wire::MixFrame frame) {
  world_.inject(at, world_.names().id(to), std::move(frame));
}

}  // namespace nym::sim
