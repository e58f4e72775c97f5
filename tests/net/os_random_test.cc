#include "net/os_random.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace nym::net {
namespace {

TEST(OsRandom, FillsEverySizeWithBytesThatAreNotRepeated) {
  OsRandom random;
  random.fill({});
  for (std::size_t size : {std::size_t{1}, std::size_t{32}, std::size_t{300}, std::size_t{100'000}}) {
    Bytes first(size);
    Bytes second(size);
    random.fill(first);
    random.fill(second);
    // One or two equal bytes happen by chance.
    if (size < 32) continue;
    EXPECT_NE(first, second);
    EXPECT_TRUE(std::any_of(first.end() - 32, first.end(), [](auto b) { return b != 0; }));
  }
}

TEST(OsRandom, AForkIsAnotherStream) {
  OsRandom random;
  auto one = random.fork("same label");
  auto other = random.fork("same label");
  EXPECT_NE(draw_array<32>(*one), draw_array<32>(*other));
}

}  // namespace
}  // namespace nym::net
