#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "net/http_server.h"
#include "tests/e2e/programs.h"

namespace nym {
namespace {

namespace fs = std::filesystem;

/// nym-client as a user runs it, beside a directory or a network that lives in this process.
class CommandLine : public testing::Test {
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
    testnet::ChildProcess::Options options{std::move(environment), folder_->path() / "out", folder_->path() / "err"};
    auto child = testnet::ChildProcess::start(arguments, options);
    if (!child) return {};
    wait_for_end(*child);
    return {child->poll_exit().value_or(-1), test::text_of(*options.output_file), test::text_of(*options.error_file)};
  }

  void wait_for_end(testnet::ChildProcess& child) {
    std::optional<net::Timer> look;
    look.emplace(runtime_, [&] { look->arm_after(Duration::milliseconds(5)); });
    look->arm_after(Duration());
    runtime_.run_until([&] { return child.poll_exit().has_value(); }, net::now() + Duration::seconds(120));
  }

  test::Ran init(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"init", "--id", "alice", "--nym-apis", network_->directory_url()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return client(std::move(arguments));
  }

  void start_network() {
    auto network = testnet::Network::start(runtime_, folder_->path());
    ASSERT_TRUE(network) << network.error().text();
    network_ = std::move(*network);
  }
  std::string gateway(std::size_t index) const { return network_->gateways()[index].identity_key; }

  /// A directory whose answers are those given; everything else is not found.
  std::string serve(std::map<std::string, std::string> answers, unsigned status = 404) {
    auto handler = [answers = std::move(answers), status](const net::HttpRequest& request) {
      auto found = answers.find(request.target);
      net::HttpAnswer missing;
      missing.status = status;
      missing.body = "<!doctype html>";
      if (found == answers.end()) return missing;
      net::HttpAnswer answer;
      answer.body = found->second;
      return answer;
    };
    auto server = net::HttpServer::listen(runtime_, Endpoint{Ipv4{{127, 0, 0, 1}}, 0}, handler);
    EXPECT_TRUE(server);
    directory_ = *std::move(server);
    return "http://" + to_string(directory_->local_endpoint());
  }

  fs::path root() const { return folder_->path() / ".nym/clients/alice"; }
  fs::path data(const char* name) const { return root() / "data" / name; }
  std::string content(const fs::path& path) const { return test::text_of(path); }

  net::Runtime runtime_;
  std::optional<testnet::TemporaryDirectory> folder_;
  std::unique_ptr<testnet::Network> network_;
  std::unique_ptr<net::HttpServer> directory_;
};

TEST_F(CommandLine, ASecondInitKeepsTheIdentityAndWritesTheConfigurationAnew) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  auto first = init({"--gateway", gateway(0)});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_TRUE(first.out.starts_with("Version: 1.1.29\nID: alice\nIdentity key: ")) << first.out;
  EXPECT_TRUE(first.err.starts_with("Initialising client...\n")) << first.err;
  EXPECT_TRUE(first.err.ends_with("\nClient configuration completed.\n\n")) << first.err;
  EXPECT_NE(first.err.find("Saved configuration file to " + (root() / "config/config.toml").string()),
            std::string::npos);
  auto second = init({"--port", "2500"});
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_NE(second.err.find("Client \"alice\" was already initialised before\n"), std::string::npos);
  EXPECT_NE(second.out.find("Client listening port: 2500\n"), std::string::npos);
  EXPECT_EQ(test::last_line(second.out), test::last_line(first.out)) << "the same address";
  EXPECT_NE(content(root() / "config/config.toml").find("listening_port = 2500"), std::string::npos);
  auto forced = init({"--force-register-gateway"});
  EXPECT_EQ(forced.exit_code, 0) << forced.err;
  EXPECT_NE(forced.err.find("Instructed to force registering gateway. This might overwrite keys!\n"),
            std::string::npos);
  EXPECT_EQ(test::last_line(forced.out), test::last_line(first.out)) << "no other gateway was asked for";
}

TEST_F(CommandLine, AnIdentityIsReplacedOnlyWithForce) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  ASSERT_EQ(init({"--gateway", gateway(0)}).exit_code, 0);
  auto key = content(data("private_identity.pem"));
  auto other = init({"--gateway", gateway(1)});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_TRUE(test::last_line(other.err).starts_with("Error: ClientCoreError(UnexpectedGatewayDetails): "))
      << other.err;
  EXPECT_TRUE(other.out.empty());
  fs::remove(data("ack_key.pem"));
  auto broken = init();
  EXPECT_EQ(broken.exit_code, 1);
  auto line = test::last_line(broken.err);
  EXPECT_NE(line.find("ack_key.pem"), std::string::npos) << line;
  EXPECT_NE(line.find("--force-register-gateway"), std::string::npos) << line;
  EXPECT_EQ(content(data("private_identity.pem")), key) << "the identity is still there";
  auto forced = init({"--gateway", gateway(1), "--force-register-gateway", "-o", "json"});
  EXPECT_EQ(forced.exit_code, 0) << forced.err;
  EXPECT_NE(content(data("private_identity.pem")), key);
  EXPECT_NE(forced.out.find("\"gateway_id\":\"" + gateway(1) + "\""), std::string::npos) << forced.out;
}

TEST_F(CommandLine, DetailsThatAreMissingOrOfOtherKeysAreRefused) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  ASSERT_EQ(init().exit_code, 0);
  auto details = content(data("gateway_details.json"));
  fs::remove(data("gateway_details.json"));
  EXPECT_NE(init().err.find("Error: ClientCoreError(ForbiddenKeyOverwrite): "), std::string::npos);
  auto run_without = client({"run", "--id", "alice", "--nym-apis", network_->directory_url()});
  EXPECT_EQ(run_without.exit_code, 1);
  EXPECT_TRUE(test::last_line(run_without.err).starts_with("Error: ClientCoreError(UnavailableGatewayDetails): "))
      << run_without.err;
  details.replace(details.find("\"key_hash\": \"") + 13, 4, "AAAA");
  std::ofstream(data("gateway_details.json")) << details;
  auto mismatch = init();
  EXPECT_NE(mismatch.err.find("Error: ClientCoreError(MismatchedGatewayDetails { gateway_id: \""), std::string::npos)
      << mismatch.err;
  EXPECT_NE(client({"run", "--id", "alice"}).err.find("MismatchedGatewayDetails"), std::string::npos);
}

TEST_F(CommandLine, AFailedInitLeavesNothingBehind) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  auto unknown = init({"--gateway", network_->mixnodes()[0].identity_key});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_TRUE(test::last_line(unknown.err).starts_with("Error: ClientCoreError(NoGatewayWithId(\"")) << unknown.err;
  EXPECT_NE(unknown.err.find("Failed to setup gateway\nError: "), std::string::npos) << unknown.err;
  EXPECT_FALSE(fs::exists(folder_->path() / ".nym"));
}

TEST_F(CommandLine, LatencyBasedSelectionMeasuresTheGateways) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  auto ran = init({"--latency-based-routing"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.err.find("nym_client_core::init::helpers > choosing gateway by latency, pinging 2 gateways ..."),
            std::string::npos)
      << ran.err;
  EXPECT_NE(ran.err.find(" with average latency of "), std::string::npos) << ran.err;
}

TEST_F(CommandLine, ANetworkOfALaterGenerationIsNamedAsSuch) {
  for (unsigned status : {404U, 200U}) {
    auto ran = client({"init", "--id", "alice", "--nym-apis", serve({}, status)});
    EXPECT_EQ(ran.exit_code, 1);
    auto line = test::last_line(ran.err);
    EXPECT_TRUE(line.starts_with("Error: cannot get the list of gateways: ")) << line;
    EXPECT_NE(line.find("later generation"), std::string::npos) << line;
    EXPECT_NE(line.find("nym-testnet"), std::string::npos) << line;
  }
  auto empty = client({"init", "--id", "alice", "--nym-apis", serve({{"/v1/gateways", "[]"}})});
  EXPECT_TRUE(test::last_line(empty.err).starts_with("Error: ClientCoreError(NoGatewaysOnNetwork): ")) << empty.err;
}

TEST_F(CommandLine, GatewaysThatCanNotBeUsedAreSaidToBeSo) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  auto directory = testnet::DirectoryServer::start(runtime_, Endpoint{Ipv4{{127, 0, 0, 1}}, 0});
  ASSERT_TRUE(directory);
  auto url = "http://" + to_string((*directory)->local_endpoint());
  auto bonds = network_->gateways();
  for (auto& bond : bonds) bond.clients_port = 1;
  (*directory)->publish(testnet::directory_documents(network_->mixnodes(), bonds));
  auto silent = client({"init", "--id", "alice", "--latency-based-selection", "--nym-apis", url});
  EXPECT_EQ(silent.exit_code, 1);
  EXPECT_TRUE(test::last_line(silent.err).starts_with("Error: none of the 2 gateways could be measured")) << silent.err;
  for (auto& bond : bonds) bond.version = "2.1.0";
  (*directory)->publish(testnet::directory_documents(network_->mixnodes(), bonds));
  auto later = client({"init", "--id", "alice", "--nym-apis", url});
  auto line = test::last_line(later.err);
  EXPECT_TRUE(line.starts_with("Error: ClientCoreError(NoGatewaysOnNetwork): ")) << line;
  EXPECT_NE(line.find("later generation"), std::string::npos) << line;
  EXPECT_FALSE(fs::exists(folder_->path() / ".nym")) << "nothing is left behind";
}

TEST_F(CommandLine, TheNextDirectoryIsAskedWhenOneFails) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  auto ran = client({"init", "--id", "alice", "--nym-apis", "http://127.0.0.1:1," + network_->directory_url()});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
}

TEST_F(CommandLine, OldOptionsWorkWithANoteAndStdoutStaysClean) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  auto ran =
      client({"init", "--id", "alice", "--validators", network_->directory_url(), "--vpn-mode", "--output-json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.err.find("note: --validators is now called --nym-apis\n"), std::string::npos) << ran.err;
  EXPECT_TRUE(ran.out.starts_with("{\"version\":\"1.1.29\",\"id\":\"alice\",\"identity_key\":\"")) << ran.out;
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 1);
}

TEST_F(CommandLine, OtherCommandsPrintNoBannerIntoFilesAndNeedNoNetwork) {
  EXPECT_TRUE(client({"build-info"}).out.starts_with("\nBinary Name:        nym-client\n"));
  EXPECT_TRUE(client({"build-info", "-o", "json"}).out.starts_with("{\"binary_name\":\"nym-client\","));
  EXPECT_TRUE(client({"completions", "zsh"}).out.starts_with("#compdef nym-client\n"));
  EXPECT_EQ(client({"-V"}).out, "nym-client 1.1.29\n");
  auto nobody = client({"upgrade", "--id", "nobody"});
  EXPECT_EQ(nobody.exit_code, 1);
  EXPECT_TRUE(nobody.err.starts_with("Error: FailedToLoadConfig(\"nobody\"): ")) << nobody.err;
  EXPECT_EQ(client({"-c", "/no/file", "build-info"}).exit_code, 1);
}

TEST_F(CommandLine, TheBannerIsForTerminalsOnly) {
  for (bool wanted : {true, false}) {
    int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
    ASSERT_GE(terminal, 0);
    ASSERT_EQ(::grantpt(terminal), 0);
    ASSERT_EQ(::unlockpt(terminal), 0);
    int kept_open = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY);
    std::vector<std::string> command{test::program("nym-client"), "build-info"};
    if (!wanted) command.insert(command.begin() + 1, "--no-banner");
    auto child = testnet::ChildProcess::start(command, {{}, ::ptsname(terminal), folder_->path() / "err"});
    ASSERT_TRUE(child);
    wait_for_end(*child);
    std::array<char, 4'096> text{};
    auto count = ::read(terminal, text.data(), text.size());
    std::string_view shown(text.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    EXPECT_EQ(shown.find("(nym-client - version 1.1.29)") != std::string_view::npos, wanted) << shown;
    EXPECT_NE(shown.find("Binary Name:"), std::string_view::npos);
    ::close(kept_open);
    ::close(terminal);
  }
}

TEST_F(CommandLine, RunRefusesWhatItCanNotUseAndSaysWhy) {
  ASSERT_NO_FATAL_FAILURE(start_network());
  ASSERT_EQ(init().exit_code, 0);
  EXPECT_TRUE(test::last_line(client({"run", "--id", "alice", "--disable-socket", "true"}).err)
                  .starts_with("Error: InvalidSocketMode: "));
  auto config = content(root() / "config/config.toml");
  auto with_version = config;
  with_version.replace(with_version.find("1.1.29"), 6, "1.2.0");
  std::ofstream(root() / "config/config.toml") << with_version;
  auto incompatible = client({"run", "--id", "alice"});
  EXPECT_TRUE(test::last_line(incompatible.err).starts_with("Error: FailedLocalVersionCheck: ")) << incompatible.err;
  EXPECT_NE(incompatible.err.find("has different version than what is specified in config file! 1.1.29 and 1.2.0"),
            std::string::npos)
      << incompatible.err;
  std::ofstream(root() / "config/config.toml") << config;
  auto alone = client({"run", "--id", "alice", "--nym-apis", "http://127.0.0.1:1"});
  EXPECT_EQ(alone.exit_code, 1);
  EXPECT_TRUE(test::last_line(alone.err).starts_with("Error: cannot get the network's topology: ")) << alone.err;
  EXPECT_FALSE(fs::exists(data("persistent_reply_store.sqlite")));
  fs::resize_file(data("gateway_shared.pem"), 20);
  auto truncated = client({"run", "--id", "alice"});
  EXPECT_EQ(truncated.exit_code, 1);
  EXPECT_TRUE(test::last_line(truncated.err).starts_with("Error: ClientCoreError(UnavailableSharedKey): "))
      << truncated.err;
  EXPECT_NE(truncated.err.find("gateway_shared.pem"), std::string::npos);
}

}  // namespace
}  // namespace nym
