#include "engine/crypto/lioness.h"

#include "engine/base/check.h"
#include "engine/crypto/hash.h"
#include "engine/crypto/stream_ciphers.h"

namespace nym::crypto {
namespace {

using Left = std::span<std::uint8_t, kLionessMinimum>;

// The parts of the key and of the block.
struct Rounds {
  FixedView<32> k1;
  FixedView<64> k2;
  FixedView<32> k3;
  FixedView<64> k4;
  Left left;
  MutableByteView right;

  Rounds(const LionessKey& key, MutableByteView block)
      : k1(key.expose().subspan<0, 32>()),
        k2(key.expose().subspan<32, 64>()),
        k3(key.expose().subspan<96, 32>()),
        k4(key.expose().subspan<128, 64>()),
        left(block.first<kLionessMinimum>()),
        right(block.subspan(kLionessMinimum)) {}

  void stream(FixedView<32> key) {
    Secret<32> mixed(key);
    for (std::size_t i = 0; i < left.size(); ++i) mixed.expose_mutable()[i] ^= left[i];
    chacha20(mixed.expose(), right);
  }
  void hash(FixedView<64> key) {
    auto digest = blake2b_keyed(key, right);
    for (std::size_t i = 0; i < left.size(); ++i) left[i] ^= digest[i];
  }
};

}  // namespace

void lioness_encrypt(const LionessKey& key, MutableByteView block) {
  NYM_CHECK(block.size() > kLionessMinimum);
  Rounds rounds(key, block);
  rounds.stream(rounds.k1);
  rounds.hash(rounds.k2);
  rounds.stream(rounds.k3);
  rounds.hash(rounds.k4);
}

void lioness_decrypt(const LionessKey& key, MutableByteView block) {
  NYM_CHECK(block.size() > kLionessMinimum);
  Rounds rounds(key, block);
  rounds.hash(rounds.k4);
  rounds.stream(rounds.k3);
  rounds.hash(rounds.k2);
  rounds.stream(rounds.k1);
}

}  // namespace nym::crypto
