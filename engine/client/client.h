#pragma once

#include <functional>
#include <map>

#include "engine/base/fifo.h"
#include "engine/base/outbox.h"
#include "engine/base/poisson_clock.h"
#include "engine/client/ack_tracker.h"
#include "engine/client/app_sessions.h"
#include "engine/client/config.h"
#include "engine/client/delay_controller.h"
#include "engine/client/gateway_session.h"
#include "engine/client/io.h"
#include "engine/client/message_ledger.h"
#include "engine/client/packet_factory.h"
#include "engine/client/reassembler.h"
#include "engine/client/reply_controller.h"
#include "engine/client/send_queue.h"
#include "engine/client/send_window.h"
#include "engine/client/status.h"
#include "engine/client/topology_keeper.h"

namespace nym::client {

/// A mixnet client: takes messages from applications, sends them as Sphinx packets among cover traffic, and delivers
/// what arrives (04 §3). It owns small parts and alone wires them:
///
///   app ─► MessageLedger ─► Fragmenter ─► SendQueue ─► main stream ─► GatewaySession ─► gateway
///                              ▲  ▲                       ▲ (cover)          │
///                 ReplyController  AckTracker (retransmit) └── PacketFactory  ▼ pushed
///   app ◄─ AppSessions ◄───────────────────────── Reassembler ◄── fragments, acks
///
/// The suite and the spool outlive the client.
class Client final : private GatewaySessionSink, private ReplyControllerSink, private AppSessions::Sink {
 public:
  Client(ClientConfig config, StoredState stored, const sphinx::Suite& suite, RandomSource& random, Spool& spool);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// The first mutation.
  void start(TimePoint now, UnixSeconds wall_clock);
  void handle_input(TimePoint now, Input&& input);
  void handle_timeout(TimePoint now);
  std::optional<Output> poll_output() { return outbox_.poll(); }
  std::optional<TimePoint> poll_timeout() const;

  wire::Recipient address() const { return config_.address(); }
  std::size_t open_messages() const { return ledger_.size(); }
  Status status() const;

 private:
  using PersistDone = std::function<void(const std::optional<std::string>& error)>;

  // client.cc
  void on_persisted(const Persisted& persisted);
  void on_topology(TopologyFetched& fetched);
  void fetch_topology_if_due();
  void invalidate_old_replies();
  void shut_down(Duration flush);
  void stop_if_flushed();
  void note_whether_it_can_send();
  std::optional<TimePoint> patience_ends() const;
  void fail_what_waited_too_long();
  void close_app_session(AppSessionId session);
  void update_congestion();
  void persist(std::vector<StoreOperation> operations, PersistDone done);
  UnixSeconds wall_clock() const;
  void event(Event event);

  // sending.cc: from the app to the gateway.
  /// Whose request it is, its form, and how its message is called there.
  struct Asker {
    AppSessionId session;
    app_api::Format format{};
    std::optional<std::string> message_id;
  };
  void on_app(FromApp& from);
  void on_request(const Asker& asker, app_api::Request& request);
  void send_plain(const Asker& asker, app_api::Send& request);
  void send_anonymous(const Asker& asker, app_api::SendAnonymous& request);
  void send_anonymous(MessageId id, const Asker& asker, app_api::SendAnonymous& request);
  void send_what_waited_for_a_topology();
  void send_reply(const Asker& asker, app_api::Reply& request);
  void on_sent(const Asker& asker, std::optional<app_api::LaneId> lane);
  void answer_lane_length(const Asker& asker, app_api::LaneId lane);
  app_api::Status app_status() const;
  Lane lane_of(const Asker& asker, std::optional<app_api::LaneId> lane) const;
  wire::SenderTag own_tag_for(const wire::Recipient& recipient, std::vector<StoreOperation>& operations);
  /// `owner`: the application that their replies belong to.
  Result<std::vector<wire::ReplySurbBytes>> make_surbs(std::size_t count, std::optional<AppSessionId> owner,
                                                       std::vector<StoreOperation>& operations);
  MessageId open_message(const Asker& asker);
  std::shared_ptr<OutgoingMessage> cut(const wire::Message& message, const Target& target, std::optional<MessageId> id);
  void accept(MessageId id, const wire::Message& message, std::size_t bytes, const Lane& lane, const Target& target,
              std::vector<StoreOperation> operations);
  void enqueue(const Lane& lane, const Target& target, const std::shared_ptr<OutgoingMessage>& message);
  void resume(const JournaledMessage& journaled);
  void cancel_lane(const Lane& lane);
  void end_message(MessageId id, Outcome outcome, const std::string& why);
  void report_end(MessageId id, Outcome outcome, const std::string& why);
  void run_streams();
  enum class Sent : std::uint8_t { no, yes };
  Sent send_next_real();
  bool may_send_more();
  Sent send_fragment(QueuedFragment queued, const topology::Snapshot& topology);
  void return_to_replies(QueuedFragment queued);
  void send_cover(PacketKind kind, Duration mean_hop_delay);
  void send_drop_cover();
  void send_unasked(PacketKind kind, const Result<SealedPacket>& sealed);
  wire::PacketSize draw_cover_size();
  void retransmit_expired();

  // receiving.cc: from the gateway to the app.
  void on_ack(const Blob& data);
  void on_message_data(const Blob& data);
  void on_reassembled(wire::Message message, std::optional<AppSessionId> owner);
  void on_message(wire::Message message, std::optional<AppSessionId> owner);
  void on_repliable(wire::RepliableMessage message);
  void on_surb_request(const wire::SurbRequest& request);

  // GatewaySessionSink
  void dial(ConnectionId connection, const std::string& url) override;
  void send_text(ConnectionId connection, std::string text) override;
  void send_binary(ConnectionId connection, Blob data) override;
  void ping(ConnectionId connection) override;
  void close(ConnectionId connection) override;
  void state_changed(GatewayState state, const std::string& why) override;
  void pushed(const Blob& message) override;
  // ReplyControllerSink
  void send_on_surbs(const wire::SenderTag& sender, std::vector<AssignedSurb> assigned) override;
  OutgoingFragment make_surb_request(const wire::SenderTag& sender, std::uint32_t amount) override;
  void reply_failed(std::optional<MessageId> message, const std::string& why) override;
  void retransmission_given_up(const wire::FragmentId& fragment) override;
  // AppSessions::Sink
  void to_app(AppSessionId session, app_api::Frame frame) override;
  void close_app(AppSessionId session, AppEnd why) override;
  void pause_app(AppSessionId session) override;
  void resume_app(AppSessionId session) override;
  // all three
  void dropped(DropReason reason) override;

  ClientConfig config_;
  const sphinx::Suite& suite_;
  std::unique_ptr<RandomSource> identifiers_;
  std::unique_ptr<RandomSource> secrets_;
  std::unique_ptr<RandomSource> cover_choices_;
  PacketFactory factory_;
  GatewaySession gateway_;
  TopologyKeeper topology_;
  SendQueue queue_;
  AckTracker acks_;
  std::optional<SendWindow> window_;  ///< none: limits::kUnacknowledgedBytes alone
  MessageLedger ledger_;
  ReplyStore replies_;
  ReplyController reply_controller_;
  Reassembler reassembler_;
  AppSessions apps_;
  PoissonClock main_clock_;
  PoissonClock cover_clock_;
  PoissonClock drop_clock_;
  std::optional<DelayController> delay_controller_;
  struct WithoutTopology {
    MessageId id;
    Asker asker;
    app_api::SendAnonymous request;
  };
  Fifo<WithoutTopology> without_topology_;
  std::vector<JournaledMessage> to_resume_;
  std::vector<wire::SetId> finished_before_;
  std::map<PersistId, PersistDone> persisting_;
  std::uint64_t next_persist_ = 1;
  std::uint64_t next_fetch_ = 1;
  UnixSeconds wall_base_;
  TimePoint wall_base_at_;
  TimePoint next_invalidation_;
  std::optional<TimePoint> unable_since_;  ///< no packet can leave: no gateway, or no topology
  std::optional<TimePoint> stop_by_;       ///< set by a Shutdown
  bool stopped_ = false;
  Outbox<Output> outbox_;
};

}  // namespace nym::client
