#pragma once

#include "engine/base/text_encoding.h"
#include "net/drivers/client_driver.h"
#include "net/drivers/registration_driver.h"
#include "testnet/network.h"
#include "tests/net/loopback.h"
#include "tests/net/temporary_directory.h"

namespace nym::net::test {

/// A private mixnet in the test's own event loop.
class LiveNetwork {
 public:
  explicit LiveNetwork(Runtime& runtime) {
    auto started = testnet::Network::start(runtime, folder_.path());
    EXPECT_TRUE(started) << started.error().text();
    network_ = std::move(*started);
  }
  std::string directory() const { return network_->directory_url(); }
  const topology::GatewayBond& gateway(std::size_t index) const { return network_->gateways().at(index); }

 private:
  TemporaryDirectory folder_;
  std::unique_ptr<testnet::Network> network_;
};

inline crypto::Ed25519PublicKey identity_of(const topology::GatewayBond& gateway) {
  return *crypto::Ed25519PublicKey::parse(*from_base58(gateway.identity_key));
}
inline std::string listener_of(const topology::GatewayBond& gateway) {
  return "ws://" + gateway.host + ":" + std::to_string(gateway.clients_port);
}

/// New keys, registered with a gateway.
inline client::ClientKeys register_keys(Runtime& runtime, const topology::GatewayBond& gateway) {
  OsRandom random;
  auto identity = crypto::Ed25519PrivateKey::generate(random);
  std::optional<Result<sphinx::GatewaySharedKeys>> shared;
  RegistrationDriver driver(runtime, {listener_of(gateway), identity_of(gateway), identity}, random,
                            [&](auto keys) { shared = std::move(keys); });
  driver.start();
  EXPECT_TRUE(runtime.run_until([&] { return shared.has_value(); }, now() + Duration::seconds(30)));
  auto encryption = crypto::X25519KeyPair::generate(random);
  auto ack = draw_secret<16>(random);
  return {std::move(identity), std::move(encryption), std::move(ack), std::move(**shared)};
}

}  // namespace nym::net::test
