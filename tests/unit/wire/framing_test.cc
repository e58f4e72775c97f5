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

}  // namespace
}  // namespace nym::wire
