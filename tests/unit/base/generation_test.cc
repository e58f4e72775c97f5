#include "engine/base/generation.h"

#include <gtest/gtest.h>

namespace nym {
namespace {

TEST(Generation, SendsOneNumberAndTheFormOfSurbsThatFitsIt) {
  EXPECT_EQ(PacketForm::of(Generation::y2023), (PacketForm{SphinxNumber::n256, SurbForm::v1}));
  EXPECT_EQ(PacketForm::of(Generation::y2026), (PacketForm{SphinxNumber::n259, SurbForm::v2}));
  EXPECT_EQ(PacketForm::of(SphinxNumber::n257).surbs, SurbForm::v1);
  EXPECT_EQ(PacketForm::of(SphinxNumber::n258).surbs, SurbForm::v1);
  EXPECT_EQ(PacketForm{}, PacketForm::of(Generation::y2023));
}

TEST(KeyRotation, IsTheParityOfAnIdThatIsKnown) {
  EXPECT_EQ(key_rotation_of(0), KeyRotation::unknown);
  EXPECT_EQ(key_rotation_of(1), KeyRotation::odd);
  EXPECT_EQ(key_rotation_of(2), KeyRotation::even);
  EXPECT_EQ(key_rotation_of(UINT32_MAX - 1), KeyRotation::even);
  EXPECT_EQ(key_rotation_of(UINT32_MAX), KeyRotation::unknown);
}

TEST(KeyRotation, HasThreeBytes) {
  for (int byte = 0; byte < 256; ++byte) {
    auto rotation = key_rotation_from_byte(static_cast<std::uint8_t>(byte));
    ASSERT_EQ(rotation.has_value(), byte <= 2) << byte;
    if (rotation) {
      EXPECT_EQ(static_cast<int>(*rotation), byte);
    }
  }
}

}  // namespace
}  // namespace nym
