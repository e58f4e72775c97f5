#pragma once

#include "engine/sphinx/payload_key.h"

namespace nym::sphinx {

/// A hop's worth of key material each, first hop first: whole payload keys (form V1), or their seeds (V2).
using SurbKeys = std::variant<std::vector<crypto::LionessKey>, std::vector<PayloadSeed>>;

/// A single-use reply block (01 §11.4, 09 §5): header 348, first hop address 32, 192 or 16 bytes a hop.
struct Surb {
  HeaderBytes header{};
  NodeAddress first_hop;
  SurbKeys keys;

  /// In the form that fits the plan's number. Error: invalid_surb for an empty route; others of make_header.
  static Result<Surb> make(const HeaderPlan& plan);
  /// 380 + 192 * n bytes, n >= 1, or 380 + 16 * n, n from 1 to 11; nothing inside is validated. Error: invalid_surb.
  static Result<Surb> parse(ByteView bytes);
  Bytes serialise() const;
};

/// What the length of a serialised SURB tells, and nothing else does (09 §5). Error: invalid_surb.
Result<SurbForm> surb_form(std::size_t size);

/// The packet that carries `plaintext` on this SURB: its header and the payload under all its keys.
Result<Bytes> use_surb(const Surb& surb, ByteView plaintext, std::size_t payload_size);

/// Size of a serialised SURB of `hops` hops: 1148 or 444 for four.
constexpr std::size_t surb_size(std::size_t hops, SurbForm form = SurbForm::v1) {
  return kHeader + kNodeAddress + (form == SurbForm::v1 ? kPayloadKey : kPayloadSeed) * hops;
}

}  // namespace nym::sphinx
