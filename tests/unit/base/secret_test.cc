#include "engine/base/secret.h"

#include <gtest/gtest.h>

#include <new>

namespace nym {
namespace {

TEST(Secret, Is_wiped_when_it_goes_and_when_it_is_moved_from) {
  Secret<4> secret(ByteArray<4>{1, 2, 3, 4});
  Secret<4> moved(std::move(secret));
  EXPECT_EQ(to_bytes(moved.expose()), (Bytes{1, 2, 3, 4}));
  EXPECT_EQ(to_bytes(secret.expose()), Bytes(4));  // NOLINT(bugprone-use-after-move): what is left is the point

  alignas(Secret<4>) ByteArray<sizeof(Secret<4>)> memory{};
  auto* placed = new (memory.data()) Secret<4>(moved);
  EXPECT_EQ(memory, (ByteArray<4>{1, 2, 3, 4}));
  placed->~Secret();
  EXPECT_EQ(memory, (ByteArray<4>{}));
}

TEST(Secret, Copies_are_independent) {
  Secret<2> a(ByteArray<2>{1, 2});
  Secret<2> b = a;
  b.expose_mutable()[0] = 9;
  EXPECT_EQ(a.expose()[0], 1);
  a = b;
  EXPECT_EQ(a.expose()[0], 9);
}

TEST(Wipe, Takes_views_of_any_size) {
  wipe({});
  Bytes bytes{1, 2, 3};
  wipe(MutableByteView(bytes).first(2));
  EXPECT_EQ(bytes, (Bytes{0, 0, 3}));
}

}  // namespace
}  // namespace nym
