#include "engine/wire/handshake.h"

namespace nym::wire {

Bytes HandshakeInit::to_bytes() const {
  ByteWriter writer(kSize);
  writer.put(identity.bytes()).put(ephemeral.bytes);
  return std::move(writer).finish();
}

Result<HandshakeInit> HandshakeInit::parse(ByteView data) {
  // The text is the one that the gateway answers with (03 §5.4).
  auto malformed = [] { return fail(WireError::bad_handshake, "sent request was malformed"); };
  if (data.size() != kSize) return malformed();
  auto identity = crypto::Ed25519PublicKey::parse(data.first(32));
  if (!identity) return malformed();
  return HandshakeInit{*identity, {to_array<32>(data.last(32))}};
}

Bytes HandshakeReply::to_bytes() const {
  ByteWriter writer(kSize);
  writer.put(ephemeral.bytes).put(encrypted_signature);
  return std::move(writer).finish();
}

Result<HandshakeReply> HandshakeReply::parse(ByteView data) {
  // The text is the one that the client answers with (03 §5.2).
  if (data.size() != kSize) return fail(WireError::bad_handshake, "received response was malformed:");
  return HandshakeReply{{to_array<32>(data.first(32))}, to_array<64>(data.last(64))};
}

ByteArray<64> handshake_transcript(const crypto::X25519PublicKey& signer, const crypto::X25519PublicKey& peer) {
  ByteWriter writer(64);
  writer.put(signer.bytes).put(peer.bytes);
  return to_array<64>(std::move(writer).finish());
}

}  // namespace nym::wire
