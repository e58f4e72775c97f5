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
  auto identity = crypto::Ed25519PrivateKey::generate(random_);
  auto public_identity = identity.public_key();
  auto sphinx_key = crypto::X25519KeyPair::generate(random_);
  net::GatewayDriver::Places places{kAnyLoopbackPort, kAnyLoopbackPort,
                                    (state / fmt::format("gateway{}.sqlite", index + 1)).string()};
  NYM_TRY(auto driver,
          net::GatewayDriver::start(runtime, {std::move(identity), sphinx_key, relay::ReplayMode::reject, {}}, places,
                                    [this](const gateway::Event& event) { count(counters_, event); }));
  topology::GatewayBond listed;
  listed.owner = fmt::format("n1testnetgateway{}", index + 1);
  listed.host = to_string(driver->mix_endpoint().address);
  listed.mix_port = driver->mix_endpoint().port;
  listed.clients_port = driver->clients_endpoint().port;
  listed.location = "testnet";
  listed.sphinx_key = to_base58(sphinx_key.public_key.bytes);
  listed.identity_key = to_base58(public_identity.bytes());
  listed.version = kNodeVersion;
  gateway_list_.push_back(std::move(listed));
  gateways_.push_back(std::move(driver));
  return {};
}

}  // namespace nym::testnet
