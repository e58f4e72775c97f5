#include "engine/client/reply_store.h"

#include <set>

#include "tests/property/commands.h"

namespace nym::client {
namespace {

wire::SenderTag tag_of(std::uint8_t index) {
  return {{index}};
}
sphinx::SurbKey key_of(std::uint8_t index) {
  return sphinx::SurbKey(ByteArray<16>{index});
}

/// A store, and plain lists of what it should hold.
struct Both {
  static inline std::size_t executed = 0;
  ReplyStore store{{}};
  std::map<std::uint8_t, std::deque<std::uint64_t>> surbs;  ///< of each sender, oldest first
  std::map<std::uint8_t, UnixSeconds> last_received;
  std::map<std::uint8_t, UnixSeconds> keys;
  std::set<std::uint64_t> handed_out;
  std::uint64_t next_surb = 1;
  UnixSeconds now{1'000'000};

  static sphinx::ReplySurb surb(std::uint64_t mark) {
    sphinx::ReplySurb made{Bytes(sphinx::kReplySurb)};
    store_be(mark, std::span(made.bytes).first<8>());
    return made;
  }
  static std::uint64_t mark_of(const sphinx::ReplySurb& surb) {
    return load_be<std::uint64_t>(ByteView(surb.bytes).first<8>());
  }
  void compare() const {
    ++executed;
    for (std::uint8_t i = 0; i < 6; ++i) {
      auto found = surbs.find(i);
      RC_ASSERT(store.knows(tag_of(i)) == (found != surbs.end()));
      RC_ASSERT(store.available(tag_of(i)) == (found == surbs.end() ? 0 : found->second.size()));
    }
    RC_ASSERT(store.key_count() == keys.size());
  }
};

struct Receive : test::Command<Both> {
  std::uint8_t sender = *rc::gen::inRange<std::uint8_t>(0, 6);
  std::size_t count = *rc::gen::inRange<std::size_t>(0, 30);
  void run(const test::NoState&, Both& both) const override {
    std::vector<sphinx::ReplySurb> made;
    for (std::size_t i = 0; i < count; ++i) {
      both.surbs[sender].push_back(both.next_surb);
      made.push_back(Both::surb(both.next_surb++));
    }
    both.surbs[sender];
    both.last_received[sender] = both.now;
    RC_ASSERT(both.store.add_surbs(tag_of(sender), made, both.now).size() == count);
    both.compare();
  }
  void show(std::ostream& os) const override { os << "receive " << count << " of " << int{sender}; }
};

struct Take : test::Command<Both> {
  std::uint8_t sender = *rc::gen::inRange<std::uint8_t>(0, 6);
  std::size_t wanted = *rc::gen::inRange<std::size_t>(0, 20);
  void run(const test::NoState&, Both& both) const override {
    auto count = std::min(wanted, both.store.available(tag_of(sender)));
    for (const auto& surb : both.store.take_surbs(tag_of(sender), count)) {
      auto mark = Both::mark_of(surb);
      RC_ASSERT(mark == both.surbs.at(sender).front());
      RC_ASSERT(both.handed_out.insert(mark).second);
      both.surbs.at(sender).pop_front();
    }
    both.compare();
  }
  void show(std::ostream& os) const override { os << "take " << wanted << " of " << int{sender}; }
};

struct GiveOut : test::Command<Both> {
  std::uint8_t key = *rc::gen::arbitrary<std::uint8_t>();
  void run(const test::NoState&, Both& both) const override {
    both.store.add_key(key_of(key), both.now);
    both.keys[key] = both.now;
    both.compare();
  }
  void show(std::ostream& os) const override { os << "give out key " << int{key}; }
};

struct Redeem : test::Command<Both> {
  std::uint8_t key = *rc::gen::arbitrary<std::uint8_t>();
  void run(const test::NoState&, Both& both) const override {
    auto taken = both.store.take_key(sphinx::digest_of(key_of(key)));
    RC_ASSERT(taken.has_value() == (both.keys.erase(key) > 0));
    both.compare();
  }
  void show(std::ostream& os) const override { os << "redeem key " << int{key}; }
};

struct Age : test::Command<Both> {
  std::int64_t hours = *rc::gen::inRange(0, 15);
  void run(const test::NoState&, Both& both) const override {
    ReplyConfig config;
    both.now.value += hours * 3'600;
    auto gone = both.store.invalidate(both.now, config);
    std::size_t senders = 0;
    std::erase_if(both.surbs, [&](const auto& entry) {
      bool old = both.now.value - both.last_received.at(entry.first).value > config.max_surb_age.whole_seconds();
      senders += old ? 1U : 0U;
      return old;
    });
    auto keys = std::erase_if(both.keys, [&](const auto& entry) {
      return both.now.value - entry.second.value > config.max_key_age.whole_seconds();
    });
    RC_ASSERT(gone.surbs.size() == senders);
    RC_ASSERT(gone.keys.size() == keys);
    both.compare();
  }
  void show(std::ostream& os) const override { os << "age by " << hours << " h"; }
};

TEST(ReplyStoreCommands, BehaveLikePlainLists) {
  test::check_commands<Both, Receive, Take, GiveOut, Redeem, Age>();
}

}  // namespace
}  // namespace nym::client
