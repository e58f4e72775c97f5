#include <gtest/gtest.h>

#include "tests/e2e/programs.h"

namespace nym {
namespace {

TEST(Demo, SendsAMessageAndItsReplyBetweenTwoRealClients) {
  auto folder = testnet::TemporaryDirectory::make();
  ASSERT_TRUE(folder);
  auto ran = test::run_program({test::program("nym-testnet"), "demo"}, folder->path());
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.out.find("bob received the message: \"hello bob, guess who this is\""), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("alice received the reply: \"hello whoever you are"), std::string::npos) << ran.out;
  EXPECT_TRUE(test::last_line(ran.out).starts_with("round trip ")) << ran.out;
}

TEST(Up, RunsACommandOnTheNetworkAndReturnsItsExitCode) {
  auto folder = testnet::TemporaryDirectory::make();
  ASSERT_TRUE(folder);
  auto ran = test::run_program(
      {test::program("nym-testnet"), "up", "--", "sh", "-c", "echo $CONFIGURED $NYM_API $NYXD $NYM_API_URL; exit 7"},
      folder->path());
  EXPECT_EQ(ran.exit_code, 7);
  EXPECT_TRUE(ran.out.starts_with("true http://127.0.0.1:")) << ran.out;
}

TEST(Up, GivesTheEnvironmentThatAnUnmodifiedClientUses) {
  auto folder = testnet::TemporaryDirectory::make();
  ASSERT_TRUE(folder);
  auto ran = test::run_program({test::program("nym-testnet"), "up", "--", test::program("nym-client"), "init", "--id",
                                "carol", "--output", "json"},
                               folder->path(), {{"HOME", folder->path()}});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  auto printed = nlohmann::json::parse(ran.out, nullptr, false);
  ASSERT_TRUE(printed.is_object()) << ran.out;
  EXPECT_EQ(printed["id"], "carol");
  auto data = folder->path() / ".nym/clients/carol/data";
  for (const char* file : {"private_identity.pem", "public_identity.pem", "private_encryption.pem",
                           "public_encryption.pem", "ack_key.pem", "gateway_shared.pem", "gateway_details.json"}) {
    ASSERT_TRUE(std::filesystem::exists(data / file)) << file;
    auto mode = std::filesystem::status(data / file).permissions();
    EXPECT_EQ(mode & std::filesystem::perms::all, std::filesystem::perms(0600)) << file;
  }
}

}  // namespace
}  // namespace nym
