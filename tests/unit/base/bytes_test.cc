#include "engine/base/bytes.h"

#include <gtest/gtest.h>

namespace nym {
namespace {

TEST(Bytes, Integers_are_big_endian_both_ways) {
  EXPECT_EQ(to_be(std::uint8_t{0xab}), (ByteArray<1>{0xab}));
  EXPECT_EQ(to_be(std::uint16_t{0x0102}), (ByteArray<2>{1, 2}));
  EXPECT_EQ(to_be(std::uint32_t{0x01020304}), (ByteArray<4>{1, 2, 3, 4}));
  EXPECT_EQ(to_be(std::uint64_t{0x0102030405060708}), (ByteArray<8>{1, 2, 3, 4, 5, 6, 7, 8}));
  const ByteArray<8> bytes{0xff, 0xfe, 3, 4, 5, 6, 7, 0x80};
  FixedView<8> view(bytes);
  EXPECT_EQ(load_be<std::uint8_t>(view.first<1>()), 0xff);
  EXPECT_EQ(load_be<std::uint16_t>(view.first<2>()), 0xfffe);
  EXPECT_EQ(load_be<std::uint32_t>(view.first<4>()), 0xfffe0304U);
  EXPECT_EQ(load_be<std::uint64_t>(view), 0xfffe030405060780U);
}

TEST(ByteReader, Takes_in_order_and_leaves_the_rest) {
  const Bytes bytes{1, 2, 3, 4, 5, 6, 7};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.take_be<std::uint16_t>(), 0x0102);
  EXPECT_EQ(reader.take_array<3>(), (ByteArray<3>{3, 4, 5}));
  EXPECT_EQ(reader.remaining(), 2U);
  EXPECT_EQ(to_bytes(reader.rest()), (Bytes{6, 7}));
  auto rest = reader.take(2);
  ASSERT_TRUE(rest.has_value());
  EXPECT_EQ(to_bytes(*rest), (Bytes{6, 7}));
  EXPECT_EQ(reader.remaining(), 0U);
}

TEST(ByteReader, Refuses_to_read_past_the_end_and_stays_where_it_is) {
  const Bytes bytes{1, 2, 3};
  ByteReader reader(bytes);
  EXPECT_FALSE(reader.take(4).has_value());
  EXPECT_FALSE(reader.take(~std::size_t{0}).has_value());
  EXPECT_FALSE(reader.take_be<std::uint32_t>().has_value());
  EXPECT_FALSE(reader.take_array<4>().has_value());
  EXPECT_EQ(reader.remaining(), 3U);
  EXPECT_TRUE(reader.take(0).has_value());
  EXPECT_TRUE(reader.take(3).has_value());
  EXPECT_TRUE(reader.take(0).has_value());
  EXPECT_FALSE(reader.take(1).has_value());
}

TEST(ByteWriter, Joins_fields_in_order) {
  const Bytes tail{9, 8};
  Bytes out = ByteWriter(3).put_be(std::uint16_t{0x0102}).put_zeros(2).put(tail).put({}).finish();
  EXPECT_EQ(out, (Bytes{1, 2, 0, 0, 9, 8}));
  EXPECT_TRUE(ByteWriter().finish().empty());
}

TEST(Bytes, Text_and_bytes_are_views_of_each_other) {
  std::string_view text = "a\0b";
  EXPECT_EQ(as_text(as_bytes(text)), text);
  EXPECT_EQ(to_bytes(as_bytes("AB")), (Bytes{0x41, 0x42}));
}

TEST(Bytes, The_front_of_a_view_becomes_an_array) {
  EXPECT_EQ(to_array<2>(Bytes{1, 2, 3}), (ByteArray<2>{1, 2}));
}

}  // namespace
}  // namespace nym
