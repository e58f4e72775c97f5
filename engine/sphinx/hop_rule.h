#pragma once

#include "engine/base/generation.h"

namespace nym::sphinx {

/// Which numbers a node takes for which arithmetic (12 §2).
enum class NodeRule : std::uint8_t {
  y2023,           ///< as v1.1.29: one arithmetic, whatever the number
  reference_2026,  ///< as the nodes of 2025.8 to 2026.9
  ours,            ///< the same, and 256 as v1.1.29
};

/// What alpha is multiplied by: the blinding factor modulo l (01 §3.4), or clamped (09 §3.4).
enum class Blinding : std::uint8_t { unclamped, clamped };
/// 192 bytes of a hop's expansion, or what HKDF makes of the first 16 of them (09 §3.3).
enum class PayloadKeyForm : std::uint8_t { full, seed };
/// What tells a packet from its replays: a hash of the shared secret of our own, or the end of its expansion (09 §3.1).
enum class ReplayTagForm : std::uint8_t { own_hash, expanded };

struct HopArithmetic {
  Blinding blinding = Blinding::unclamped;
  PayloadKeyForm payload_key = PayloadKeyForm::full;
  friend bool operator==(const HopArithmetic&, const HopArithmetic&) = default;
};

/// Total over all 16-bit numbers: none is refused, those without a name are taken for 259 (09 §2.2).
constexpr HopArithmetic arithmetic_at(NodeRule rule, SphinxNumber number) {
  constexpr HopArithmetic kOldest{};
  if (rule == NodeRule::y2023) return kOldest;
  switch (number) {
    case SphinxNumber::n1:
    case SphinxNumber::n257:
      return kOldest;
    case SphinxNumber::n258:
      return {Blinding::clamped, PayloadKeyForm::full};
    case SphinxNumber::n256:
      if (rule == NodeRule::ours) return kOldest;
      break;
    case SphinxNumber::n259:
      break;
  }
  return {Blinding::clamped, PayloadKeyForm::seed};
}

/// By which a packet of ours with this number is made.
constexpr HopArithmetic arithmetic_of(SphinxNumber number) {
  return arithmetic_at(NodeRule::ours, number);
}

/// In which a SURB with this number is written.
constexpr SurbForm surb_form_of(SphinxNumber number) {
  return arithmetic_of(number).payload_key == PayloadKeyForm::full ? SurbForm::v1 : SurbForm::v2;
}

constexpr ReplayTagForm replay_tag_form(NodeRule rule) {
  return rule == NodeRule::y2023 ? ReplayTagForm::own_hash : ReplayTagForm::expanded;
}

}  // namespace nym::sphinx
