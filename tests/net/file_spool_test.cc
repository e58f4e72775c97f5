#include "net/file_spool.h"

#include <gtest/gtest.h>

#include "engine/base/blob.h"
#include "tests/net/temporary_directory.h"

namespace nym::net {
namespace {

TEST(FileSpool, KeepsBytesThatWereSettledAndLeavesNoNameBehind) {
  test::TemporaryDirectory folder;
  FileSpool spool(folder.path());
  auto region = spool.make(3'000'000);
  ASSERT_TRUE(region);
  EXPECT_EQ(region->bytes().size(), 3'000'000U);
  EXPECT_EQ(region->bytes()[2'999'999], 0);
  for (std::size_t i = 0; i < region->bytes().size(); ++i) region->bytes()[i] = static_cast<std::uint8_t>(i * 7);
  region->settle();
  Blob blob = Blob::over(region);
  region.reset();
  auto bytes = blob.stored();
  for (std::size_t i = 0; i < bytes.size(); ++i) ASSERT_EQ(bytes[i], static_cast<std::uint8_t>(i * 7)) << i;
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(FileSpool, HasNoRoomInAFolderThatIsNotThere) {
  FileSpool spool("/nowhere/at/all");
  EXPECT_EQ(spool.make(10), nullptr);
}

TEST(FileSpool, HasNoRoomForMoreThanTheDiskHolds) {
  test::TemporaryDirectory folder;
  FileSpool spool(folder.path());
  EXPECT_EQ(spool.make(std::size_t{1} << 60U), nullptr);
}

}  // namespace
}  // namespace nym::net
