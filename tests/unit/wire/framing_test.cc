#include "engine/wire/framing.h"

#include <gtest/gtest.h>

namespace nym::wire {
namespace {

Bytes frame(PacketSize size, FrameHeaderForm form, std::uint8_t fill) {
  Bytes bytes = encode_frame_header(size, PacketType::mix, form);
  bytes.resize(bytes.size() + packet_bytes(size), fill);
  return bytes;
}

TEST(Framing, BothHeadersMayAlternateOnOneConnection) {
  Bytes stream = frame(PacketSize::ack, FrameHeaderForm::legacy, 1);
  append(stream, frame(PacketSize::ack, FrameHeaderForm::versioned, 2));
  append(stream, frame(PacketSize::regular, FrameHeaderForm::legacy, 3));
  FrameDecoder decoder;
  decoder.feed(stream);
  for (std::uint8_t expected = 1; expected <= 3; ++expected) {
    auto next = decoder.next().value();
    ASSERT_TRUE(next.has_value());
    EXPECT_EQ(next->packet.size(), packet_bytes(next->size));
    EXPECT_EQ(next->packet.to_bytes().front(), expected);
  }
  EXPECT_FALSE(decoder.next().value().has_value());
  EXPECT_TRUE(decoder.at_frame_boundary());
}

TEST(Framing, StreamMayNotEndInsideAFrame) {
  Bytes bytes = frame(PacketSize::ack, FrameHeaderForm::legacy, 1);
  FrameDecoder decoder;
  EXPECT_TRUE(decoder.at_frame_boundary());
  decoder.feed(ByteView(bytes).first(1));
  EXPECT_FALSE(decoder.at_frame_boundary());
  EXPECT_FALSE(decoder.next().value().has_value());
  decoder.feed(ByteView(bytes).subspan(1));
  EXPECT_TRUE(decoder.next().value().has_value());
  EXPECT_TRUE(decoder.at_frame_boundary());
}

TEST(Framing, NothingComesAfterAnError) {
  FrameDecoder decoder;
  decoder.feed(Bytes{0, 9, 0});
  EXPECT_TRUE(decoder.next().error().is(WireError::bad_packet_size));
  decoder.feed(frame(PacketSize::ack, FrameHeaderForm::legacy, 1));
  EXPECT_FALSE(decoder.next().value().has_value());
}

TEST(Framing, SizeIsJudgedBeforeType) {
  FrameDecoder decoder;
  decoder.feed(Bytes{7, 0, 1});
  EXPECT_TRUE(decoder.next().error().is(WireError::bad_packet_size));
  FrameDecoder other;
  other.feed(Bytes{7, 1, 1});
  EXPECT_TRUE(other.next().error().is(WireError::bad_packet_type));
}

TEST(Framing, OutfoxIsVersionedWhateverIsAsked) {
  EXPECT_EQ(encode_frame_header(PacketSize::outfox_regular, PacketType::outfox, FrameHeaderForm::legacy),
            (Bytes{7, 6, 2}));
}

TEST(Framing, AllThreeHeadersMayAlternateInAMixedNetwork) {
  Bytes stream = frame(PacketSize::ack, FrameHeaderForm::legacy, 1);
  append(stream, frame(PacketSize::ack, FrameHeaderForm::versioned, 2));
  Bytes rotating =
      encode_frame_header(PacketSize::regular, PacketType::mix, FrameHeaderForm::with_rotation, KeyRotation::even);
  EXPECT_EQ(rotating, (Bytes{8, 1, 0, 2}));
  rotating.resize(rotating.size() + packet_bytes(PacketSize::regular), 3);
  append(stream, rotating);
  for (std::size_t step : {std::size_t{1}, std::size_t{5}, stream.size()}) {
    FrameDecoder decoder(FrameReading::both);
    std::vector<std::pair<std::uint8_t, KeyRotation>> seen;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      decoder.feed(ByteView(stream).subspan(at, std::min(step, stream.size() - at)));
      while (auto next = decoder.next().value()) seen.emplace_back(next->packet.to_bytes().front(), next->rotation);
    }
    EXPECT_EQ(seen, (std::vector<std::pair<std::uint8_t, KeyRotation>>{
                        {1, KeyRotation::unknown}, {2, KeyRotation::unknown}, {3, KeyRotation::even}}));
    EXPECT_TRUE(decoder.at_frame_boundary());
  }
}

TEST(Framing, OtherVersionsAreRefusedInAMixedNetworkOnceAHeaderIsThere) {
  for (int version = 0; version < 256; ++version) {
    bool known = (version >= 1 && version <= 5) || version == 7 || version == 8;
    FrameDecoder decoder(FrameReading::both);
    decoder.feed(Bytes{static_cast<std::uint8_t>(version), 0});
    EXPECT_EQ(decoder.next().has_value(), true) << version;
    decoder.feed(Bytes{1});
    auto next = decoder.next();
    EXPECT_EQ(!next && next.error().is(WireError::bad_frame_version), !known) << version;
  }
}

TEST(Framing, OfTheLaterGenerationRefusesTheHeaderWithoutAVersion) {
  FrameDecoder decoder(FrameReading::y2026);
  decoder.feed(frame(PacketSize::ack, FrameHeaderForm::legacy, 1));
  EXPECT_TRUE(decoder.next().error().is(WireError::bad_frame_version));
}

TEST(Framing, RotationIsJudgedBeforeSizeAndType) {
  FrameDecoder decoder(FrameReading::y2026);
  decoder.feed(Bytes{8, 0, 1, 3});
  EXPECT_TRUE(decoder.next().error().is(WireError::bad_key_rotation));
}

}  // namespace
}  // namespace nym::wire
