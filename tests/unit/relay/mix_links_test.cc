#include "engine/relay/mix_links.h"

#include <gtest/gtest.h>

#include "sim/kernel/seeded_random.h"

namespace nym::relay {
namespace {

class Links : public testing::Test, private LinkSink {
 protected:
  void dial(ConnectionId connection, const Endpoint&) override { dialed.push_back(connection); }
  void send(ConnectionId, wire::MixFrame frame) override { sent.push_back(frame.packet.size()); }
  void dropped(DropReason reason, std::size_t frames) override { drops[reason] += frames; }

  wire::MixFrame frame(std::size_t mark) {
    return {wire::PacketSize::regular, wire::PacketType::mix, Blob::with_zero_tail({}, mark)};
  }
  TimePoint at(std::int64_t ms) { return TimePoint::at(Duration::milliseconds(ms)); }

  sim::SeededRandom random{1};
  MixLinks links{{}, random, *this};
  Endpoint hop{Ipv4{{10, 0, 0, 1}}, 1789};
  std::vector<ConnectionId> dialed;
  std::vector<std::size_t> sent;
  std::map<DropReason, std::size_t> drops;
};

TEST_F(Links, DialAtTheFirstFrameAndKeepTheConnection) {
  links.send(at(0), hop, frame(1));
  ASSERT_EQ(dialed.size(), 1U);
  EXPECT_TRUE(sent.empty());
  links.on_opened(dialed[0]);
  links.send(at(1), hop, frame(2));
  EXPECT_EQ(sent, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(dialed.size(), 1U);
}

TEST_F(Links, KeepWaitingFramesOverAFailedDialAndBackOff) {
  links.send(at(0), hop, frame(1));
  links.on_closed(at(0), dialed[0]);
  ASSERT_TRUE(links.next_deadline());
  EXPECT_GT(*links.next_deadline(), at(49));
  EXPECT_LE(*links.next_deadline(), at(100));
  links.on_timeout(at(100));
  ASSERT_EQ(dialed.size(), 2U);
  EXPECT_NE(dialed[0], dialed[1]);
  links.on_opened(dialed[1]);
  EXPECT_EQ(sent, std::vector<std::size_t>{1});
  EXPECT_TRUE(drops.empty());
}

TEST_F(Links, HoldBackWhatTheDriverHasNotWritten) {
  links.send(at(0), hop, frame(1));
  links.on_opened(dialed[0]);
  for (std::size_t i = 0; i < limits::kLinkFramesInFlight + 10; ++i) links.send(at(1), hop, frame(2));
  EXPECT_EQ(sent.size(), limits::kLinkFramesInFlight);
  links.on_written(dialed[0], 5);
  EXPECT_EQ(sent.size(), limits::kLinkFramesInFlight + 5);
}

TEST_F(Links, DropWhatDoesNotFitTheQueue) {
  for (std::size_t i = 0; i < limits::kLinkQueueFrames + 3; ++i) links.send(at(0), hop, frame(1));
  EXPECT_EQ(drops[DropReason::link_queue_full], 3U);
}

TEST_F(Links, DropWhatIsForAnAddressOutsideTheNetwork) {
  Endpoint other{Ipv4{{10, 0, 0, 2}}, 1789};
  links.know(std::set{hop});
  links.send(at(0), other, frame(1));
  EXPECT_EQ(drops[DropReason::unknown_next_hop], 1U);
  EXPECT_TRUE(dialed.empty());
  links.send(at(0), hop, frame(1));
  EXPECT_EQ(dialed.size(), 1U);
  links.know(std::nullopt);
  links.send(at(0), other, frame(1));
  EXPECT_EQ(dialed.size(), 2U);
}

TEST_F(Links, CountWhatWasInFlightWhenAConnectionBreaks) {
  links.send(at(0), hop, frame(1));
  links.on_opened(dialed[0]);
  links.send(at(0), hop, frame(2));
  links.on_written(dialed[0], 1);
  links.on_closed(at(1), dialed[0]);
  EXPECT_EQ(drops[DropReason::link_failed], 1U);
}

TEST_F(Links, GiveUpAnUnreachableHopWithItsQueue) {
  links.send(at(0), hop, frame(1));
  std::int64_t now = 0;
  while (drops.empty() && now < 120'000) {
    links.on_closed(at(now), dialed.back());
    ASSERT_TRUE(links.next_deadline());
    now = std::max<std::int64_t>(now + 1, links.next_deadline()->since_origin().whole_ms() + 1);
    links.on_timeout(at(now));
  }
  EXPECT_EQ(drops[DropReason::link_failed], 1U);
  EXPECT_GE(now, limits::kLinkGivesUpAfter.whole_ms());
  EXPECT_FALSE(links.next_deadline());
}

}  // namespace
}  // namespace nym::relay
