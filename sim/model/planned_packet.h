#pragma once

#include "sim/model/model_payload.h"

namespace nym::sim {

/// The way of a packet, as its header says it, in a third of a header's bytes.
class Course {
 public:
  /// None if the book is full or a delay is longer than three days.
  static std::optional<Course> plan(NodeBook& book, const sphinx::HeaderPlan& header);

  std::uint8_t size() const { return size_; }
  const NodeBook::Node& node(std::uint8_t hop) const {
    return (*book_)[static_cast<NodeBook::Number>(hops_.at(hop) >> kDelayBits)];
  }
  sphinx::HopDelay delay(std::uint8_t hop) const { return {hops_.at(hop) & kLongestDelay}; }
  sphinx::ReplayTag replay_tag(std::uint8_t hop) const;
  const sphinx::Destination& destination() const { return destination_; }
  sphinx::HeaderBytes header() const;

 private:
  static constexpr unsigned kDelayBits = 48;
  static constexpr std::uint64_t kLongestDelay = (std::uint64_t{1} << kDelayBits) - 1;

  const NodeBook* book_ = nullptr;  ///< of the suite, which outlives its packets
  PacketIdentity identity_;
  sphinx::Destination destination_;
  std::array<std::uint64_t, sphinx::kMaxHops> hops_{};  ///< number of the node, then the delay
  std::uint8_t size_ = 0;
};

/// A packet that nobody has wanted the bytes of: its plan. Its bytes are those for the first node, then those for the
/// second, and so on; who looks at a blob of the right part of them knows how far the packet has come.
class PlannedPacket : public PendingBytes {
 public:
  PlannedPacket(const Course& course, std::size_t payload_size)
      : course_(course), payload_size_(static_cast<std::uint32_t>(payload_size)) {}

  const Course& course() const { return course_; }
  std::size_t payload_size() const { return payload_size_; }
  std::size_t size() const { return sphinx::kHeader + payload_size_; }
  /// What the last node finds in it.
  virtual Blob plaintext(const std::shared_ptr<BlobSource>& self) const = 0;

 protected:
  Bytes compute() override;
  virtual Blob write(const PacketShape& shape) const = 0;

 private:
  Course course_;
  std::uint32_t payload_size_;
};

class PlannedAck final : public PlannedPacket {
 public:
  PlannedAck(const Course& course, std::size_t payload_size, const AckBytes& ack)
      : PlannedPacket(course, payload_size), ack_(ack) {}
  Blob plaintext(const std::shared_ptr<BlobSource>&) const override { return Bytes(ack_.begin(), ack_.end()); }

 protected:
  Blob write(const PacketShape& shape) const override { return write_packet(shape, ack_); }

 private:
  AckBytes ack_;
};

class PlannedFragment final : public PlannedPacket {
 public:
  /// None if the acknowledgement was not planned here.
  static std::shared_ptr<PlannedFragment> plan(const Course& course, std::size_t payload_size,
                                               const sphinx::FragmentPayload& payload);
  PlannedFragment(const Course& course, std::size_t payload_size, const sphinx::FragmentPayload& payload);

  Blob plaintext(const std::shared_ptr<BlobSource>& self) const override;
  sphinx::SurbAck ack() const;
  KeyField key_field() const { return ordinary_key_field(ephemeral_, recipient_); }
  Blob fragment() const { return Blob::pending(fragment_, fragment_size_); }

 protected:
  Blob write(const PacketShape& shape) const override { return write_packet(shape, ack(), key_field(), fragment()); }

 private:
  std::shared_ptr<BlobSource> ack_;
  std::uint64_t ephemeral_;
  std::uint64_t recipient_;
  std::shared_ptr<BlobSource> fragment_;
  std::uint32_t fragment_size_;
};

/// A planned packet, and the node whose turn it is.
struct PlannedTurn {
  const PlannedPacket* packet = nullptr;  ///< null: it is something else
  std::uint8_t hop = 0;
};
PlannedTurn planned_turn(const Blob& packet);
/// As the node with this place on its way gets it.
Blob packet_at(std::shared_ptr<BlobSource> planned, std::uint8_t hop);

}  // namespace nym::sim
