#include "engine/client/send_queue.h"

#include <algorithm>

#include "engine/base/check.h"

namespace nym::client {
namespace {

constexpr std::size_t kSmallLane = 100;
constexpr std::size_t kOldestLanes = 4;
constexpr std::uint64_t kThirds = 3;

std::optional<MessageId> message_of(const std::variant<QueuedFragment, std::shared_ptr<OutgoingMessage>>& item) {
  if (const auto* single = std::get_if<QueuedFragment>(&item)) return single->outgoing.message;
  return std::get<std::shared_ptr<OutgoingMessage>>(item)->id();
}

}  // namespace

void SendQueue::push(const Lane& lane, QueuedFragment fragment) {
  Waiting& waiting = lanes_[lane];
  waiting.items.emplace_back(std::move(fragment));
  ++waiting.fragments;
  ++size_;
}

void SendQueue::push(const Lane& lane, std::shared_ptr<OutgoingMessage> message) {
  NYM_CHECK(message->remaining() > 0);
  Waiting& waiting = lanes_[lane];
  waiting.fragments += message->remaining();
  size_ += message->remaining();
  message_bytes_ += message->bytes();
  waiting.items.emplace_back(std::move(message));
}

std::optional<QueuedFragment> SendQueue::pop(From from) {
  if (lanes_.empty()) return std::nullopt;
  auto lane = from == From::any_lane ? choose() : lanes_.find({Lane::Kind::retransmission, {}});
  if (lane == lanes_.end()) return std::nullopt;
  QueuedFragment fragment = take_from(lane->second);
  ++lane->second.transmitted;
  if (lane->second.fragments == 0) {
    published_.erase(lane->first);
    lanes_.erase(lane);
  } else if (lane->first.kind == Lane::Kind::app) {
    published_[lane->first] = lane->second.fragments;
  }
  return fragment;
}

QueuedFragment SendQueue::take_from(Waiting& waiting) {
  --waiting.fragments;
  --size_;
  if (auto* single = std::get_if<QueuedFragment>(&waiting.items.front())) {
    QueuedFragment fragment = std::move(*single);
    waiting.items.pop_front();
    return fragment;
  }
  auto message = std::get<std::shared_ptr<OutgoingMessage>>(waiting.items.front());
  QueuedFragment fragment{*message->next(), std::nullopt, PacketKind::real};
  if (message->remaining() == 0) {
    message_bytes_ -= message->bytes();
    waiting.items.pop_front();
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
    if (lane->second.fragments < kSmallLane) small.push_back(lane);
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

void SendQueue::drop_items(Waiting& waiting, const std::function<bool(const Item&)>& which) {
  std::erase_if(waiting.items, [&](const Item& item) {
    if (!which(item)) return false;
    const auto* message = std::get_if<std::shared_ptr<OutgoingMessage>>(&item);
    std::size_t fragments = message != nullptr ? (*message)->remaining() : 1;
    if (message != nullptr) message_bytes_ -= (*message)->bytes();
    waiting.fragments -= fragments;
    size_ -= fragments;
    return true;
  });
}

std::vector<MessageId> SendQueue::remove(const Lane& lane) {
  auto found = lanes_.find(lane);
  if (found == lanes_.end()) return {};
  std::vector<MessageId> messages;
  drop_items(found->second, [&](const Item& item) {
    auto id = message_of(item);
    if (id && (messages.empty() || messages.back() != *id)) messages.push_back(*id);
    return true;
  });
  lanes_.erase(found);
  if (published_.size() > limits::kPublishedLanes) published_.erase(lane);
  return messages;
}

void SendQueue::forget(MessageId message) {
  for (auto lane = lanes_.begin(); lane != lanes_.end();) {
    auto current = lane++;
    drop_items(current->second, [&](const Item& item) { return message_of(item) == message; });
    if (current->second.fragments > 0) continue;
    published_.erase(current->first);
    lanes_.erase(current);
  }
}

std::size_t SendQueue::waiting_in(const Lane& lane) const {
  auto found = lanes_.find(lane);
  return found == lanes_.end() ? 0 : found->second.fragments;
}

std::size_t SendQueue::waiting(Lane::Kind kind) const {
  std::size_t count = 0;
  for (const auto& [lane, entry] : lanes_) {
    if (lane.kind == kind) count += entry.fragments;
  }
  return count;
}

void SendQueue::forget_lengths_of(AppSessionId session) {
  std::erase_if(published_, [session](const auto& entry) { return entry.first.session == session; });
}

std::uint64_t SendQueue::published_length(const Lane& lane) const {
  auto found = published_.find(lane);
  return found == published_.end() ? 0 : found->second;
}

}  // namespace nym::client
