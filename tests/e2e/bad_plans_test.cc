#include <gtest/gtest.h>

#include <algorithm>

#include "tests/e2e/programs.h"

namespace nym {
namespace {

/// nym-sim with a plan that can not be run.
class BadPlan : public testing::Test {
 protected:
  void SetUp() override {
    auto folder = testnet::TemporaryDirectory::make();
    ASSERT_TRUE(folder);
    folder_.emplace(std::move(*folder));
  }

  std::string write(const std::string& name, const std::string& text) const {
    auto path = folder_->path() / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  /// Every command that reads a plan says the same one line: where it is, then what.
  void expect_refused(const std::string& path, const std::string& place, const std::string& what) const {
    for (const char* command : {"check", "run", "sweep", "predict"}) {
      std::vector<std::string> line{test::program("nym-sim"), command, path};
      if (std::string_view(command) == "sweep") line.insert(line.end(), {"--count", "2"});
      auto ran = test::run_program(line, folder_->path());
      EXPECT_EQ(ran.exit_code, 1) << command << ": " << ran.err;
      EXPECT_EQ(ran.out, "") << command;
      EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << command << ": " << ran.err;
      EXPECT_TRUE(ran.err.starts_with("nym-sim: " + place)) << command << ": " << ran.err;
      EXPECT_NE(ran.err.find(what), std::string::npos) << command << ": " << ran.err;
    }
  }
  void expect_refused_text(const std::string& text, const std::string& at, const std::string& what) const {
    auto path = write("p.toml", text);
    expect_refused(path, path + ":" + at + ":", what);
  }

  std::optional<testnet::TemporaryDirectory> folder_;
};

TEST_F(BadPlan, WithAnUnknownKeyIsRefused) {
  expect_refused_text("[links]\nlos = \"5%\"\n", "2:1", "unknown key 'los'; did you mean 'loss'?");
}

TEST_F(BadPlan, WithANegativeRateIsRefused) {
  expect_refused_text("[[workload]]\nkind = \"messages\"\narrivals = \"poisson(-1/s)\"\ncount = 1\n", "3:12",
                      "'-1/s' is no rate");
}

TEST_F(BadPlan, WithAnImpossibleTopologyIsRefused) {
  expect_refused_text("[network]\ntopology = \"cascade\"\nmixnodes = 4\n", "3:12", "multiple of 3");
  expect_refused_text("[network]\nmixnodes = 2\n", "2:12", "mixnodes");
}

TEST_F(BadPlan, ThatExtendsItselfIsRefused) {
  auto a = write("a.toml", "extends = \"b.toml\"\n");
  auto b = write("b.toml", "name = \"b\"\nextends = \"a.toml\"\n");
  expect_refused(a, b + ":2:11:", "in a circle");
  expect_refused(folder_->path() / "." / "a.toml", b + ":2:11:", "in a circle");
}

TEST_F(BadPlan, WithHugeNumbersIsRefused) {
  expect_refused_text("[network]\nclients = 99999999999999999999999\n", "2", "");
  expect_refused_text("[network]\nclients = 9223372036854775807\n", "2:11", "out of range");
  expect_refused_text("time_limit = \"999999999999999h\"\n", "1:14", "no duration");
  auto json = write("p.json", "{\"network\": {\"gateways\": 99999999999999999999999}}");
  expect_refused(json, json + ":1:26:", "too large");
}

TEST_F(BadPlan, WithoutAnyTextIsRefused) {
  expect_refused_text("", "1:1", "the file says nothing");
}

TEST_F(BadPlan, ThatIsNotUtf8IsRefused) {
  expect_refused_text("name = \"x\"\ndescription = \"\xff\"\n", "2", "");
}

TEST_F(BadPlan, WhoseTraceIsMissingIsRefused) {
  expect_refused_text("[[workload]]\nkind = \"trace\"\nfile = \"none.csv\"\n", "3:8", "none.csv");
}

TEST_F(BadPlan, ThatIsNotThereIsNamed) {
  expect_refused("./nowhere.toml", "", "nowhere.toml");
}

}  // namespace
}  // namespace nym
