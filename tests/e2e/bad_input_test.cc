#include <gtest/gtest.h>

#include "tests/e2e/programs.h"

namespace nym {
namespace {

class BadInput : public testing::Test {
 protected:
  void SetUp() override {
    auto folder = testnet::TemporaryDirectory::make();
    ASSERT_TRUE(folder);
    folder_.emplace(std::move(*folder));
  }

  test::Ran client(std::vector<std::string> arguments, std::map<std::string, std::string> environment = {}) {
    arguments.insert(arguments.begin(), test::program("nym-client"));
    environment["HOME"] = folder_->path();
    environment["NO_COLOR"] = "1";
    return test::run_program(arguments, folder_->path(), std::move(environment));
  }

  std::unique_ptr<testnet::Network> start_network() {
    auto network = testnet::Network::start(runtime_, folder_->path());
    return network ? std::move(*network) : nullptr;
  }

  net::Runtime runtime_;
  std::optional<testnet::TemporaryDirectory> folder_;
};

TEST_F(BadInput, AnUnknownOptionIsAUsageError) {
  auto ran = client({"init", "--id", "a", "--nonsense"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find("--nonsense"), std::string::npos) << ran.err;
}

TEST_F(BadInput, ADirectoryThatIsDownIsNamed) {
  auto ran = client({"init", "--id", "a", "--nym-apis", "http://127.0.0.1:1"});
  EXPECT_EQ(ran.exit_code, 1);
  auto line = test::last_line(ran.err);
  EXPECT_TRUE(line.starts_with("Error: cannot get the list of gateways")) << ran.err;
  EXPECT_NE(line.find("127.0.0.1:1"), std::string::npos) << ran.err;
  EXPECT_TRUE(ran.out.empty()) << ran.out;
}

TEST_F(BadInput, RunningAClientThatWasNeverInitialisedSaysWhatToDo) {
  auto ran = client({"run", "--id", "nobody"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(test::last_line(ran.err).find("run 'nym-client init --id nobody' first"), std::string::npos) << ran.err;
}

TEST_F(BadInput, AMalformedGatewayKeyIsAUsageError) {
  auto ran = client({"init", "--id", "a", "--gateway", "xyz"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find("PublicKey must be 32 bytes in length"), std::string::npos) << ran.err;
}

TEST_F(BadInput, ABrokenConfigurationNamesFileAndLine) {
  std::filesystem::create_directories(folder_->path() / ".nym/clients/a/config");
  std::ofstream(folder_->path() / ".nym/clients/a/config/config.toml") << "[client]\nid = 'a'\nnonsense = 1\n"
                                                                          "[storage_paths]\n[socket]\n[logging]\n";
  auto ran = client({"run", "--id", "a"});
  EXPECT_EQ(ran.exit_code, 1);
  auto line = test::last_line(ran.err);
  EXPECT_NE(line.find("config.toml: line 3: unknown key 'nonsense' in [client]"), std::string::npos) << ran.err;
}

/// With the network in this process, a client must run beside it: its own process is watched while the network's turns
/// go on.
class BadInputOnANetwork : public BadInput {
 protected:
  void SetUp() override {
    BadInput::SetUp();
    network_ = start_network();
    ASSERT_NE(network_, nullptr);
    testnet::ClientProcess::Place place{test::program("nym-client"), folder_->path(), network_->directory_url()};
    auto client = testnet::ClientProcess::initialise(runtime_, place, "alice", network_->gateways()[0].identity_key);
    ASSERT_TRUE(client) << client.error().text();
    client_.emplace(std::move(*client));
  }

  nlohmann::json next(testnet::AppConnection& app) {
    runtime_.run_until([&] { return app.has_message() || app.is_closed(); }, net::now() + Duration::seconds(60));
    auto message = app.take();
    return message ? *message : nlohmann::json();
  }

  std::unique_ptr<testnet::Network> network_;
  std::optional<testnet::ClientProcess> client_;
};

TEST_F(BadInputOnANetwork, APortInUseIsNamed) {
  auto taken = net::WebSocketListener::listen(runtime_, {Ipv4{{127, 0, 0, 1}}, 0}, [](auto, const auto&) {});
  ASSERT_TRUE(taken);
  auto port = std::to_string((*taken)->local_endpoint().port);
  auto running = client_->run(runtime_, {"--port", port});
  ASSERT_FALSE(running);
  EXPECT_NE(running.error().text().find("127.0.0.1:" + port), std::string::npos) << running.error().text();
}

TEST_F(BadInputOnANetwork, ATextThatDoesNotParseIsAnsweredAndDisturbsNothing) {
  ASSERT_TRUE(client_->run(runtime_));
  testnet::AppConnection app(runtime_, client_->websocket_url());
  app.send("not an object");
  auto error = next(app);
  EXPECT_EQ(error.value("type", ""), "error");
  EXPECT_TRUE(error.value("message", "").starts_with("malformed request:")) << error;
  app.send({{"type", "selfAddress"}});
  EXPECT_EQ(next(app).value("address", ""), client_->address());
}

TEST_F(BadInputOnANetwork, AnUnknownRecipientFailsAloneAndIsLogged) {
  ASSERT_TRUE(client_->run(runtime_));
  testnet::AppConnection app(runtime_, client_->websocket_url());
  auto own = client_->address();
  // Somebody at a gateway that no directory lists: our own identity key stands in for the gateway's.
  auto stranger = own.substr(0, own.find('@') + 1) + own.substr(0, own.find('.'));
  app.send({{"type", "send"}, {"recipient", stranger}, {"message", "lost"}});
  app.send({{"type", "send"}, {"recipient", own}, {"message", "found"}});
  EXPECT_EQ(next(app).value("message", ""), "found");
  auto log = test::text_of(folder_->path() / "alice.run.err");
  EXPECT_NE(log.find("was not delivered: Gateway with identity key"), std::string::npos) << log;
}

TEST_F(BadInputOnANetwork, ASecondRunOfOneClientSaysWhoHasIt) {
  ASSERT_TRUE(client_->run(runtime_));
  testnet::ClientProcess second = std::move(*client_);
  auto again =
      testnet::ChildProcess::start({test::program("nym-client"), "run", "--id", "alice", "--port", "0"},
                                   {{{"HOME", folder_->path()}}, folder_->path() / "2.out", folder_->path() / "2.err"});
  ASSERT_TRUE(again);
  std::optional<net::Timer> look;
  look.emplace(runtime_, [&] { look->arm_after(Duration::milliseconds(10)); });
  look->arm_after(Duration());
  ASSERT_TRUE(runtime_.run_until([&] { return again->poll_exit().has_value(); }, net::now() + Duration::seconds(30)));
  EXPECT_EQ(again->poll_exit(), 1);
  auto line = test::last_line(test::text_of(folder_->path() / "2.err"));
  EXPECT_TRUE(line.starts_with("Error: client alice runs already: ")) << line;
  auto holder = test::text_of(folder_->path() / ".nym/clients/alice/data/lock");
  EXPECT_NE(line.find("is in use by process " + holder.substr(0, holder.find('\n')) + ";"), std::string::npos) << line;
}

}  // namespace
}  // namespace nym
