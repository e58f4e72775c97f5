#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/app_api/dialogue.h"
#include "engine/base/blob.h"
#include "engine/base/connection.h"
#include "engine/base/drop_reason.h"
#include "engine/base/time.h"
#include "engine/sphinx/reply_surb.h"
#include "engine/topology/topology.h"
#include "engine/wire/fragment.h"
#include "engine/wire/packet_size.h"

/// Inputs and outputs of a Client and of a Registration.
namespace nym::client {

using PersistId = StrongId<struct ClientPersistTag, std::uint64_t>;
using FetchId = StrongId<struct FetchTag, std::uint64_t>;
using AppSessionId = StrongId<struct AppSessionTag, std::uint64_t>;
/// One message that an application handed over; ends in exactly one outcome.
using MessageId = StrongId<struct MessageTag, std::uint64_t>;

// What is on disk (04 §2.9). All operations of one Persist succeed or fail together.
struct AddReplyKeys {
  std::vector<sphinx::SurbKey> keys;
  UnixSeconds sent_at;
};
struct RemoveReplyKey {
  sphinx::SurbKeyDigest digest;
};
struct SetSenderTag {
  wire::Recipient recipient;
  wire::SenderTag tag;
};
struct AddSurbs {
  wire::SenderTag sender;
  std::vector<sphinx::ReplySurb> surbs;
  UnixSeconds received_at;
};
struct RemoveSurbs {
  wire::SenderTag sender;
  std::vector<sphinx::ReplySurb> surbs;
};
/// The journal: an accepted message with all that makes its fragments the same again, until its outcome is known.
struct JournaledMessage {
  MessageId id;
  std::variant<wire::SenderTag, wire::Recipient> target;
  wire::PacketSize size{};
  std::vector<wire::SetId> sets;
  Bytes serialised;
};
struct AddToJournal {
  JournaledMessage message;
};
struct RemoveFromJournal {
  MessageId id;
};
/// Sets of a received message: copies of their fragments that come after a crash are known as such.
struct RememberFinishedSets {
  std::vector<wire::SetId> sets;
  UnixSeconds at;
};
using ReplyOperation = std::variant<AddReplyKeys, RemoveReplyKey, SetSenderTag, AddSurbs, RemoveSurbs>;
using JournalOperation = std::variant<AddToJournal, RemoveFromJournal, RememberFinishedSets>;
using StoreOperation = std::variant<ReplyOperation, JournalOperation>;

/// What a client starts from: read once by its driver.
struct StoredReplies {
  struct Key {
    sphinx::SurbKey key;
    UnixSeconds sent_at;
  };
  struct Sender {
    wire::SenderTag tag;
    UnixSeconds last_received;
    std::vector<sphinx::ReplySurb> surbs;  ///< oldest first
  };
  std::vector<Key> keys;
  std::vector<Sender> senders;
  std::vector<SetSenderTag> own_tags;
};

struct StoredState {
  StoredReplies replies;
  std::vector<JournaledMessage> journal;
  std::vector<wire::SetId> finished_sets;
};

// Inputs: the websocket to the gateway.
struct GatewayOpened {
  ConnectionId connection;
};
struct GatewayText {
  ConnectionId connection;
  std::string text;
};
struct GatewayBinary {
  ConnectionId connection;
  Blob data;
};
/// The answer to PingGateway.
struct GatewayPong {
  ConnectionId connection;
};
/// Messages that reached the operating system, oldest first.
struct GatewayWritten {
  ConnectionId connection;
  std::size_t messages = 0;
};
struct GatewayClosed {
  ConnectionId connection;
  CloseReason reason = CloseReason::finished;
  std::string detail;  ///< for people, e.g. "connection refused"
};
// Inputs: the rest.
struct TopologyFetched {
  FetchId id;
  Result<std::shared_ptr<const topology::Snapshot>> snapshot;  ///< shared: many clients of one program have the same
};
struct Persisted {
  PersistId id;
  std::optional<std::string> error;
};
struct AppOpened {
  AppSessionId session;
};
/// One whole websocket message.
struct FromApp {
  AppSessionId session;
  app_api::Frame frame;
};
/// A message of so many bytes began, more than AppConfig::max_message; the driver reads it no further.
struct AppTooLong {
  AppSessionId session;
  app_api::Format format{};
  std::uint64_t bytes = 0;
};
/// Frames that reached the operating system, oldest first.
struct AppWritten {
  AppSessionId session;
  std::size_t frames = 0;
};
struct AppClosed {
  AppSessionId session;
};
/// Given at the start and whenever it may have jumped.
struct WallClock {
  UnixSeconds now;
};
/// No new work. What was accepted still leaves and is waited for; what has no outcome after `flush` is cancelled. Then
/// comes Stopped. A second one may shorten the time.
struct Shutdown {
  Duration flush;
};
using Input =
    std::variant<GatewayOpened, GatewayText, GatewayBinary, GatewayPong, GatewayWritten, GatewayClosed, TopologyFetched,
                 Persisted, AppOpened, FromApp, AppTooLong, AppWritten, AppClosed, WallClock, Shutdown>;

// Outputs.
struct DialGateway {
  ConnectionId connection;
  std::string url;
};
struct SendText {
  ConnectionId connection;
  std::string text;
};
struct SendBinary {
  ConnectionId connection;
  Blob data;
};
/// Wants a GatewayPong, which a peer that is there sends without delay.
struct PingGateway {
  ConnectionId connection;
};
struct CloseGateway {
  ConnectionId connection;
};
/// Both lists of the directory, converted and filtered (topology::build_snapshot).
struct FetchTopology {
  FetchId id;
};
struct Persist {
  PersistId id;
  std::vector<StoreOperation> operations;
};
struct ToApp {
  AppSessionId session;
  app_api::Frame frame;
};
/// Why an application is sent away.
enum class AppEnd : std::uint8_t { turned_away, too_many, too_slow, too_long };
/// After what was sent to it before.
struct CloseApp {
  AppSessionId session;
  AppEnd why{};
};
/// No further FromApp until ResumeApp, but for a few that are on their way; pings are answered meanwhile.
struct PauseApp {
  AppSessionId session;
};
struct ResumeApp {
  AppSessionId session;
};
/// Last output after a Shutdown: every message has its outcome. Further inputs do nothing.
struct Stopped {};

// Events.
enum class GatewayState : std::uint8_t { disconnected, dialing, authenticating, claiming, ready, waiting };
enum class Outcome : std::uint8_t { acknowledged, failed, cancelled };
enum class PacketKind : std::uint8_t { real, retransmission, main_cover, loop_cover, drop_cover };

struct GatewayStateChanged {
  GatewayState state{};
  std::string why;
};
struct TopologyChanged {
  bool usable = false;
  std::string why;
};
/// An application handed a message over. It ends in one MessageEnded.
struct MessageOpened {
  MessageId id;
};
/// What it depends on is on disk, with the journal the message itself.
struct MessageAccepted {
  MessageId id;
  std::size_t bytes = 0;
  std::size_t fragments = 0;
};
struct MessageEnded {
  MessageId id;
  Outcome outcome{};
  std::string why;
};
/// Comes just before the packet's SendBinary.
struct PacketSent {
  PacketKind kind{};
};
struct AckReceived {
  Duration round_trip;
};
struct MessageReceived {
  std::size_t bytes = 0;
};
struct SurbsCreated {
  std::size_t count = 0;
};
struct SurbsReceived {
  std::size_t count = 0;
};
struct SurbsUsed {
  std::size_t count = 0;
};
struct SurbsRequested {
  std::size_t count = 0;
};
/// Parts of a message came and the rest did not.
struct ReceptionGivenUp {
  std::size_t fragments = 0;
  std::size_t bytes = 0;
};
struct Dropped {
  DropReason reason{};
};
using Event = std::variant<GatewayStateChanged, TopologyChanged, MessageOpened, MessageAccepted, MessageEnded,
                           PacketSent, AckReceived, MessageReceived, SurbsCreated, SurbsReceived, SurbsUsed,
                           SurbsRequested, ReceptionGivenUp, Dropped>;

using Output = std::variant<DialGateway, SendText, SendBinary, PingGateway, CloseGateway, FetchTopology, Persist, ToApp,
                            CloseApp, PauseApp, ResumeApp, Stopped, Event>;

}  // namespace nym::client
