#pragma once

#include <functional>
#include <map>

#include "engine/client/client.h"
#include "sim/check/message_book.h"
#include "sim/network/client_disk.h"
#include "sim/network/disk.h"
#include "sim/network/host.h"

namespace nym::sim {

class World;

/// A client with its disk and the application on it: registers first, then runs. The application's messages wait while
/// the client or the application is away.
class ClientHost final : public Host {
 public:
  struct Identity {
    crypto::Ed25519PrivateKey identity;
    crypto::X25519KeyPair encryption;
    sphinx::AckKey ack;
    crypto::Ed25519PublicKey gateway;
    std::string gateway_url;
  };
  /// What an application does with the network's addresses: of the client with this number.
  using AddressOf = std::function<wire::Recipient(std::uint32_t client)>;
  /// Called when the disk is asked to commit for the n-th time, before and after it did.
  enum class Commit : std::uint8_t { asked, done };

  ClientHost(World& world, HostId id, Identity identity, const ClientOptions& options, topology::RouteShape routes,
             std::shared_ptr<const topology::Snapshot> topology, const sphinx::Suite& suite,
             std::unique_ptr<RandomSource> random, MessageBook& book, AddressOf address_of);
  void handle(TimePoint now, HostInput& input) override;
  void handle_timeout(TimePoint now) override;
  std::optional<TimePoint> next_deadline() const override;
  void crash() override;
  void lose_disk() override;
  void on_wall_clock(TimePoint now) override;

  /// Its application is to send this; the book has it already.
  void submit(MessageRef message);
  /// Its application goes away, or comes back.
  void leave_app();
  void return_app();
  /// It will never run again: what it was sending has no other outcome.
  void give_up();
  Disk& disk() { return disk_; }
  /// The n-th fetch of the topology from now on fails.
  void fail_fetch(std::uint64_t n) { failing_fetches_.add(n); }
  std::function<void(std::size_t n, Commit moment)> on_commit;

  const wire::Recipient& address();
  HostId id() const { return id_; }
  const client::Client* client() const { return client_ ? &*client_ : nullptr; }
  /// What the last thing was that went wrong, for people.
  const std::string& trouble() const { return trouble_; }

 private:
  struct Open {
    MessageRef message;
    std::optional<app_api::Request> unconfirmed;  ///< not yet sure to be sent: after a crash handed over again
  };
  struct Waiting {
    MessageRef message;
    app_api::Request request;
  };

  void start(TimePoint now);
  void start_registration(TimePoint now);
  void register_again(TimePoint now);
  void drain_registration(TimePoint now);
  void start_client(TimePoint now);
  void drain_client();
  void perform(client::Output& output);
  void on_event(const client::Event& event);
  void on_message_event(const client::Event& event);
  void fetch_topology(client::FetchId id);
  void commit(client::Persist persist);
  void open_app();
  void send_waiting();
  void hand_over(Waiting waiting);
  void on_app_frame(const client::ToApp& to_app);
  void answer(MessageRef message, const wire::SenderTag& sender);
  void give_up(MessageRef message, std::string_view why);
  UnixSeconds wall_clock() const;

  World& world_;
  HostId id_;
  Identity identity_;
  std::optional<wire::Recipient> address_;  ///< once somebody has asked
  const ClientOptions& options_;            ///< of the plan
  topology::RouteShape routes_;
  std::shared_ptr<const topology::Snapshot> topology_;
  const sphinx::Suite& suite_;
  std::unique_ptr<RandomSource> random_;
  MessageBook& book_;
  AddressOf address_of_;
  int starts_ = 0;
  MemorySpool spool_;
  std::unique_ptr<client::Registration> registration_;
  std::optional<sphinx::GatewaySharedKeys> shared_keys_;  ///< on disk since the registration
  bool registers_again_ = false;                          ///< somebody is about to
  ClientDisk stored_;
  Disk disk_;
  std::size_t commits_ = 0;
  Countdowns failing_fetches_;
  std::optional<client::Client> client_;
  TimePoint now_;                ///< of its own clock, in the mutation that goes on
  client::AppSessionId app_{0};  ///< 0: none
  std::uint64_t next_app_ = 1;
  int app_absences_ = 0;
  bool is_given_up_ = false;
  Fifo<Waiting> waiting_;
  std::optional<Waiting> handing_over_;
  std::map<client::MessageId, Open> open_;
  std::optional<client::PacketKind> packet_kind_;  ///< of the packet that leaves next
  std::string trouble_;
};

}  // namespace nym::sim
