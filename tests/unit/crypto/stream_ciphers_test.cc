#include "engine/crypto/stream_ciphers.h"

#include <gtest/gtest.h>

#include <thread>

#include "engine/base/text_encoding.h"
#include "sim/kernel/seeded_random.h"

namespace nym::crypto {
namespace {

Aes128Key key_of(std::uint8_t value) {
  ByteArray<16> bytes{};
  bytes.fill(value);
  return Aes128Key(bytes);
}

Iv iv_of(std::uint64_t high, std::uint64_t low) {
  Iv iv{};
  store_be(high, std::span(iv).first<8>());
  store_be(low, std::span(iv).last<8>());
  return iv;
}

// One block at a time, so that no counter of the library's is involved.
Bytes slow_ctr(const Aes128Key& key, std::uint64_t high, std::uint64_t low, Bytes data) {
  for (std::size_t at = 0; at < data.size(); at += 16, ++low) {
    auto block = MutableByteView(data).subspan(at, std::min<std::size_t>(16, data.size() - at));
    aes128_ctr(key, iv_of(high, low), block);
  }
  return data;
}

// NIST SP 800-38A, F.5.1, whose counter does not wrap.
TEST(Aes128Ctr, The_example_of_nist) {
  Aes128Key key(to_array<16>(*from_hex("2b7e151628aed2a6abf7158809cf4f3c")));
  auto iv = to_array<16>(*from_hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"));
  Bytes data = *from_hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
  aes128_ctr(key, iv, data);
  EXPECT_EQ(to_hex(data), "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff");
}

TEST(Aes128Ctr, Counts_in_the_low_64_bits_only) {
  for (std::uint64_t to_wrap : {0U, 1U, 2U, 3U, 5U, 100U}) {
    std::uint64_t low = 0 - to_wrap;
    for (std::size_t size : {0U, 1U, 15U, 16U, 17U, 31U, 32U, 33U, 48U, 64U, 80U, 81U, 200U}) {
      Bytes data(size, 0x5a);
      Bytes expected = slow_ctr(key_of(3), ~std::uint64_t{0}, low, data);
      aes128_ctr(key_of(3), iv_of(~std::uint64_t{0}, low), data);
      EXPECT_EQ(data, expected) << to_wrap << " blocks before the wrap, " << size << " bytes";
    }
  }
}

TEST(Aes128Ctr, Undoes_itself_and_works_into_another_buffer) {
  sim::SeededRandom random(1);
  for (int i = 0; i < 50; ++i) {
    Bytes clear(static_cast<std::size_t>(draw_below(random, 400)));
    random.fill(clear);
    auto key = draw_secret<16>(random);
    auto iv = draw_array<16>(random);
    Bytes sealed(clear.size());
    aes128_ctr(key, iv, clear, sealed);
    Bytes in_place = clear;
    aes128_ctr(key, iv, in_place);
    EXPECT_EQ(in_place, sealed);
    aes128_ctr(key, iv, in_place);
    EXPECT_EQ(in_place, clear);
  }
}

TEST(Aes128Ctr, Buffers_of_different_sizes_are_a_misuse) {
  Bytes from(3);
  Bytes to(4);
  EXPECT_DEATH(aes128_ctr(key_of(1), {}, from, to), "broken invariant");
}

TEST(Aes128Ctr, Threads_do_not_disturb_each_other) {
  Bytes expected(1000);
  aes128_ctr(key_of(0), {}, expected);
  std::vector<std::thread> threads;
  std::array<int, 4> wrong{};
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        Bytes noise(64);
        aes128_ctr(key_of(static_cast<std::uint8_t>(t + 1)), {}, noise);
        Bytes data(1000);
        aes128_ctr(key_of(0), {}, data);
        wrong[t] += data != expected ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, (std::array<int, 4>{}));
}

TEST(ChaCha20, Is_the_original_with_a_zero_nonce) {
  Bytes data(64);
  chacha20(ByteArray<32>{}, data);
  EXPECT_EQ(to_hex(data),
            "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
            "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586");
  chacha20(ByteArray<32>{}, data);
  EXPECT_EQ(data, Bytes(64));
  chacha20(ByteArray<32>{}, {});
}

}  // namespace
}  // namespace nym::crypto
