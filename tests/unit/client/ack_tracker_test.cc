#include "engine/client/ack_tracker.h"

#include <gtest/gtest.h>

#include "sim/kernel/seeded_random.h"

namespace nym::client {
namespace {

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::milliseconds(ms));
}

std::unique_ptr<RandomSource> randomness() {
  return std::make_unique<sim::SeededRandom>(1);
}

OutgoingFragment fragment(std::uint32_t set) {
  OutgoingFragment outgoing;
  outgoing.fragment.id = {{set}, 1};
  outgoing.message = MessageId{set};
  return outgoing;
}

// 04 §3.9: 1.5 times the expected delay plus 1.5 s; ours adds up to an eighth at random.
TEST(AckTracker, WaitsForTheExpectedDelayTimesItsMultiplierPlusTheAddition) {
  AckTracker tracker(AckConfig{}, randomness());
  tracker.on_sent(at(0), fragment(1), Duration::milliseconds(300));
  ASSERT_TRUE(tracker.next_deadline());
  EXPECT_GE(*tracker.next_deadline(), at(1'950));
  EXPECT_LE(*tracker.next_deadline(), at(1'950 + 1'950 / 8));
  EXPECT_TRUE(tracker.take_expired(at(1'949)).retransmit.empty());
  EXPECT_EQ(tracker.take_expired(*tracker.next_deadline()).retransmit.size(), 1U);
  EXPECT_FALSE(tracker.next_deadline());
}

TEST(AckTracker, WaitsLongerWhereAcknowledgementsProveToComeLater) {
  AckTracker tracker(AckConfig{}, randomness());
  for (std::uint32_t i = 1; i <= 20; ++i) {
    tracker.on_sent(at(i * 10'000), fragment(i), Duration());
    ASSERT_TRUE(tracker.on_ack(at(i * 10'000 + 5'000), {{i}, 1}));
  }
  tracker.on_sent(at(500'000), fragment(99), Duration());
  EXPECT_GE(*tracker.next_deadline(), at(505'000));
  EXPECT_LE(*tracker.next_deadline(), at(508'000));
}

// Without this a network slower than the first wait would have everything sent twice for ever.
TEST(AckTracker, LearnsFromFragmentsThatWereAcknowledgedTwice) {
  AckTracker tracker(AckConfig{}, randomness());
  for (std::uint32_t i = 1; i <= 20; ++i) {
    auto sent = at(i * 20'000);
    tracker.on_sent(sent, fragment(i), Duration());
    auto deadline = *tracker.next_deadline();
    if (deadline > sent + Duration::seconds(5)) return;  // it waits long enough now
    ASSERT_EQ(tracker.take_expired(deadline).retransmit.size(), 1U);
    tracker.on_sent(deadline, fragment(i), Duration());
    ASSERT_TRUE(tracker.on_ack(sent + Duration::seconds(5), {{i}, 1}));
    EXPECT_FALSE(tracker.on_ack(deadline + Duration::seconds(5), {{i}, 1}));
  }
  FAIL() << "it never waited long enough";
}

TEST(AckTracker, ALostFirstSendingTeachesNothing) {
  AckTracker tracker(AckConfig{}, randomness());
  for (std::uint32_t i = 1; i <= 20; ++i) {
    auto sent = at(i * 20'000);
    tracker.on_sent(sent, fragment(i), Duration());
    auto deadline = *tracker.next_deadline();
    EXPECT_LE(deadline, sent + Duration::seconds(2));
    ASSERT_EQ(tracker.take_expired(deadline).retransmit.size(), 1U);
    tracker.on_sent(deadline, fragment(i), Duration());
    ASSERT_TRUE(tracker.on_ack(deadline + Duration::milliseconds(100), {{i}, 1}));
  }
}

TEST(AckTracker, DoublesItsWaitWithEveryTryUpToAMinute) {
  AckTracker tracker(AckConfig{}, randomness());
  std::int64_t now = 0;
  for (std::int64_t waited : {1'500, 3'000, 6'000, 12'000, 12'000}) {
    tracker.on_sent(at(now), fragment(1), Duration());
    EXPECT_GE(*tracker.next_deadline(), at(now + waited));
    EXPECT_LE(*tracker.next_deadline(), at(now + waited + waited / 8));
    now = tracker.next_deadline()->since_origin().whole_ms() + 1;
    ASSERT_EQ(tracker.take_expired(at(now)).retransmit.size(), 1U);
  }
}

TEST(AckTracker, ForgetsAllFragmentsOfAMessageThatIsOver) {
  AckTracker tracker(AckConfig{}, randomness());
  for (std::uint32_t i = 1; i <= 4; ++i) {
    auto one = fragment(i);
    one.message = MessageId{i % 2};
    tracker.on_sent(at(0), one, Duration());
  }
  tracker.forget(MessageId{1});
  EXPECT_EQ(tracker.size(), 2U);
  EXPECT_FALSE(tracker.is_pending({{1}, 1}));
  EXPECT_TRUE(tracker.is_pending({{2}, 1}));
}

TEST(AckTracker, ReportsTheMessageAndTheRoundTripOfAnAcknowledgementOnce) {
  AckTracker tracker(AckConfig{}, randomness());
  tracker.on_sent(at(100), fragment(7), Duration());
  auto acknowledged = tracker.on_ack(at(350), {{7}, 1});
  ASSERT_TRUE(acknowledged);
  EXPECT_EQ(acknowledged->message, MessageId{7});
  EXPECT_EQ(acknowledged->round_trip, Duration::milliseconds(250));
  EXPECT_FALSE(tracker.on_ack(at(351), {{7}, 1}));
  EXPECT_FALSE(tracker.next_deadline());
}

TEST(AckTracker, TakesAnAcknowledgementThatComesWhileTheFragmentIsDue) {
  AckTracker tracker(AckConfig{}, randomness());
  tracker.on_sent(at(0), fragment(1), Duration());
  ASSERT_EQ(tracker.take_expired(at(2'000)).retransmit.size(), 1U);
  EXPECT_TRUE(tracker.is_pending({{1}, 1}));
  EXPECT_TRUE(tracker.on_ack(at(2'001), {{1}, 1}));
  EXPECT_FALSE(tracker.is_pending({{1}, 1}));
}

TEST(AckTracker, GivesUpAfterItsTries) {
  AckConfig config;
  config.max_tries = 3;
  AckTracker tracker(config, randomness());
  for (int i = 0; i < 3; ++i) {
    tracker.on_sent(at(i * 20'000), fragment(1), Duration());
    auto expired = tracker.take_expired(at(i * 20'000 + 19'000));
    EXPECT_EQ(expired.retransmit.size(), i < 2 ? 1U : 0U);
    EXPECT_EQ(expired.failed.size(), i < 2 ? 0U : 1U);
  }
  EXPECT_EQ(tracker.size(), 0U);
}

TEST(AckTracker, GivesUpAfterItsAge) {
  AckConfig config;
  config.max_age = Duration::seconds(10);
  AckTracker tracker(config, randomness());
  tracker.on_sent(at(0), fragment(1), Duration());
  ASSERT_EQ(tracker.take_expired(at(2'000)).retransmit.size(), 1U);
  tracker.on_sent(at(9'000), fragment(1), Duration());
  EXPECT_EQ(tracker.take_expired(at(13'000)).failed.size(), 1U);
}

}  // namespace
}  // namespace nym::client
