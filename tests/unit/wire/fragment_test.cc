#include "engine/wire/fragment.h"

#include <gtest/gtest.h>

#include "sim/kernel/seeded_random.h"

namespace nym::wire {
namespace {

TEST(SetIds, AreNeverTheOneOfCoverAndFitInto31Bits) {
  sim::SeededRandom random(3);
  for (int i = 0; i < 10'000; ++i) {
    SetId id = draw_set_id(random);
    ASSERT_NE(id.value, 0U);
    ASSERT_LT(id.value, 0x80000000U);
  }
}

TEST(FragmentIdentifiers, ZeroIsTheOneOfCover) {
  EXPECT_TRUE(FragmentId::cover().is_cover());
  EXPECT_TRUE(FragmentId::from_bytes(ByteArray<5>{}).value().is_cover());
  EXPECT_FALSE((FragmentId{SetId{0}, 1}).is_cover());
}

TEST(FragmentHeaders, LinkMeansThePreviousSetInFrontAndTheNextOneAtTheEnd) {
  FragmentHeader first{SetId{5}, 255, 1, SetId{4}};
  EXPECT_EQ(first.previous_set(), SetId{4});
  EXPECT_EQ(first.next_set(), std::nullopt);
  FragmentHeader last{SetId{5}, 255, 255, SetId{6}};
  EXPECT_EQ(last.previous_set(), std::nullopt);
  EXPECT_EQ(last.next_set(), SetId{6});
  EXPECT_EQ(FragmentHeader::parse(first.to_bytes()), first);
  EXPECT_EQ(FragmentHeader::parse(last.to_bytes()), last);
}

TEST(FragmentHeaders, FieldsThatContradictEachOtherAreNotWellFormed) {
  const FragmentHeader good{SetId{5}, 255, 1, SetId{4}};
  EXPECT_TRUE(good.is_well_formed());
  auto changed = [&](auto change) {
    FragmentHeader header = good;
    change(header);
    return header.is_well_formed();
  };
  EXPECT_FALSE(changed([](auto& h) { h.set = SetId{0}; }));
  EXPECT_FALSE(changed([](auto& h) { h.set = SetId{0x80000000U}; }));
  EXPECT_FALSE(changed([](auto& h) { h.position = 0; }));
  EXPECT_FALSE(changed([](auto& h) { h.position = 2; }));
  EXPECT_FALSE(changed([](auto& h) { h.total = 0; }));
  EXPECT_FALSE(changed([](auto& h) { h.linked = SetId{5}; }));
  EXPECT_FALSE(changed([](auto& h) { h.linked = SetId{0}; }));
}

}  // namespace
}  // namespace nym::wire
