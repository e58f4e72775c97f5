#include "net/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "net/error.h"
#include "tests/net/temporary_directory.h"

namespace nym::net {
namespace {

namespace fs = std::filesystem;

unsigned mode_of(const fs::path& path) {
  struct stat found{};
  EXPECT_EQ(::stat(path.c_str(), &found), 0);
  return found.st_mode & 07777U;
}

class FilesTest : public ::testing::Test {
 protected:
  test::TemporaryDirectory directory;
};

TEST_F(FilesTest, WhatIsWrittenIsReadBackAndPrivate) {
  auto path = directory.path() / "file";
  for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100'000}}) {
    Bytes content(size, 7);
    ASSERT_TRUE(write_file_atomically(path, content).has_value());
    EXPECT_EQ(read_file(path, 100'000).value(), content);
    EXPECT_EQ(mode_of(path), 0600U);
  }
  ASSERT_TRUE(write_file_atomically(path, {}, 0644).has_value());
  EXPECT_EQ(mode_of(path), 0644U);
}

TEST_F(FilesTest, NothingElseIsLeftInTheDirectory) {
  ASSERT_TRUE(write_file_atomically(directory.path() / "file", Bytes{1}).has_value());
  ASSERT_TRUE(write_file_atomically(directory.path() / "file", Bytes{2}).has_value());
  fs::create_directory(directory.path() / "taken");
  std::ofstream(directory.path() / "taken" / "x") << "x";
  EXPECT_FALSE(write_file_atomically(directory.path() / "taken", Bytes{3}).has_value());
  EXPECT_EQ(std::distance(fs::directory_iterator(directory.path()), fs::directory_iterator()), 2);
}

TEST_F(FilesTest, AFailedWriteLeavesTheOldContent) {
  auto path = directory.path() / "missing" / "file";
  auto failed = write_file_atomically(path, Bytes{1});
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().text(), "cannot write " + path.string() + ": No such file or directory (os error 2)");
}

TEST_F(FilesTest, ReadingIsBoundedAndNamesWhatIsMissing) {
  auto path = directory.path() / "file";
  ASSERT_TRUE(write_file_atomically(path, Bytes(100)).has_value());
  EXPECT_TRUE(read_file(path, 100).has_value());
  EXPECT_TRUE(read_file(path, 99).error().is(NetError::too_large));
  EXPECT_TRUE(read_file("/dev/zero", 1'000'000).error().is(NetError::too_large));
  auto missing = read_file(directory.path() / "missing", 1);
  EXPECT_TRUE(missing.error().is(NetError::not_found));
  EXPECT_NE(missing.error().text().find("missing"), std::string::npos);
  EXPECT_TRUE(read_file(directory.path(), 1).error().is(NetError::file_failed));
}

TEST_F(FilesTest, DirectoriesAreMadeForTheOwnerOnly) {
  auto path = directory.path() / "a" / "b" / "c";
  ASSERT_TRUE(make_directories(path).has_value());
  EXPECT_TRUE(make_directories(path).has_value()) << "making it again must do nothing";
  EXPECT_TRUE(make_directories(path / "").has_value());
  EXPECT_EQ(mode_of(path), 0700U);
  EXPECT_EQ(mode_of(directory.path() / "a"), 0700U);
  std::ofstream(path / "file") << "x";
  EXPECT_FALSE(make_directories(path / "file").has_value());
  EXPECT_FALSE(make_directories(path / "file" / "below").has_value());
}

TEST_F(FilesTest, LooseFilesAreMadePrivateWithAWarning) {
  auto path = directory.path() / "secret";
  ASSERT_TRUE(write_file_atomically(path, {}, 0644).has_value());
  EXPECT_EQ(make_private(path).value(), path.string() + " had permissions 0644; they are now 0600");
  EXPECT_EQ(mode_of(path), 0600U);
  EXPECT_EQ(make_private(path).value(), "");
}

TEST_F(FilesTest, ADirectoryIsLockedOnceAndTheHolderIsNamed) {
  std::optional<DirectoryLock> first = DirectoryLock::take(directory.path()).value();
  auto second = DirectoryLock::take(directory.path());
  ASSERT_FALSE(second.has_value());
  EXPECT_TRUE(second.error().is(NetError::locked));
  EXPECT_EQ(second.error().text(), directory.path().string() + " is in use by process " + std::to_string(::getpid()));
  DirectoryLock moved = *std::move(first);
  first.reset();
  EXPECT_FALSE(DirectoryLock::take(directory.path()).has_value()) << "moving must not release it";
  {
    DirectoryLock gone = std::move(moved);
  }
  EXPECT_TRUE(DirectoryLock::take(directory.path()).has_value());
}

TEST_F(FilesTest, ALockEndsWithItsProcess) {
  auto child = ::fork();
  if (child == 0) {
    auto lock = DirectoryLock::take(directory.path());
    ::_exit(lock.has_value() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(DirectoryLock::take(directory.path()).has_value());
}

}  // namespace
}  // namespace nym::net
