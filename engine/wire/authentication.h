#pragma once

#include "engine/crypto/stream_ciphers.h"
#include "engine/wire/control_messages.h"

namespace nym::wire {

/// 03 §6: the client's address under AES-128-CTR with the shared encryption key and a random IV.
AuthenticateRequest make_authenticate(const crypto::Aes128Key& key, FixedView<32> address, const crypto::Iv& iv);

struct AuthenticationFields {
  ByteArray<32> address{};
  ByteArray<32> encrypted_address{};
  crypto::Iv iv{};
};
/// Decodes the three texts in order. Errors: bad_json with the complete text of 03 §4.4 for the first that is
/// malformed.
Result<AuthenticationFields> decode_authenticate(const AuthenticateRequest& request);
bool verifies(const AuthenticationFields& fields, const crypto::Aes128Key& key);

/// The IV beside a bandwidth credential. Error: bad_json with the complete text of 03 §4.4.
Result<crypto::Iv> parse_credential_iv(ByteView bytes);

}  // namespace nym::wire
