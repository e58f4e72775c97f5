#include "sim/model/model_payload.h"

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

}  // namespace

PacketWriter::PacketWriter(const sphinx::HeaderBytes& header, std::size_t plaintext_size, std::size_t stored)
    : writer_(sphinx::kHeader + kPrefix + stored) {
  writer_.put(header).put_zeros(kChecksum).put_be(static_cast<std::uint32_t>(plaintext_size)).put_zeros(4);
}

Blob PacketWriter::finish(std::size_t payload_size, PayloadState state) {
  Bytes bytes = writer_.finish();
  ModelHeader header(ByteView(bytes).first<sphinx::kHeader>());
  auto sum = payload_checksum(header, bytes, payload_size);
  store_be(state == PayloadState::intact ? sum : ~sum,
           MutableByteView(bytes).subspan(sphinx::kHeader).first<kChecksum>());
  return Blob::with_zero_tail(std::move(bytes), sphinx::kHeader + payload_size);
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
