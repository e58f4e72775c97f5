#include "net/drivers/frame_listener.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/net/loopback.h"
#include "tests/support/packets.h"

namespace nym::net {
namespace {

/// What a node is handed by its incoming links.
class FrameListenerTest : public test::LoopbackTest {
 protected:
  void SetUp() override {
    auto listening = FrameListener::listen(
        runtime, test::kLoopback, network.suite, network.keys[0],
        [this](std::span<wire::MixFrame> frames) { take(frames); }, [](DropReason) { ADD_FAILURE(); });
    ASSERT_TRUE(listening);
    listener = std::move(*listening);
  }
  void take(std::span<wire::MixFrame> frames) {
    EXPECT_LE(frames.size(), limits::kFramesTogether);
    ++handed_over;
    for (auto& frame : frames) {
      are_prepared &= frame.packet.prepared() != nullptr;
      begins.push_back(frame.packet.to_bytes());
    }
  }
  Bytes frames_of(std::span<const Blob> packets) {
    Bytes bytes;
    for (const auto& packet : packets) {
      append(bytes, wire::encode_frame_header(wire::PacketSize::regular, wire::PacketType::mix,
                                              wire::FrameHeaderForm::legacy));
      append(bytes, packet.to_bytes());
    }
    return bytes;
  }
  std::vector<Blob> packets(std::size_t count) {
    std::vector<Blob> made;
    for (std::size_t i = 0; i < count; ++i) made.push_back(network.packet(0, {}));
    return made;
  }

  nym::test::SmallNetwork network{1};
  std::unique_ptr<FrameListener> listener;
  std::vector<Bytes> begins;
  std::size_t handed_over = 0;
  bool are_prepared = true;
};

TEST_F(FrameListenerTest, HandsFramesOverPreparedInTheirOrder) {
  auto sent = packets(50);
  test::TcpPeer peer;
  peer.start(TcpLink::connect(runtime, listener->local_endpoint()));
  peer.link->send(frames_of(sent));
  ASSERT_TRUE(happens([&] { return begins.size() == sent.size(); }));
  EXPECT_TRUE(are_prepared);
  for (std::size_t i = 0; i < sent.size(); ++i) EXPECT_EQ(begins[i], sent[i].to_bytes());
}

TEST_F(FrameListenerTest, HandsOverTogetherWhatWaitsOnSeveralLinks) {
  constexpr std::size_t kLinks = 8;
  std::array<test::TcpPeer, kLinks> peers;
  for (auto& peer : peers) peer.start(TcpLink::connect(runtime, listener->local_endpoint()));
  auto first = packets(kLinks);
  for (std::size_t i = 0; i < kLinks; ++i) peers[i].link->send(frames_of({&first[i], 1}));
  ASSERT_TRUE(happens([&] { return begins.size() == kLinks; }));
  listener->pause();
  auto second = packets(kLinks);
  for (std::size_t i = 0; i < kLinks; ++i) peers[i].link->send(frames_of({&second[i], 1}));
  ASSERT_TRUE(
      happens([&] { return std::ranges::all_of(peers, [](auto& peer) { return peer.link->queued_bytes() == 0; }); }));
  handed_over = 0;
  listener->resume();
  ASSERT_TRUE(happens([&] { return begins.size() == 2 * kLinks; }));
  EXPECT_LT(handed_over, kLinks / 2);
  EXPECT_TRUE(are_prepared);
}

TEST_F(FrameListenerTest, MayGoWhileFramesWaitToBeHandedOver) {
  test::TcpPeer peer;
  peer.start(TcpLink::connect(runtime, listener->local_endpoint()));
  peer.link->send(frames_of(packets(1)));
  listener->watch([](const wire::MixFrame&) {});
  ASSERT_TRUE(happens([&] { return peer.link->queued_bytes() == 0 && peer.is_open; }));
  listener.reset();
  ASSERT_TRUE(happens([&] { return peer.closed.has_value(); }));
}

}  // namespace
}  // namespace nym::net
