#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>

#include "engine/base/limits.h"
#include "engine/client/outgoing.h"

namespace nym::client {

/// A fragment that waits for a slot of the main stream.
struct QueuedFragment {
  OutgoingFragment outgoing;
  std::optional<sphinx::ReplySurb> surb;  ///< what it travels on, for a ToSender target
  PacketKind kind = PacketKind::real;
};

/// Lanes of messages and single fragments, and the fair choice between them (04 §3.4). Lengths count fragments.
class SendQueue {
 public:
  explicit SendQueue(std::unique_ptr<RandomSource> random) : random_(std::move(random)) {}

  /// Whether a message of `bytes` more fits within limits::kQueuedMessageBytes.
  bool has_room_for(std::size_t bytes) const { return message_bytes_ + bytes <= limits::kQueuedMessageBytes; }
  void push(const Lane& lane, QueuedFragment fragment);
  /// Of which at least one fragment remains.
  void push(const Lane& lane, std::shared_ptr<OutgoingMessage> message);

  enum class From : std::uint8_t { any_lane, retransmissions };
  std::optional<QueuedFragment> pop(From from = From::any_lane);

  /// Drops a lane; returns the messages that waited in it.
  std::vector<MessageId> remove(const Lane& lane);
  /// Drops what of this message was not cut up yet.
  void forget(MessageId message);

  std::size_t size() const { return size_; }
  std::size_t lane_count() const { return lanes_.size(); }
  std::size_t message_bytes() const { return message_bytes_; }
  std::size_t waiting_in(const Lane& lane) const;
  /// In all lanes of a kind.
  std::size_t waiting(Lane::Kind kind) const;
  /// The length an app is told: as of the last time something left the lane (a quirk, 04 §3.4).
  std::uint64_t published_length(const Lane& lane) const;
  /// Nobody will ask for the lengths of its lanes any more.
  void forget_lengths_of(AppSessionId session);

 private:
  using Item = std::variant<QueuedFragment, std::shared_ptr<OutgoingMessage>>;
  struct Waiting {
    std::deque<Item> items;
    std::size_t fragments = 0;
    std::uint64_t transmitted = 0;
  };
  using Lanes = std::map<Lane, Waiting>;
  Lanes::iterator choose();
  Lanes::iterator choose_among(const std::vector<Lanes::iterator>& lanes);
  QueuedFragment take_from(Waiting& waiting);
  void drop_items(Waiting& waiting, const std::function<bool(const Item&)>& which);

  std::unique_ptr<RandomSource> random_;
  Lanes lanes_;
  std::map<Lane, std::uint64_t> published_;
  std::size_t size_ = 0;
  std::size_t message_bytes_ = 0;
};

}  // namespace nym::client
