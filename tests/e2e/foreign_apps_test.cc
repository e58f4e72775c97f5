// Programs of others' making: websockets for Python and ws for JavaScript (scripts/install-dependencies --test).

#include <gtest/gtest.h>

#include "tests/e2e/programs.h"

namespace nym {
namespace {

constexpr Duration kProgramLimit = Duration::seconds(200);
const std::filesystem::path kApps = std::filesystem::path(NYM_SOURCE) / "tests/e2e/apps";
constexpr const char* kPython = "/usr/bin/python3";  // the one that Debian's packages belong to
constexpr const char* kNode = "node";
constexpr const char* kBothForms = "text: ok\nbinary: ok\n";

/// Two clients on a network of this process; the programs run beside it.
class ForeignApps : public testing::Test {
 protected:
  void SetUp() override {
    auto folder = testnet::TemporaryDirectory::make();
    ASSERT_TRUE(folder);
    folder_.emplace(std::move(*folder));
    auto network = testnet::Network::start(runtime_, folder_->path());
    ASSERT_TRUE(network) << network.error().text();
    network_ = std::move(*network);
    for (std::size_t i = 0; i < 2; ++i) {
      testnet::ClientProcess::Place place{test::program("nym-client"), folder_->path(), network_->directory_url()};
      auto client = testnet::ClientProcess::initialise(runtime_, place, i == 0 ? "alice" : "bob",
                                                       network_->gateways()[i].identity_key);
      ASSERT_TRUE(client) << client.error().text();
      auto running = client->run(runtime_, {"--no-cover"});  // nothing here is about traffic
      ASSERT_TRUE(running) << running.error().text();
      clients_.push_back(std::move(*client));
    }
  }

  std::string url(std::size_t client) const { return clients_[client].websocket_url(); }

  void expect_output(const std::vector<std::string>& command, const std::string& output) {
    testnet::ChildProcess::Options options{
        {{"NODE_PATH", "/usr/share/nodejs"}}, folder_->path() / "app.out", folder_->path() / "app.err"};
    auto child = testnet::ChildProcess::start(command, options);
    ASSERT_TRUE(child) << child.error().text();
    std::optional<net::Timer> look;
    look.emplace(runtime_, [&] { look->arm_after(Duration::milliseconds(10)); });
    look->arm_after(Duration());
    runtime_.run_until([&] { return child->poll_exit().has_value(); }, net::now() + kProgramLimit);
    EXPECT_EQ(child->poll_exit(), 0) << test::text_of(*options.error_file);
    EXPECT_EQ(test::text_of(*options.output_file), output);
  }

  /// The first block of that language in docs/api.md, as a file that speaks with the first client.
  std::string documented_program(const std::string& language) {
    auto page = test::text_of(std::filesystem::path(NYM_SOURCE) / "docs/api.md");
    auto fence = "```" + language + "\n";
    auto begin = page.find(fence);
    EXPECT_NE(begin, std::string::npos);
    auto program = page.substr(begin + fence.size(), page.find("```", begin + 3) - begin - fence.size());
    const std::string default_url = "ws://127.0.0.1:1977";
    program.replace(program.find(default_url), default_url.size(), url(0));
    auto path = folder_->path() / ("documented." + language);
    std::ofstream(path) << program;
    return path.string();
  }

  net::Runtime runtime_;
  std::optional<testnet::TemporaryDirectory> folder_;
  std::unique_ptr<testnet::Network> network_;
  std::vector<testnet::ClientProcess> clients_;
};

TEST_F(ForeignApps, APythonProgramTalksInTextAndBinary) {
  expect_output({kPython, (kApps / "talk.py").string(), url(0), url(1)}, kBothForms);
}

TEST_F(ForeignApps, AJavaScriptProgramTalksInTextAndBinary) {
  expect_output({kNode, (kApps / "talk.js").string(), url(0), url(1)}, kBothForms);
}

TEST_F(ForeignApps, AProgramForOlderVersionsRunsUnchanged) {
  expect_output({kPython, (kApps / "older.py").string(), url(0)}, kBothForms);
}

TEST_F(ForeignApps, TheProgramsOfTheDocumentationRun) {
  expect_output({kPython, documented_program("python")}, "hello me\n");
  expect_output({kNode, documented_program("js")}, "hello me\n");
}

}  // namespace
}  // namespace nym
