#include "engine/sphinx/payload.h"

#include <algorithm>
#include <ranges>

#include "engine/crypto/constant_time.h"
#include "engine/sphinx/constants.h"

namespace nym::sphinx {
namespace {

constexpr std::size_t kLeadingZeros = 16;
constexpr std::uint8_t kEndMarker = 0x01;

}  // namespace

Result<Bytes> encapsulate_payload(ByteView plaintext, std::span<const crypto::LionessKey> keys,
                                  std::size_t payload_size) {
  if (payload_size <= crypto::kLionessMinimum) return fail(SphinxError::invalid_payload, "payload size is too small");
  if (plaintext.size() > payload_size - kPayloadOverhead) {
    return fail(SphinxError::invalid_payload, "plaintext does not fit into the payload");
  }
  Bytes payload(payload_size);
  auto end = std::ranges::copy(plaintext, payload.begin() + kLeadingZeros).out;
  *end = kEndMarker;
  for (const auto& key : keys | std::views::reverse) crypto::lioness_encrypt(key, payload);
  return payload;
}

Result<Bytes> recover_plaintext(ByteView payload) {
  if (payload.size() < kPayloadOverhead) return fail(SphinxError::invalid_payload, "payload is too short");
  if (!crypto::is_all_zero(payload.first(kLeadingZeros))) {
    return fail(SphinxError::invalid_payload, "payload does not start with zeros");
  }
  // The last marker anywhere ends the plaintext; what follows is not looked at (01 §13.5).
  ByteView tail = payload.subspan(kLeadingZeros);
  auto marker = std::find(tail.rbegin(), tail.rend(), kEndMarker);
  if (marker == tail.rend()) return fail(SphinxError::invalid_payload, "payload has no end marker");
  return to_bytes(tail.first(static_cast<std::size_t>(tail.rend() - marker) - 1));
}

}  // namespace nym::sphinx
