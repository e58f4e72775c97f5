#pragma once

#include "engine/sphinx/suite.h"
#include "sim/model/node_book.h"

namespace nym::sim {

/// Whether a packet's payload is still what its sender made. Once damaged it stays so, as behind a wide-block cipher.
enum class PayloadState : std::uint8_t { intact, damaged };

/// How far a packet has come, and what was found out about its payload.
struct Progress {
  std::uint8_t hop = 0;
  PayloadState payload = PayloadState::intact;
};

/// Of a packet: as the real first alpha, a function of the clamped secret only.
struct PacketIdentity {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
};
PacketIdentity identity_of(const Secret<32>& initial_secret);

/// As a real shared secret, a function of the initial secret and of the keys up to some hop.
sphinx::ReplayTag replay_tag(PacketIdentity identity, std::span<const std::uint64_t> keys);

/// What stands in a header.
struct HeaderContent {
  struct Hop {
    std::uint64_t key = 0;  ///< its fingerprint
    sphinx::HopDelay delay;
    sphinx::NodeAddress address;
  };
  PacketIdentity identity;
  sphinx::Destination destination;
  std::array<Hop, sphinx::kMaxHops> hops;
  std::size_t size = 0;  ///< of the route
};

/// The plan of a packet, written into the 348 bytes of a header in clear, and read where they are. A checksum stands
/// where the MAC would be; the only bit that means nothing is alpha's highest one, the top bit of byte 31.
class ModelHeader {
 public:
  static sphinx::HeaderBytes make(const HeaderContent& content);
  static sphinx::HeaderBytes make(const sphinx::HeaderPlan& plan);
  /// As received; nothing is checked until is_sound. The bytes live longer.
  explicit ModelHeader(FixedView<sphinx::kHeader> bytes) : bytes_(bytes) {}

  /// Made by `make` or `at`, and not changed since.
  bool is_sound() const;

  // Of a sound header only, and of hops that it has:
  Progress progress() const;
  bool is_for(const crypto::X25519PublicKey& node_key, std::uint8_t hop) const;
  bool is_last(std::uint8_t hop) const;
  sphinx::ReplayTag replay_tag(std::uint8_t hop) const;
  sphinx::NodeAddress next_address(std::uint8_t hop) const;
  sphinx::HopDelay delay(std::uint8_t hop) const;
  sphinx::Destination destination() const;
  /// What the node at another place of the route gets.
  sphinx::HeaderBytes at(Progress progress) const;

  /// Ties a payload to its header; the same at every hop.
  std::uint64_t payload_seed() const;
  /// Ties the rest of a SURB to its header.
  std::uint64_t surb_seed() const;

 private:
  FixedView<48> record(std::uint8_t hop) const;

  FixedView<sphinx::kHeader> bytes_;
};

}  // namespace nym::sim
