#include "sim/check/filler.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace nym::sim {
namespace {

constexpr std::size_t kHead = 8;
constexpr std::array<std::uint8_t, 3> kMark = {0xf1, 0x11, 0xe5};

}  // namespace

// A generator of Weyl and mixing steps: what matters is that a changed, moved or missing piece shows.
Bytes make_filler(MessageRef message, std::uint64_t bytes) {
  Bytes out(std::max<std::size_t>(kHead, bytes));
  for (std::size_t i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(message.number >> (8 * i));
  out[4] = static_cast<std::uint8_t>(message.part);
  std::copy(kMark.begin(), kMark.end(), out.begin() + 5);
  std::uint64_t state = (std::uint64_t{message.number} << 1U | out[4]) * 0x9e3779b97f4a7c15U;
  auto next_word = [&state] {
    state += 0x9e3779b97f4a7c15U;
    std::uint64_t word = (state ^ (state >> 32U)) * 0xd6e8feb86659fd93U;
    return word ^ word >> 32U;
  };
  std::span<std::uint8_t> rest = std::span(out).subspan(kHead);
  for (; rest.size() >= sizeof state; rest = rest.subspan(sizeof state)) {
    auto word = next_word();
    std::memcpy(rest.data(), &word, sizeof word);
  }
  if (rest.empty()) return out;
  auto last = next_word();
  std::memcpy(rest.data(), &last, rest.size());
  return out;
}

std::optional<MessageRef> read_filler_head(ByteView data) {
  if (data.size() < kHead || data[4] > 1 || !std::equal(kMark.begin(), kMark.end(), data.begin() + 5)) {
    return std::nullopt;
  }
  MessageRef message;
  for (std::size_t i = 0; i < 4; ++i) message.number |= static_cast<std::uint32_t>(data[i]) << (8 * i);
  message.part = static_cast<MessageRef::Part>(data[4]);
  return message;
}

}  // namespace nym::sim
