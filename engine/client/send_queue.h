#pragma once

#include <deque>
#include <map>

#include "engine/base/limits.h"
#include "engine/client/outgoing.h"

namespace nym::client {

/// A fragment that waits for a slot of the main stream.
struct QueuedFragment {
  OutgoingFragment outgoing;
  std::optional<sphinx::ReplySurb> surb;  ///< what it travels on, for a ToSender target
  PacketKind kind = PacketKind::real;
};

/// Lanes of fragments and the fair choice between them (04 §3.4).
class SendQueue {
 public:
  explicit SendQueue(std::unique_ptr<RandomSource> random) : random_(std::move(random)) {}

  /// Whether `count` more fit within limits::kQueuedFragments.
  bool has_room_for(std::size_t count) const { return size_ + count <= limits::kQueuedFragments; }
  void push(const Lane& lane, QueuedFragment fragment);
  std::optional<QueuedFragment> pop();
  /// Drops a lane with what waits in it and returns that.
  std::deque<QueuedFragment> remove(const Lane& lane);

  std::size_t size() const { return size_; }
  /// The length an app is told: as of the last time something left the lane (a quirk, 04 §3.4).
  std::uint64_t published_length(const Lane& lane) const;
  /// Nobody will ask for the lengths of its lanes any more.
  void forget_lengths_of(AppSessionId session);

 private:
  struct Waiting {
    std::deque<QueuedFragment> fragments;
    std::uint64_t transmitted = 0;
  };
  using Lanes = std::map<Lane, Waiting>;
  Lanes::iterator choose();
  Lanes::iterator choose_among(const std::vector<Lanes::iterator>& lanes);

  std::unique_ptr<RandomSource> random_;
  Lanes lanes_;
  std::map<Lane, std::uint64_t> published_;
  std::size_t size_ = 0;
};

}  // namespace nym::client
