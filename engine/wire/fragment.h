#pragma once

#include <compare>
#include <optional>

#include "engine/base/random.h"
#include "engine/base/strong_id.h"
#include "engine/wire/error.h"

namespace nym::wire {

/// Names a set of up to 255 fragments; 1 … 2^31-1, 0 is reserved for cover (02 §6.5).
using SetId = StrongId<struct SetTag, std::uint32_t>;
SetId draw_set_id(RandomSource& random);

/// One fragment of one set; what acknowledgements carry (02 §6.6). 5 bytes.
struct FragmentId {
  static constexpr std::size_t kSize = 5;
  SetId set;
  std::uint8_t position = 0;

  static constexpr FragmentId cover() { return {}; }
  bool is_cover() const { return *this == cover(); }
  ByteArray<kSize> to_bytes() const;
  /// Error: bad_fragment (top bit set).
  static Result<FragmentId> from_bytes(FixedView<kSize> bytes);
  friend auto operator<=>(const FragmentId&, const FragmentId&) = default;
};

inline constexpr std::size_t kUnlinkedHeader = 7;
inline constexpr std::size_t kLinkedHeader = 10;
inline constexpr std::uint8_t kMaxFragmentsPerSet = 255;

/// 02 §6.4. `linked` is the previous set on position 1, the next set on position 255 of 255.
struct FragmentHeader {
  SetId set;
  std::uint8_t total = 0;     ///< 1 … 255
  std::uint8_t position = 0;  ///< 1 … total
  std::optional<SetId> linked;

  std::size_t size() const { return linked ? kLinkedHeader : kUnlinkedHeader; }
  std::optional<SetId> previous_set() const { return position == 1 ? linked : std::nullopt; }
  std::optional<SetId> next_set() const { return position != 1 ? linked : std::nullopt; }
  FragmentId id() const { return {set, position}; }
  /// Ids in range, position within the set, a link only where one may stand.
  bool is_well_formed() const;
  Bytes to_bytes() const;
  /// Errors: too_short, bad_fragment.
  static Result<FragmentHeader> parse(ByteView bytes);
  friend bool operator==(const FragmentHeader&, const FragmentHeader&) = default;
};

}  // namespace nym::wire
