#include "engine/base/text_encoding.h"
#include "net/http_client.h"
#include "tests/e2e/testnet/running_network.h"

namespace nym {
namespace {

/// Every node is started by itself, as it would be on a machine of its own.
class TestnetRoles : public test::RunningNetwork {
 protected:
  void start(const std::vector<std::string>& arguments, const std::string& name) {
    std::vector<std::string> command{test::program("nym-testnet").string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    auto log = folder_->path() / (name + ".log");
    auto started = testnet::ChildProcess::start(command, {{}, log, log});
    ASSERT_TRUE(started) << started.error().text();
    processes.push_back(std::move(*started));
  }
  bool wait_for(const std::string& address) {
    net::HttpClient http(runtime);
    auto deadline = net::now() + Duration::seconds(10);
    while (net::now() < deadline) {
      std::optional<bool> good;
      http.get(*net::parse_url(address),
               [&](const Result<net::HttpResponse>& answer) { good = answer && answer->status == 200; });
      runtime.run_until([&] { return good.has_value(); }, deadline);
      if (good.value_or(false)) return true;
    }
    return false;
  }

  net::Runtime runtime;
  std::vector<testnet::ChildProcess> processes;
};

TEST_F(TestnetRoles, MakeANetworkTogether) {
  auto plan = testnet::plan_network({.gateways = 1}, folder_->path());
  ASSERT_TRUE(plan);
  std::vector<std::string> directory{"directory", "--listen", to_string(plan->directory)};
  for (const auto& node : plan->nodes) {
    auto own = (folder_->path() / node.name).string();
    std::vector<std::string> options{
        to_string(node.role), "--name", node.name, "--dir", own, "--directory", "http://" + to_string(plan->directory)};
    if (node.role == testnet::Role::mixnode) {
      // One way to say it is a file.
      auto file = folder_->path() / (node.name + ".toml");
      std::ofstream(file) << "listen = \"" << to_string(node.mix) << "\"\nlayer = " << int{node.layer} << "\nhttp = \""
                          << to_string(node.http) << "\"\n";
      options.insert(options.end(), {"--config", file.string()});
    } else {
      options.insert(options.end(), {"--listen", to_string(node.mix), "--clients", to_string(node.clients), "--http",
                                     to_string(node.http), "--announce", "localhost"});
    }
    ASSERT_NO_FATAL_FAILURE(start(options, node.name));
    directory.insert(directory.end(), {"--node", to_string(node.http)});
  }
  ASSERT_NO_FATAL_FAILURE(start(directory, "directory"));
  auto url = "http://" + to_string(plan->directory);
  ASSERT_TRUE(wait_for(url + "/readyz"));

  auto keys = testnet::load_or_make_keys(folder_->path() / "gw1");
  ASSERT_TRUE(keys);
  auto alice = testnet::ClientProcess::initialise(runtime, {test::program("nym-client"), folder_->path(), url}, "alice",
                                                  to_base58(keys->identity.public_key.bytes()));
  ASSERT_TRUE(alice) << alice.error().text();
  ASSERT_TRUE(alice->run(runtime)) << alice->log();
  testnet::AppConnection app(runtime, alice->websocket_url());
  app.send({{"type", "send"}, {"recipient", alice->address()}, {"message", "to myself"}});
  std::optional<nlohmann::json> got;
  runtime.run_until(
      [&] {
        if (!got) got = app.take();
        return got.has_value();
      },
      net::now() + Duration::seconds(20));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->value("message", ""), "to myself");
}

}  // namespace
}  // namespace nym
