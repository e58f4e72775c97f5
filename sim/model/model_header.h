#pragma once

#include "engine/sphinx/suite.h"

namespace nym::sim {

/// Short stand-in for a public key: one number for all encodings that the real arithmetic takes for the same key.
std::uint64_t fingerprint(const crypto::X25519PublicKey& key);

/// Whether a packet's payload is still what its sender made. Once damaged it stays so, as behind a wide-block cipher.
enum class PayloadState : std::uint8_t { intact, damaged };

/// The plan of a packet, written into the 348 bytes of a header in clear. A checksum stands where the MAC would be; the
/// only bit that means nothing is alpha's highest one, the top bit of byte 31.
class ModelHeader {
 public:
  static ModelHeader make(const sphinx::HeaderPlan& plan);
  /// As received; nothing is checked until is_authentic.
  explicit ModelHeader(const sphinx::HeaderBytes& bytes);

  const sphinx::HeaderBytes& bytes() const { return bytes_; }
  /// Made by `make` or `for_next_hop`, not changed since, and for the owner of this key.
  bool is_authentic(const crypto::X25519PublicKey& node_key) const;

  // Of an authentic header only:
  bool is_final() const;
  PayloadState payload_state() const;
  sphinx::ReplayTag replay_tag() const;
  sphinx::NodeAddress next_address() const;
  sphinx::HopDelay delay() const;
  sphinx::Destination destination() const;
  /// What the next hop gets.
  ModelHeader for_next_hop(PayloadState state) const;

  /// Ties a payload to its header; the same at every hop.
  std::uint64_t payload_seed() const;
  /// Ties the rest of a SURB to its header.
  std::uint64_t surb_seed() const;

 private:
  std::size_t hops() const;
  std::size_t hop_index() const;
  FixedView<48> record() const;
  std::uint64_t compute_checksum() const;

  sphinx::HeaderBytes bytes_;
};

}  // namespace nym::sim
