#pragma once

#include "engine/base/bytes.h"

namespace nym::sim {

// Cheap 64-bit mixing for the model suite: it finds every accident and hides nothing.

/// What a number is made for: the first argument of `mix` and `checksum`, so that different uses never meet.
enum class Purpose : std::uint64_t {
  // of headers
  key = 1,
  identity_high,
  identity_low,
  header,
  progress,
  tag,
  payload,
  surb,
  // of everything else
  ack = 100,
  ephemeral,
  key_field,
  garbage,
  envelope,
  envelope_word,
};
constexpr std::uint64_t seed(Purpose purpose) {
  return static_cast<std::uint64_t>(purpose);
}

/// A function of two numbers, one-to-one in each when the other is kept.
std::uint64_t mix(std::uint64_t a, std::uint64_t b);

/// Of the 32 bytes of a key.
std::uint64_t digest(std::uint64_t seed, FixedView<32> bytes);

/// Depends on the seed and on every byte, except that zero bytes at the end do not count: callers whose content has a
/// size of its own put it into the seed.
std::uint64_t checksum(std::uint64_t seed, ByteView bytes);

/// Exclusive-or with a stream of numbers made from the seed. Twice gives the same back.
void scramble(std::uint64_t seed, MutableByteView bytes);

}  // namespace nym::sim
