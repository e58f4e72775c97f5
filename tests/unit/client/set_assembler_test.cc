#include "engine/client/set_assembler.h"

#include <gtest/gtest.h>

#include <ctime>

namespace nym::client {
namespace {

MemorySpool spool;

using wire::FragmentHeader;
using wire::SetId;

TimePoint at(std::int64_t minutes) {
  return TimePoint::at(Duration::minutes(minutes));
}

FragmentHeader header(std::uint32_t set, std::uint8_t total, std::uint8_t position, std::uint32_t link = 0) {
  return {SetId{set}, total, position, link == 0 ? std::nullopt : std::optional(SetId{link})};
}

/// A set of one fragment that may point back.
FragmentHeader lone(std::uint32_t set, std::uint32_t previous = 0) {
  return header(set, 1, 1, previous);
}

std::size_t sets_expired(SetAssembler& assembler, TimePoint now) {
  std::size_t sets = 0;
  for (const auto& lost : assembler.expire(now)) sets += lost.sets;
  return sets;
}

using Inserted = Result<std::optional<AssembledBytes>>;

/// All 255 fragments of a set that may point both ways; the result is that of the last.
Inserted insert_full_set(SetAssembler& assembler, std::uint32_t set, std::uint32_t previous, std::uint32_t next,
                         TimePoint now = {}) {
  for (int position = 1; position < 255; ++position) {
    auto link = position == 1 ? previous : 0;
    auto inserted = assembler.insert(now, header(set, 255, static_cast<std::uint8_t>(position), link), {});
    EXPECT_TRUE(inserted.has_value() && !inserted->has_value());
  }
  Bytes data = {static_cast<std::uint8_t>(set)};
  return assembler.insert(now, header(set, 255, 255, next), data);
}

TEST(SetAssembler, FirstFragmentDecidesHowManyThereAre) {
  SetAssembler assembler{ReassemblyLimits{}, spool};
  EXPECT_FALSE(assembler.insert({}, header(7, 2, 1), Bytes{1}).value().has_value());
  EXPECT_TRUE(assembler.insert({}, header(7, 3, 3), Bytes{3}).error().is(ClientError::malformed_fragment));
  auto assembled = assembler.insert({}, header(7, 5, 2), Bytes{2}).value();
  ASSERT_TRUE(assembled.has_value());
  EXPECT_EQ(assembled->padded, (Bytes{1, 2}));
  EXPECT_EQ(assembler.open_sets(), 0U);
  EXPECT_EQ(assembler.buffered_bytes(), 0U);
  EXPECT_EQ(assembler.next_expiry(), std::nullopt);
}

TEST(SetAssembler, ASecondCopyChangesNothing) {
  SetAssembler assembler{ReassemblyLimits{}, spool};
  ASSERT_TRUE(assembler.insert({}, header(7, 2, 1), Bytes{1}).has_value());
  auto bytes = assembler.buffered_bytes();
  ASSERT_TRUE(assembler.insert({}, header(7, 2, 1), Bytes{9, 9}).has_value());
  EXPECT_EQ(assembler.buffered_bytes(), bytes);
  EXPECT_EQ(assembler.duplicates(), 1U);
  EXPECT_EQ(assembler.insert({}, header(7, 2, 2), Bytes{2}).value()->padded, (Bytes{1, 2}));
}

TEST(SetAssembler, SetsMayCompleteInAnyOrder) {
  std::vector<std::uint32_t> order = {1, 2, 3};
  do {
    SetAssembler assembler{ReassemblyLimits{}, spool};
    std::optional<AssembledBytes> assembled;
    for (std::uint32_t set : order) {
      EXPECT_FALSE(assembled.has_value());
      if (set == 1) assembled = insert_full_set(assembler, 1, 0, 2).value();
      if (set == 2) assembled = insert_full_set(assembler, 2, 1, 3).value();
      if (set == 3) assembled = assembler.insert({}, lone(3, 2), Bytes{3}).value();
    }
    ASSERT_TRUE(assembled.has_value());
    EXPECT_EQ(assembled->padded, (Bytes{1, 2, 3}));
    EXPECT_EQ(assembled->sets, (std::vector<SetId>{SetId{1}, SetId{2}, SetId{3}}));
    EXPECT_EQ(assembler.open_sets(), 0U);
    EXPECT_EQ(assembler.buffered_bytes(), 0U);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(SetAssembler, ASetWithoutLinksStandsAloneWhoeverPointsToIt) {
  SetAssembler assembler{ReassemblyLimits{}, spool};
  EXPECT_FALSE(insert_full_set(assembler, 1, 0, 2).value().has_value());
  EXPECT_FALSE(assembler.insert({}, lone(3, 2), Bytes{3}).value().has_value());
  EXPECT_EQ(assembler.insert({}, lone(2), Bytes{2}).value()->padded, Bytes{2});
  EXPECT_EQ(assembler.open_sets(), 2U);
}

TEST(SetAssembler, TheHeadsOwnLinksGiveTheOrder) {
  SetAssembler assembler{ReassemblyLimits{}, spool};
  EXPECT_FALSE(assembler.insert({}, lone(2, 9), Bytes{2}).value().has_value()) << "waits for a set that never comes";
  auto assembled = insert_full_set(assembler, 1, 0, 2).value();
  ASSERT_TRUE(assembled.has_value()) << "set 1 has no predecessor, and what it points to is there";
  EXPECT_EQ(assembled->padded, (Bytes{1, 2}));
}

TEST(SetAssembler, LinksThatLeadToAHeadWithOtherPlansWait) {
  SetAssembler assembler{ReassemblyLimits{}, spool};
  EXPECT_FALSE(insert_full_set(assembler, 1, 0, 5).value().has_value());
  EXPECT_FALSE(assembler.insert({}, lone(2, 1), Bytes{2}).value().has_value());
  EXPECT_EQ(assembler.open_sets(), 2U);
  EXPECT_EQ(sets_expired(assembler, at(30)), 2U);
}

TEST(SetAssembler, CirclesAreRefusedAndLeaveNothingBroken) {
  SetAssembler assembler{ReassemblyLimits{}, spool};
  EXPECT_FALSE(assembler.insert({}, lone(1, 2), {}).value().has_value());
  EXPECT_FALSE(assembler.insert({}, lone(2, 3), {}).value().has_value());
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(assembler.insert({}, lone(3, 1), {}).error().is(ClientError::malformed_fragment));
    EXPECT_EQ(assembler.open_sets(), 2U);
  }
  EXPECT_FALSE(insert_full_set(assembler, 4, 0, 5).value().has_value());
  EXPECT_TRUE(insert_full_set(assembler, 5, 0, 4).error().is(ClientError::malformed_fragment));
  auto assembled = assembler.insert({}, lone(3), Bytes{3}).value();
  ASSERT_TRUE(assembled.has_value()) << "a set of that name without the bad link is as good as any";
  EXPECT_EQ(assembled->padded, Bytes{3});
}

TEST(SetAssembler, TheWayOverASetThatHasGoneIsForgotten) {
  SetAssembler assembler{ReassemblyLimits{}, spool};
  for (std::uint32_t set : {1U, 2U, 3U, 4U}) {
    EXPECT_FALSE(assembler.insert({}, lone(set, set == 1 ? 6 : set - 1), {}).value().has_value());
  }
  auto stolen = insert_full_set(assembler, 8, 0, 2).value();
  ASSERT_TRUE(stolen.has_value());
  EXPECT_EQ(stolen->sets, (std::vector<SetId>{SetId{8}, SetId{2}}));
  EXPECT_FALSE(insert_full_set(assembler, 6, 0, 7).value().has_value());
  EXPECT_FALSE(assembler.insert({}, lone(7, 9), {}).value().has_value());
  EXPECT_FALSE(assembler.insert({}, lone(5, 4), {}).value().has_value()) << "its way to set 6 led over set 2";
}

TEST(SetAssembler, NewSetsAndBytesAreBounded) {
  SetAssembler few{ReassemblyLimits{.max_sets = 2, .time_to_live = Duration::minutes(1)}, spool};
  EXPECT_TRUE(few.insert({}, header(1, 2, 1), {}).has_value());
  EXPECT_TRUE(few.insert({}, header(2, 2, 1), {}).has_value());
  EXPECT_TRUE(few.insert({}, header(3, 2, 1), {}).error().is(ClientError::reassembly_full));
  EXPECT_TRUE(few.insert({}, header(1, 2, 2), {}).value().has_value()) << "open sets may still be finished";

  SetAssembler small{
      ReassemblyLimits{
          .max_buffered_bytes = 10'000, .max_sets = 100, .max_finished_sets = 10, .time_to_live = Duration::minutes(1)},
      spool};
  Bytes data(1'000);
  int taken = 0;
  for (std::uint8_t position = 1; position <= 100; ++position) {
    if (small.insert({}, header(1, 200, position), data).has_value()) ++taken;
    EXPECT_LE(small.buffered_bytes(), 10'000U);
  }
  EXPECT_GT(taken, 5);
  EXPECT_LT(taken, 10);
  EXPECT_EQ(sets_expired(small, at(2)), 1U);
  EXPECT_EQ(small.buffered_bytes(), 0U);
}

TEST(SetAssembler, EmptyFragmentsCostSomethingToo) {
  SetAssembler assembler{ReassemblyLimits{.max_buffered_bytes = 100'000,
                                          .max_sets = 1'000'000,
                                          .max_finished_sets = 10,
                                          .time_to_live = Duration::minutes(1)},
                         spool};
  std::uint32_t refused_at = 0;
  for (std::uint32_t set = 1; set < 10'000 && refused_at == 0; ++set) {
    if (!assembler.insert({}, header(set, 255, 1), {}).has_value()) refused_at = set;
  }
  EXPECT_GT(refused_at, 10U);
  EXPECT_LT(refused_at, 1'000U);
}

TEST(SetAssembler, SetsExpireSinceTheirLastNewFragment) {
  SetAssembler assembler{ReassemblyLimits{}, spool};
  ASSERT_TRUE(assembler.insert(at(0), header(1, 3, 1), {}).has_value());
  EXPECT_EQ(assembler.next_expiry(), at(20));
  ASSERT_TRUE(assembler.insert(at(5), header(1, 3, 2), {}).has_value());
  ASSERT_TRUE(assembler.insert(at(9), header(1, 3, 2), {}).has_value()) << "a copy is no progress";
  EXPECT_EQ(assembler.next_expiry(), at(25));
  EXPECT_EQ(sets_expired(assembler, at(24)), 0U);
  EXPECT_EQ(sets_expired(assembler, at(25)), 1U);
  EXPECT_EQ(assembler.open_sets(), 0U);
}

TEST(SetAssembler, CompleteSetsLiveAsLongAsTheirMessageMakesProgress) {
  SetAssembler assembler{ReassemblyLimits{}, spool};
  EXPECT_FALSE(insert_full_set(assembler, 1, 0, 2, at(0)).value().has_value());
  EXPECT_FALSE(insert_full_set(assembler, 2, 1, 3, at(15)).value().has_value());
  EXPECT_EQ(sets_expired(assembler, at(20)), 0U) << "set 2 became complete five minutes ago";
  EXPECT_EQ(assembler.next_expiry(), at(35));
  ASSERT_TRUE(assembler.insert(at(30), header(3, 2, 1, 2), Bytes{3}).has_value());
  EXPECT_EQ(sets_expired(assembler, at(45)), 0U) << "set 3 is on its way";
  auto assembled = assembler.insert(at(48), header(3, 2, 2), Bytes{4}).value();
  ASSERT_TRUE(assembled.has_value());
  EXPECT_EQ(assembled->padded, (Bytes{1, 2, 3, 4}));
}

TEST(SetAssembler, WithoutProgressTheWholeMessageExpires) {
  SetAssembler assembler{ReassemblyLimits{}, spool};
  EXPECT_FALSE(insert_full_set(assembler, 1, 0, 2, at(0)).value().has_value());
  EXPECT_FALSE(insert_full_set(assembler, 2, 1, 3, at(1)).value().has_value());
  EXPECT_EQ(sets_expired(assembler, at(20)), 0U);
  EXPECT_EQ(sets_expired(assembler, at(21)), 2U);
  EXPECT_EQ(assembler.open_sets(), 0U);
  EXPECT_EQ(assembler.buffered_bytes(), 0U);
}

/// Ten times as many sets may take about ten times as long, not a hundred times.
double seconds_for_chain(std::uint32_t sets, bool backwards) {
  SetAssembler assembler{ReassemblyLimits{.max_buffered_bytes = std::size_t{1} << 30U, .max_sets = 1'000'000}, spool};
  auto start = std::clock();  // of the processor: others may be busy too
  for (std::uint32_t i = 1; i <= sets; ++i) {
    // Each set points to the one before; the very first never comes.
    std::uint32_t set = backwards ? sets + 2 - i : i + 1;
    EXPECT_FALSE(assembler.insert({}, lone(set, set - 1), {}).value().has_value());
  }
  EXPECT_EQ(assembler.open_sets(), sets);
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

TEST(SetAssembler, LongChainsThatNeverEndCostNoMoreThanShortOnes) {
  for (bool backwards : {false, true}) {
    double once = seconds_for_chain(6'000, backwards) + 0.005;
    EXPECT_LT(seconds_for_chain(60'000, backwards), 40 * once);
  }
}

TEST(SetAssembler, AMessageOfManySetsComesOutWhole) {
  SetAssembler assembler{ReassemblyLimits{}, spool};
  constexpr std::uint32_t kSets = 200;
  for (std::uint32_t set = kSets; set > 1; --set) {
    ASSERT_FALSE(insert_full_set(assembler, set, set - 1, set == kSets ? 0 : set + 1).value().has_value());
  }
  auto assembled = insert_full_set(assembler, 1, 0, 2).value();
  ASSERT_TRUE(assembled.has_value());
  EXPECT_EQ(assembled->sets.size(), kSets);
  EXPECT_EQ(assembled->padded.size(), kSets);
}

/// Counts what it holds, and may be full.
class CountingSpool final : public Spool {
 public:
  std::shared_ptr<SpoolRegion> make(std::size_t size) override { return full ? nullptr : memory_.make(size); }
  bool full = false;

 private:
  MemorySpool memory_;
};

TEST(SetAssembler, ACompletePartOfALargerMessageLeavesMainMemory) {
  CountingSpool own;
  SetAssembler assembler{ReassemblyLimits{}, own};
  EXPECT_FALSE(insert_full_set(assembler, 1, 0, 2).value().has_value());
  auto in_memory = assembler.buffered_bytes();
  EXPECT_EQ(assembler.spooled_bytes(), 1U);
  EXPECT_FALSE(insert_full_set(assembler, 2, 1, 3).value().has_value());
  EXPECT_EQ(assembler.spooled_bytes(), 2U);
  EXPECT_EQ(assembler.buffered_bytes(), 2 * in_memory) << "only the bookkeeping of the sets";
  auto assembled = assembler.insert({}, lone(3, 2), Bytes{3}).value();
  ASSERT_TRUE(assembled.has_value());
  EXPECT_EQ(assembled->padded, (Bytes{1, 2, 3}));
  EXPECT_EQ(assembler.spooled_bytes(), 0U);
  EXPECT_EQ(assembler.buffered_bytes(), 0U);
}

TEST(SetAssembler, WithoutRoomInTheSpoolMainMemoryServes) {
  CountingSpool own;
  own.full = true;
  SetAssembler assembler{ReassemblyLimits{}, own};
  EXPECT_FALSE(insert_full_set(assembler, 1, 0, 2).value().has_value());
  EXPECT_EQ(assembler.spooled_bytes(), 0U);
  auto assembled = assembler.insert({}, lone(2, 1), Bytes{2}).value();
  ASSERT_TRUE(assembled.has_value());
  EXPECT_EQ(assembled->padded, (Bytes{1, 2}));
}

TEST(SetAssembler, SaysHowMuchItGaveUp) {
  SetAssembler assembler{ReassemblyLimits{}, spool};
  ASSERT_TRUE(assembler.insert(at(0), header(1, 5, 1), Bytes(100)).has_value());
  ASSERT_TRUE(assembler.insert(at(0), header(1, 5, 2), Bytes(100)).has_value());
  auto lost = assembler.expire(at(20));
  ASSERT_EQ(lost.size(), 1U);
  EXPECT_EQ(lost[0].sets, 1U);
  EXPECT_EQ(lost[0].fragments, 2U);
  EXPECT_EQ(lost[0].bytes, 200U);
}

}  // namespace
}  // namespace nym::client
