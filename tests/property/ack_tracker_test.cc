#include "engine/client/ack_tracker.h"

#include "sim/kernel/seeded_random.h"
#include "tests/property/commands.h"

namespace nym::client {
namespace {

wire::FragmentId id_of(std::uint32_t index) {
  return {{index}, 1};
}
/// Every third fragment has no message.
std::optional<MessageId> message_of(std::uint32_t index) {
  if (index % 3 == 0) return std::nullopt;
  return MessageId{index % 5};
}

/// A tracker, and for each fragment that is not acknowledged how often it was sent and whether it waits for its turn.
struct Both {
  static inline std::size_t executed = 0;
  struct Known {
    std::uint32_t tries = 0;
    bool due = false;
    TimePoint first_sent;
    TimePoint last_sent;
  };

  AckConfig config{.max_tries = 4, .max_age = Duration::seconds(120)};
  AckTracker tracker{config, std::make_unique<sim::SeededRandom>(1)};
  std::map<std::uint32_t, Known> pending;
  TimePoint now = TimePoint::at(Duration::seconds(1));

  void compare() const {
    ++executed;
    RC_ASSERT(tracker.size() == pending.size());
    bool any_armed = false;
    for (const auto& [index, known] : pending) {
      RC_ASSERT(tracker.is_pending(id_of(index)));
      any_armed = any_armed || !known.due;
    }
    RC_ASSERT(tracker.next_deadline().has_value() == any_armed);
    RC_ASSERT((tracker.bytes() == 0) == pending.empty());
  }
};

struct SendOne : test::Command<Both> {
  std::uint32_t index = *rc::gen::inRange<std::uint32_t>(1, 30);
  Duration expected = Duration::milliseconds(*rc::gen::inRange(0, 2'000));
  void run(const test::NoState&, Both& both) const override {
    auto& known = both.pending[index];
    if (known.tries == 0) known.first_sent = both.now;
    ++known.tries;
    known.due = false;
    known.last_sent = both.now;
    OutgoingFragment fragment;
    fragment.fragment = {id_of(index), Blob(Bytes(10))};
    fragment.message = message_of(index);
    both.tracker.on_sent(both.now, fragment, expected);
    RC_ASSERT(both.tracker.next_deadline() >= both.now);
    both.compare();
  }
  void show(std::ostream& os) const override { os << "send " << index; }
};

struct Acknowledge : test::Command<Both> {
  std::uint32_t index = *rc::gen::inRange<std::uint32_t>(1, 30);
  void run(const test::NoState&, Both& both) const override {
    auto acknowledged = both.tracker.on_ack(both.now, id_of(index));
    auto found = both.pending.find(index);
    RC_ASSERT(acknowledged.has_value() == (found != both.pending.end()));
    if (acknowledged) {
      RC_ASSERT(acknowledged->message == message_of(index));
      RC_ASSERT(acknowledged->round_trip == both.now - found->second.last_sent);
      both.pending.erase(found);
    }
    both.compare();
  }
  void show(std::ostream& os) const override { os << "acknowledge " << index; }
};

struct Wait : test::Command<Both> {
  Duration span = Duration::milliseconds(*rc::gen::inRange(0, 40'000));
  void run(const test::NoState&, Both& both) const override {
    both.now = both.now + span;
    auto expired = both.tracker.take_expired(both.now);
    for (const auto& one : expired.retransmit) {
      auto& known = both.pending.at(one.fragment.id.set.value);
      RC_ASSERT(!known.due);
      RC_ASSERT(known.tries < both.config.max_tries);
      known.due = true;
    }
    for (const auto& one : expired.failed) {
      auto& known = both.pending.at(one.fragment.id.set.value);
      RC_ASSERT(known.tries >= both.config.max_tries || both.now - known.first_sent >= both.config.max_age);
      both.pending.erase(one.fragment.id.set.value);
    }
    RC_ASSERT(!both.tracker.next_deadline() || *both.tracker.next_deadline() > both.now);
    both.compare();
  }
  void show(std::ostream& os) const override { os << "wait " << span.whole_ms() << " ms"; }
};

struct Postpone : test::Command<Both> {
  std::uint32_t index = *rc::gen::inRange<std::uint32_t>(1, 30);
  void run(const test::NoState&, Both& both) const override {
    both.tracker.postpone(both.now, id_of(index));
    if (auto found = both.pending.find(index); found != both.pending.end()) found->second.due = false;
    both.compare();
  }
  void show(std::ostream& os) const override { os << "postpone " << index; }
};

struct ForgetMessage : test::Command<Both> {
  MessageId message{*rc::gen::inRange<std::uint64_t>(0, 5)};
  void run(const test::NoState&, Both& both) const override {
    both.tracker.forget(message);
    std::erase_if(both.pending, [&](const auto& entry) { return message_of(entry.first) == message; });
    both.compare();
  }
  void show(std::ostream& os) const override { os << "forget message " << message.value; }
};

TEST(AckTrackerCommands, BehaveLikeAListOfWhatIsOutstanding) {
  test::check_commands<Both, SendOne, Acknowledge, Wait, Postpone, ForgetMessage>();
}

}  // namespace
}  // namespace nym::client
