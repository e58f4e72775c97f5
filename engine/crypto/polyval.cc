#include "engine/crypto/polyval.h"

#include <bit>

namespace nym::crypto {
namespace {

std::uint64_t load_le(FixedView<8> bytes) {
  return std::byteswap(load_be<std::uint64_t>(bytes));
}

PolyvalElement load_element(FixedView<kPolyvalBlock> bytes) {
  return {load_le(bytes.first<8>()), load_le(bytes.last<8>())};
}

// Every fourth bit of a factor, so that the carries of an integer product stay in the holes between them.
constexpr std::uint64_t every_fourth(std::size_t first) {
  return std::uint64_t{0x1111'1111'1111'1111U} << first;
}

// The lower 64 bits of a product of polynomials over two elements: an integer product of two such parts adds up at most
// 16 ones in each of its bits that counts, which carry out of the three bits above only at the very top.
std::uint64_t multiply_low(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  for (std::size_t place = 0; place < 4; ++place) {
    std::uint64_t column = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      column ^= (a & every_fourth(i)) * (b & every_fourth((place + 4 - i) % 4));
    }
    product ^= column & every_fourth(place);
  }
  return product;
}

std::uint64_t reverse_bits(std::uint64_t a) {
  auto swap = [&a](std::uint64_t mask, unsigned distance) { a = ((a >> distance) & mask) | ((a & mask) << distance); };
  swap(0x5555'5555'5555'5555U, 1);
  swap(0x3333'3333'3333'3333U, 2);
  swap(0x0f0f'0f0f'0f0f'0f0fU, 4);
  return std::byteswap(a);
}

// All 127 bits: those above the lowest 64 are the lower ones of the product of the mirrored factors.
PolyvalElement multiply_words(std::uint64_t a, std::uint64_t b) {
  return {multiply_low(a, b), reverse_bits(multiply_low(reverse_bits(a), reverse_bits(b))) >> 1U};
}

// One half of the division by x^128: adds the multiple of the field's polynomial that cancels `word`, and moves down by
// 64. `word` times x^63 + x^62 + x^57 is what of that multiple lies above it.
PolyvalElement fold(const PolyvalElement& a) {
  std::uint64_t word = a.low;
  return {a.high ^ (word << 63U) ^ (word << 62U) ^ (word << 57U), word ^ (word >> 1U) ^ (word >> 2U) ^ (word >> 7U)};
}

// a * b * x^-128.
PolyvalElement multiply_elements(const PolyvalElement& a, const PolyvalElement& b) {
  PolyvalElement low = multiply_words(a.low, b.low);
  PolyvalElement high = multiply_words(a.high, b.high);
  PolyvalElement crossed = multiply_words(a.low ^ a.high, b.low ^ b.high);
  crossed.low ^= low.low ^ high.low;
  crossed.high ^= low.high ^ high.high;
  low.high ^= crossed.low;
  high.low ^= crossed.high;
  PolyvalElement folded = fold(fold(low));
  return {high.low ^ folded.low, high.high ^ folded.high};
}

void wipe_element(PolyvalElement& element) {
  wipe({reinterpret_cast<std::uint8_t*>(&element), sizeof element});
}

PolyvalStep best_step() {
  auto carryless = polyval_carryless();
  return carryless != nullptr ? carryless : polyval_portable;
}

}  // namespace

void polyval_portable(const PolyvalElement& key, PolyvalElement& sum, ByteView blocks) {
  for (; !blocks.empty(); blocks = blocks.subspan(kPolyvalBlock)) {
    PolyvalElement block = load_element(blocks.first<kPolyvalBlock>());
    sum = multiply_elements({sum.low ^ block.low, sum.high ^ block.high}, key);
  }
}

Polyval::Polyval(FixedView<kPolyvalBlock> key) : Polyval(key, best_step()) {}
Polyval::Polyval(FixedView<kPolyvalBlock> key, PolyvalStep step) : key_(load_element(key)), step_(step) {}
Polyval::~Polyval() {
  wipe_element(key_);
  wipe_element(sum_);
}

void Polyval::add_padded(ByteView bytes) {
  std::size_t rest = bytes.size() % kPolyvalBlock;
  step_(key_, sum_, bytes.first(bytes.size() - rest));
  if (rest == 0) return;
  Secret<kPolyvalBlock> last;
  std::memcpy(last.expose_mutable().data(), bytes.last(rest).data(), rest);
  step_(key_, sum_, last.expose());
}

Secret<kPolyvalBlock> Polyval::sum() const {
  Secret<kPolyvalBlock> out;
  store_be(std::byteswap(sum_.low), out.expose_mutable().first<8>());
  store_be(std::byteswap(sum_.high), out.expose_mutable().last<8>());
  return out;
}

}  // namespace nym::crypto
