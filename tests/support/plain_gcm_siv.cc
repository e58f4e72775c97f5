#include "tests/support/plain_gcm_siv.h"

#include <algorithm>

namespace nym::test {
namespace {

// a * b in the field of AES, x^8 + x^4 + x^3 + x + 1.
std::uint8_t aes_product(std::uint8_t a, std::uint8_t b) {
  unsigned product = 0;
  unsigned factor = a;
  for (unsigned bit = 0; bit < 8; ++bit) {
    if (((b >> bit) & 1U) != 0) product ^= factor;
    factor <<= 1U;
    if ((factor & 0x100U) != 0) factor ^= 0x11bU;
  }
  return static_cast<std::uint8_t>(product);
}

// FIPS 197 section 5.1.1: the inverse, then a sum of its rotations and 0x63.
std::uint8_t substitute(std::uint8_t a) {
  std::uint8_t power = 1;
  for (int i = 0; i < 254; ++i) power = aes_product(power, a);
  unsigned inverse = power;
  unsigned sum = 0x63;
  for (unsigned turn = 0; turn < 5; ++turn) {
    sum ^= ((inverse << turn) | (inverse >> (8 - turn))) & 0xffU;
  }
  return static_cast<std::uint8_t>(sum);
}

const ByteArray<256>& substitutions() {
  static const ByteArray<256> table = [] {
    ByteArray<256> filled{};
    for (std::size_t i = 0; i < filled.size(); ++i) filled[i] = substitute(static_cast<std::uint8_t>(i));
    return filled;
  }();
  return table;
}

constexpr std::size_t kRounds = 14;
using RoundKeys = std::array<PlainBlock, kRounds + 1>;

RoundKeys expand_key(const ByteArray<32>& key) {
  constexpr std::size_t kWord = 4;
  constexpr std::size_t kKeyWords = 8;
  Bytes all(key.begin(), key.end());
  std::uint8_t constant = 1;
  for (std::size_t word = kKeyWords; word < kWord * (kRounds + 1); ++word) {
    ByteArray<kWord> last = to_array<kWord>(ByteView(all).last(kWord));
    if (word % kKeyWords == 0) std::ranges::rotate(last, last.begin() + 1);
    if (word % kWord == 0) {
      for (auto& byte : last) byte = substitutions()[byte];
    }
    if (word % kKeyWords == 0) {
      last[0] ^= constant;
      constant = aes_product(constant, 2);
    }
    for (std::size_t i = 0; i < kWord; ++i) all.push_back(last[i] ^ all[all.size() - kWord * kKeyWords]);
  }
  RoundKeys keys;
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = to_array<16>(ByteView(all).subspan(16 * i));
  return keys;
}

void add_to(PlainBlock& block, const PlainBlock& other) {
  for (std::size_t i = 0; i < block.size(); ++i) block[i] ^= other[i];
}

std::uint8_t twice(std::uint8_t a) {
  unsigned factor = a;
  return static_cast<std::uint8_t>((factor << 1U) ^ ((factor >> 7U) * 0x1bU));
}

PlainBlock mixed_columns(const PlainBlock& block) {
  PlainBlock mixed;
  for (std::size_t i = 0; i < block.size(); ++i) {
    std::size_t column = i / 4 * 4;
    auto at = [&](std::size_t row) { return block[column + (i + row) % 4]; };
    mixed[i] = static_cast<std::uint8_t>(twice(at(0)) ^ twice(at(1)) ^ at(1) ^ at(2) ^ at(3));
  }
  return mixed;
}

PlainBlock encrypt(const RoundKeys& keys, PlainBlock block) {
  add_to(block, keys[0]);
  for (std::size_t round = 1; round <= kRounds; ++round) {
    PlainBlock shifted;
    for (std::size_t i = 0; i < block.size(); ++i) shifted[i] = substitutions()[block[(i + 4 * (i % 4)) % 16]];
    block = round < kRounds ? mixed_columns(shifted) : shifted;
    add_to(block, keys[round]);
  }
  return block;
}

// As a polynomial: bit 0 of byte 0 is its constant term.
bool bit(const PlainBlock& block, std::size_t place) {
  return ((block[place / 8] >> (place % 8)) & 1U) != 0;
}

// a * x^-1: with x^128 + x^127 + x^126 + x^121 + 1 added where there is a constant term.
void divide_by_x(PlainBlock& a) {
  bool odd = bit(a, 0);
  for (std::size_t i = 0; i < 15; ++i) a[i] = static_cast<std::uint8_t>((a[i] >> 1U) | (a[i + 1] << 7U));
  a[15] >>= 1U;
  if (odd) a[15] ^= 0x80U ^ 0x40U ^ 0x20U ^ 0x01U;
}

// a * b * x^-128, by Horner's rule in x^-1 from the constant term of b on.
PlainBlock dot(const PlainBlock& a, const PlainBlock& b) {
  PlainBlock sum{};
  for (std::size_t place = 0; place < 128; ++place) {
    if (bit(b, place)) add_to(sum, a);
    divide_by_x(sum);
  }
  return sum;
}

Bytes padded(ByteView bytes) {
  Bytes whole = to_bytes(bytes);
  whole.resize((whole.size() + 15) / 16 * 16);
  return whole;
}

void put_le(Bytes& to, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

PlainBlock counter_block(std::uint32_t counter, ByteView rest) {
  Bytes block;
  put_le(block, counter, 4);
  append(block, rest);
  return to_array<16>(block);
}

}  // namespace

PlainBlock plain_polyval(const PlainBlock& key, ByteView blocks) {
  PlainBlock sum{};
  for (; !blocks.empty(); blocks = blocks.subspan(16)) {
    add_to(sum, to_array<16>(blocks));
    sum = dot(sum, key);
  }
  return sum;
}

PlainBlock plain_aes256(const ByteArray<32>& key, const PlainBlock& block) {
  return encrypt(expand_key(key), block);
}

Bytes plain_gcm_siv(const ByteArray<32>& key, const ByteArray<12>& nonce, ByteView associated, ByteView plaintext) {
  Bytes derived;
  RoundKeys generating = expand_key(key);
  for (std::uint32_t i = 0; i < 6; ++i)
    append(derived, ByteView(encrypt(generating, counter_block(i, nonce))).first(8));
  RoundKeys keys = expand_key(to_array<32>(ByteView(derived).subspan(16)));

  Bytes hashed = padded(associated);
  append(hashed, padded(plaintext));
  put_le(hashed, associated.size() * 8, 8);
  put_le(hashed, plaintext.size() * 8, 8);
  PlainBlock tag = plain_polyval(to_array<16>(derived), hashed);
  for (std::size_t i = 0; i < nonce.size(); ++i) tag[i] ^= nonce[i];
  tag[15] &= 0x7fU;
  tag = encrypt(keys, tag);

  Bytes sealed;
  PlainBlock start = tag;
  start[15] |= 0x80U;
  auto counter = static_cast<std::uint32_t>(start[0] | start[1] << 8U | start[2] << 16U) |
                 static_cast<std::uint32_t>(start[3]) << 24U;
  PlainBlock stream{};
  for (std::size_t i = 0; i < plaintext.size(); ++i) {
    if (i % 16 == 0) stream = encrypt(keys, counter_block(counter++, ByteView(start).subspan(4)));
    sealed.push_back(plaintext[i] ^ stream[i % 16]);
  }
  append(sealed, tag);
  return sealed;
}

}  // namespace nym::test
