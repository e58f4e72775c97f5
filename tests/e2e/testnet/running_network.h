#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/programs.h"

namespace nym::test {

/// `nym-testnet` with a directory of its own; what still runs in the end is taken down.
class RunningNetwork : public testing::Test {
 protected:
  void SetUp() override {
    auto folder = testnet::TemporaryDirectory::make();
    ASSERT_TRUE(folder);
    folder_.emplace(std::move(*folder));
  }
  void TearDown() override { (void)testnet_command({"down"}); }

  std::filesystem::path directory() const { return folder_->path() / "net"; }

  Ran testnet_command(std::vector<std::string> arguments, const std::vector<std::string>& behind = {}) const {
    arguments.insert(arguments.begin(), program("nym-testnet").string());
    arguments.insert(arguments.end(), {"--dir", directory().string()});
    arguments.insert(arguments.end(), behind.begin(), behind.end());
    return run_program(arguments, folder_->path(), {{"NO_COLOR", "1"}});
  }
  void up(std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {"up", "--detach"});
    auto started = testnet_command(options);
    ASSERT_EQ(started.exit_code, 0) << started.out << started.err;
  }
  nlohmann::json status() const {
    auto shown = testnet_command({"status", "--json"});
    return nlohmann::json::parse(shown.out, nullptr, false);
  }
  /// Until the network says so.
  bool wait_for_state(const std::string& state) const {
    auto deadline = net::now() + Duration::seconds(20);
    while (net::now() < deadline) {
      if (status().value("state", "") == state) return true;
    }
    return false;
  }
  nlohmann::json selftest() const {
    auto ran = testnet_command({"selftest", "--json"});
    return nlohmann::json::parse(ran.out, nullptr, false);
  }

  std::optional<testnet::TemporaryDirectory> folder_;
};

}  // namespace nym::test
