#pragma once

#include <cstdint>
#include <optional>

/// What differs between the generations of the network (12): values that are chosen at the edges, and handed to the few
/// modules that do something else for each.
namespace nym {

/// y2023: as v1.1.29. y2026: as releases 2025.13 to 2026.9.
enum class Generation : std::uint8_t { y2023, y2026 };

/// The number that every hop of a packet carries (09 §2). Any 16 bits may come in; these have names.
enum class SphinxNumber : std::uint16_t {
  n1 = 1,      ///< arithmetic of 256; nobody sends it
  n256 = 256,  ///< v1.1.29
  n257 = 257,  ///< the same with another number: carried by nodes of both generations
  n258 = 258,  ///< clamped blinding
  n259 = 259,  ///< clamped blinding, payload keys from seeds
};

/// How reply SURBs are written and in which containers they travel (09 §6): with whole payload keys, tags 0 to 2, or
/// with their seeds, tags 3 to 5.
enum class SurbForm : std::uint8_t { v1, v2 };

/// What a client sends; one for its data, acknowledgements, SURBs and cover, so that nobody can tell them apart.
struct PacketForm {
  SphinxNumber number = SphinxNumber::n256;
  SurbForm surbs = SurbForm::v1;

  /// The number decides: SURBs with seeds are for packets whose payload keys come from seeds.
  static constexpr PacketForm of(SphinxNumber number) {
    return {number, number == SphinxNumber::n259 ? SurbForm::v2 : SurbForm::v1};
  }
  static constexpr PacketForm of(Generation generation) {
    return of(generation == Generation::y2023 ? SphinxNumber::n256 : SphinxNumber::n259);
  }
  friend bool operator==(const PacketForm&, const PacketForm&) = default;
};

/// What a packet or a SURB says of the node keys it was made for (09 §11): no more than the parity of their rotation.
enum class KeyRotation : std::uint8_t { unknown = 0, odd = 1, even = 2 };

/// Empty for any byte but 0, 1, 2.
constexpr std::optional<KeyRotation> key_rotation_from_byte(std::uint8_t byte) {
  if (byte > static_cast<std::uint8_t>(KeyRotation::even)) return std::nullopt;
  return static_cast<KeyRotation>(byte);
}

/// 0, and the largest number, by which a topology without one is known, give unknown.
constexpr KeyRotation key_rotation_of(std::uint32_t rotation_id) {
  if (rotation_id == 0 || rotation_id == UINT32_MAX) return KeyRotation::unknown;
  return rotation_id % 2 == 0 ? KeyRotation::even : KeyRotation::odd;
}

}  // namespace nym
