#include "sim/model/planned_packet.h"

#include <algorithm>
#include <typeinfo>

#include "sim/model/mixing.h"

namespace nym::sim {
namespace {

/// Acknowledgement, key field and fragment, each to be had without the others.
class Plaintext final : public PendingBytes {
 public:
  explicit Plaintext(std::shared_ptr<const PlannedFragment> packet) : packet_(std::move(packet)) {}

  std::size_t size() const { return sphinx::kSurbAck + sphinx::kFragmentKeyField + packet_->fragment().size(); }
  std::optional<Blob> part(std::size_t offset, std::size_t count) const override {
    constexpr std::size_t kAddress = sizeof(sphinx::SurbAck::first_hop);
    if (offset >= sphinx::kSurbAck) return message().slice(offset - sphinx::kSurbAck, count);
    if (offset + count > sphinx::kSurbAck) return std::nullopt;
    auto ack = packet_->ack();
    if (offset >= kAddress) return ack.packet.slice(offset - kAddress, count);
    if (offset + count > kAddress) return std::nullopt;
    return Blob(to_bytes(ByteView(ack.first_hop).subspan(offset, count)));
  }

 protected:
  Bytes compute() override {
    auto ack = packet_->ack();
    return ByteWriter(size()).put(ack.first_hop).put(ack.packet.to_bytes()).put(message().stored()).finish();
  }

 private:
  Blob message() const {
    auto fragment = packet_->fragment();
    ByteView stored = fragment.stored();
    auto size = sphinx::kFragmentKeyField + fragment.size();
    auto bytes = ByteWriter(sphinx::kFragmentKeyField + stored.size()).put(packet_->key_field()).put(stored).finish();
    return Blob::with_zero_tail(std::move(bytes), size);
  }

  std::shared_ptr<const PlannedFragment> packet_;
};

}  // namespace

std::optional<Course> Course::plan(NodeBook& book, const sphinx::HeaderPlan& header) {
  Course course;
  course.book_ = &book;
  course.identity_ = identity_of(header.initial_secret);
  course.destination_ = header.destination;
  auto hops = header.route.hops();
  for (const auto& hop : hops) {
    auto number = book.number_of(hop);
    bool is_last = course.size_ + 1U == hops.size();
    auto delay = is_last ? 0 : hop.delay.ns;
    if (!number || delay > kLongestDelay) return std::nullopt;
    course.hops_.at(course.size_++) = std::uint64_t{*number} << kDelayBits | delay;
  }
  return course;
}

sphinx::ReplayTag Course::replay_tag(std::uint8_t hop) const {
  std::array<std::uint64_t, sphinx::kMaxHops> keys{};
  for (std::uint8_t i = 0; i <= hop; ++i) keys.at(i) = node(i).fingerprint;
  return sim::replay_tag(identity_, std::span(keys).first(hop + 1U));
}

sphinx::HeaderBytes Course::header() const {
  HeaderContent content{identity_, destination_, {}, size_};
  for (std::uint8_t i = 0; i < size_; ++i) content.hops.at(i) = {node(i).fingerprint, delay(i), node(i).address};
  return ModelHeader::make(content);
}

Bytes PlannedPacket::compute() {
  Blob first = write({course_.header(), payload_size_});
  ByteView stored = first.stored();
  ModelHeader header(stored.first<sphinx::kHeader>());
  Bytes all((course_.size() - 1U) * size() + stored.size());
  for (std::uint8_t hop = 0; hop < course_.size(); ++hop) {
    auto at = MutableByteView(all).subspan(hop * size());
    std::ranges::copy(stored, at.begin());
    std::ranges::copy(header.at({hop, PayloadState::intact}), at.begin());
  }
  return all;
}

std::shared_ptr<PlannedFragment> PlannedFragment::plan(const Course& course, std::size_t payload_size,
                                                       const sphinx::FragmentPayload& payload) {
  auto ack = planned_turn(payload.ack.packet);
  if (ack.packet == nullptr || ack.hop != 0 || payload.fragment.offset() != 0) return nullptr;
  const auto& address = ack.packet->course().node(0).address.bytes;
  if (!std::ranges::equal(payload.ack.first_hop, ByteView(address).first(payload.ack.first_hop.size()))) return nullptr;
  return std::make_shared<PlannedFragment>(course, payload_size, payload);
}

PlannedFragment::PlannedFragment(const Course& course, std::size_t payload_size, const sphinx::FragmentPayload& payload)
    : PlannedPacket(course, payload_size),
      ack_(payload.ack.packet.source()),
      ephemeral_(digest(seed(Purpose::ephemeral), payload.ephemeral.expose())),
      recipient_(fingerprint(payload.recipient)),
      fragment_(payload.fragment.source()),
      fragment_size_(static_cast<std::uint32_t>(payload.fragment.size())) {}

Blob PlannedFragment::plaintext(const std::shared_ptr<BlobSource>& self) const {
  auto plaintext = std::make_shared<Plaintext>(std::static_pointer_cast<const PlannedFragment>(self));
  auto size = plaintext->size();
  return Blob::pending(std::move(plaintext), size);
}

sphinx::SurbAck PlannedFragment::ack() const {
  sphinx::SurbAck ack{{}, packet_at(ack_, 0)};
  const auto& address = planned_turn(ack.packet).packet->course().node(0).address.bytes;
  std::ranges::copy(ByteView(address).first(ack.first_hop.size()), ack.first_hop.begin());
  return ack;
}

PlannedTurn planned_turn(const Blob& packet) {
  const auto* source = packet.source().get();
  if (source == nullptr) return {};
  const auto& type = typeid(*source);
  if (type != typeid(PlannedAck) && type != typeid(PlannedFragment)) return {};
  const auto* planned = static_cast<const PlannedPacket*>(source);
  if (packet.size() != planned->size() || packet.offset() % planned->size() != 0) return {};
  return {planned, static_cast<std::uint8_t>(packet.offset() / planned->size())};
}

Blob packet_at(std::shared_ptr<BlobSource> planned, std::uint8_t hop) {
  const auto& packet = static_cast<const PlannedPacket&>(*planned);
  auto [size, hops] = std::pair(packet.size(), packet.course().size());
  return Blob::pending(std::move(planned), hops * size).slice(hop * size, size);
}

}  // namespace nym::sim
