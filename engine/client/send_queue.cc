#include "engine/client/send_queue.h"

#include <algorithm>

namespace nym::client {
namespace {

constexpr std::size_t kSmallLane = 100;
constexpr std::size_t kOldestLanes = 4;
constexpr std::uint64_t kThirds = 3;

}  // namespace

void SendQueue::push(const Lane& lane, QueuedFragment fragment) {
  lanes_[lane].fragments.push_back(std::move(fragment));
  ++size_;
}

std::optional<QueuedFragment> SendQueue::pop() {
  if (lanes_.empty()) return std::nullopt;
  auto lane = choose();
  QueuedFragment fragment = std::move(lane->second.fragments.front());
  lane->second.fragments.pop_front();
  ++lane->second.transmitted;
  --size_;
  if (lane->second.fragments.empty()) {
    published_.erase(lane->first);
    lanes_.erase(lane);
  } else if (lane->first.kind == Lane::Kind::app) {
    published_[lane->first] = lane->second.fragments.size();
  }
  return fragment;
}

// Small lanes first; when there is none, two times of three one of the four that have sent most (they are the oldest).
SendQueue::Lanes::iterator SendQueue::choose() {
  if (lanes_.size() == 1) return lanes_.begin();
  std::vector<Lanes::iterator> all;
  std::vector<Lanes::iterator> small;
  for (auto lane = lanes_.begin(); lane != lanes_.end(); ++lane) {
    all.push_back(lane);
    if (lane->second.fragments.size() < kSmallLane) small.push_back(lane);
  }
  if (!small.empty()) return choose_among(small);
  if (draw_below(*random_, kThirds) == 0) return choose_among(all);
  std::sort(all.begin(), all.end(), [](auto a, auto b) {
    auto [sent_a, sent_b] = std::pair(a->second.transmitted, b->second.transmitted);
    return sent_a != sent_b ? sent_a > sent_b : a->first < b->first;
  });
  all.resize(std::min(all.size(), kOldestLanes));
  return choose_among(all);
}

SendQueue::Lanes::iterator SendQueue::choose_among(const std::vector<Lanes::iterator>& lanes) {
  return lanes[draw_below(*random_, lanes.size())];
}

std::deque<QueuedFragment> SendQueue::remove(const Lane& lane) {
  auto found = lanes_.find(lane);
  if (found == lanes_.end()) return {};
  auto fragments = std::move(found->second.fragments);
  lanes_.erase(found);
  size_ -= fragments.size();
  return fragments;
}

void SendQueue::forget_lengths_of(AppSessionId session) {
  std::erase_if(published_, [session](const auto& entry) { return entry.first.session == session; });
}

std::uint64_t SendQueue::published_length(const Lane& lane) const {
  auto found = published_.find(lane);
  return found == published_.end() ? 0 : found->second;
}

}  // namespace nym::client
