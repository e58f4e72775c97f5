#include "engine/app_api/utf8.h"

#include <fmt/format.h>

#include <algorithm>

namespace nym::app_api {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// How a sequence may go on after its first byte: total length, and the range of the second byte (it excludes overlong
// forms, surrogates and values above U+10FFFF). Later bytes are always 80..bf.
struct Lead {
  std::size_t length;
  std::uint8_t second_low = 0x80;
  std::uint8_t second_high = 0xbf;
};

std::optional<Lead> lead_of(std::uint8_t first) {
  if (first >= 0xc2 && first <= 0xdf) return Lead{2};
  if (first == 0xe0) return Lead{3, 0xa0, 0xbf};
  if (first == 0xed) return Lead{3, 0x80, 0x9f};
  if (first >= 0xe1 && first <= 0xef) return Lead{3};
  if (first == 0xf0) return Lead{4, 0x90, 0xbf};
  if (first == 0xf4) return Lead{4, 0x80, 0x8f};
  if (first >= 0xf1 && first <= 0xf3) return Lead{4};
  return std::nullopt;
}

std::size_t ascii_prefix(ByteView bytes) {
  return static_cast<std::size_t>(std::find_if(bytes.begin(), bytes.end(), [](auto b) { return b >= 0x80; }) -
                                  bytes.begin());
}

}  // namespace

Utf8Step read_utf8(ByteView bytes) {
  std::uint8_t first = bytes[0];
  if (first < 0x80) return {.length = 1, .character = first};
  auto lead = lead_of(first);
  if (!lead) return {.length = 1};

  auto value = static_cast<char32_t>(first & (0x7fU >> lead->length));
  for (std::size_t i = 1; i < lead->length; ++i) {
    if (i == bytes.size()) return {.length = i, .is_cut_off = true};
    std::uint8_t low = i == 1 ? lead->second_low : std::uint8_t{0x80};
    std::uint8_t high = i == 1 ? lead->second_high : std::uint8_t{0xbf};
    if (bytes[i] < low || bytes[i] > high) return {.length = i};
    value = (value << 6U) | (bytes[i] & 0x3fU);
  }
  return {.length = lead->length, .character = value};
}

std::optional<std::string> utf8_fault(ByteView bytes) {
  for (std::size_t at = ascii_prefix(bytes); at < bytes.size();) {
    auto step = read_utf8(bytes.subspan(at));
    if (step.is_cut_off) return fmt::format("incomplete utf-8 byte sequence from index {}", at);
    if (!step.character) return fmt::format("invalid utf-8 sequence of {} bytes from index {}", step.length, at);
    at += step.length;
  }
  return std::nullopt;
}

std::string to_lossy_text(ByteView bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    std::size_t plain = ascii_prefix(bytes);
    out += as_text(bytes.first(plain));
    bytes = bytes.subspan(plain);
    if (bytes.empty()) break;
    auto step = read_utf8(bytes);
    out += step.character ? as_text(bytes.first(step.length)) : kReplacement;
    bytes = bytes.subspan(step.length);
  }
  return out;
}

}  // namespace nym::app_api
