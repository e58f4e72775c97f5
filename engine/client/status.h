#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "engine/client/io.h"

namespace nym::client {

/// What a client holds at one instant, for metrics and for applications that ask. Counts, unless a name says bytes.
struct Status {
  GatewayState gateway = GatewayState::disconnected;
  bool topology_usable = false;  ///< there is a map that packets can be sent on
  bool stopping = false;         ///< no new work is taken

  /// Fragments that wait for a slot of the main stream, by kind of lane; those of all applications together.
  struct Queued {
    std::size_t general = 0;
    std::size_t surb_requests = 0;
    std::size_t additional_surbs = 0;
    std::size_t retransmissions = 0;
    std::size_t apps = 0;
  } queued;
  std::size_t waiting_for_surbs = 0;  ///< fragments of replies whose sender's SURBs ran out
  std::size_t awaiting_acks = 0;      ///< fragments sent and not acknowledged
  std::size_t gateway_frames = 0;     ///< handed to the gateway's socket and not written
  std::size_t open_messages = 0;      ///< accepted from applications, without an outcome so far

  std::size_t surbs = 0;         ///< received and unused, all senders together
  std::size_t surb_senders = 0;  ///< anonymous senders known
  std::size_t reply_keys = 0;    ///< keys of SURBs that we gave out and that were not used

  std::size_t reassembly_sets = 0;  ///< incomplete incoming messages' sets
  std::size_t reassembly_bytes = 0;

  std::size_t apps = 0;              ///< connected
  std::size_t backlog_messages = 0;  ///< received and not taken by an application
  std::size_t backlog_bytes = 0;

  /// Packets can be sent and received now, and new messages are taken.
  bool ready() const { return gateway == GatewayState::ready && topology_usable && !stopping; }
};

constexpr std::string_view to_string(GatewayState state) {
  constexpr std::array<std::string_view, 6> kNames = {"disconnected", "dialing", "authenticating",
                                                      "claiming",     "ready",   "waiting"};
  return kNames[static_cast<std::size_t>(state)];
}

constexpr std::string_view to_string(Outcome outcome) {
  constexpr std::array<std::string_view, 3> kNames = {"acknowledged", "failed", "cancelled"};
  return kNames[static_cast<std::size_t>(outcome)];
}

constexpr std::string_view to_string(PacketKind kind) {
  constexpr std::array<std::string_view, 5> kNames = {"real", "retransmission", "main_cover", "loop_cover",
                                                      "drop_cover"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace nym::client
