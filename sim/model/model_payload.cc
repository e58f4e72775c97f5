#include "sim/model/model_payload.h"

#include "engine/base/check.h"
#include "sim/model/mixing.h"

namespace nym::sim {
namespace {

constexpr std::size_t kPrefix = 16;
constexpr std::size_t kChecksum = 8;

std::uint64_t payload_checksum(const ModelHeader& header, ByteView after_checksum, std::size_t payload_size) {
  return checksum(mix(header.payload_seed(), payload_size), after_checksum);
}

}  // namespace

Blob join_packet(const ModelHeader& header, ByteView plaintext, std::size_t plaintext_size, std::size_t payload_size,
                 PayloadState state) {
  Bytes bytes = ByteWriter(sphinx::kHeader + kPrefix + plaintext.size())
                    .put(header.bytes())
                    .put_zeros(kChecksum)
                    .put_be(static_cast<std::uint32_t>(plaintext_size))
                    .put_zeros(4)
                    .put(plaintext)
                    .finish();
  auto payload = MutableByteView(bytes).subspan(sphinx::kHeader);
  auto sum = payload_checksum(header, payload.subspan(kChecksum), payload_size);
  store_be(state == PayloadState::intact ? sum : ~sum, payload.first<kChecksum>());
  return Blob::with_zero_tail(std::move(bytes), sphinx::kHeader + payload_size);
}

PayloadState payload_state(const ModelHeader& header, const Blob& payload) {
  if (header.payload_state() == PayloadState::damaged || payload.size() < kPrefix) return PayloadState::damaged;
  auto sum = load_be<std::uint64_t>(*payload.first<kChecksum>());
  auto after_checksum = payload.slice(kChecksum);
  bool matches = sum == payload_checksum(header, after_checksum.stored(), payload.size());
  return matches ? PayloadState::intact : PayloadState::damaged;
}

Blob plaintext_of(const Blob& payload) {
  auto size = load_be<std::uint32_t>(*payload.slice(kChecksum).first<4>());
  NYM_CHECK(size <= payload.size() - sphinx::kPayloadOverhead);
  return payload.slice(kPrefix, size);
}

}  // namespace nym::sim
