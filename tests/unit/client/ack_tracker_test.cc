#include "engine/client/ack_tracker.h"

#include <gtest/gtest.h>

namespace nym::client {
namespace {

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::milliseconds(ms));
}

OutgoingFragment fragment(std::uint32_t set) {
  OutgoingFragment outgoing;
  outgoing.fragment.id = {{set}, 1};
  outgoing.message = MessageId{set};
  return outgoing;
}

// 04 §3.9: 1.5 times the expected delay plus 1.5 s.
TEST(AckTracker, WaitsForTheExpectedDelayTimesItsMultiplierPlusTheAddition) {
  AckTracker tracker{AckConfig{}};
  tracker.on_sent(at(0), fragment(1), Duration::milliseconds(300));
  EXPECT_EQ(tracker.next_deadline(), at(1'950));
  EXPECT_TRUE(tracker.take_expired(at(1'949)).retransmit.empty());
  EXPECT_EQ(tracker.take_expired(at(1'950)).retransmit.size(), 1U);
  EXPECT_FALSE(tracker.next_deadline());
}

TEST(AckTracker, ReportsTheMessageAndTheRoundTripOfAnAcknowledgementOnce) {
  AckTracker tracker{AckConfig{}};
  tracker.on_sent(at(100), fragment(7), Duration());
  auto acknowledged = tracker.on_ack(at(350), {{7}, 1});
  ASSERT_TRUE(acknowledged);
  EXPECT_EQ(acknowledged->message, MessageId{7});
  EXPECT_EQ(acknowledged->round_trip, Duration::milliseconds(250));
  EXPECT_FALSE(tracker.on_ack(at(351), {{7}, 1}));
  EXPECT_FALSE(tracker.next_deadline());
}

TEST(AckTracker, TakesAnAcknowledgementThatComesWhileTheFragmentIsDue) {
  AckTracker tracker{AckConfig{}};
  tracker.on_sent(at(0), fragment(1), Duration());
  ASSERT_EQ(tracker.take_expired(at(2'000)).retransmit.size(), 1U);
  EXPECT_TRUE(tracker.is_pending({{1}, 1}));
  EXPECT_TRUE(tracker.on_ack(at(2'001), {{1}, 1}));
  EXPECT_FALSE(tracker.is_pending({{1}, 1}));
}

TEST(AckTracker, GivesUpAfterItsTries) {
  AckConfig config;
  config.max_tries = 3;
  AckTracker tracker(config);
  for (int i = 0; i < 3; ++i) {
    tracker.on_sent(at(i * 2'000), fragment(1), Duration());
    auto expired = tracker.take_expired(at(i * 2'000 + 1'500));
    EXPECT_EQ(expired.retransmit.size(), i < 2 ? 1U : 0U);
    EXPECT_EQ(expired.failed.size(), i < 2 ? 0U : 1U);
  }
  EXPECT_EQ(tracker.size(), 0U);
}

TEST(AckTracker, GivesUpAfterItsAge) {
  AckConfig config;
  config.max_age = Duration::seconds(10);
  AckTracker tracker(config);
  tracker.on_sent(at(0), fragment(1), Duration());
  ASSERT_EQ(tracker.take_expired(at(1'500)).retransmit.size(), 1U);
  tracker.on_sent(at(9'000), fragment(1), Duration());
  EXPECT_EQ(tracker.take_expired(at(10'500)).failed.size(), 1U);
}

}  // namespace
}  // namespace nym::client
