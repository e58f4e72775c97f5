#include <csignal>

#include "tests/e2e/testnet/running_network.h"

namespace nym {
namespace {

class TestnetLife : public test::RunningNetwork {};

TEST_F(TestnetLife, IsTheSameNetworkWhenItIsStartedAgain) {
  ASSERT_NO_FATAL_FAILURE(up({"--clients", "1"}));
  auto first = status();
  EXPECT_TRUE(first.value("ready", false)) << first;
  EXPECT_EQ(first["mixnodes"].size(), 3U);
  EXPECT_EQ(first["gateways"].size(), 2U);
  EXPECT_EQ(first["clients"].at(0).value("state", ""), "ready");

  auto second = testnet_command({"up"});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_NE(second.err.find("a network runs there already"), std::string::npos) << second.err;

  EXPECT_EQ(testnet_command({"down"}).exit_code, 0);
  auto gone = testnet_command({"status"});
  EXPECT_EQ(gone.exit_code, 4);
  EXPECT_NE(gone.err.find("no network runs in"), std::string::npos) << gone.err;

  ASSERT_NO_FATAL_FAILURE(up({"--clients", "1"}));
  auto again = status();
  EXPECT_EQ(first["directory"], again["directory"]);
  for (const char* key : {"identity", "sphinx", "mix", "clients"}) {
    EXPECT_EQ(first["gateways"][0][key], again["gateways"][0][key]) << key;
  }
  for (const char* key : {"address", "websocket", "gateway"}) {
    EXPECT_EQ(first["clients"][0][key], again["clients"][0][key]) << key;
  }
}

TEST_F(TestnetLife, GoesAfterAnUncleanEnd) {
  ASSERT_NO_FATAL_FAILURE(up({"--clients", "1", "--processes"}));
  auto before = status();
  auto client = before["clients"][0].value("pid", 0);
  ::kill(before.value("pid", 0), SIGKILL);
  auto deadline = net::now() + Duration::seconds(10);
  while (::kill(client, 0) == 0 && net::now() < deadline) ::usleep(10'000);
  EXPECT_NE(::kill(client, 0), 0) << "nothing of it is left running";
  ASSERT_NO_FATAL_FAILURE(up({"--clients", "1"}));
  EXPECT_EQ(status()["clients"][0]["address"], before["clients"][0]["address"]);
}

TEST_F(TestnetLife, ACommandFindsTheNetworkInItsEnvironment) {
  auto ran =
      testnet_command({"up", "--clients", "2"}, {"--", "sh", "-c",
                                                 "nym-testnet status --json && echo $NYM_API $NYM_TESTNET_DIRECTORY && "
                                                 "echo $NYM_TESTNET_CLIENTS && exit 7"});
  EXPECT_EQ(ran.exit_code, 7) << ran.err;
  std::istringstream lines(ran.out);
  std::string status_line;
  std::string directories;
  std::string clients;
  ASSERT_TRUE(std::getline(lines, status_line) && std::getline(lines, directories) && std::getline(lines, clients));
  auto status = nlohmann::json::parse(status_line, nullptr, false);
  auto url = status.value("directory", "");
  EXPECT_EQ(directories, url + " " + url);
  EXPECT_EQ(clients, status["clients"][0].value("websocket", "") + " " + status["clients"][1].value("websocket", ""));
}

TEST_F(TestnetLife, ExecRunsOnTheNetworkThatIsThere) {
  ASSERT_NO_FATAL_FAILURE(up());
  auto ran = testnet_command({"exec"}, {"--", "sh", "-c", "test -n \"$NYM_TESTNET_GATEWAYS\" && exit 9"});
  EXPECT_EQ(ran.exit_code, 9) << ran.err;
  EXPECT_EQ(testnet_command({"exec"}).exit_code, 2);
}

TEST_F(TestnetLife, SaysWhatIsWrongWithItsArguments) {
  for (std::vector<std::string> bad : {std::vector<std::string>{"up", "--mixnodes", "2"},
                                       {"up", "--layers", "4"},
                                       {"up", "--gateways", "0"},
                                       {"up", "--host", "nowhere"},
                                       {"up", "--dashboard", "x"},
                                       {"up", "--nonsense"},
                                       {"nonsense"}}) {
    auto ran = testnet_command(bad);
    EXPECT_EQ(ran.exit_code, 2) << bad[0] << " " << bad.back();
    EXPECT_FALSE(ran.err.empty());
  }
  auto help = testnet_command({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_NE(help.out.find("examples:"), std::string::npos);
}

TEST_F(TestnetLife, HasALogANode) {
  ASSERT_NO_FATAL_FAILURE(up({"--clients", "1"}));
  auto gateway = testnet_command({"logs", "gw1"});
  EXPECT_EQ(gateway.exit_code, 0);
  EXPECT_NE(gateway.out.find("is connected"), std::string::npos) << gateway.out;
  auto client = testnet_command({"logs", "c1"});
  EXPECT_NE(client.out.find("Running websocket on"), std::string::npos) << client.out;
  EXPECT_EQ(testnet_command({"logs", "gw9"}).exit_code, 2);
}

}  // namespace
}  // namespace nym
