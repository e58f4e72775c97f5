#include "engine/wire/packet_size.h"

#include <gtest/gtest.h>

namespace nym::wire {
namespace {

TEST(PacketSizes, AreFoundAgainByNameTagAndLength) {
  for (PacketSize size : kAllPacketSizes) {
    EXPECT_EQ(packet_size_from_name(name_of(size)), size);
    EXPECT_EQ(packet_size_from_tag(static_cast<std::uint8_t>(size)), size);
    EXPECT_EQ(packet_size_from_length(packet_bytes(size)), size);
    EXPECT_EQ(packet_bytes(size), header_bytes(size) + payload_bytes(size));
    EXPECT_LT(plaintext_bytes(size), payload_bytes(size));
  }
}

TEST(PacketSizes, FragmentsFillThePlaintextBehindAckAndKey) {
  EXPECT_EQ(fragment_bytes(PacketSize::regular), 1611U);
  EXPECT_EQ(fragment_bytes(PacketSize::extended8), 7755U);
  EXPECT_EQ(fragment_bytes(PacketSize::extended16), 15947U);
  EXPECT_EQ(fragment_bytes(PacketSize::extended32), 32331U);
}

TEST(PacketSizesDeathTest, AcksAndOutfoxPacketsCarryNoFragments) {
  EXPECT_DEATH(fragment_bytes(PacketSize::ack), "is_ack");
  EXPECT_DEATH(fragment_bytes(PacketSize::outfox_regular), "is_outfox");
}

}  // namespace
}  // namespace nym::wire
