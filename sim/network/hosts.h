#pragma once

#include <functional>
#include <map>

#include "engine/client/client.h"
#include "engine/gateway/gateway.h"
#include "engine/mixnode/mixnode.h"
#include "sim/network/world.h"

namespace nym::sim {

/// How long a simulated disk takes to commit.
inline constexpr Duration kCommit = Duration::microseconds(200);

class MixnodeHost final : public Host {
 public:
  MixnodeHost(World& world, mixnode::Config config, const sphinx::Suite& suite, RandomSource& random);
  void join(HostId id) { id_ = id; }
  void handle(TimePoint now, HostInput input) override;
  std::optional<TimePoint> next_deadline() const override { return node_.poll_timeout(); }

 private:
  void perform(mixnode::Output output);
  World& world_;
  HostId id_;
  mixnode::Mixnode node_;
};

/// With its disk: rows live in memory, every commit takes a moment.
class GatewayHost final : public Host {
 public:
  GatewayHost(World& world, gateway::Config config, const sphinx::Suite& suite, RandomSource& random);
  void join(HostId id) { id_ = id; }
  void handle(TimePoint now, HostInput input) override;
  std::optional<TimePoint> next_deadline() const override { return node_.poll_timeout(); }

 private:
  void perform(gateway::Output output);
  void store(const gateway::StoreOperation& operation);
  gateway::InboxRead read_inbox(const gateway::ReadInbox& request) const;

  World& world_;
  HostId id_;
  gateway::Gateway node_;
  std::map<gateway::StoredMessageId, std::pair<gateway::ClientAddress, Blob>> rows_;
  std::int64_t next_row_ = 1;
};

/// A client and the application on it: registers first, then runs; tells the scenario when it is ready and what
/// arrives.
class ClientHost final : public Host {
 public:
  struct Identity {
    crypto::Ed25519PrivateKey identity;
    crypto::X25519KeyPair encryption;
    sphinx::AckKey ack;
    crypto::Ed25519PublicKey gateway;
    std::string gateway_url;
  };
  /// The application's answer to a received message: what to send back, if anything.
  using OnReceived = std::function<std::optional<app_api::Request>(const app_api::Received&)>;
  using NextRequest = std::function<app_api::Request(std::size_t message)>;

  ClientHost(World& world, Identity identity, const sphinx::Suite& suite, std::unique_ptr<RandomSource> random,
             NextRequest next_request, OnReceived on_received);
  void join(HostId id) { id_ = id; }
  void handle(TimePoint now, HostInput input) override;
  std::optional<TimePoint> next_deadline() const override;

  wire::Recipient address() const;
  std::size_t acknowledged() const { return acknowledged_; }
  const std::optional<std::string>& failure() const { return failure_; }

 private:
  void start_registration(TimePoint now);
  void drain_registration(TimePoint now);
  void start_client(TimePoint now, sphinx::GatewaySharedKeys keys);
  void drain_client();
  void perform(client::Output output);
  void on_event(const client::Event& event);
  void on_app_frame(const app_api::Frame& frame);
  void request(const app_api::Request& request);

  static constexpr client::AppSessionId kApp{1};
  World& world_;
  HostId id_;
  Identity identity_;
  const sphinx::Suite& suite_;
  std::unique_ptr<RandomSource> random_;
  NextRequest next_request_;
  OnReceived on_received_;
  std::optional<client::Registration> registration_;
  std::optional<client::Client> client_;
  std::size_t acknowledged_ = 0;
  std::optional<std::string> failure_;
};

}  // namespace nym::sim
