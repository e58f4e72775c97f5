#include "sim/kernel/fingerprint.h"

#include <fmt/format.h>

#include <bit>

namespace nym::sim {

void Fingerprint::mix(std::uint64_t value) {
  state_ = std::rotl(state_ ^ (value * 0x9e3779b97f4a7c15U), 27) * 0xbf58476d1ce4e5b9U + 0x94d049bb133111ebU;
}

void Fingerprint::add(std::string_view text) {
  mix(text.size());
  for (char c : text) mix(static_cast<unsigned char>(c));
}

std::string Fingerprint::to_string() const {
  return fmt::format("{:016x}", state_);
}

}  // namespace nym::sim
