#pragma once

#include <optional>
#include <string>

#include "engine/base/fifo.h"
#include "engine/crypto/x25519.h"
#include "engine/gateway/client_registry.h"
#include "engine/gateway/io.h"
#include "engine/gateway/unconfirmed.h"
#include "engine/wire/handshake.h"

namespace nym::gateway {

/// One websocket connection of a client (03 §9.1).
///
///   unauthenticated ◄─older session lives─ awaiting_older (registers or authenticates if that one is dead)
///   unauthenticated ──register──► handshaking ──signature──► storing_keys ──committed──► active
///         │  ▲                        │ bad                       │ failed
///         │  └────────────────────────┴───────────────────────────┘
///         └──authenticate──► emptying_inbox ──empty──► active
struct Session {
  enum class State : std::uint8_t {
    unauthenticated,
    awaiting_older,
    handshaking,
    storing_keys,
    emptying_inbox,
    active
  };

  /// What the gateway remembers between handshake messages 2 and 3.
  struct Handshake {
    wire::HandshakeInit init;
    crypto::X25519PublicKey own_ephemeral;
    sphinx::GatewaySharedKeys keys;
  };
  /// Somebody wants this session's place: it has to show that it lives.
  struct Challenge {
    ConnectionId by;
    TimePoint deadline;
  };
  /// The acknowledgement that a message brings with it.
  struct Ack {
    Endpoint first_hop;
    Blob packet;
  };
  /// A message handed to the driver that has not reached the operating system yet.
  struct Push {
    enum class Kind : std::uint8_t { control, acknowledgement, message, stored };
    Kind kind = Kind::control;
    Blob content{};            ///< of a message, to be kept should the connection die
    std::optional<Ack> ack{};  ///< of a message, to be sent on once it is written or kept
    StoredMessageId row{};     ///< of a stored one, to be deleted once written
  };

  State state = State::unauthenticated;
  TimePoint opened;
  std::string held_request;  ///< while awaiting_older
  std::optional<Challenge> challenge;
  std::optional<Handshake> handshake;
  ClientAddress client;
  sphinx::GatewaySharedKeys keys;
  ClientRegistry::Client* account = nullptr;  ///< once it is known; lives as long as the gateway
  Fifo<Push> pushes;
  Unconfirmed unconfirmed;    ///< since the last question that it answered
  std::uint64_t written = 0;  ///< messages so far, those unconfirmed the last of them
  Fifo<std::uint64_t> pings;  ///< for each answer that it owes: what was written before the question
  // Emptying the inbox: at the login, and whenever something was stored during the session.
  StoredMessageId last_row;
  bool has_rows = false;      ///< beyond last_row
  bool is_reading = false;    ///< a batch, until it is deleted
  std::size_t rows_left = 0;  ///< of the batch, not yet written
  std::vector<StoredMessageId> written_rows;
  std::size_t written_bytes = 0;
};

}  // namespace nym::gateway
