#include "engine/client/link_watch.h"

#include <gtest/gtest.h>

namespace nym::client::test {
namespace {

using Verdict = LinkWatch::Verdict;

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::milliseconds(ms));
}

TEST(LinkWatch, AsksAfterASecondOfSilenceAndIsSureASecondLater) {
  LinkWatch watch;
  watch.start(at(0));
  EXPECT_EQ(watch.check(at(999)), Verdict::alive);
  EXPECT_EQ(watch.check(at(1'000)), Verdict::wants_ping);
  EXPECT_EQ(watch.check(at(1'899)), Verdict::alive);
  EXPECT_EQ(watch.check(at(1'900)), Verdict::dead);
  EXPECT_FALSE(watch.deadline());
}

TEST(LinkWatch, IsContentWithAnySignOfLife) {
  LinkWatch watch;
  watch.start(at(0));
  EXPECT_EQ(watch.check(at(1'000)), Verdict::wants_ping);
  watch.heard(at(1'800));
  EXPECT_EQ(watch.check(at(1'900)), Verdict::alive);
  EXPECT_EQ(watch.deadline(), at(2'800));
}

TEST(LinkWatch, DoesNotTakeItsOwnSleepForTheOthersSilence) {
  LinkWatch watch;
  watch.start(at(0));
  EXPECT_EQ(watch.check(at(1'000)), Verdict::wants_ping);
  EXPECT_EQ(watch.check(at(30'000)), Verdict::wants_ping) << "it was not there to hear an answer";
  EXPECT_EQ(watch.check(at(30'900)), Verdict::dead);
}

}  // namespace
}  // namespace nym::client::test
