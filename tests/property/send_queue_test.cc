#include "engine/client/send_queue.h"

#include "engine/wire/message.h"
#include "sim/kernel/seeded_random.h"
#include "tests/property/commands.h"

namespace nym::client {
namespace {

Lane lane_of(int index) {
  return index == 0   ? Lane{}
         : index == 1 ? Lane{Lane::Kind::retransmission, {}}
                      : Lane::of({1}, app_api::LaneId{static_cast<std::uint64_t>(index)});
}

/// A queue, and lists of what should wait in each lane: (message, fragments left of it).
struct Both {
  static inline std::size_t executed = 0;
  using Waiting = std::pair<std::uint64_t, std::size_t>;

  sim::SeededRandom random{7};
  SendQueue queue{std::make_unique<sim::SeededRandom>(1)};
  std::map<Lane, std::deque<Waiting>> lanes;
  std::map<Lane, std::uint64_t> published;
  std::uint64_t next_message = 1;

  static std::size_t length(const std::deque<Waiting>& lane) {
    std::size_t count = 0;
    for (const auto& [message, left] : lane) count += left;
    return count;
  }
  void compare() const {
    ++executed;
    std::size_t total = 0;
    for (const auto& [lane, waiting] : lanes) {
      RC_ASSERT(queue.waiting_in(lane) == length(waiting));
      total += length(waiting);
    }
    RC_ASSERT(queue.size() == total);
    RC_ASSERT(queue.lane_count() == lanes.size());
    for (int i = 2; i < 6; ++i) {
      auto found = published.find(lane_of(i));
      RC_ASSERT(queue.published_length(lane_of(i)) == (found == published.end() ? 0 : found->second));
    }
  }
  void take_front(const Lane& lane) {
    auto& waiting = lanes.at(lane);
    if (--waiting.front().second == 0) waiting.pop_front();
    if (waiting.empty()) {
      lanes.erase(lane);
      published.erase(lane);
    } else if (lane.kind == Lane::Kind::app) {
      published[lane] = length(waiting);
    }
  }
};

struct PushMessage : test::Command<Both> {
  int lane = *rc::gen::inRange(0, 6);
  std::size_t bytes = *rc::gen::inRange<std::size_t>(0, 300'000);
  void run(const test::NoState&, Both& both) const override {
    Fragmenter fragmenter(wire::serialise(wire::PlainMessage{Bytes(bytes, 1)}), wire::PacketSize::regular, both.random);
    MessageId id{both.next_message++};
    auto message = std::make_shared<OutgoingMessage>(std::move(fragmenter), wire::PacketSize::regular, ToSender{}, id);
    both.lanes[lane_of(lane)].emplace_back(id.value, message->fragments());
    both.queue.push(lane_of(lane), message);
    both.compare();
  }
  void show(std::ostream& os) const override { os << "push message of " << bytes << " to lane " << lane; }
};

struct PushFragment : test::Command<Both> {
  int lane = *rc::gen::inRange(0, 6);
  void run(const test::NoState&, Both& both) const override {
    QueuedFragment one;
    one.outgoing.message = MessageId{both.next_message++};
    both.lanes[lane_of(lane)].emplace_back(one.outgoing.message->value, 1U);
    both.queue.push(lane_of(lane), one);
    both.compare();
  }
  void show(std::ostream& os) const override { os << "push fragment to lane " << lane; }
};

struct Pop : test::Command<Both> {
  int times = *rc::gen::inRange(1, 60);
  void run(const test::NoState&, Both& both) const override {
    for (int i = 0; i < times; ++i) pop_one(both);
    both.compare();
  }
  static void pop_one(Both& both) {
    constexpr std::size_t kSmall = 100;
    auto popped = both.queue.pop();
    RC_ASSERT(popped.has_value() == !both.lanes.empty());
    if (!popped) return;
    bool any_small = false;
    for (const auto& [lane, waiting] : both.lanes) any_small = any_small || Both::length(waiting) < kSmall;
    for (const auto& [lane, waiting] : both.lanes) {
      if (waiting.front().first != popped->outgoing.message->value) continue;
      RC_ASSERT(!any_small || Both::length(waiting) < kSmall);
      return both.take_front(Lane(lane));
    }
    RC_FAIL("what came is not the front of any lane");
  }
  void show(std::ostream& os) const override { os << "pop " << times; }
};

struct RemoveLane : test::Command<Both> {
  int lane = *rc::gen::inRange(2, 6);
  void run(const test::NoState&, Both& both) const override {
    std::vector<MessageId> expected;
    if (auto found = both.lanes.find(lane_of(lane)); found != both.lanes.end()) {
      for (const auto& [message, left] : found->second) expected.push_back(MessageId{message});
      both.lanes.erase(found);
    }
    RC_ASSERT(both.queue.remove(lane_of(lane)) == expected);
    both.compare();
  }
  void show(std::ostream& os) const override { os << "remove lane " << lane; }
};

struct Forget : test::Command<Both> {
  std::uint64_t message = *rc::gen::inRange<std::uint64_t>(1, 40);
  void run(const test::NoState&, Both& both) const override {
    both.queue.forget(MessageId{message});
    for (auto next = both.lanes.begin(); next != both.lanes.end();) {
      auto lane = next++;
      std::erase_if(lane->second, [&](const auto& waiting) { return waiting.first == message; });
      if (!lane->second.empty()) continue;
      both.published.erase(lane->first);
      both.lanes.erase(lane);
    }
    both.compare();
  }
  void show(std::ostream& os) const override { os << "forget message " << message; }
};

TEST(SendQueueCommands, BehaveLikeListsOfLanes) {
  test::check_commands<Both, PushMessage, PushFragment, Pop, RemoveLane, Forget>();
}

}  // namespace
}  // namespace nym::client
