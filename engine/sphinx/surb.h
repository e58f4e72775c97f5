#pragma once

#include "engine/sphinx/header.h"

namespace nym::sphinx {

/// A single-use reply block (01 §11.4): header 348, first hop address 32, 192 bytes of payload key a hop.
struct Surb {
  HeaderBytes header{};
  NodeAddress first_hop;
  std::vector<crypto::LionessKey> payload_keys;  ///< first hop first

  /// Error: invalid_surb for an empty route; others of make_header.
  static Result<Surb> make(const HeaderPlan& plan);
  /// 380 + 192 * n bytes, n >= 1; nothing inside is validated. Error: invalid_surb.
  static Result<Surb> parse(ByteView bytes);
  Bytes serialise() const;
};

/// The packet that carries `plaintext` on this SURB: its header and the payload under all its keys.
Result<Bytes> use_surb(const Surb& surb, ByteView plaintext, std::size_t payload_size);

/// Size of a serialised SURB of `hops` hops: 1148 for four.
constexpr std::size_t surb_size(std::size_t hops) {
  return kHeader + kNodeAddress + kPayloadKey * hops;
}

}  // namespace nym::sphinx
