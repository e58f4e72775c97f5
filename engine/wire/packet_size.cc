#include "engine/wire/packet_size.h"

#include "engine/base/check.h"

namespace nym::wire {
namespace {

constexpr std::size_t kSphinxHeader = 348;
constexpr std::size_t kSphinxPayloadOverhead = 17;
constexpr std::size_t kOutfoxHeader = 6;
constexpr std::size_t kSurbAck = 405;
constexpr std::size_t kKeyField = 32;

struct SizeClass {
  PacketSize size;
  std::string_view name;
  std::size_t header;
  std::size_t payload;
  std::size_t plaintext;
};

constexpr SizeClass sphinx_class(PacketSize size, std::string_view name, std::size_t plaintext) {
  return {size, name, kSphinxHeader, plaintext + kSphinxPayloadOverhead, plaintext};
}

// In the order of the tags, which start at 1.
constexpr std::array<SizeClass, 7> kClasses = {{
    sphinx_class(PacketSize::regular, "regular", 2048),
    sphinx_class(PacketSize::ack, "ack", 21),
    sphinx_class(PacketSize::extended32, "extended32", 32768),
    sphinx_class(PacketSize::extended8, "extended8", 8192),
    sphinx_class(PacketSize::extended16, "extended16", 16384),
    {PacketSize::outfox_regular, "outfox_regular", kOutfoxHeader, 2371, 2048},
    {PacketSize::outfox_ack, "outfox_ack", kOutfoxHeader, 371, 48},
}};

const SizeClass& class_of(PacketSize size) {
  return kClasses.at(static_cast<std::size_t>(size) - 1);
}

}  // namespace

std::size_t packet_bytes(PacketSize size) {
  return header_bytes(size) + payload_bytes(size);
}
std::size_t header_bytes(PacketSize size) {
  return class_of(size).header;
}
std::size_t payload_bytes(PacketSize size) {
  return class_of(size).payload;
}
std::size_t plaintext_bytes(PacketSize size) {
  return class_of(size).plaintext;
}

bool is_outfox(PacketSize size) {
  return size == PacketSize::outfox_regular || size == PacketSize::outfox_ack;
}
bool is_ack(PacketSize size) {
  return size == PacketSize::ack || size == PacketSize::outfox_ack;
}
bool is_extended(PacketSize size) {
  return size == PacketSize::extended8 || size == PacketSize::extended16 || size == PacketSize::extended32;
}

std::size_t fragment_bytes(PacketSize size) {
  NYM_CHECK(!is_ack(size) && !is_outfox(size));
  return plaintext_bytes(size) - kSurbAck - kKeyField;
}

std::string_view name_of(PacketSize size) {
  return class_of(size).name;
}

std::optional<PacketSize> packet_size_from_name(std::string_view name) {
  for (const auto& candidate : kClasses) {
    if (candidate.name == name) return candidate.size;
  }
  return std::nullopt;
}

std::optional<PacketSize> packet_size_from_tag(std::uint8_t tag) {
  if (tag == 0 || tag > kClasses.size()) return std::nullopt;
  return kClasses[tag - 1U].size;
}

std::optional<PacketSize> packet_size_from_length(std::size_t length) {
  for (const auto& candidate : kClasses) {
    if (candidate.header + candidate.payload == length) return candidate.size;
  }
  if (length == payload_bytes(PacketSize::outfox_regular)) return PacketSize::outfox_regular;
  return std::nullopt;
}

std::optional<PacketType> packet_type_from_byte(std::uint8_t byte) {
  if (byte == static_cast<std::uint8_t>(PacketType::mix)) return PacketType::mix;
  if (byte == static_cast<std::uint8_t>(PacketType::outfox)) return PacketType::outfox;
  return std::nullopt;
}

std::optional<PacketType> packet_type_from_name(std::string_view name) {
  if (name == "mix" || name == "sphinx") return PacketType::mix;
  if (name == "outfox") return PacketType::outfox;
  return std::nullopt;
}

}  // namespace nym::wire
