#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "engine/base/bytes.h"

namespace nym::wire {

/// Size classes of packets by their tag on the wire (01 §1.1). Tags are not in order of size.
enum class PacketSize : std::uint8_t {
  regular = 1,
  ack = 2,
  extended32 = 3,
  extended8 = 4,
  extended16 = 5,
  outfox_regular = 6,
  outfox_ack = 7,
};
inline constexpr std::array kAllPacketSizes = {PacketSize::regular,    PacketSize::ack,
                                               PacketSize::extended32, PacketSize::extended8,
                                               PacketSize::extended16, PacketSize::outfox_regular,
                                               PacketSize::outfox_ack};

// All in bytes: whole packet = header + payload; plaintext = payload without its overhead.
std::size_t packet_bytes(PacketSize size);
std::size_t header_bytes(PacketSize size);
std::size_t payload_bytes(PacketSize size);
std::size_t plaintext_bytes(PacketSize size);
bool is_outfox(PacketSize size);
bool is_ack(PacketSize size);
bool is_extended(PacketSize size);

/// What a fragment may fill of a data packet: plaintext less the SURB-ack (405) and the key field (32); 1611 for
/// regular.
std::size_t fragment_bytes(PacketSize size);

/// Name as in configurations: `regular`, `ack`, `extended8`, ...
std::string_view name_of(PacketSize size);
std::optional<PacketSize> packet_size_from_name(std::string_view name);
std::optional<PacketSize> packet_size_from_tag(std::uint8_t tag);
/// By whole length; 2371 also counts as outfox_regular (a quirk of the wire).
std::optional<PacketSize> packet_size_from_length(std::size_t length);

/// The byte after the size tag (01 §1.2). The withdrawn value 1 is refused.
enum class PacketType : std::uint8_t { mix = 0, outfox = 2 };
std::optional<PacketType> packet_type_from_byte(std::uint8_t byte);
/// As in configurations: `mix`, also spelt `sphinx`, and `outfox`. The withdrawn type's name is refused.
std::optional<PacketType> packet_type_from_name(std::string_view name);

}  // namespace nym::wire
