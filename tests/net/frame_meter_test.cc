#include "net/frame_meter.h"

#include <gtest/gtest.h>

#include "tests/net/raw_frames.h"

namespace nym::net::test {
namespace {

using Form = FrameMeter::Excess::Form;

Bytes joined(std::initializer_list<Bytes> frames) {
  Bytes all;
  for (const auto& frame : frames) append(all, frame);
  return all;
}

TEST(FrameMeter, LetsMessagesOfTheGreatestSizePass) {
  FrameMeter meter(70'000, 70'000);
  auto frames = joined(
      {raw_frame(Opcode::text, Bytes(100), Mask::constant), raw_frame(Opcode::binary, Bytes(200), Mask::none),
       raw_frame(Opcode::binary, Bytes(70'000), Mask::constant), raw_frame(Opcode::ping, Bytes(5), Mask::constant)});
  EXPECT_FALSE(meter.feed(frames));
}

TEST(FrameMeter, FindsALongFrameByItsHeaderAlsoByteByByte) {
  auto frames = joined(
      {raw_frame(Opcode::binary, Bytes(300), Mask::constant), raw_frame(Opcode::text, Bytes(301), Mask::constant)});
  FrameMeter meter(300, 1'000);
  std::size_t fed = 0;
  std::optional<FrameMeter::Excess> excess;
  while (!excess && fed < frames.size()) excess = meter.feed(ByteView(frames).subspan(fed++, 1));
  ASSERT_TRUE(excess);
  EXPECT_EQ(excess->form, Form::text);
  EXPECT_EQ(excess->bytes, 301U);
  EXPECT_EQ(fed, 308U + 8U) << "the header of the second frame";
}

TEST(FrameMeter, AddsUpTheFramesOfAMessageAndNoOthers) {
  auto frames = joined({raw_frame(Opcode::text, Bytes(60), Mask::constant),
                        raw_frame(Opcode::text, Bytes(60), Mask::constant, Fin::more),
                        raw_frame(Opcode::ping, Bytes(50), Mask::constant),
                        raw_frame(Opcode::continuation, Bytes(40), Mask::constant, Fin::more)});
  FrameMeter meter(1'000, 100);
  EXPECT_FALSE(meter.feed(frames));
  auto excess = meter.feed(raw_frame(Opcode::continuation, Bytes(1), Mask::constant));
  ASSERT_TRUE(excess);
  EXPECT_EQ(excess->bytes, 101U);
}

TEST(FrameMeter, BelievesNoLength) {
  FrameMeter meter(1'000, 1'000);
  auto excess = meter.feed(from_hex("82ffffffffffffffffff00000000").value());
  ASSERT_TRUE(excess);
  EXPECT_EQ(excess->bytes, ~std::uint64_t{0});
  FrameMeter sum(~std::uint64_t{0}, 1'000);
  Bytes first = raw_frame(Opcode::binary, Bytes(10), Mask::constant, Fin::more);
  EXPECT_FALSE(sum.feed(first));
  EXPECT_TRUE(sum.feed(from_hex("80ffffffffffffffffff00000000").value()));
}

}  // namespace
}  // namespace nym::net::test
