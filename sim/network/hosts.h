#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>

#include "engine/client/client.h"
#include "engine/gateway/gateway.h"
#include "engine/mixnode/mixnode.h"
#include "sim/network/client_disk.h"
#include "sim/network/world.h"

namespace nym::sim {

/// How long a simulated disk takes to commit.
inline constexpr Duration kCommit = Duration::microseconds(200);

class MixnodeHost final : public Host {
 public:
  MixnodeHost(World& world, mixnode::Config config, const sphinx::Suite& suite, std::unique_ptr<RandomSource> random);
  void join(HostId id) { id_ = id; }
  void handle(TimePoint now, HostInput input) override;
  std::optional<TimePoint> next_deadline() const override;
  void crash() override { node_.reset(); }

 private:
  void start();
  void perform(mixnode::Output output);
  World& world_;
  HostId id_;
  mixnode::Config config_;
  const sphinx::Suite& suite_;
  std::unique_ptr<RandomSource> random_;
  int starts_ = 0;
  std::optional<mixnode::Mixnode> node_;
};

/// With its disk, which survives crashes; every commit takes a moment.
class GatewayHost final : public Host {
 public:
  GatewayHost(World& world, gateway::Config config, const sphinx::Suite& suite, std::unique_ptr<RandomSource> random);
  void join(HostId id) { id_ = id; }
  void handle(TimePoint now, HostInput input) override;
  std::optional<TimePoint> next_deadline() const override;
  void crash() override { node_.reset(); }

 private:
  void start();
  void perform(gateway::Output output);
  void store(const gateway::StoreOperation& operation);
  gateway::StoredState stored_state() const;
  gateway::InboxRead read_inbox(const gateway::ReadInbox& request) const;

  World& world_;
  HostId id_;
  gateway::Config config_;
  const sphinx::Suite& suite_;
  std::unique_ptr<RandomSource> random_;
  int starts_ = 0;
  std::optional<gateway::Gateway> node_;
  std::map<gateway::ClientAddress, gateway::ClientRecord> clients_;
  std::map<gateway::StoredMessageId, std::pair<gateway::ClientAddress, Blob>> rows_;
  std::int64_t next_row_ = 1;
};

/// A client with its disk and the application on it: registers first, then runs; tells the scenario what arrives and
/// what became of its messages. Requests wait while the client or its application is away.
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

  ClientHost(World& world, Identity identity, const ClientOptions& options, const sphinx::Suite& suite,
             std::unique_ptr<RandomSource> random, NextRequest next_request, OnReceived on_received);
  void join(HostId id) { id_ = id; }
  HostId id() const { return id_; }
  void handle(TimePoint now, HostInput input) override;
  std::optional<TimePoint> next_deadline() const override;
  void crash() override;

  /// Until then nothing can be saved.
  void fill_disk(TimePoint until) { disk_full_until_ = until; }
  /// Its application goes away until then.
  void leave_app(TimePoint until);
  /// Called when the disk is asked to commit for the n-th time, before and after it did.
  enum class Commit : std::uint8_t { asked, done };
  std::function<void(std::size_t n, Commit moment)> on_commit;

  wire::Recipient address() const;
  std::size_t acknowledged() const { return acknowledged_; }
  const client::Client* client() const { return client_ ? &*client_ : nullptr; }
  const std::optional<std::string>& failure() const { return failure_; }

 private:
  void start_registration(TimePoint now);
  void drain_registration(TimePoint now);
  void start_client(TimePoint now);
  void drain_client();
  void perform(client::Output output);
  void on_event(const client::Event& event);
  void request(app_api::Request request);
  void commit(client::Persist persist);
  void open_app();
  void send_waiting();
  void confirm_oldest();
  UnixSeconds wall_clock() const;
  void on_app_frame(const client::ToApp& to_app);

  client::AppSessionId app_{0};  ///< 0: none
  World& world_;
  HostId id_;
  Identity identity_;
  const ClientOptions& options_;  ///< of the plan
  const sphinx::Suite& suite_;
  std::unique_ptr<RandomSource> random_;
  int starts_ = 0;
  NextRequest next_request_;
  OnReceived on_received_;
  MemorySpool spool_;
  std::optional<client::Registration> registration_;
  std::optional<sphinx::GatewaySharedKeys> shared_keys_;  ///< on disk since the registration
  ClientDisk disk_;
  std::size_t commits_ = 0;
  TimePoint disk_full_until_;
  std::optional<client::Client> client_;
  std::uint64_t next_app_ = 1;
  TimePoint app_away_until_;
  std::deque<app_api::Request> waiting_;
  std::deque<app_api::Request>
      unconfirmed_;  ///< handed over, and not yet sure to be sent: after a crash handed over again
  std::set<client::MessageId> accepted_;
  std::size_t acknowledged_ = 0;
  std::optional<std::string> failure_;
};

}  // namespace nym::sim
