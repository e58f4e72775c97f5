#include "engine/base/text_encoding.h"

#include <fmt/format.h>

#include <algorithm>

namespace nym {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view kBase64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// How a character is shown in error texts, e.g. '0', '\n', '\u{7f}'.
std::string quoted(char c) {
  switch (c) {
    case '\0':
      return R"('\0')";
    case '\t':
      return R"('\t')";
    case '\n':
      return R"('\n')";
    case '\r':
      return R"('\r')";
    case '\'':
      return R"('\'')";
    case '\\':
      return R"('\\')";
    default:
      break;
  }
  if (c < 0x20 || c == 0x7f) return fmt::format("'\\u{{{:x}}}'", static_cast<unsigned>(static_cast<unsigned char>(c)));
  return fmt::format("'{}'", c);
}

}  // namespace

std::string to_hex(ByteView bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (std::uint8_t byte : bytes) {
    out.push_back(kHexDigits[byte >> 4U]);
    out.push_back(kHexDigits[byte & 15U]);
  }
  return out;
}

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return fail(TextError::odd_length, "odd number of hexadecimal digits");
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    int high = hex_value(text[i]);
    int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0)
      return fail(TextError::invalid_character, fmt::format("no hexadecimal digit at byte {}", i));
    out.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return out;
}

std::string to_base58(ByteView bytes) {
  auto zeros =
      static_cast<std::size_t>(std::find_if(bytes.begin(), bytes.end(), [](auto b) { return b != 0; }) - bytes.begin());
  Bytes digits;  // least significant first
  for (std::uint8_t byte : bytes.subspan(zeros)) {
    unsigned carry = byte;
    for (auto& digit : digits) {
      carry += static_cast<unsigned>(digit) << 8U;
      digit = static_cast<std::uint8_t>(carry % 58);
      carry /= 58;
    }
    for (; carry > 0; carry /= 58) digits.push_back(static_cast<std::uint8_t>(carry % 58));
  }
  std::string out(zeros, kBase58Alphabet[0]);
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) out.push_back(kBase58Alphabet[*digit]);
  return out;
}

Result<Bytes> from_base58(std::string_view text) {
  if (text.size() > kMaxBase58Text)
    return fail(TextError::too_long, fmt::format("base58 text of {} characters is too long", text.size()));
  Bytes bytes;  // least significant first
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0x80U) != 0) {
      return fail(TextError::non_ascii,
                  fmt::format("provided string contained non-ascii character starting at byte {}", i));
    }
    auto value = kBase58Alphabet.find(text[i]);
    if (value == std::string_view::npos) {
      return fail(TextError::invalid_character,
                  fmt::format("provided string contained invalid character {} at byte {}", quoted(text[i]), i));
    }
    auto carry = static_cast<unsigned>(value);
    for (auto& byte : bytes) {
      carry += static_cast<unsigned>(byte) * 58;
      byte = static_cast<std::uint8_t>(carry & 0xffU);
      carry >>= 8U;
    }
    for (; carry > 0; carry >>= 8U) bytes.push_back(static_cast<std::uint8_t>(carry & 0xffU));
  }
  auto zeros =
      static_cast<std::size_t>(std::find_if(text.begin(), text.end(), [](char c) { return c != '1'; }) - text.begin());
  bytes.resize(bytes.size() + zeros);
  std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

std::string to_base64(ByteView bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    auto group = bytes.subspan(i, std::min<std::size_t>(3, bytes.size() - i));
    std::uint32_t word = static_cast<std::uint32_t>(group[0]) << 16U;
    if (group.size() > 1) word |= static_cast<std::uint32_t>(group[1]) << 8U;
    if (group.size() > 2) word |= group[2];
    for (unsigned digit = 0; digit < 4; ++digit) {
      out.push_back(digit <= group.size() ? kBase64Alphabet[(word >> (18U - 6U * digit)) & 63U] : '=');
    }
  }
  return out;
}

Result<Bytes> from_base64(std::string_view text) {
  std::size_t length = text.size();
  while (length > 0 && text[length - 1] == '=') --length;
  std::size_t padding = text.size() - length;
  if (length % 4 == 1 || padding > (4 - length % 4) % 4) return fail(TextError::bad_padding, "invalid base64 length");
  Bytes out;
  std::uint32_t word = 0;
  unsigned bits = 0;
  for (std::size_t i = 0; i < length; ++i) {
    auto value = kBase64Alphabet.find(text[i]);
    if (value == std::string_view::npos)
      return fail(TextError::invalid_character, fmt::format("invalid base64 character at byte {}", i));
    word = (word << 6U) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<std::uint8_t>((word >> bits) & 0xffU));
    }
  }
  if ((word & ((1U << bits) - 1)) != 0) return fail(TextError::bad_padding, "unused base64 bits are not zero");
  return out;
}

}  // namespace nym
