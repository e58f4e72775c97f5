#include "engine/wire/fragment.h"

#include <fmt/format.h>

namespace nym::wire {
namespace {

constexpr std::uint32_t kTopBit = 0x80000000U;

std::unexpected<Error> malformed(std::string_view what) {
  return fail(WireError::bad_fragment, fmt::format("malformed fragment header: {}", what));
}

Result<std::optional<SetId>> parse_link(ByteView bytes) {
  if (bytes[6] == 0) return std::nullopt;
  if (bytes.size() < kLinkedHeader) {
    return fail(WireError::too_short, fmt::format("linked fragment header of {} bytes", bytes.size()));
  }
  auto value = load_be<std::uint32_t>(bytes.subspan<6, 4>());
  if ((value & kTopBit) == 0) return malformed("unmarked link");
  return SetId{value & ~kTopBit};
}

}  // namespace

SetId draw_set_id(RandomSource& random) {
  for (;;) {
    auto drawn = load_be<std::uint32_t>(draw_array<4>(random));
    std::uint32_t magnitude = (drawn & kTopBit) != 0 ? 0U - drawn : drawn;
    if (magnitude != 0 && magnitude != kTopBit) return SetId{magnitude};
  }
}

ByteArray<FragmentId::kSize> FragmentId::to_bytes() const {
  ByteArray<kSize> out{};
  store_be(set.value, std::span(out).first<4>());
  out[4] = position;
  return out;
}

Result<FragmentId> FragmentId::from_bytes(FixedView<kSize> bytes) {
  auto set = load_be<std::uint32_t>(bytes.first<4>());
  if ((set & kTopBit) != 0) return fail(WireError::bad_fragment, "fragment identifier with its top bit set");
  return FragmentId{SetId{set}, bytes[4]};
}

Bytes FragmentHeader::to_bytes() const {
  ByteWriter writer(size());
  writer.put_be(set.value | kTopBit).put_be(total).put_be(position);
  if (linked) {
    writer.put_be(linked->value | kTopBit);
  } else {
    writer.put_zeros(1);
  }
  return std::move(writer).finish();
}

bool FragmentHeader::is_well_formed() const {
  auto is_id = [](SetId id) { return id.value != 0 && (id.value & kTopBit) == 0; };
  if (!is_id(set) || position == 0 || position > total) return false;
  if (!linked) return true;
  return is_id(*linked) && *linked != set && (position == 1 || position == kMaxFragmentsPerSet);
}

Result<FragmentHeader> FragmentHeader::parse(ByteView bytes) {
  if (bytes.size() < kUnlinkedHeader) {
    return fail(WireError::too_short, fmt::format("fragment header of {} bytes", bytes.size()));
  }
  auto set = load_be<std::uint32_t>(bytes.first<4>());
  if ((set & kTopBit) == 0) return malformed("unmarked set");
  FragmentHeader header{SetId{set & ~kTopBit}, bytes[4], bytes[5], std::nullopt};
  if (header.position == 0 || header.position > header.total) return malformed("position outside of its set");
  NYM_TRY(header.linked, parse_link(bytes));
  if (!header.is_well_formed()) return malformed("contradicting fields");
  return header;
}

}  // namespace nym::wire
