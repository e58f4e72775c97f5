#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>

#include "net/client/client.h"
#include "tests/e2e/programs.h"

namespace nym {
namespace {

/// What `cmake --install` leaves, used by a project that knows nothing else of us.
class Installed : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto made = testnet::TemporaryDirectory::make();
    ASSERT_TRUE(made);
    folder.emplace(std::move(*made));
    prefix = folder->path() / "prefix";
    auto ran = test::run_program({"cmake", "--install", NYM_BUILD, "--prefix", prefix}, folder->path());
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
  }
  static void TearDownTestSuite() { folder.reset(); }

  static test::Ran shell(const std::string& command, std::map<std::string, std::string> environment = {}) {
    return test::run_program({"sh", "-c", command}, folder->path(), std::move(environment));
  }

  /// Runs it on a network and talks to it from another client.
  void expect_that_it_echoes(const std::filesystem::path& echo) {
    boost::asio::io_context context;
    auto& runtime = net::Runtime::of(context);
    auto network = testnet::Network::start(runtime, folder->path());
    ASSERT_TRUE(network) << network.error().text();
    testnet::ChildProcess::Options output{{}, folder->path() / "echo.out", folder->path() / "echo.err"};
    auto child = testnet::ChildProcess::start({echo, (*network)->directory_url()}, output);
    ASSERT_TRUE(child) << child.error().text();
    auto client = Client::connect(context, {.directories = {(*network)->directory_url()}});
    ASSERT_TRUE(client) << client.error().text();
    std::string address;
    runtime.run_until(
        [&] {
          address = text_of_line(*output.output_file);
          return !address.empty() || child->poll_exit();
        },
        net::now() + Duration::seconds(60));
    ASSERT_FALSE(address.empty()) << test::text_of(*output.error_file);
    std::string_view text = "is there anybody?";
    auto sent = (*client)->send_anonymous(address, as_bytes(text));
    ASSERT_TRUE(sent) << sent.error().text();
    auto answer = (*client)->receive(std::chrono::seconds(60));
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->text(), text);
  }

  /// Empty until it is whole.
  static std::string text_of_line(const std::filesystem::path& path) {
    auto text = test::text_of(path);
    return text.ends_with('\n') ? test::last_line(text) : std::string();
  }

  static std::optional<testnet::TemporaryDirectory> folder;
  static std::filesystem::path prefix;
};
std::optional<testnet::TemporaryDirectory> Installed::folder;
std::filesystem::path Installed::prefix;

constexpr const char* kExamples = NYM_SOURCE "/docs/examples";

TEST_F(Installed, TheExampleBuildsWithTheCmakePackageAndRuns) {
  auto build = folder->path() / "by-cmake";
  auto configured = shell(std::string("cmake -G Ninja -S ") + kExamples + " -B " + build.string() +
                          " -DCMAKE_BUILD_TYPE=Debug -DCMAKE_PREFIX_PATH=" + prefix.string() +
                          " -DCMAKE_CXX_COMPILER=" NYM_CXX " -DCMAKE_CXX_FLAGS='" NYM_CXX_FLAGS "'");
  ASSERT_EQ(configured.exit_code, 0) << configured.err;
  auto built = shell("cmake --build " + build.string());
  ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
  expect_that_it_echoes(build / "echo");
}

TEST_F(Installed, TheExampleBuildsWithPkgConfigAndRuns) {
  auto echo = folder->path() / "echo-by-pkg-config";
  auto built = shell(std::string(NYM_CXX " -std=c++23 " NYM_CXX_FLAGS " ") + kExamples + "/echo.cc -o " +
                         echo.string() + " $(pkg-config --cflags --libs nym-client)",
                     {{"PKG_CONFIG_PATH", (prefix / NYM_LIBDIR / "pkgconfig").string()}});
  ASSERT_EQ(built.exit_code, 0) << built.err;
  expect_that_it_echoes(echo);
}

TEST_F(Installed, TheEngineCanBeUsedWithoutSockets) {
  auto source = folder->path() / "engine.cc";
  std::ofstream(source) << "#include \"engine/client/client.h\"\n#include \"engine/mixnode/mixnode.h\"\n"
                           "#include \"engine/gateway/gateway.h\"\n#include \"engine/sphinx/real_suite.h\"\n"
                           "#include \"engine/base/text_encoding.h\"\n"
                           "int main() { nym::sphinx::RealSuite suite; return nym::from_base58(\"0\") ? 1 : 0; }\n";
  auto program = (folder->path() / "engine").string();
  auto ran = shell(NYM_CXX " -std=c++23 " NYM_CXX_FLAGS " " + source.string() + " -o " + program +
                       " $(pkg-config --cflags --libs nym-engine) && " + program,
                   {{"PKG_CONFIG_PATH", (prefix / NYM_LIBDIR / "pkgconfig").string()}});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
}

TEST_F(Installed, ATestOfAnotherProjectRunsAPlanOnTheSimulator) {
  auto build = folder->path() / "sim";
  auto configured = shell(std::string("cmake -G Ninja -S ") + kExamples + "/sim -B " + build.string() +
                          " -DCMAKE_BUILD_TYPE=Debug -DCMAKE_PREFIX_PATH=" + prefix.string() +
                          " -DCMAKE_CXX_COMPILER=" NYM_CXX " -DCMAKE_CXX_FLAGS='" NYM_CXX_FLAGS "'");
  ASSERT_EQ(configured.exit_code, 0) << configured.err;
  auto built = shell("cmake --build " + build.string() + " && " + (build / "my_mixnet_test").string());
  EXPECT_EQ(built.exit_code, 0) << built.out << built.err;
}

TEST(TheExample, OfTheSimulatorStandsInTheDocumentation) {
  auto text = test::text_of(std::filesystem::path(kExamples) / "sim/my_mixnet_test.cc");
  auto documented = test::text_of(NYM_SOURCE "/docs/embedding-sim.md");
  EXPECT_NE(documented.find(text.substr(text.find("const std::string kPlan"))), std::string::npos);
}

TEST_F(Installed, TheProgramsRun) {
  for (const char* name : {"nym-client", "nym-testnet", "nym-sim"}) {
    auto ran = test::run_program({prefix / "bin" / name, "--help"}, folder->path());
    EXPECT_EQ(ran.exit_code, 0) << name << ": " << ran.err;
  }
}

TEST(TheExample, HasFewerThanFortyLines) {
  auto text = test::text_of(std::filesystem::path(kExamples) / "echo.cc");
  auto lines = std::count(text.begin(), text.end(), '\n');
  EXPECT_GT(lines, 10);
  EXPECT_LT(lines, 40);
}

}  // namespace
}  // namespace nym
