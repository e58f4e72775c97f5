#include "testnet/network.h"

#include <fmt/format.h>

#include "engine/base/overloaded.h"
#include "engine/base/text_encoding.h"

namespace nym::testnet {
namespace {

constexpr const char* kNodeVersion = "1.1.29";
const Endpoint kAnyLoopbackPort{Ipv4{{127, 0, 0, 1}}, 0};

void count(Counters& counters, const mixnode::Event& event) {
  std::visit(Overloaded{
                 [&](const mixnode::PacketReceived&) { ++counters["mixnode packets received"]; },
                 [&](const mixnode::PacketForwarded&) { ++counters["mixnode packets forwarded"]; },
                 [&](const mixnode::PacketDropped& dropped) {
                   ++counters[fmt::format("mixnode dropped: {}", to_string(dropped.reason))];
                 },
                 [](const auto&) {},  // mixnodes of a private network send no loops
             },
             event);
}

void count(Counters& counters, const gateway::Event& event) {
  std::visit(Overloaded{
                 [&](const gateway::PacketAccepted&) { ++counters["gateway packets accepted"]; },
                 [&](const gateway::MessagePushed&) { ++counters["gateway messages pushed"]; },
                 [&](const gateway::MessageStored&) { ++counters["gateway messages stored"]; },
                 [&](const gateway::AckSent&) { ++counters["gateway acks sent"]; },
                 [&](const gateway::Dropped& dropped) {
                   ++counters[fmt::format("gateway dropped: {}", to_string(dropped.reason))];
                 },
                 [](const auto&) {},
             },
             event);
}

}  // namespace

Result<std::unique_ptr<Network>> Network::start(net::Runtime& runtime, const std::filesystem::path& state) {
  std::unique_ptr<Network> network(new Network);
  NYM_TRY(network->directory_, DirectoryServer::start(runtime, kAnyLoopbackPort));
  for (std::uint8_t layer = 1; layer <= kMixnodes; ++layer) NYM_TRY_VOID(network->add_mixnode(runtime, layer));
  for (std::size_t i = 0; i < kGateways; ++i) NYM_TRY_VOID(network->add_gateway(runtime, state, i));
  network->directory_->publish(network->mixnode_list_, network->gateway_list_);
  return network;
}

Result<void> Network::add_mixnode(net::Runtime& runtime, std::uint8_t layer) {
  auto identity = crypto::Ed25519PrivateKey::generate(random_).public_key();
  auto sphinx_key = crypto::X25519KeyPair::generate(random_);
  NYM_TRY(auto driver, net::MixnodeDriver::start(runtime, {sphinx_key, relay::ReplayMode::reject, {}}, kAnyLoopbackPort,
                                                 [this](const mixnode::Event& event) { count(counters_, event); }));
  topology::MixnodeDetails listed;
  listed.mix_id = layer;
  listed.owner = fmt::format("n1testnetmix{}", layer);
  listed.layer = layer;
  listed.host = to_string(driver->mix_endpoint().address);
  listed.mix_port = driver->mix_endpoint().port;
  listed.sphinx_key = to_base58(sphinx_key.public_key.bytes);
  listed.identity_key = to_base58(identity.bytes());
  listed.version = kNodeVersion;
  mixnode_list_.push_back(std::move(listed));
  mixnodes_.push_back(std::move(driver));
  return {};
}

Result<void> Network::add_gateway(net::Runtime& runtime, const std::filesystem::path& state, std::size_t index) {
  auto database = state / fmt::format("gateway{}.sqlite", index + 1);
  gateways_.push_back({crypto::Ed25519PrivateKey::generate(random_),
                       crypto::X25519KeyPair::generate(random_),
                       {kAnyLoopbackPort, kAnyLoopbackPort, database.string()},
                       nullptr});
  NYM_TRY_VOID(restart_gateway(runtime, index));
  auto& gateway = gateways_[index];
  gateway.places.mix = gateway.driver->mix_endpoint();
  gateway.places.clients = gateway.driver->clients_endpoint();
  topology::GatewayBond listed;
  listed.owner = fmt::format("n1testnetgateway{}", index + 1);
  listed.host = to_string(gateway.places.mix.address);
  listed.mix_port = gateway.places.mix.port;
  listed.clients_port = gateway.places.clients.port;
  listed.location = "testnet";
  listed.sphinx_key = to_base58(gateway.sphinx_key.public_key.bytes);
  listed.identity_key = to_base58(gateway.identity.public_key().bytes());
  listed.version = kNodeVersion;
  gateway_list_.push_back(std::move(listed));
  return {};
}

Result<void> Network::restart_gateway(net::Runtime& runtime, std::size_t index) {
  auto& gateway = gateways_[index];
  gateway.driver.reset();
  NYM_TRY(gateway.driver,
          net::GatewayDriver::start(runtime, {gateway.identity, gateway.sphinx_key, relay::ReplayMode::reject, {}},
                                    gateway.places, [this](const gateway::Event& event) { count(counters_, event); }));
  return {};
}

}  // namespace nym::testnet
