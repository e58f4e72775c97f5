#include "sim/network/simulation.h"

#include <fmt/format.h>

#include <numeric>

#include "engine/base/check.h"
#include "engine/sphinx/real_suite.h"
#include "sim/model/model_suite.h"
#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

constexpr std::uint16_t kMixPort = 1789;
constexpr std::uint16_t kClientsPort = 9000;
constexpr const char* kVersion = "1.1.29";

std::unique_ptr<sphinx::Suite> make_suite(Fidelity fidelity) {
  if (fidelity == Fidelity::real) return std::make_unique<sphinx::RealSuite>();
  return std::make_unique<ModelSuite>();
}

relay::ReplayMode replay_mode(const Plan& plan) {
  return plan.mix.replay_detection == client::Switch::on ? relay::ReplayMode::reject : relay::ReplayMode::reference;
}

Endpoint mix_endpoint(std::uint8_t group, std::size_t index) {
  return {Ipv4{{10, group, static_cast<std::uint8_t>(index >> 8U), static_cast<std::uint8_t>(index & 0xffU)}},
          kMixPort};
}

}  // namespace

Simulation::Simulation(const Plan& plan, Fidelity fidelity, std::uint64_t seed)
    : plan_(plan),
      random_(seed),
      suite_(make_suite(fidelity)),
      world_(latency_parts(plan.links.latency).value(), random_) {
  NYM_CHECK(!unsupported(plan));
  add_mixnodes();
  add_gateways();
  world_.set_topology(topology_);
  add_clients();
  schedule_messages();
  schedule_faults();
}

void Simulation::schedule_messages() {
  for (const auto& workload : plan_.workloads) {
    const auto& planned = std::get<ScheduleWorkload>(workload.kind).messages;
    messages_.insert(messages_.end(), planned.begin(), planned.end());
  }
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    const auto& message = messages_[i];
    deliveries_.expect(message.to, message.text);
    ++expected_acknowledged_;
    if (message.reply) {
      deliveries_.expect(message.from, *message.reply);
      ++expected_acknowledged_;
    }
    world_.schedule_from_outside(kStart + message.at, client_host(message.from), SendPlanned{i});
  }
}

void Simulation::schedule_faults() {
  for (const auto& fault : plan_.faults) {
    auto nodes = resolve(plan_, *nodes_of(fault.action));
    NYM_CHECK(nodes);
    for (auto node : *nodes) {
      world_.schedule_action(kStart + fault.at, [this, fault, node] { apply(fault, node); });
    }
  }
}

HostId Simulation::gateway_host(std::size_t index) const {
  return HostId{static_cast<std::uint32_t>(plan_.network.mixnodes + index)};
}

HostId Simulation::host_of(NodeName node) const {
  if (node.kind == NodeKind::mixnode) return HostId{node.index};
  return node.kind == NodeKind::gateway ? gateway_host(node.index) : client_host(node.index);
}

void Simulation::apply(const Fault& fault, NodeName node) {
  TimePoint end = world_.now() + fault.length.value_or(Duration());
  auto host = host_of(node);
  if (std::holds_alternative<Crash>(fault.action)) {
    world_.crash(host);
    world_.schedule_action(end, [this, host] { world_.restart(host); });
  } else if (std::holds_alternative<CutSessions>(fault.action)) {
    world_.cut_sessions(host);
  } else if (std::holds_alternative<Silence>(fault.action)) {
    world_.silence(host, end);
  } else if (std::holds_alternative<Suspend>(fault.action)) {
    world_.suspend(host, end);
  } else if (std::holds_alternative<DiskFull>(fault.action)) {
    clients_[node.index]->fill_disk(end);
  } else if (std::holds_alternative<LeaveApp>(fault.action)) {
    clients_[node.index]->leave_app(end);
  }
}

void Simulation::add_mixnodes() {
  auto sizes = layer_sizes(plan_.network);
  for (std::uint8_t layer = 1; layer <= topology::kLayers; ++layer) {
    for (std::size_t i = 0; i < sizes.at(layer - 1U); ++i) {
      auto random = random_.fork(fmt::format("mixnode {}.{}", layer, i));
      auto keys = crypto::X25519KeyPair::generate(*random);
      auto identity = crypto::Ed25519PrivateKey::generate(*random);
      auto endpoint = mix_endpoint(layer, i);
      auto host = std::make_unique<MixnodeHost>(world_, mixnode::Config{keys, replay_mode(plan_), {}}, *suite_,
                                                std::move(random));
      auto& joined = *host;
      joined.join(world_.add(std::move(host), endpoint, {}));
      auto mix_id = static_cast<std::uint32_t>(topology_.mixnode_count() + 1);
      topology_.layers[layer - 1U].push_back(
          {mix_id, layer, endpoint, identity.public_key(), keys.public_key, kVersion});
    }
  }
}

void Simulation::add_gateways() {
  for (std::size_t i = 0; i < plan_.network.gateways; ++i) {
    auto random = random_.fork(fmt::format("gateway {}", i));
    auto keys = crypto::X25519KeyPair::generate(*random);
    auto identity = crypto::Ed25519PrivateKey::generate(*random);
    auto endpoint = mix_endpoint(9, i);
    topology::Gateway listed{identity.public_key(),       keys.public_key, endpoint, "simulated",
                             to_string(endpoint.address), kClientsPort,    kVersion};
    auto host = std::make_unique<GatewayHost>(world_, gateway::Config{identity, keys, replay_mode(plan_), {}}, *suite_,
                                              std::move(random));
    auto& joined = *host;
    joined.join(world_.add(std::move(host), endpoint, listed.listener_url()));
    topology_.gateways.push_back(std::move(listed));
  }
}

void Simulation::add_clients() {
  for (std::uint32_t i = 0; i < client_count(plan_); ++i) {
    auto random = random_.fork(fmt::format("client {}", i));
    const auto& gateway = topology_.gateways[gateway_of(plan_, i)];
    auto identity = crypto::Ed25519PrivateKey::generate(*random);
    auto encryption = crypto::X25519KeyPair::generate(*random);
    auto ack = draw_secret<16>(*random);
    ClientHost::Identity keys{std::move(identity), std::move(encryption), std::move(ack), gateway.identity,
                              gateway.listener_url()};
    auto host = std::make_unique<ClientHost>(
        world_, std::move(keys), group_of(plan_, i).options, *suite_, std::move(random),
        [this](std::size_t m) { return request_for(m); },
        [this, i](const app_api::Received& received) { return on_received(i, received); });
    clients_.push_back(host.get());
    auto& joined = *host;
    auto id = world_.add(std::move(host), std::nullopt, {});
    joined.join(id);
    world_.schedule(Duration(), id, StartHost{});
  }
}

app_api::Request Simulation::request_for(std::size_t index) const {
  const auto& message = messages_[index];
  auto data = to_bytes(as_bytes(message.text));
  auto to = clients_[message.to]->address();
  if (message.reply_surbs == 0) return app_api::Send{to, data, std::nullopt};
  return app_api::SendAnonymous{to, data, message.reply_surbs, std::nullopt};
}

std::optional<app_api::Request> Simulation::on_received(std::size_t client, const app_api::Received& received) {
  std::string text(as_text(received.data.stored()));
  world_.fingerprint().add(client);
  world_.fingerprint().add(text);
  deliveries_.on_delivered(client, text);
  if (!received.sender) return std::nullopt;
  for (const auto& message : messages_) {
    if (message.to == client && message.text == text && message.reply) {
      return app_api::Reply{*received.sender, to_bytes(as_bytes(*message.reply)), std::nullopt};
    }
  }
  return std::nullopt;
}

bool Simulation::is_finished() const {
  auto acknowledged =
      std::accumulate(clients_.begin(), clients_.end(), std::size_t{0},
                      [](std::size_t sum, const ClientHost* client) { return sum + client->acknowledged(); });
  return deliveries_.all_delivered() && acknowledged >= expected_acknowledged_;
}

Report Simulation::run() {
  Report report;
  TimePoint limit = world_.now() + plan_.time_limit;
  TimePoint start = world_.now();
  while (!is_finished() && !deliveries_.violation() && world_.step(limit)) {
  }
  for (const auto* client : clients_) {
    if (client->failure() && report.violation.empty()) report.violation = *client->failure();
  }
  if (deliveries_.violation()) {
    report.verdict = Verdict::safety;
    report.violation = *deliveries_.violation();
  } else if (!is_finished()) {
    report.verdict = Verdict::liveness;
    if (report.violation.empty()) report.violation = deliveries_.missing();
    if (report.violation.empty()) report.violation = "an acknowledgement is missing";
  }
  report.events = world_.events();
  report.packets = world_.packets();
  report.replays = world_.replays();
  report.simulated = world_.now() - start;
  report.fingerprint = world_.fingerprint().to_string();
  return report;
}

}  // namespace nym::sim
