#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/e2e/programs.h"

namespace nym {
namespace {

std::string fingerprint(const std::string& program, const std::string& fidelity, const std::filesystem::path& folder) {
  auto ran = test::run_program({program, "run", "hello", "--seed", "1", "--fidelity", fidelity}, folder);
  auto line = test::last_line(ran.out);
  EXPECT_TRUE(line.starts_with("verdict=pass scenario=hello seed=1 ")) << program << ": " << line << ran.err;
  auto at = line.find("fingerprint=");
  return at == std::string::npos ? std::string() : line.substr(at);
}

std::vector<std::string> builds_of_nym_sim() {
  std::vector<std::string> builds{test::program("nym-sim")};
  const char* others = std::getenv("NYM_SIM_BINARIES");
  std::istringstream list(others == nullptr ? "" : others);
  for (std::string build; std::getline(list, build, ':');) {
    builds.push_back(build.starts_with('/') ? build : (std::filesystem::path(NYM_SOURCE) / build).string());
  }
  return builds;
}

TEST(Fingerprints, AreEqualForEveryBuildAndFidelity) {
  auto folder = testnet::TemporaryDirectory::make();
  ASSERT_TRUE(folder);
  auto expected = fingerprint(test::program("nym-sim"), "model", folder->path());
  ASSERT_FALSE(expected.empty());
  for (const auto& build : builds_of_nym_sim()) {
    EXPECT_EQ(fingerprint(build, "real", folder->path()), expected) << build;
    EXPECT_EQ(fingerprint(build, "model", folder->path()), expected) << build;
  }
}

}  // namespace
}  // namespace nym
