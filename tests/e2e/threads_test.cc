#include <gtest/gtest.h>

#include "tests/e2e/programs.h"

namespace nym {
namespace {

class Threads : public testing::Test {
 protected:
  void SetUp() override {
    auto folder = testnet::TemporaryDirectory::make();
    ASSERT_TRUE(folder);
    folder_.emplace(std::move(*folder));
  }
  test::Ran sim(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), test::program("nym-sim"));
    return test::run_program(arguments, folder_->path());
  }

  std::optional<testnet::TemporaryDirectory> folder_;
};

// They share out sealing and peeling, whose results do not depend on who makes them, or when.
TEST_F(Threads, ChangeNoResult) {
  auto fingerprint = [&](const char* threads) {
    auto ran = sim({"run", "bursts", "--set", "workload.0.length=2s", "--set", "workload.1.length=2s", "--fidelity",
                    "real", "--seed", "5", "--threads", threads});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    auto line = test::last_line(ran.out);
    return line.substr(std::min(line.size(), line.find("fingerprint=")));
  };
  auto one = fingerprint("1");
  EXPECT_TRUE(one.starts_with("fingerprint=")) << one;
  EXPECT_EQ(fingerprint("2"), one);
  EXPECT_EQ(sim({"run", "hello", "--threads", "0"}).exit_code, 1);
}

}  // namespace
}  // namespace nym
