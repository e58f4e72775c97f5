#include "sim/model/model_payload.h"

#include <algorithm>

#include "engine/base/check.h"
#include "sim/model/mixing.h"

namespace nym::sim {
namespace {

constexpr std::size_t kPrefix = 16;
constexpr std::size_t kChecksum = 8;
constexpr std::size_t kSizeAt = sphinx::kHeader + kChecksum;

/// Over what is stored of a packet behind the payload's checksum.
std::uint64_t payload_checksum(const ModelHeader& header, ByteView stored, std::size_t payload_size) {
  return checksum(mix(header.payload_seed(), payload_size), stored.subspan(kSizeAt));
}

/// `stored`: bytes of plaintext that will be put.
ByteWriter begin_packet(const PacketShape& shape, std::size_t plaintext_size, std::size_t stored) {
  ByteWriter writer(sphinx::kHeader + kPrefix + stored);
  writer.put(shape.header).put_zeros(kChecksum).put_be(static_cast<std::uint32_t>(plaintext_size)).put_zeros(4);
  return writer;
}

Blob finish_packet(const PacketShape& shape, Bytes bytes) {
  ModelHeader header(ByteView(bytes).first<sphinx::kHeader>());
  auto sum = payload_checksum(header, bytes, shape.payload_size);
  store_be(shape.state == PayloadState::intact ? sum : ~sum,
           MutableByteView(bytes).subspan(sphinx::kHeader).first<kChecksum>());
  return Blob::with_zero_tail(std::move(bytes), sphinx::kHeader + shape.payload_size);
}

}  // namespace

KeyField ordinary_key_field(std::uint64_t ephemeral, std::uint64_t recipient) {
  KeyField out{};
  std::uint64_t shared = mix(mix(seed(Purpose::key_field), ephemeral), recipient);
  store_be(ephemeral, std::span(out).first<8>());
  scramble(shared, MutableByteView(out).subspan(8));
  return out;
}

AckBytes scramble_ack(const sphinx::AckKey& key, AckBytes ack) {
  auto [iv, id] = std::pair(ByteView(ack).first<16>(), MutableByteView(ack).subspan<16>());
  scramble(checksum(checksum(seed(Purpose::ack), key.expose()), iv), id);
  return ack;
}

AckBytes ack_bytes(const sphinx::AckPayload& payload) {
  AckBytes ack{};
  std::ranges::copy(payload.id, std::ranges::copy(payload.iv, ack.begin()).out);
  return scramble_ack(payload.key, ack);
}

Blob write_packet(const PacketShape& shape, const AckBytes& ack) {
  auto writer = begin_packet(shape, ack.size(), ack.size());
  return finish_packet(shape, writer.put(ack).finish());
}

Blob write_packet(const PacketShape& shape, const sphinx::SurbAck& ack, const KeyField& key_field,
                  const Blob& fragment) {
  ByteView stored = fragment.stored();
  ByteView ack_packet = ack.packet.stored();
  constexpr std::size_t kBefore = sphinx::kSurbAck + sphinx::kFragmentKeyField;
  auto writer = begin_packet(shape, kBefore + fragment.size(), kBefore + stored.size());
  writer.put(ack.first_hop).put(ack_packet).put_zeros(ack.packet.size() - ack_packet.size()).put(key_field).put(stored);
  return finish_packet(shape, writer.finish());
}

PayloadState payload_state(const ModelHeader& header, const Blob& packet) {
  if (header.progress().payload == PayloadState::damaged) return PayloadState::damaged;
  ByteView stored = packet.stored();
  if (stored.size() < sphinx::kHeader + kPrefix) return PayloadState::damaged;
  auto sum = load_be<std::uint64_t>(stored.subspan(sphinx::kHeader).first<kChecksum>());
  bool matches = sum == payload_checksum(header, stored, packet.size() - sphinx::kHeader);
  return matches ? PayloadState::intact : PayloadState::damaged;
}

Blob plaintext_of(const Blob& packet) {
  auto size = load_be<std::uint32_t>(packet.stored().subspan(kSizeAt).first<4>());
  NYM_CHECK(size <= packet.size() - sphinx::kHeader - sphinx::kPayloadOverhead);
  return packet.slice(sphinx::kHeader + kPrefix, size);
}

}  // namespace nym::sim
