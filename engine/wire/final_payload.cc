#include "engine/wire/final_payload.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/wire/routing_address.h"

namespace nym::wire {
namespace {

constexpr std::size_t kPaddedAddress = 19;
constexpr std::size_t kSmallestSphinxPacket = 365;
constexpr std::size_t kLargestAck = 48;  // what the Outfox form of an acknowledgement would need

}  // namespace

Result<SurbAckBlock> parse_surb_ack(const Blob& block) {
  std::size_t head = std::min(block.size(), kPaddedAddress);
  NYM_TRY(auto address, decode_address(block.slice(0, head).to_bytes()));
  if (block.size() < kPaddedAddress + kSmallestSphinxPacket) {
    return fail(WireError::too_short, fmt::format("acknowledgement block of {} bytes", block.size()));
  }
  return SurbAckBlock{address.endpoint, block.slice(kPaddedAddress)};
}

Result<FinalPayload> split_final_payload(const Blob& plaintext) {
  constexpr std::size_t kBlock = kPaddedAddress + 386;
  if (plaintext.size() < kBlock) {
    return fail(WireError::too_short, fmt::format("final payload of {} bytes", plaintext.size()));
  }
  NYM_TRY(auto ack, parse_surb_ack(plaintext.slice(0, kBlock)));
  return FinalPayload{ack.first_hop, ack.packet, plaintext.slice(kBlock)};
}

PushedKind classify_pushed(std::size_t length) {
  return length <= kLargestAck ? PushedKind::ack : PushedKind::message;
}

}  // namespace nym::wire
