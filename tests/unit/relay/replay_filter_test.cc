#include "engine/relay/replay_filter.h"

#include <gtest/gtest.h>

#include "sim/kernel/seeded_random.h"

namespace nym::relay {
namespace {

using Verdict = ReplayFilter::Verdict;

sphinx::ReplayTag tag(std::uint64_t number) {
  sim::SeededRandom random(number);
  return {draw_array<16>(random)};
}

TEST(ReplayFilter, RefusesATagTheSecondTime) {
  ReplayFilter filter(ReplayMode::reject, 10);
  EXPECT_EQ(filter.check_and_remember(tag(1)), Verdict::fresh);
  EXPECT_EQ(filter.check_and_remember(tag(2)), Verdict::fresh);
  EXPECT_EQ(filter.check_and_remember(tag(1)), Verdict::replayed);
}

TEST(ReplayFilter, LetsEverythingPassInReferenceMode) {
  ReplayFilter filter(ReplayMode::reference, 10);
  EXPECT_EQ(filter.check_and_remember(tag(1)), Verdict::fresh);
  EXPECT_EQ(filter.check_and_remember(tag(1)), Verdict::fresh);
}

TEST(ReplayFilter, RemembersAtLeastOneGenerationAndForgetsAfterTwo) {
  constexpr std::uint64_t kGeneration = 5'000;
  ReplayFilter filter(ReplayMode::reject, kGeneration);
  for (std::uint64_t i = 0; i < kGeneration; ++i) ASSERT_EQ(filter.check_and_remember(tag(i)), Verdict::fresh);
  for (std::uint64_t i = kGeneration; i < 2 * kGeneration; ++i) {
    ASSERT_EQ(filter.check_and_remember(tag(i)), Verdict::fresh);
    ASSERT_EQ(filter.check_and_remember(tag(i - kGeneration + 1)), Verdict::replayed) << i;
  }
  filter.check_and_remember(tag(2 * kGeneration));
  EXPECT_EQ(filter.check_and_remember(tag(0)), Verdict::fresh);
}

TEST(ReplayFilter, TellsTagsApartThatShareTheirFirstBytes) {
  ReplayFilter filter(ReplayMode::reject, 100);
  sphinx::ReplayTag first;
  sphinx::ReplayTag second;
  second.bytes[15] = 1;
  EXPECT_EQ(filter.check_and_remember(first), Verdict::fresh);
  EXPECT_EQ(filter.check_and_remember(second), Verdict::fresh);
}

}  // namespace
}  // namespace nym::relay
