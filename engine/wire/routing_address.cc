#include "engine/wire/routing_address.h"

#include <fmt/format.h>

#include <algorithm>

namespace nym::wire {
namespace {

constexpr std::uint8_t kFamily4 = 4;
constexpr std::uint8_t kFamily6 = 6;

template <std::size_t N>
ByteArray<N> padded(const Endpoint& endpoint) {
  Bytes encoded = encode_address(endpoint);
  ByteArray<N> out{};
  std::copy(encoded.begin(), encoded.end(), out.begin());
  return out;
}

template <class Address>
Result<DecodedAddress> decode_octets(ByteView after_family) {
  ByteReader reader(after_family);
  auto port = reader.take_be<std::uint16_t>();
  auto octets = reader.take_array<std::tuple_size_v<decltype(Address::octets)>>();
  if (!port || !octets) {
    return fail(WireError::bad_address, fmt::format("node address cut off after {} bytes", after_family.size() + 1));
  }
  return DecodedAddress{Endpoint{Address{*octets}, *port}, 1 + after_family.size() - reader.remaining()};
}

}  // namespace

Bytes encode_address(const Endpoint& endpoint) {
  return std::visit(
      [&](const auto& address) {
        std::uint8_t family = address.octets.size() == 4 ? kFamily4 : kFamily6;
        ByteWriter writer(1 + 2 + address.octets.size());
        writer.put_be(family).put_be(endpoint.port).put(address.octets);
        return std::move(writer).finish();
      },
      endpoint.address);
}

ByteArray<19> encode_address_19(const Endpoint& endpoint) {
  return padded<19>(endpoint);
}
ByteArray<32> encode_address_32(const Endpoint& endpoint) {
  return padded<32>(endpoint);
}

Result<DecodedAddress> decode_address(ByteView bytes) {
  if (bytes.empty()) return fail(WireError::bad_address, "node address without any bytes");
  if (bytes[0] == kFamily4) return decode_octets<Ipv4>(bytes.subspan(1));
  if (bytes[0] == kFamily6) return decode_octets<Ipv6>(bytes.subspan(1));
  return fail(WireError::bad_address, fmt::format("node address of unknown family {}", bytes[0]));
}

}  // namespace nym::wire
