#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace nym {

/// Why something that came from outside, or was to go out, went no further. Every drop has exactly one; nodes report
/// them as events, metrics count them by name.
enum class DropReason : std::uint8_t {
  malformed_packet,
  bad_header_mac,
  bad_routing,
  bad_payload,
  zero_shared_secret,
  replayed,
  final_hop_at_mixnode,
  forward_hop_at_gateway,
  bad_next_hop,
  delay_too_long,
  too_many_held,
  unsupported_packet_type,
  link_queue_full,
  too_many_links,
  link_failed,
  bad_surb_ack,
  inbox_full,
  storage_failed,
  bad_envelope,
  malformed_request,
  no_bandwidth,
  malformed_ack,
  unknown_ack,
  malformed_fragment,
  malformed_message,
  duplicate_fragment,
  reassembly_full,
  reassembly_expired,
  backlog_full,
  send_queue_full,
  no_route,
  no_surbs,
  unknown_sender_tag,
  unexpected_frame,
  gateway_not_ready,
  drop_cover,
  unknown_next_hop,    ///< no address of this network
  malformed_frame,     ///< what came is no frame: the connection is closed, as for the next three
  slow_frame,          ///< begun, or to be expected, and not there in time
  bad_handshake,       ///< of a registration
  bad_authentication,  ///< of a client that is unknown or has another key
  too_many_connections,
  count_,  // not a reason
};

constexpr std::string_view to_string(DropReason reason) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(DropReason::count_)> kNames = {
      "malformed_packet",
      "bad_header_mac",
      "bad_routing",
      "bad_payload",
      "zero_shared_secret",
      "replayed",
      "final_hop_at_mixnode",
      "forward_hop_at_gateway",
      "bad_next_hop",
      "delay_too_long",
      "too_many_held",
      "unsupported_packet_type",
      "link_queue_full",
      "too_many_links",
      "link_failed",
      "bad_surb_ack",
      "inbox_full",
      "storage_failed",
      "bad_envelope",
      "malformed_request",
      "no_bandwidth",
      "malformed_ack",
      "unknown_ack",
      "malformed_fragment",
      "malformed_message",
      "duplicate_fragment",
      "reassembly_full",
      "reassembly_expired",
      "backlog_full",
      "send_queue_full",
      "no_route",
      "no_surbs",
      "unknown_sender_tag",
      "unexpected_frame",
      "gateway_not_ready",
      "drop_cover",
      "unknown_next_hop",
      "malformed_frame",
      "slow_frame",
      "bad_handshake",
      "bad_authentication",
      "too_many_connections"};
  return kNames[static_cast<std::size_t>(reason)];
}

}  // namespace nym
