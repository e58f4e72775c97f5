#include "testnet/relay.h"

#include <gtest/gtest.h>

#include "engine/wire/framing.h"
#include "net/clock.h"
#include "net/os_random.h"

namespace nym::testnet {
namespace {

const Endpoint kAnyPort{Ipv4{{127, 0, 0, 1}}, 0};

Bytes ack_frame(std::uint8_t mark) {
  auto bytes = wire::encode_frame_header(wire::PacketSize::ack, wire::PacketType::mix, wire::FrameHeaderForm::legacy);
  bytes.resize(bytes.size() + wire::packet_bytes(wire::PacketSize::ack), mark);
  return bytes;
}

/// A relay between two ends that are played by the test.
class RelayTest : public testing::Test {
 protected:
  void open(Transport transport) {
    auto listening =
        net::TcpListener::listen(runtime, kAnyPort, [this](std::unique_ptr<net::TcpLink> accepted, const Endpoint&) {
          far_end = std::move(accepted);
          far_end->start({[] {}, [this](ByteView data) { append(arrived, data); }, [](std::size_t) {},
                          [this](CloseReason, std::string_view) { far_end_closed = true; }});
        });
    ASSERT_TRUE(listening);
    target = std::move(*listening);
    auto started = Relay::start(runtime, random, transport, {kAnyPort, target->local_endpoint()});
    ASSERT_TRUE(started);
    relay = std::move(*started);
    near_end = net::TcpLink::connect(runtime, relay->local_endpoint());
    near_end->start({[] {}, [this](ByteView data) { append(came_back, data); }, [](std::size_t) {},
                     [this](CloseReason, std::string_view) { near_end_closed = true; }});
  }
  bool wait(const std::function<bool()>& done) { return runtime.run_until(done, net::now() + Duration::seconds(10)); }

  net::Runtime runtime;
  net::OsRandom random;
  std::unique_ptr<net::TcpListener> target;
  std::unique_ptr<Relay> relay;
  std::unique_ptr<net::TcpLink> near_end;
  std::unique_ptr<net::TcpLink> far_end;
  Bytes arrived;
  Bytes came_back;
  bool near_end_closed = false;
  bool far_end_closed = false;
};

TEST_F(RelayTest, PassesBothDirectionsOfAWebsocket) {
  ASSERT_NO_FATAL_FAILURE(open(Transport::websocket));
  near_end->send(Bytes(10'000, 7));
  ASSERT_TRUE(wait([&] { return arrived.size() == 10'000; }));
  far_end->send(Bytes(20'000, 8));
  ASSERT_TRUE(wait([&] { return came_back.size() == 20'000; }));
}

TEST_F(RelayTest, AnEndPassesOnWhenAllBeforeItHas) {
  ASSERT_NO_FATAL_FAILURE(open(Transport::websocket));
  LinkQuality slow;
  slow.latency = sim::TimeDistribution::fixed(Duration::milliseconds(50));
  relay->set_quality(slow, {});
  ASSERT_TRUE(wait([&] { return far_end != nullptr; }));
  near_end->send(Bytes(100, 7));
  ASSERT_TRUE(wait([&] { return near_end->queued_bytes() == 0; }));
  near_end.reset();
  ASSERT_TRUE(wait([&] { return far_end_closed; }));
  EXPECT_EQ(arrived.size(), 100U);
  ASSERT_TRUE(wait([&] { return relay->is_idle(); }));
}

TEST_F(RelayTest, LosesFramesButNeverHalfOfOne) {
  ASSERT_NO_FATAL_FAILURE(open(Transport::frames));
  LinkQuality poor;
  poor.loss = Probability::of(0.5);
  relay->set_quality(poor, {});
  constexpr std::size_t kFrames = 200;
  Bytes stream;
  for (std::size_t i = 0; i < kFrames; ++i) append(stream, ack_frame(static_cast<std::uint8_t>(i)));
  near_end->send(stream);
  ASSERT_TRUE(wait([&] { return near_end->queued_bytes() == 0 && !arrived.empty(); }));
  near_end.reset();
  ASSERT_TRUE(wait([&] { return far_end_closed; }));
  EXPECT_EQ(arrived.size() % ack_frame(0).size(), 0U);
  auto count = arrived.size() / ack_frame(0).size();
  EXPECT_GT(count, 50U);
  EXPECT_LT(count, 150U);
  wire::FrameDecoder decoder;
  decoder.feed(arrived);
  for (std::size_t i = 0; i < count; ++i) {
    auto next = decoder.next();
    ASSERT_TRUE(next && next->has_value());
  }
}

TEST_F(RelayTest, ClosesWhatCannotBeConnected) {
  ASSERT_NO_FATAL_FAILURE(open(Transport::frames));
  ASSERT_TRUE(wait([&] { return far_end != nullptr; }));
  target.reset();
  far_end.reset();
  ASSERT_TRUE(wait([&] { return near_end_closed; }));
  near_end_closed = false;
  near_end = net::TcpLink::connect(runtime, relay->local_endpoint());
  near_end->start(
      {[] {}, [](ByteView) {}, [](std::size_t) {}, [this](CloseReason, std::string_view) { near_end_closed = true; }});
  EXPECT_TRUE(wait([&] { return near_end_closed; }));
}

TEST_F(RelayTest, ASenderWaitsWhileTheLinkIsClogged) {
  ASSERT_NO_FATAL_FAILURE(open(Transport::websocket));
  LinkQuality clogged;
  clogged.is_clogged = true;
  relay->set_quality(clogged, {});
  constexpr std::size_t kMuch = std::size_t{32} << 20U;
  near_end->send(Bytes(kMuch, 1));
  EXPECT_FALSE(
      runtime.run_until([&] { return near_end->queued_bytes() == 0; }, net::now() + Duration::milliseconds(300)))
      << "the relay takes no more than its bound";
  relay->set_quality({}, {});
  EXPECT_TRUE(wait([&] { return arrived.size() == kMuch; }));
}

}  // namespace
}  // namespace nym::testnet
