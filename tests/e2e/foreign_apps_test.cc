// Programs of others' making: websockets for Python and ws for JavaScript (scripts/install-dependencies --test).

#include <gtest/gtest.h>

#include "tests/e2e/clients_on_a_network.h"

namespace nym {
namespace {

constexpr Duration kProgramLimit = Duration::seconds(200);
const std::filesystem::path kApps = std::filesystem::path(NYM_SOURCE) / "tests/e2e/apps";
constexpr const char* kPython = "/usr/bin/python3";  // the one that Debian's packages belong to
constexpr const char* kNode = "node";
constexpr const char* kBothForms = "text: ok\nbinary: ok\n";

/// Two clients on a network of this process; the programs run beside it.
class ForeignApps : public test::ClientsOnANetwork {
 protected:
  void SetUp() override { start_alice_and_bob({"--no-cover"}); }  // nothing here is about traffic

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
