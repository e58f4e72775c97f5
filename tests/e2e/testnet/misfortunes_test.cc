#include <csignal>

#include "tests/e2e/testnet/running_network.h"

namespace nym {
namespace {

double slowest_message(const nlohmann::json& report) {
  double slowest = 0;
  for (const auto& leg : report["legs"]) slowest = std::max(slowest, leg["message_seconds"].get<double>());
  return slowest;
}
double fastest_message(const nlohmann::json& report) {
  double fastest = 1'000;
  for (const auto& leg : report["legs"]) fastest = std::min(fastest, leg["message_seconds"].get<double>());
  return fastest;
}

class TestnetMisfortunes : public test::RunningNetwork {
 protected:
  void latency_is_felt_and_goes() {
    ASSERT_EQ(testnet_command({"fault", "add", "mix1->mix2 latency 2s"}).exit_code, 0);
    auto slow = selftest();
    ASSERT_TRUE(slow.value("passed", false)) << slow;
    EXPECT_GE(fastest_message(slow), 2);
    ASSERT_EQ(testnet_command({"fault", "clear"}).exit_code, 0);
    auto quick = selftest();
    ASSERT_TRUE(quick.value("passed", false)) << quick;
    EXPECT_LT(fastest_message(quick), 2);
  }
  std::string state_of(const char* kind, std::size_t index) const { return status()[kind][index].value("state", ""); }
};

TEST_F(TestnetMisfortunes, TheSelftestPassesOnAHealthyNetwork) {
  ASSERT_NO_FATAL_FAILURE(up());
  auto report = selftest();
  EXPECT_TRUE(report.value("passed", false)) << report;
  EXPECT_EQ(report["legs"].size(), 4U);
  EXPECT_GT(slowest_message(report), 0);
}

TEST_F(TestnetMisfortunes, ALinksLatencyIsFeltAndGoes) {
  ASSERT_NO_FATAL_FAILURE(up());
  latency_is_felt_and_goes();
}

TEST_F(TestnetMisfortunes, ALinksLatencyIsFeltAndGoesBetweenProcesses) {
  ASSERT_NO_FATAL_FAILURE(up({"--processes"}));
  latency_is_felt_and_goes();
}

TEST_F(TestnetMisfortunes, LostFramesAreSentAgain) {
  ASSERT_NO_FATAL_FAILURE(up());
  ASSERT_EQ(testnet_command({"fault", "add", "mix2->mix3 loss 10% duplicate 10% reorder 10%"}).exit_code, 0);
  auto report = selftest();
  EXPECT_TRUE(report.value("passed", false)) << report;
}

TEST_F(TestnetMisfortunes, AKilledProcessIsNoticedAndComesBack) {
  ASSERT_NO_FATAL_FAILURE(up({"--processes"}));
  ::kill(status()["gateways"][0].value("pid", 0), SIGKILL);
  ASSERT_TRUE(wait_for_state("degraded"));
  EXPECT_EQ(state_of("gateways", 0), "stopped");
  EXPECT_EQ(status()["gateways"][0].value("why", ""), "its process ended with 137");
  ASSERT_EQ(testnet_command({"restart", "gw1"}).exit_code, 0);
  ASSERT_TRUE(wait_for_state("ready"));
  auto report = selftest();
  EXPECT_TRUE(report.value("passed", false)) << report;
}

TEST_F(TestnetMisfortunes, NodesOfOneProcessAreKilledPausedAndStartedAlike) {
  ASSERT_NO_FATAL_FAILURE(up({"--clients", "1"}));
  ASSERT_EQ(testnet_command({"kill", "mix2"}).exit_code, 0);
  EXPECT_EQ(state_of("mixnodes", 1), "stopped");
  ASSERT_EQ(testnet_command({"restart", "mix2"}).exit_code, 0);
  EXPECT_EQ(state_of("mixnodes", 1), "ready");
  ASSERT_EQ(testnet_command({"pause", "gw1"}).exit_code, 0);
  EXPECT_EQ(state_of("gateways", 0), "degraded");
  ASSERT_EQ(testnet_command({"resume", "gw1"}).exit_code, 0);
  ASSERT_EQ(testnet_command({"kill", "c1"}).exit_code, 0);
  EXPECT_EQ(state_of("clients", 0), "stopped");
  ASSERT_EQ(testnet_command({"restart", "c1"}).exit_code, 0);
  ASSERT_TRUE(wait_for_state("ready"));
  EXPECT_EQ(testnet_command({"kill", "mix9"}).exit_code, 1);
}

TEST_F(TestnetMisfortunes, AClientThatIsCutOffIsDegradedUntilTheFaultIsOver) {
  ASSERT_NO_FATAL_FAILURE(up({"--clients", "1"}));
  ASSERT_EQ(testnet_command({"fault", "add", "silence gw1"}).exit_code, 0);
  ASSERT_TRUE(wait_for_state("degraded"));
  ASSERT_EQ(testnet_command({"fault", "clear"}).exit_code, 0);
  EXPECT_TRUE(wait_for_state("ready"));
}

TEST_F(TestnetMisfortunes, RefusesFaultsThatCannotBeDone) {
  ASSERT_NO_FATAL_FAILURE(up());
  auto refused = testnet_command({"fault", "add", "clock jump 10s gw1"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("only the simulator"), std::string::npos) << refused.err;
  auto listed = testnet_command({"fault", "list", "--json"});
  EXPECT_EQ(listed.out, "[]\n");
}

}  // namespace
}  // namespace nym
