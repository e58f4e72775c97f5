#include "engine/client/send_window.h"

#include "tests/unit/client/lone_client.h"

namespace nym::client {
namespace {

constexpr Duration kQuick = Duration::milliseconds(20);
constexpr Duration kSlow = Duration::milliseconds(1'400);
constexpr std::size_t kPacket = 1'600;

TimePoint after(std::int64_t ms) {
  return TimePoint::at(Duration::seconds(10) + Duration::milliseconds(ms));
}

TEST(SendWindow, GrowsByWhatIsAcknowledgedSoonAndNeverAboveTheGreatestWindow) {
  SendWindow window;
  auto before = window.size();
  window.on_ack(after(20), after(0), kQuick, kPacket);
  EXPECT_EQ(window.size(), before + kPacket);
  for (int i = 0; i < 100; ++i) window.on_ack(after(20), after(0), kQuick, std::size_t{1} << 20U);
  EXPECT_EQ(window.size(), SendWindow::kMost);
}

TEST(SendWindow, KeepsItsSizeWhileQueuesAreNeitherShortNorLong) {
  SendWindow window;
  auto before = window.size();
  for (int i = 0; i < 100; ++i) window.on_ack(after(900), after(0), Duration::milliseconds(900), kPacket);
  EXPECT_EQ(window.size(), before);
}

TEST(SendWindow, ShrinksOnceForAllThatWasSentBeforeItShrank) {
  SendWindow window;
  auto before = window.size();
  for (std::int64_t sent = 0; sent < 100; ++sent) window.on_ack(after(1'400 + sent), after(sent), kSlow, kPacket);
  auto once = window.size();
  EXPECT_EQ(once, before - before / 4);
  for (std::int64_t sent = 1'500; sent < 1'600; ++sent) {
    window.on_ack(after(1'400 + sent), after(sent), kSlow, kPacket);
  }
  EXPECT_EQ(window.size(), once - once / 4);
}

TEST(SendWindow, DoesNotShrinkWhereSomePacketsCameThroughSoon) {
  SendWindow window;
  auto before = window.size();
  for (int i = 0; i < 1'000; ++i) {
    window.on_ack(after(5'000), after(4'000), i % 10 == 5 ? Duration::milliseconds(900) : kSlow, kPacket);
  }
  EXPECT_EQ(window.size(), before);
}

TEST(SendWindow, ShrinksForLossesAtMostOnceASecondAndNeverBelowTheLeastWindow) {
  SendWindow window;
  auto before = window.size();
  window.on_retransmission(after(0));
  window.on_retransmission(after(900));
  EXPECT_EQ(window.size(), before - before / 4);
  for (std::int64_t second = 1; second < 100; ++second) window.on_retransmission(after(second * 1'000));
  EXPECT_EQ(window.size(), SendWindow::kLeast);
}

TEST(SendWindow, HasRoomUntilItIsFullAndThenWhenThereIsRoomForMany) {
  SendWindow window;
  EXPECT_TRUE(window.has_room(window.size() - 1));
  EXPECT_FALSE(window.has_room(window.size()));
  EXPECT_FALSE(window.has_room(window.size() - kPacket));
  EXPECT_TRUE(window.has_room(window.size() - 50 * kPacket));
  EXPECT_TRUE(window.has_room(window.size() - 1));
}

/// A client that sends as fast as its gateway takes it.
class UnpacedClient : public LoneClient {
 protected:
  UnpacedClient() { config.traffic.main_poisson_stream = Switch::off; }
  /// Of a message of three megabytes.
  std::size_t packets_without_an_acknowledgement() {
    start();
    send(std::string(3'000'000, 'a'));
    take_all();
    return count_sent(PacketKind::real);
  }
  /// The gateway's socket takes what there is.
  void take_all() {
    while (auto written = std::exchange(unwritten, 0)) input(GatewayWritten{gateway, written});
  }
};

TEST_F(UnpacedClient, SendsEverythingWithAFixedWindow) {
  EXPECT_GT(packets_without_an_acknowledgement(), 1'800U);
}

TEST_F(UnpacedClient, SendsTheFirstWindowAndMoreOnlyOnceItIsAcknowledged) {
  config.traffic.adaptive_window = Switch::on;
  auto first = packets_without_an_acknowledgement();
  EXPECT_LE((first - 1) * kPacket, SendWindow::kFirst);
  EXPECT_GT(first * kPacket, SendWindow::kFirst / 2);
  packets.resize(50);
  acknowledge();
  take_all();
  EXPECT_GT(count_sent(PacketKind::real), first + 90);
}

}  // namespace
}  // namespace nym::client
