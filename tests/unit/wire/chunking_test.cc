#include "engine/wire/chunking.h"

#include <gtest/gtest.h>

namespace nym::wire {
namespace {

std::vector<SetId> numbered_ids(std::size_t count) {
  std::vector<SetId> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back(SetId{static_cast<std::uint32_t>(i + 1)});
  return ids;
}

/// Counts by going through the message fragment by fragment: slow, obvious.
FragmentCount count_slowly(std::size_t length, std::size_t fragment_size) {
  std::size_t unlinked = fragment_size - kUnlinkedHeader;
  std::size_t linked = fragment_size - kLinkedHeader;
  if (length <= 255 * unlinked) {
    std::size_t fragments = (length + unlinked - 1) / unlinked;
    return {fragments, fragments * unlinked - length};
  }
  std::size_t fragments = 0;
  std::size_t rest = length;
  for (std::size_t set = 0;; ++set) {
    std::size_t first = set == 0 ? unlinked : linked;
    bool is_last = set > 0 && rest <= first + 254 * unlinked;
    for (std::size_t position = 1; position <= 255; ++position) {
      std::size_t capacity = position == 1 ? first : unlinked;
      if (position == 255 && !is_last) capacity = linked;
      ++fragments;
      if (is_last && rest <= capacity) return {fragments, capacity - rest};
      rest -= capacity;
    }
  }
}

TEST(Chunking, CountsAgreeWithCountingOneByOne) {
  for (std::size_t size : {11U, 12U, 20U, 47U}) {
    for (std::size_t length = 1; length < 4000 * size; length += 1 + length / 40) {
      ASSERT_EQ(required_fragments(length, size), count_slowly(length, size)) << size << " " << length;
    }
  }
}

TEST(Chunking, SlicesCoverTheMessageWithoutGapsAndKeepTheRules) {
  for (std::size_t length : {1U, 13U, 3315U, 3316U, 6624U, 6625U, 50'000U}) {
    auto slices = split(length, 20, numbered_ids(required_sets(length, 20)));
    EXPECT_EQ(slices.size(), required_fragments(length, 20).fragments);
    std::size_t offset = 0;
    for (const auto& slice : slices) {
      EXPECT_EQ(slice.offset, offset);
      EXPECT_TRUE(keeps_sender_rules(slice.header, slice.length, 20));
      offset += slice.length;
    }
    EXPECT_EQ(offset, length);
  }
}

TEST(Chunking, SetsPointToEachOther) {
  auto slices = split(10'000, 20, numbered_ids(4));
  EXPECT_EQ(slices.front().header.linked, std::nullopt);
  EXPECT_EQ(slices[254].header.next_set(), SetId{2});
  EXPECT_EQ(slices[255].header.previous_set(), SetId{1});
  EXPECT_EQ(slices[255 * 3 - 1].header.next_set(), SetId{4});
  EXPECT_EQ(slices[255 * 3].header.previous_set(), SetId{3});
  EXPECT_EQ(slices.back().header.linked, std::nullopt);
}

TEST(ChunkingDeathTest, MisuseIsCaught) {
  EXPECT_DEATH(required_fragments(1, kLinkedHeader), "fragment_size");
  EXPECT_DEATH(split(10'000, 20, numbered_ids(3)), "ids.size");
}

}  // namespace
}  // namespace nym::wire
