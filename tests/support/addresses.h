#pragma once

#include "engine/wire/recipient.h"
#include "sim/kernel/seeded_random.h"

namespace nym::test {

/// A valid address, another one for each seed.
inline wire::Recipient address(std::uint64_t seed) {
  sim::SeededRandom random(seed);
  auto identity = crypto::Ed25519PrivateKey::generate(random).public_key();
  auto encryption = crypto::X25519PrivateKey::generate(random).public_key();
  auto gateway = crypto::Ed25519PrivateKey::generate(random).public_key();
  return {identity, encryption, gateway};
}

}  // namespace nym::test
