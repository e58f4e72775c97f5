#pragma once

#include <string>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/base/result.h"

namespace nym {

enum class TextError : std::uint16_t { invalid_character = 1, non_ascii, odd_length, bad_padding, too_long };
constexpr Layer layer_of(TextError) {
  return Layer::crypto;
}

std::string to_hex(ByteView bytes);
Result<Bytes> from_hex(std::string_view text);

/// Base58 with the Bitcoin alphabet, no checksum; each leading zero byte is a leading `1`.
/// Errors use the texts of protocol clause 05 §4.1 (`provided string contained invalid character ...`).
std::string to_base58(ByteView bytes);
/// Texts longer than kMaxBase58Text are refused: decoding takes quadratic time.
inline constexpr std::size_t kMaxBase58Text = 4096;
Result<Bytes> from_base58(std::string_view text);

/// Base64, standard alphabet, padded. Decoding accepts missing padding, refuses surplus padding and non-zero unused
/// bits.
std::string to_base64(ByteView bytes);
Result<Bytes> from_base64(std::string_view text);

}  // namespace nym
