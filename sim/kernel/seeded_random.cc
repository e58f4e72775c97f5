#include "sim/kernel/seeded_random.h"

#include <algorithm>
#include <bit>

namespace nym::sim {
namespace {

std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

std::uint64_t hash_label(std::string_view label) {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (char c : label) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

}  // namespace

SeededRandom::SeededRandom(std::uint64_t seed) : seed_(seed) {
  std::uint64_t mixer = seed;
  for (auto& word : state_) word = split_mix(mixer);
}

std::uint64_t SeededRandom::next() {
  std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  std::uint64_t t = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

void SeededRandom::fill(MutableByteView out) {
  constexpr std::size_t kWord = 8;
  for (; out.size() >= kWord; out = out.subspan(kWord)) std::ranges::copy(to_be(next()), out.begin());
  if (out.empty()) return;
  auto word = to_be(next());
  std::copy_n(word.begin(), out.size(), out.begin());
}

std::unique_ptr<RandomSource> SeededRandom::fork(std::string_view label) {
  std::uint64_t mixer = seed_ ^ hash_label(label);
  return std::make_unique<SeededRandom>(split_mix(mixer));
}

}  // namespace nym::sim
