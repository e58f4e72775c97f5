#include "engine/wire/authentication.h"

#include <fmt/format.h>

#include "engine/base/text_encoding.h"
#include "engine/crypto/constant_time.h"

namespace nym::wire {
namespace {

ByteArray<32> encrypt_address(const crypto::Aes128Key& key, const crypto::Iv& iv, FixedView<32> address) {
  ByteArray<32> encrypted{};
  crypto::aes128_ctr(key, iv, address, encrypted);
  return encrypted;
}

/// The error of a base58 text in the notation that only the address field shows (03 §4.4):
/// `InvalidCharacter { character: '0', index: 0 }` or `NonAsciiCharacter { index: 0 }`.
std::string field_notation(const Error& error) {
  constexpr std::string_view kInvalid = "provided string contained invalid character ";
  constexpr std::string_view kAt = " at byte ";
  constexpr std::string_view kNonAscii = "provided string contained non-ascii character starting at byte ";
  std::string_view text = error.text();
  if (text.starts_with(kNonAscii)) {
    return fmt::format("NonAsciiCharacter {{ index: {} }}", text.substr(kNonAscii.size()));
  }
  auto at = text.rfind(kAt);
  if (!text.starts_with(kInvalid) || at == std::string_view::npos) return std::string(text);
  return fmt::format("InvalidCharacter {{ character: {}, index: {} }}",
                     text.substr(kInvalid.size(), at - kInvalid.size()), text.substr(at + kAt.size()));
}

Result<ByteArray<32>> decode_address(std::string_view text) {
  constexpr std::string_view kField = "Provided client address is malformed - routing information processing failure: ";
  auto decoded = from_base58(text);
  if (!decoded) {
    return fail(WireError::bad_json, fmt::format("{}failed to decode destination from b58 string: {}", kField,
                                                 field_notation(decoded.error())));
  }
  if (decoded->size() != 32) {
    return fail(WireError::bad_json, fmt::format("{}decoded destination address has invalid length", kField));
  }
  return to_array<32>(*decoded);
}

struct FieldTexts {
  std::string_view field;   ///< how the error begins
  std::string_view decode;  ///< before the base58 error
  std::string_view length;  ///< when the number of bytes is wrong
};

template <std::size_t N>
Result<ByteArray<N>> decode_field(std::string_view text, const FieldTexts& texts) {
  auto decoded = from_base58(text);
  if (!decoded) {
    return fail(WireError::bad_json, fmt::format("{}{}{}", texts.field, texts.decode, decoded.error().text()));
  }
  if (decoded->size() != N) return fail(WireError::bad_json, fmt::format("{}{}", texts.field, texts.length));
  return to_array<N>(*decoded);
}

constexpr FieldTexts kEncryptedAddress = {"Provided encrypted client address is malformed - ",
                                          "Failed to decode the encrypted address - ",
                                          "The decoded address has invalid length"};
constexpr FieldTexts kIv = {"Provided authentication IV is malformed - ", "Failed to decode the iv - ",
                            "The decoded string iv has invalid length"};

}  // namespace

AuthenticateRequest make_authenticate(const crypto::Aes128Key& key, FixedView<32> address, const crypto::Iv& iv) {
  return {kGatewayProtocolVersion, to_base58(address), to_base58(encrypt_address(key, iv, address)), to_base58(iv)};
}

Result<AuthenticationFields> decode_authenticate(const AuthenticateRequest& request) {
  NYM_TRY(auto address, decode_address(request.address));
  NYM_TRY(auto encrypted, decode_field<32>(request.enc_address, kEncryptedAddress));
  NYM_TRY(auto iv, decode_field<16>(request.iv, kIv));
  return AuthenticationFields{address, encrypted, iv};
}

bool verifies(const AuthenticationFields& fields, const crypto::Aes128Key& key) {
  return crypto::equal(ByteView(encrypt_address(key, fields.iv, fields.address)), ByteView(fields.encrypted_address));
}

Result<crypto::Iv> parse_credential_iv(ByteView bytes) {
  if (bytes.size() != 16) {
    return fail(WireError::bad_json, "Provided bandwidth IV is malformed - The decoded bytes iv has invalid length");
  }
  return to_array<16>(bytes);
}

}  // namespace nym::wire
