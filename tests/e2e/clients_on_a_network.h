#pragma once

#include <gtest/gtest.h>

#include "tests/e2e/programs.h"

namespace nym::test {

/// Real client processes on a network of this process, each registered with a gateway of its own.
class ClientsOnANetwork : public testing::Test {
 protected:
  void start_network() {
    auto folder = testnet::TemporaryDirectory::make();
    ASSERT_TRUE(folder);
    folder_.emplace(std::move(*folder));
    auto network = testnet::Network::start(runtime_, folder_->path());
    ASSERT_TRUE(network) << network.error().text();
    network_ = std::move(*network);
  }

  /// `nym-client init`.
  void add_client(const std::string& id) {
    testnet::ClientProcess::Place place{program("nym-client"), folder_->path(), network_->directory_url()};
    const auto& gateway = network_->gateways()[clients_.size()];
    auto client = testnet::ClientProcess::initialise(runtime_, place, id, gateway.identity_key);
    ASSERT_TRUE(client) << client.error().text();
    clients_.push_back(std::move(*client));
  }

  /// `nym-client run` of the one added last.
  void run_client(const std::vector<std::string>& options = {}) {
    auto running = clients_.back().run(runtime_, options);
    ASSERT_TRUE(running) << running.error().text();
  }

  /// The network with two clients that run.
  void start_alice_and_bob(const std::vector<std::string>& run_options = {}) {
    ASSERT_NO_FATAL_FAILURE(start_network());
    for (const char* id : {"alice", "bob"}) {
      ASSERT_NO_FATAL_FAILURE(add_client(id));
      ASSERT_NO_FATAL_FAILURE(run_client(run_options));
    }
  }

  std::unique_ptr<testnet::AppConnection> connect_app(std::size_t client) {
    return std::make_unique<testnet::AppConnection>(runtime_, clients_[client].websocket_url());
  }

  net::Runtime runtime_;
  std::optional<testnet::TemporaryDirectory> folder_;
  std::unique_ptr<testnet::Network> network_;
  std::vector<testnet::ClientProcess> clients_;
};

}  // namespace nym::test
