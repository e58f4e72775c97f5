#include "sim/model/model_header.h"

#include <algorithm>

#include "sim/model/mixing.h"

namespace nym::sim {
namespace {

//   0  identity of the packet 16      32  checksum 8            80  one record a hop, 48 bytes:
//  16  number of hops                 40  zeros                       fingerprint of the hop's key 8
//  17  index of the hop               48  destination 32              delay 8
//  18  state of the payload                                           address of the next hop 32
//  19  zeros up to 32                                          320  zeros
constexpr std::size_t kHopsAt = 16;
constexpr std::size_t kIndexAt = 17;
constexpr std::size_t kStateAt = 18;
constexpr std::size_t kAlphaTopAt = 31;
constexpr std::size_t kChecksumAt = 32;
constexpr std::size_t kDestinationAt = 48;
constexpr std::size_t kRecordsAt = 80;
constexpr std::size_t kRecord = 48;
constexpr std::uint8_t kWithoutTop = 0x7f;
static_assert(kRecordsAt + sphinx::kMaxHops * kRecord <= sphinx::kHeader);

template <std::size_t N>
std::span<std::uint8_t, N> field(sphinx::HeaderBytes& bytes, std::size_t at) {
  return MutableByteView(bytes).subspan(at).first<N>();
}
std::uint64_t word(FixedView<sphinx::kHeader> bytes, std::size_t at) {
  return load_be<std::uint64_t>(bytes.subspan(at).first<8>());
}

/// Of what stays the same at every hop.
std::uint64_t lasting_checksum(FixedView<sphinx::kHeader> bytes) {
  auto lasting = to_array<sphinx::kHeader>(bytes);
  lasting[kIndexAt] = 0;
  lasting[kStateAt] = 0;
  lasting[kAlphaTopAt] &= kWithoutTop;
  store_be(std::uint64_t{0}, field<8>(lasting, kChecksumAt));
  return checksum(seed(Purpose::header), lasting);
}

/// Of the rest: both together are the header's checksum.
std::uint64_t passing_checksum(std::uint8_t index, std::uint8_t state) {
  return mix(seed(Purpose::progress), static_cast<std::uint64_t>(index) << 8U | state);
}

}  // namespace

PacketIdentity identity_of(const Secret<32>& initial_secret) {
  Secret<32> clamped = initial_secret;
  crypto::clamp(clamped);
  return {digest(seed(Purpose::identity_high), clamped.expose()),
          digest(seed(Purpose::identity_low), clamped.expose())};
}

sphinx::ReplayTag replay_tag(PacketIdentity identity, std::span<const std::uint64_t> keys) {
  auto all = seed(Purpose::tag);
  for (auto key : keys) all = mix(all, key);
  sphinx::ReplayTag tag;
  store_be(mix(all, identity.high), std::span(tag.bytes).first<8>());
  store_be(mix(all, identity.low), std::span(tag.bytes).last<8>());
  return tag;
}

sphinx::HeaderBytes ModelHeader::make(const HeaderContent& content) {
  sphinx::HeaderBytes bytes{};
  store_be(content.identity.high, field<8>(bytes, 0));
  store_be(content.identity.low, field<8>(bytes, 8));
  bytes[kHopsAt] = static_cast<std::uint8_t>(content.size);
  std::ranges::copy(content.destination.bytes, bytes.begin() + kDestinationAt);
  for (std::size_t i = 0; i < content.size; ++i) {
    std::size_t at = kRecordsAt + i * kRecord;
    store_be(content.hops[i].key, field<8>(bytes, at));
    if (i + 1 == content.size) break;
    store_be(content.hops[i].delay.ns, field<8>(bytes, at + 8));
    std::ranges::copy(content.hops[i + 1].address.bytes, field<sphinx::kNodeAddress>(bytes, at + 16).begin());
  }
  store_be(lasting_checksum(bytes) ^ passing_checksum(0, 0), field<8>(bytes, kChecksumAt));
  return bytes;
}

sphinx::HeaderBytes ModelHeader::make(const sphinx::HeaderPlan& plan) {
  HeaderContent content{identity_of(plan.initial_secret), plan.destination, {}, 0};
  for (const auto& hop : plan.route.hops()) {
    content.hops[content.size++] = {fingerprint(hop.key), hop.delay, hop.address};
  }
  return make(content);
}

bool ModelHeader::is_sound() const {
  auto sum = lasting_checksum(bytes_) ^ passing_checksum(bytes_[kIndexAt], bytes_[kStateAt]);
  std::size_t hops = bytes_[kHopsAt];
  return word(bytes_, kChecksumAt) == sum && hops <= sphinx::kMaxHops && bytes_[kIndexAt] < hops;
}

Progress ModelHeader::progress() const {
  return {bytes_[kIndexAt], PayloadState{bytes_[kStateAt]}};
}

bool ModelHeader::is_for(const crypto::X25519PublicKey& node_key, std::uint8_t hop) const {
  return load_be<std::uint64_t>(record(hop).first<8>()) == fingerprint(node_key);
}

bool ModelHeader::is_last(std::uint8_t hop) const {
  return hop + 1 == bytes_[kHopsAt];
}

sphinx::ReplayTag ModelHeader::replay_tag(std::uint8_t hop) const {
  std::array<std::uint64_t, sphinx::kMaxHops> keys{};
  for (std::size_t i = 0; i <= hop; ++i) keys[i] = word(bytes_, kRecordsAt + i * kRecord);
  return sim::replay_tag({word(bytes_, 0), word(bytes_, 8)}, std::span(keys).first(hop + 1U));
}

sphinx::NodeAddress ModelHeader::next_address(std::uint8_t hop) const {
  return {to_array<sphinx::kNodeAddress>(record(hop).subspan<16, sphinx::kNodeAddress>())};
}

sphinx::HopDelay ModelHeader::delay(std::uint8_t hop) const {
  return {load_be<std::uint64_t>(record(hop).subspan<8, 8>())};
}

sphinx::Destination ModelHeader::destination() const {
  return {to_array<sphinx::kDestination>(bytes_.subspan(kDestinationAt))};
}

sphinx::HeaderBytes ModelHeader::at(Progress progress) const {
  auto bytes = to_array<sphinx::kHeader>(bytes_);
  bytes[kIndexAt] = progress.hop;
  bytes[kStateAt] = static_cast<std::uint8_t>(progress.payload);
  bytes[kAlphaTopAt] &= kWithoutTop;
  auto sum = word(bytes_, kChecksumAt) ^ passing_checksum(bytes_[kIndexAt], bytes_[kStateAt]);
  store_be(sum ^ passing_checksum(bytes[kIndexAt], bytes[kStateAt]), field<8>(bytes, kChecksumAt));
  return bytes;
}

std::uint64_t ModelHeader::payload_seed() const {
  return mix(mix(seed(Purpose::payload), word(bytes_, 0)), word(bytes_, 8));
}

std::uint64_t ModelHeader::surb_seed() const {
  return mix(seed(Purpose::surb), lasting_checksum(bytes_));
}

FixedView<kRecord> ModelHeader::record(std::uint8_t hop) const {
  return bytes_.subspan(kRecordsAt + hop * kRecord).first<kRecord>();
}

}  // namespace nym::sim
