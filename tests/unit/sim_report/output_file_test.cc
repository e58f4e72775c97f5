#include "sim/record/output_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/report/report.h"

namespace nym::sim {
namespace {

class OutputFiles : public ::testing::Test {
 protected:
  OutputFiles() {
    std::string pattern = (std::filesystem::temp_directory_path() / "nym-output-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~OutputFiles() override { std::filesystem::remove_all(folder_); }

  std::string path(const char* name) const { return (folder_ / name).string(); }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_), {}));
  }
  static std::string text_of(const std::string& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

  std::filesystem::path folder_;
};

/// No file of this process grows beyond so many bytes: what a full disk is like.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SmallDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, SIG_DFL);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

 private:
  rlimit before_{};
};

TEST_F(OutputFiles, AppearUnderTheirNameWhenTheyAreWhole) {
  auto file = OutputFile::create(path("a.txt"));
  ASSERT_TRUE(file);
  file->write("hello ");
  file->write("you");
  EXPECT_FALSE(std::filesystem::exists(path("a.txt")));
  ASSERT_TRUE(file->finish());
  EXPECT_EQ(text_of(path("a.txt")), "hello you");
  EXPECT_EQ(files(), 1U);
}

TEST_F(OutputFiles, ReplaceWhatWasThereAlsoThroughASymbolicLink) {
  std::filesystem::create_symlink("real.txt", path("link.txt"));
  ASSERT_TRUE(write_output_file(path("real.txt"), "old"));
  ASSERT_TRUE(write_output_file(path("link.txt"), "new"));
  EXPECT_TRUE(std::filesystem::is_symlink(path("link.txt")));
  EXPECT_EQ(text_of(path("real.txt")), "new");
}

TEST_F(OutputFiles, LeaveNothingWhenTheyAreGivenUp) {
  {
    auto file = OutputFile::create(path("a.txt"));
    ASSERT_TRUE(file);
    file->write(std::string(1'000'000, 'x'));
  }
  EXPECT_EQ(files(), 0U);
}

TEST_F(OutputFiles, OnAFullDiskAreAnErrorAndNotHalfThere) {
  ASSERT_TRUE(write_output_file(path("a.txt"), "the last good one"));
  Result<void> written;
  {
    SmallDisk disk(100'000);
    written = write_output_file(path("a.txt"), std::string(1'000'000, 'x'));
  }
  ASSERT_FALSE(written);
  EXPECT_TRUE(written.error().is(SimError::cannot_write));
  EXPECT_EQ(written.error().text(), "can not write " + path("a.txt") + ": file too large");
  EXPECT_EQ(text_of(path("a.txt")), "the last good one");
  EXPECT_EQ(files(), 1U);
}

TEST_F(OutputFiles, SayWhatIsWrongWithTheirPlace) {
  auto missing = OutputFile::create(path("no/such/folder.html"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().text(), "can not write " + path("no/such/folder.html") + ": no such file or directory");
  auto directory = OutputFile::create(folder_.string());
  ASSERT_FALSE(directory);
  EXPECT_NE(directory.error().text().find("is a directory"), std::string::npos);
}

TEST_F(OutputFiles, WriteToWhatIsNoRegularFileWithoutReplacingIt) {
  auto written = write_output_file("/dev/full", "hello");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().text(), "can not write /dev/full: no space left on device");
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
  EXPECT_TRUE(write_output_file("/dev/null", "hello"));
}

TEST_F(OutputFiles, OfReportsAreWrittenWholeOrNotAtAll) {
  Plan plan;
  plan.clients = {{{}, 2}};
  Result<void> written;
  {
    SmallDisk disk(50'000);
    written = write_report(path("report.html"), plan, RunResult{}, RunFacts{});
  }
  EXPECT_FALSE(written);
  EXPECT_EQ(files(), 0U);
  ASSERT_TRUE(write_report(path("report.html"), plan, RunResult{}, RunFacts{}));
  EXPECT_TRUE(text_of(path("report.html")).ends_with("</html>\n"));
  ASSERT_TRUE(write_csv(path("report.csv"), Measurements{}));
  EXPECT_EQ(text_of(path("report.csv")), "time,metric,series,unit,value\n");
}

}  // namespace
}  // namespace nym::sim
