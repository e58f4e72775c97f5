#include "engine/base/blob.h"

#include <gtest/gtest.h>

namespace nym {
namespace {

// Counts how often its bytes are made.
class CountingBytes final : public PendingBytes {
 public:
  CountingBytes(Bytes bytes, int& made) : bytes_(std::move(bytes)), made_(made) {}

 protected:
  Bytes compute() override {
    ++made_;
    return bytes_;
  }

 private:
  Bytes bytes_;
  int& made_;
};

TEST(Blob, An_empty_one_has_nothing) {
  Blob blob;
  EXPECT_TRUE(blob.empty());
  EXPECT_FALSE(blob.is_pending());
  EXPECT_TRUE(blob.to_bytes().empty());
  EXPECT_TRUE(blob.stored().empty());
  EXPECT_TRUE(Blob(Bytes{}).empty());
}

TEST(Blob, Keeps_its_bytes) {
  Blob blob(Bytes{1, 2, 3});
  EXPECT_EQ(blob.size(), 3U);
  EXPECT_FALSE(blob.is_pending());
  EXPECT_EQ(blob.to_bytes(), (Bytes{1, 2, 3}));
  EXPECT_EQ(to_bytes(blob.stored()), (Bytes{1, 2, 3}));
}

TEST(Blob, A_zero_tail_counts_without_being_stored) {
  Blob blob = Blob::with_zero_tail({1, 2}, 5);
  EXPECT_EQ(blob.size(), 5U);
  EXPECT_EQ(blob.stored().size(), 2U);
  EXPECT_EQ(blob.to_bytes(), (Bytes{1, 2, 0, 0, 0}));
  EXPECT_EQ(blob, Blob(Bytes{1, 2, 0, 0, 0}));
  EXPECT_NE(blob, Blob(Bytes{1, 2, 0, 0}));
  EXPECT_EQ(Blob::with_zero_tail({}, 3).to_bytes(), (Bytes{0, 0, 0}));
}

TEST(Blob, A_size_below_the_stored_bytes_is_a_misuse) {
  EXPECT_DEATH(Blob::with_zero_tail({1, 2, 3}, 2), "broken invariant");
}

TEST(Blob, Slices_cut_stored_bytes_and_tail_alike) {
  Blob blob = Blob::with_zero_tail({1, 2, 3, 4}, 8);
  EXPECT_EQ(blob.slice(0), blob);
  EXPECT_EQ(blob.slice(2).to_bytes(), (Bytes{3, 4, 0, 0, 0, 0}));
  EXPECT_EQ(blob.slice(1, 2).to_bytes(), (Bytes{2, 3}));
  EXPECT_EQ(blob.slice(3, 3).to_bytes(), (Bytes{4, 0, 0}));
  EXPECT_EQ(blob.slice(6, 2).to_bytes(), (Bytes{0, 0}));
  EXPECT_TRUE(blob.slice(6, 2).stored().empty());
  EXPECT_TRUE(blob.slice(8).empty());
  EXPECT_EQ(blob.slice(1, 6).slice(2, 3).to_bytes(), (Bytes{4, 0, 0}));
  EXPECT_DEATH(blob.slice(9), "broken invariant");
  EXPECT_DEATH(blob.slice(4, 5), "broken invariant");
}

TEST(Blob, The_first_bytes_come_with_zeros_where_nothing_is_stored) {
  Blob blob = Blob::with_zero_tail({1, 2}, 4);
  EXPECT_EQ(blob.first<1>(), (ByteArray<1>{1}));
  EXPECT_EQ(blob.first<4>(), (ByteArray<4>{1, 2, 0, 0}));
  EXPECT_FALSE(blob.first<5>().has_value());
  EXPECT_EQ(Blob::with_zero_tail({}, 2).first<2>(), (ByteArray<2>{}));
  EXPECT_EQ(blob.slice(3).first<1>(), (ByteArray<1>{0}));
}

TEST(Blob, Pending_bytes_are_made_once_for_all_copies_and_slices) {
  int made = 0;
  auto source = std::make_shared<CountingBytes>(Bytes{1, 2, 3}, made);
  Blob blob = Blob::pending(source, 4);
  Blob copy = blob;
  Blob part = blob.slice(1, 3);
  EXPECT_TRUE(blob.is_pending());
  EXPECT_EQ(blob.size(), 4U);
  EXPECT_EQ(part.size(), 3U);
  EXPECT_EQ(made, 0);
  EXPECT_EQ(part.to_bytes(), (Bytes{2, 3, 0}));
  EXPECT_FALSE(blob.is_pending());
  EXPECT_FALSE(copy.is_pending());
  EXPECT_EQ(copy.to_bytes(), (Bytes{1, 2, 3, 0}));
  EXPECT_EQ(made, 1);
  EXPECT_EQ(blob.source(), source);
}

TEST(Blob, Pending_bytes_beyond_the_announced_size_do_not_show) {
  int made = 0;
  Blob blob = Blob::pending(std::make_shared<CountingBytes>(Bytes{1, 2, 3}, made), 2);
  EXPECT_EQ(blob.to_bytes(), (Bytes{1, 2}));
}

TEST(Blob, Trimmed_it_keeps_no_more_than_twice_its_bytes) {
  Bytes bytes(100);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i + 1);
  Blob whole(bytes);
  for (std::size_t size : {0U, 1U, 49U, 50U, 100U}) {
    auto part = whole.slice(0, size);
    auto trimmed = part.trimmed();
    EXPECT_EQ(trimmed, part);
    EXPECT_EQ(trimmed.source() == whole.source(), size >= 50) << size;
  }
  EXPECT_EQ(Blob().trimmed(), Blob());
  Blob sparse = Blob::with_zero_tail(bytes, 500).slice(90);
  EXPECT_EQ(sparse.trimmed(), sparse);
  EXPECT_EQ(sparse.trimmed().stored().size(), 10U);
}

TEST(Blob, Prepared_results_are_shared_by_copies_and_not_by_slices) {
  Blob blob(Bytes{1, 2, 3});
  EXPECT_EQ(blob.prepared(), nullptr);
  Blob copy = blob;
  copy.prepared() = std::make_shared<const int>(7);
  ASSERT_NE(blob.prepared(), nullptr);
  EXPECT_EQ(*static_cast<const int*>(blob.prepared().get()), 7);
  EXPECT_EQ(blob.slice(0).prepared(), nullptr);
}

TEST(Blob, Joined_ones_follow_each_other) {
  Blob joined = Blob::joined(Blob::with_zero_tail({1, 2}, 3), Blob::with_zero_tail({4, 5}, 4));
  EXPECT_EQ(joined.size(), 7U);
  EXPECT_EQ(joined.slice(2, 2).to_bytes(), (Bytes{0, 4}));
  EXPECT_EQ(to_bytes(joined.stored()), (Bytes{1, 2, 0, 4, 5}));
  EXPECT_EQ(joined.to_bytes(), (Bytes{1, 2, 0, 4, 5, 0, 0}));
}

TEST(Blob, Slices_of_what_was_joined_do_not_make_the_other_part) {
  int made = 0;
  Blob pending = Blob::pending(std::make_shared<CountingBytes>(Bytes{4, 5, 6}, made), 3);
  Blob joined = Blob::joined(Bytes{1, 2}, pending);
  EXPECT_EQ(joined.slice(0, 2).to_bytes(), (Bytes{1, 2}));
  EXPECT_EQ(made, 0);
  EXPECT_EQ(joined.slice(2).source(), pending.source());
  EXPECT_EQ(joined.slice(3).to_bytes(), (Bytes{5, 6}));
  EXPECT_EQ(made, 1);
}

}  // namespace
}  // namespace nym
