#include "engine/sphinx/hop_rule.h"

#include <gtest/gtest.h>

namespace nym::sphinx {
namespace {

constexpr HopArithmetic kOldest{Blinding::unclamped, PayloadKeyForm::full};
constexpr HopArithmetic kClamped{Blinding::clamped, PayloadKeyForm::full};
constexpr HopArithmetic kSeeded{Blinding::clamped, PayloadKeyForm::seed};

TEST(HopRule, Of_2023_knows_one_arithmetic) {
  for (std::uint32_t number = 0; number <= 0xffff; ++number) {
    ASSERT_EQ(arithmetic_at(NodeRule::y2023, static_cast<SphinxNumber>(number)), kOldest) << number;
  }
}

TEST(HopRule, Of_the_later_reference_takes_unknown_numbers_for_259) {
  for (std::uint32_t number = 0; number <= 0xffff; ++number) {
    auto expected = number == 1 || number == 257 ? kOldest : number == 258 ? kClamped : kSeeded;
    ASSERT_EQ(arithmetic_at(NodeRule::reference_2026, static_cast<SphinxNumber>(number)), expected) << number;
  }
}

TEST(HopRule, Ours_is_the_later_one_but_for_256) {
  for (std::uint32_t number = 0; number <= 0xffff; ++number) {
    auto named = static_cast<SphinxNumber>(number);
    auto expected = number == 256 ? kOldest : arithmetic_at(NodeRule::reference_2026, named);
    ASSERT_EQ(arithmetic_at(NodeRule::ours, named), expected) << number;
    ASSERT_EQ(arithmetic_of(named), expected) << number;
  }
}

TEST(HopRule, A_client_writes_its_surbs_in_the_form_of_its_number) {
  for (auto number : {SphinxNumber::n256, SphinxNumber::n257, SphinxNumber::n258, SphinxNumber::n259}) {
    EXPECT_EQ(PacketForm::of(number).surbs, surb_form_of(number)) << static_cast<int>(number);
  }
}

}  // namespace
}  // namespace nym::sphinx
