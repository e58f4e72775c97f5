#pragma once

#include "engine/crypto/ed25519.h"
#include "engine/crypto/x25519.h"
#include "engine/wire/error.h"

namespace nym::wire {

/// The data of the registration messages (03 §5.1); stateless parts of both ends.
/// 1: client identity 32 ‖ client ephemeral 32.  2: gateway ephemeral 32 ‖ encrypted signature 64.
/// 3: encrypted signature 64.  4: one byte, 1 = accepted.
struct HandshakeInit {
  static constexpr std::size_t kSize = 64;
  crypto::Ed25519PublicKey identity;
  crypto::X25519PublicKey ephemeral;

  Bytes to_bytes() const;
  /// Errors: bad_handshake.
  static Result<HandshakeInit> parse(ByteView data);
};

struct HandshakeReply {
  static constexpr std::size_t kSize = 96;
  crypto::X25519PublicKey ephemeral;
  ByteArray<64> encrypted_signature{};

  Bytes to_bytes() const;
  static Result<HandshakeReply> parse(ByteView data);
};

/// What each side signs: its own ephemeral key first.
ByteArray<64> handshake_transcript(const crypto::X25519PublicKey& signer, const crypto::X25519PublicKey& peer);

}  // namespace nym::wire
