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
constexpr std::size_t kIdentity = 16;
constexpr std::size_t kHopsAt = 16;
constexpr std::size_t kIndexAt = 17;
constexpr std::size_t kStateAt = 18;
constexpr std::size_t kAlphaTopAt = 31;
constexpr std::size_t kChecksumAt = 32;
constexpr std::size_t kDestinationAt = 48;
constexpr std::size_t kRecordsAt = 80;
constexpr std::size_t kRecord = 48;
static_assert(kRecordsAt + sphinx::kMaxHops * kRecord <= sphinx::kHeader);

template <std::size_t N>
std::span<std::uint8_t, N> field(sphinx::HeaderBytes& bytes, std::size_t at) {
  return MutableByteView(bytes).subspan(at).first<N>();
}
template <std::size_t N>
FixedView<N> field(const sphinx::HeaderBytes& bytes, std::size_t at) {
  return ByteView(bytes).subspan(at).first<N>();
}

// As the real first alpha, a function of the clamped secret only.
void write_identity(const Secret<32>& initial_secret, sphinx::HeaderBytes& bytes) {
  Secret<32> clamped = initial_secret;
  crypto::clamp(clamped);
  store_be(checksum(seed(Purpose::identity_high), clamped.expose()), field<8>(bytes, 0));
  store_be(checksum(seed(Purpose::identity_low), clamped.expose()), field<8>(bytes, 8));
}

}  // namespace

std::uint64_t fingerprint(const crypto::X25519PublicKey& key) {
  auto bytes = key.bytes;
  bytes[31] &= 0x7fU;
  return checksum(seed(Purpose::key), bytes);
}

ModelHeader::ModelHeader(const sphinx::HeaderBytes& bytes) : bytes_(bytes) {
  bytes_[kAlphaTopAt] &= 0x7fU;
}

ModelHeader ModelHeader::make(const sphinx::HeaderPlan& plan) {
  sphinx::HeaderBytes bytes{};
  auto hops = plan.route.hops();
  write_identity(plan.initial_secret, bytes);
  bytes[kHopsAt] = static_cast<std::uint8_t>(hops.size());
  std::ranges::copy(plan.destination.bytes, bytes.begin() + kDestinationAt);
  for (std::size_t i = 0; i < hops.size(); ++i) {
    std::size_t at = kRecordsAt + i * kRecord;
    store_be(fingerprint(hops[i].key), field<8>(bytes, at));
    if (i + 1 == hops.size()) break;
    store_be(hops[i].delay.ns, field<8>(bytes, at + 8));
    std::ranges::copy(hops[i + 1].address.bytes, field<sphinx::kNodeAddress>(bytes, at + 16).begin());
  }
  ModelHeader header(bytes);
  store_be(header.compute_checksum(), field<8>(header.bytes_, kChecksumAt));
  return header;
}

bool ModelHeader::is_authentic(const crypto::X25519PublicKey& node_key) const {
  if (load_be<std::uint64_t>(field<8>(bytes_, kChecksumAt)) != compute_checksum()) return false;
  if (hops() == 0 || hops() > sphinx::kMaxHops || hop_index() >= hops()) return false;
  return load_be<std::uint64_t>(record().first<8>()) == fingerprint(node_key);
}

bool ModelHeader::is_final() const {
  return hop_index() + 1 == hops();
}

PayloadState ModelHeader::payload_state() const {
  return PayloadState{bytes_[kStateAt]};
}

// As a real shared secret, a function of the initial secret and of the keys up to this hop.
sphinx::ReplayTag ModelHeader::replay_tag() const {
  std::uint64_t high = mix(seed(Purpose::tag_high), load_be<std::uint64_t>(field<8>(bytes_, 0)));
  std::uint64_t low = mix(seed(Purpose::tag_low), load_be<std::uint64_t>(field<8>(bytes_, 8)));
  for (std::size_t i = 0; i <= hop_index(); ++i) {
    auto key = load_be<std::uint64_t>(field<8>(bytes_, kRecordsAt + i * kRecord));
    high = mix(high, key);
    low = mix(low, key);
  }
  sphinx::ReplayTag tag;
  store_be(high, std::span(tag.bytes).first<8>());
  store_be(low, std::span(tag.bytes).last<8>());
  return tag;
}

sphinx::NodeAddress ModelHeader::next_address() const {
  return {to_array<sphinx::kNodeAddress>(record().subspan<16, sphinx::kNodeAddress>())};
}

sphinx::HopDelay ModelHeader::delay() const {
  return {load_be<std::uint64_t>(record().subspan<8, 8>())};
}

sphinx::Destination ModelHeader::destination() const {
  return {to_array<sphinx::kDestination>(field<sphinx::kDestination>(bytes_, kDestinationAt))};
}

ModelHeader ModelHeader::for_next_hop(PayloadState state) const {
  ModelHeader next = *this;
  next.bytes_[kIndexAt] = static_cast<std::uint8_t>(hop_index() + 1);
  next.bytes_[kStateAt] = static_cast<std::uint8_t>(state);
  store_be(next.compute_checksum(), field<8>(next.bytes_, kChecksumAt));
  return next;
}

std::uint64_t ModelHeader::payload_seed() const {
  return checksum(seed(Purpose::payload), field<kIdentity>(bytes_, 0));
}

std::uint64_t ModelHeader::surb_seed() const {
  return checksum(seed(Purpose::surb), bytes_);
}

std::size_t ModelHeader::hops() const {
  return bytes_[kHopsAt];
}

std::size_t ModelHeader::hop_index() const {
  return bytes_[kIndexAt];
}

FixedView<kRecord> ModelHeader::record() const {
  return field<kRecord>(bytes_, kRecordsAt + hop_index() * kRecord);
}

std::uint64_t ModelHeader::compute_checksum() const {
  auto before = checksum(seed(Purpose::header), field<kChecksumAt>(bytes_, 0));
  return checksum(before, ByteView(bytes_).subspan(kChecksumAt + 8));
}

}  // namespace nym::sim
