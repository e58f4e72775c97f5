#pragma once

#include <openssl/sha.h>

#include <string>

#include "engine/base/bytes.h"
#include "engine/base/text_encoding.h"

namespace nym::net::test {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };
enum class Fin : std::uint8_t { more, last };
enum class Mask : std::uint8_t { none, constant };

/// A websocket frame made by hand (RFC 6455 section 5.2), so that wrong ones can be made too.
inline Bytes raw_frame(Opcode opcode, ByteView payload, Mask mask, Fin fin = Fin::last, std::uint8_t reserved = 0) {
  constexpr ByteArray<4> kMaskKey{0x11, 0x22, 0x33, 0x44};
  ByteWriter out;
  out.put_be(static_cast<std::uint8_t>((fin == Fin::last ? 0x80U : 0U) | reserved | static_cast<unsigned>(opcode)));
  unsigned mask_bit = mask == Mask::none ? 0U : 0x80U;
  if (payload.size() < 126) {
    out.put_be(static_cast<std::uint8_t>(mask_bit | payload.size()));
  } else if (payload.size() < 65536) {
    out.put_be(static_cast<std::uint8_t>(mask_bit | 126U)).put_be(static_cast<std::uint16_t>(payload.size()));
  } else {
    out.put_be(static_cast<std::uint8_t>(mask_bit | 127U)).put_be(static_cast<std::uint64_t>(payload.size()));
  }
  if (mask == Mask::none) return std::move(out.put(payload)).finish();
  out.put(kMaskKey);
  Bytes masked = to_bytes(payload);
  for (std::size_t i = 0; i < masked.size(); ++i) masked[i] ^= kMaskKey[i % 4];
  return std::move(out.put(masked)).finish();
}

inline const std::string kUpgradeRequest =
    "GET /any/path HTTP/1.1\r\n"
    "Host: localhost\r\n"
    "Connection: keep-alive, Upgrade\r\n"
    "Upgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// What a server answers to an upgrade request, or nothing while the request is incomplete.
inline std::string upgrade_answer(ByteView request) {
  auto text = as_text(request);
  constexpr std::string_view kKeyHeader = "Sec-WebSocket-Key: ";
  auto at = text.find(kKeyHeader);
  if (at == std::string_view::npos || !text.ends_with("\r\n\r\n")) return "";
  auto key = text.substr(at + kKeyHeader.size());
  auto salted = std::string(key.substr(0, key.find('\r'))) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  ByteArray<SHA_DIGEST_LENGTH> digest{};
  SHA1(as_bytes(salted).data(), salted.size(), digest.data());
  return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: " +
         to_base64(digest) + "\r\n\r\n";
}

}  // namespace nym::net::test
