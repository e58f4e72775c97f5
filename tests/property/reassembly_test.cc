#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/client/fragmenter.h"
#include "engine/client/reassembler.h"
#include "engine/wire/padding.h"
#include "sim/kernel/seeded_random.h"

namespace nym::client {
namespace {

MemorySpool spool;

using rc::gen::inRange;
using wire::FragmentHeader;
using wire::SetId;

std::size_t draw_between(std::size_t least, std::size_t most) {
  return *inRange<std::size_t>(least, most + 1);
}

/// In an order and with copies that the seed decides.
template <class Item>
std::vector<Item> shuffled_with_copies(std::vector<Item> items, RandomSource& random) {
  std::size_t copies = items.size() / 10;
  for (std::size_t i = 0; i < copies; ++i) {
    Item copy = items[draw_below(random, items.size())];
    items.push_back(std::move(copy));
  }
  for (std::size_t i = items.size(); i > 1; --i) {
    std::size_t other = draw_below(random, i);
    std::swap(items[i - 1], items[other]);
  }
  return items;
}

wire::Message numbered_message(std::size_t number, std::size_t size) {
  Bytes data(size);
  for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<std::uint8_t>(i * 7 + number * 31);
  return wire::PlainMessage{data};
}

std::size_t index_of(const std::vector<wire::Message>& messages, const wire::Message& message) {
  auto found = std::find(messages.begin(), messages.end(), message);
  RC_ASSERT(found != messages.end());
  return static_cast<std::size_t>(found - messages.begin());
}

RC_GTEST_PROP(Reassembly, InterleavedMessagesComeOutOnceEachInAnyOrder, ()) {
  sim::SeededRandom random(*rc::gen::arbitrary<std::uint64_t>());
  auto count = draw_between(1, 5);
  std::vector<wire::Message> messages;
  std::vector<Bytes> fragments;
  for (std::size_t i = 0; i < count; ++i) {
    auto size = draw_between(0, 3) == 0 ? draw_between(400'000, 1'000'000) : draw_between(0, 10'000);
    messages.push_back(numbered_message(i, size));
    auto packet = *rc::gen::element(wire::PacketSize::regular, wire::PacketSize::extended8);
    Fragmenter fragmenter(wire::serialise(messages.back()), packet, random);
    while (auto fragment = fragmenter.next()) fragments.push_back(fragment->bytes.to_bytes());
  }
  Reassembler reassembler{ReassemblyLimits{}, spool};
  std::set<std::size_t> received;
  for (const auto& fragment : shuffled_with_copies(fragments, random)) {
    auto message = reassembler.insert(TimePoint(), fragment).value();
    if (message) {
      RC_ASSERT(received.insert(index_of(messages, *message)).second);
    }
  }
  RC_ASSERT(received.size() == messages.size());
  RC_ASSERT(reassembler.open_sets() == 0U);
  RC_ASSERT(reassembler.buffered_bytes() == 0U);
}

RC_GTEST_PROP(Reassembly, SmallFragmentsInManySetsComeOutWhole, ()) {
  sim::SeededRandom random(*rc::gen::arbitrary<std::uint64_t>());
  auto fragment_size = draw_between(11, 40);
  Bytes padded(draw_between(0, 40'000), 9);
  wire::pad_message(padded, fragment_size);
  std::vector<SetId> ids;
  for (std::size_t i = wire::required_sets(padded.size(), fragment_size); i > 0; --i) {
    ids.push_back(SetId{static_cast<std::uint32_t>(i * 17)});
  }
  auto slices = wire::split(padded.size(), fragment_size, ids);
  RC_ASSERT(slices.size() == wire::required_fragments(padded.size(), fragment_size).fragments);
  SetAssembler assembler{ReassemblyLimits{}, spool};
  std::optional<AssembledBytes> assembled;
  std::size_t left = slices.size();
  for (const auto& slice : shuffled_with_copies(slices, random)) {
    Bytes fragment = wire::serialise_fragment(slice, padded);
    RC_ASSERT(fragment.size() == fragment_size);
    auto header = FragmentHeader::parse(fragment).value();
    if (assembled) continue;
    std::uint64_t copies = assembler.duplicates();
    assembled = assembler.insert(TimePoint(), header, ByteView(fragment).subspan(header.size())).value();
    if (assembler.duplicates() == copies) --left;
    RC_ASSERT(assembled.has_value() == (left == 0));
  }
  RC_ASSERT(assembled->padded == padded);
  RC_ASSERT(assembled->sets == ids);
}

// ---- Against a slow and obvious second implementation

/// Complete sets with their links; the rules of 02 §7 and §19 word by word.
class SlowAssembler {
 public:
  enum class Verdict : std::uint8_t { waiting, circular, finished };
  struct Links {
    std::uint32_t previous = 0;
    std::uint32_t next = 0;
  };

  bool has(std::uint32_t set) const { return sets_.contains(set); }
  std::size_t size() const { return sets_.size(); }

  /// A set became complete. `order` gets the sets of the message when that finishes one.
  Verdict complete(std::uint32_t set, Links links, std::vector<std::uint32_t>& order) {
    sets_[set] = links;
    std::uint32_t head = set;
    bool waits = false;
    for (auto way : {&Links::previous, &Links::next}) {
      std::uint32_t at = set;
      while (std::uint32_t link = sets_.at(at).*way) {
        if (link == set) {
          sets_.erase(set);
          return Verdict::circular;
        }
        if (!has(link)) {
          waits = true;
          break;
        }
        at = link;
      }
      if (way == &Links::previous) head = at;
    }
    if (waits) return Verdict::waiting;
    for (std::uint32_t at = head; at != 0; at = sets_.at(at).next) {
      if (!has(at)) {
        order.clear();
        return Verdict::waiting;
      }
      order.push_back(at);
    }
    for (std::uint32_t used : order) sets_.erase(used);
    return Verdict::finished;
  }

 private:
  std::map<std::uint32_t, Links> sets_;
};

/// All fragments of a set with these links; the last one's result.
Result<std::optional<AssembledBytes>> insert_set(SetAssembler& assembler, std::uint32_t set,
                                                 const SlowAssembler::Links& links) {
  std::uint8_t total = links.next == 0 ? 2 : 255;
  Bytes data = {static_cast<std::uint8_t>(set)};
  for (std::uint8_t position = 1;; ++position) {
    FragmentHeader header{SetId{set}, total, position, {}};
    if (position == 1 && links.previous != 0) header.linked = SetId{links.previous};
    if (position == 255 && links.next != 0) header.linked = SetId{links.next};
    auto inserted = assembler.insert(TimePoint(), header, position == total ? ByteView(data) : ByteView());
    if (position == total) return inserted;
    RC_ASSERT(inserted.has_value());
    RC_ASSERT(!inserted->has_value());
  }
}

RC_GTEST_PROP(Reassembly, SetsWithAnyLinksBehaveAsTheSlowRulesSay, ()) {
  SetAssembler assembler{ReassemblyLimits{}, spool};
  SlowAssembler slow;
  auto steps = draw_between(1, 60);
  for (std::size_t step = 0; step < steps; ++step) {
    auto set = *inRange<std::uint32_t>(1, 9);
    if (slow.has(set)) continue;
    auto link = [set](bool likely) {
      auto other = likely ? *inRange<std::uint32_t>(1, 9) : 0U;
      return other == set ? 0U : other;
    };
    SlowAssembler::Links links{link(*inRange(0, 4) != 0), link(*inRange(0, 3) != 0)};
    std::vector<std::uint32_t> order;
    auto expected = slow.complete(set, links, order);
    auto result = insert_set(assembler, set, links);
    RC_LOG() << "set " << set << " previous " << links.previous << " next " << links.next;
    RC_ASSERT(result.has_value() == (expected != SlowAssembler::Verdict::circular));
    RC_ASSERT(assembler.open_sets() == slow.size());
    if (!result) continue;
    RC_ASSERT(result->has_value() == (expected == SlowAssembler::Verdict::finished));
    if (!*result) continue;
    RC_ASSERT((*result)->padded == Bytes(order.begin(), order.end()));
  }
}

RC_GTEST_PROP(Reassembly, NothingThatStrangersSendBreaksTheBounds, ()) {
  ReassemblyLimits limits{
      .max_buffered_bytes = 20'000, .max_sets = 8, .max_finished_sets = 4, .time_to_live = Duration::seconds(10)};
  Reassembler reassembler{limits, spool};
  TimePoint now;
  auto steps = draw_between(1, 200);
  for (std::size_t step = 0; step < steps; ++step) {
    FragmentHeader header{SetId{*inRange<std::uint32_t>(1, 12)}, *inRange<std::uint8_t>(1, 4), 0, {}};
    header.position = *inRange<std::uint8_t>(1, 5);
    if (*inRange(0, 3) == 0) header.linked = SetId{*inRange<std::uint32_t>(0, 12)};
    Bytes fragment = header.to_bytes();
    append(fragment, *rc::gen::arbitrary<Bytes>());
    static_cast<void>(reassembler.insert(now, fragment));
    RC_ASSERT(reassembler.buffered_bytes() <= limits.max_buffered_bytes);
    RC_ASSERT(reassembler.open_sets() <= limits.max_sets);
    RC_ASSERT((reassembler.open_sets() == 0U) == (reassembler.buffered_bytes() == 0U));
    RC_ASSERT((reassembler.open_sets() == 0U) == !reassembler.next_expiry().has_value());
    now = now + Duration::milliseconds(*inRange(0, 2'000));
    reassembler.expire(now);
    if (auto next = reassembler.next_expiry()) {
      RC_ASSERT(*next > now);
    }
  }
  reassembler.expire(now + Duration::minutes(1));
  RC_ASSERT(reassembler.open_sets() == 0U);
}

}  // namespace
}  // namespace nym::client
