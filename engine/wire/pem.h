#pragma once

#include <string>

#include "engine/base/bytes.h"
#include "engine/wire/error.h"

namespace nym::wire {

/// Key files (04 §2.7): raw key bytes in base64, lines of 64, CR LF.
std::string to_pem(std::string_view label, ByteView content);
/// Accepts LF, CR or CR LF and text around the block. Errors: bad_pem with the texts of 04 §2.7.
Result<Bytes> from_pem(std::string_view text, std::string_view expected_label);

inline constexpr std::string_view kPemEd25519Private = "ED25519 PRIVATE KEY";
inline constexpr std::string_view kPemEd25519Public = "ED25519 PUBLIC KEY";
inline constexpr std::string_view kPemX25519Private = "X25519 PRIVATE KEY";
inline constexpr std::string_view kPemX25519Public = "X25519 PUBLIC KEY";
inline constexpr std::string_view kPemAckKey = "AES-128-CTR ACKNOWLEDGEMENTS KEY";
inline constexpr std::string_view kPemGatewaySharedKeys = "AES-128-CTR + HMAC-BLAKE3 GATEWAY SHARED KEYS";

}  // namespace nym::wire
