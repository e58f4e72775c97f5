#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/blob.h"
#include "engine/base/connection.h"
#include "engine/base/strong_id.h"
#include "engine/base/time.h"
#include "engine/relay/io.h"
#include "engine/sphinx/envelope.h"

/// Inputs, outputs and stored state of a Gateway.
namespace nym::gateway {

/// A client as the gateway knows it: its raw ed25519 identity (03 §1).
struct ClientAddress {
  ByteArray<32> bytes{};
  friend auto operator<=>(const ClientAddress&, const ClientAddress&) = default;
};

using PersistId = StrongId<struct PersistTag, std::uint64_t>;
using StoredMessageId = StrongId<struct StoredMessageTag, std::int64_t>;

// What is on disk (03 §10.3). All operations of one Persist succeed or fail together.
struct StoreSharedKeys {
  ClientAddress client;
  sphinx::GatewaySharedKeys keys;
};
struct StoreBandwidth {
  ClientAddress client;
  std::int64_t available = 0;
};
struct StoreMessage {
  ClientAddress client;
  Blob content;
};
struct DeleteMessages {
  std::vector<StoredMessageId> ids;
};
using StoreOperation = std::variant<StoreSharedKeys, StoreBandwidth, StoreMessage, DeleteMessages>;

/// What a gateway starts from: read once by its driver.
struct ClientRecord {
  ClientAddress address;
  sphinx::GatewaySharedKeys keys;
  std::int64_t bandwidth = 0;
};
struct InboxUsage {
  std::size_t messages = 0;
  std::size_t bytes = 0;
};
struct StoredState {
  std::vector<ClientRecord> clients;
  std::map<ClientAddress, InboxUsage> inbox;
};

// Inputs.
struct ClientConnected {
  ConnectionId connection;
};
struct ClientText {
  ConnectionId connection;
  std::string text;
};
struct ClientBinary {
  ConnectionId connection;
  Blob data;
};
/// The answer to PingClient.
struct ClientPong {
  ConnectionId connection;
};
/// Messages given with SendText / SendBinary that reached the operating system, oldest first.
struct ClientWritten {
  ConnectionId connection;
  std::size_t messages = 0;
};
struct ClientDisconnected {
  ConnectionId connection;
  /// finished: it said goodbye, and has what was written before. Otherwise it may not have the last of that.
  CloseReason reason = CloseReason::reset;
};
struct Persisted {
  PersistId id;
  std::optional<std::string> error;
};
struct StoredMessage {
  StoredMessageId id;
  Blob content;
};
/// Answer to ReadInbox: at most `limit` messages, ascending.
struct InboxRead {
  PersistId id;
  std::vector<StoredMessage> messages;
  std::optional<std::string> error;
};
using Input = std::variant<relay::HopsKnown, relay::LinkOpened, relay::LinkWritten, relay::LinkClosed,
                           relay::FrameReceived, ClientConnected, ClientText, ClientBinary, ClientPong, ClientWritten,
                           ClientDisconnected, Persisted, InboxRead>;

// Outputs.
struct SendText {
  ConnectionId connection;
  std::string text;
};
struct SendBinary {
  ConnectionId connection;
  Blob data;
};
/// Wants a ClientPong, which a peer that is there sends without delay.
struct PingClient {
  ConnectionId connection;
};
struct CloseClient {
  ConnectionId connection;
};
struct Persist {
  PersistId id;
  std::vector<StoreOperation> operations;
};
struct ReadInbox {
  PersistId id;
  ClientAddress client;
  StoredMessageId after;
  std::size_t limit = 0;
};

// Events.
struct ClientRegistered {
  ClientAddress client;
};
struct ClientAuthenticated {
  ClientAddress client;
};
struct SessionEnded {
  ClientAddress client;
};
struct PacketAccepted {  ///< from a client, on its way to the first mixnode
  wire::PacketSize size{};
};
struct MessagePushed {
  std::size_t bytes = 0;
};
struct MessageStored {
  std::size_t bytes = 0;
};
struct AckSent {};
struct Dropped {
  DropReason reason{};
};
using Event = std::variant<ClientRegistered, ClientAuthenticated, SessionEnded, PacketAccepted, MessagePushed,
                           MessageStored, AckSent, Dropped>;

using Output = std::variant<relay::DialLink, relay::SendFrame, SendText, SendBinary, PingClient, CloseClient, Persist,
                            ReadInbox, Event>;

}  // namespace nym::gateway
