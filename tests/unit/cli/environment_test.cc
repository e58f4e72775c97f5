#include "cli/environment.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "cli/settings.h"
#include "tests/net/temporary_directory.h"

namespace nym::cli {
namespace {

using Urls = std::vector<std::string>;

std::string fault_of(const std::string& text) {
  auto read = parse_env_file(text, "x.env");
  return read ? std::string("(it was read)") : read.error().text();
}

TEST(EnvFile, ReadsQuotesCommentsAndExports) {
  auto read = parse_env_file(
      "\xef\xbb\xbf# a comment\n\nA=1\r\nexport B = two words # comment\nC='#no comment' # but this\n"
      "D=\"say \\\"hi\\\"\\n\"\nE=\nF=#x\nA=2\nG=http://x/#frag",
      "x.env");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, (Variables{{"A", "1"},
                              {"B", "two words"},
                              {"C", "#no comment"},
                              {"D", "say \"hi\"\n"},
                              {"E", ""},
                              {"F", ""},
                              {"G", "http://x/#frag"}}));
}

TEST(EnvFile, FaultsNameFileAndLine) {
  EXPECT_EQ(fault_of("A=1\nnonsense\n"), "x.env: line 2: expected KEY=value");
  EXPECT_EQ(fault_of("=1"), "x.env: line 1: '' is no name of a variable");
  EXPECT_EQ(fault_of("1A=1"), "x.env: line 1: '1A' is no name of a variable");
  EXPECT_EQ(fault_of("A='x"), "x.env: line 1: the closing quote is missing");
  EXPECT_EQ(fault_of("A=\"x\\\""), "x.env: line 1: the closing quote is missing");
  EXPECT_EQ(fault_of("A='x' y"), "x.env: line 1: unexpected text behind the closing quote");
  EXPECT_EQ(fault_of(std::string("A=a\0b", 5)), "x.env: line 1: a value can not contain a zero byte");
}

class EnvironmentOfProcess : public testing::Test {
 protected:
  void SetUp() override { clear(); }
  void TearDown() override { clear(); }
  void clear() {
    for (const char* name :
         {"CONFIGURED", "NYM_API", "NYXD", "API_VALIDATOR", "NYMD_VALIDATOR", "NYM_LOG", "RUST_LOG"}) {
      ::unsetenv(name);
    }
  }
  void set(const char* name, const char* value) { ASSERT_EQ(::setenv(name, value, 1), 0); }
  std::string file(const std::string& text) {
    auto path = directory.path() / "network.env";
    std::ofstream(path) << text;
    return path.string();
  }

  net::test::TemporaryDirectory directory;
};

TEST_F(EnvironmentOfProcess, OnlyAnApiWithoutConfiguredIsIgnored) {
  set("NYM_API", "http://a");
  auto environment = Environment::load(std::nullopt);
  ASSERT_TRUE(environment);
  EXPECT_FALSE(environment->nym_apis);
}

TEST_F(EnvironmentOfProcess, WithConfiguredItCountsAndBlanksAreTrimmed) {
  set("CONFIGURED", "true");
  set("NYM_API", "http://a , http://b:1");
  set("NYMD_VALIDATOR", "http://old");
  auto environment = Environment::load(std::nullopt);
  ASSERT_TRUE(environment);
  EXPECT_EQ(environment->nym_apis, (Urls{"http://a/", "http://b:1/"}));
  EXPECT_EQ(environment->nyxd_urls, Urls{"http://old/"}) << "the older name";
}

TEST_F(EnvironmentOfProcess, AFileCountsAndTheProcessBeforeIt) {
  set("NYXD", "http://process");
  auto environment =
      Environment::load(file("CONFIGURED=true\nNYM_API=http://file\nNYXD=http://file\nRUST_LOG=debug\n"));
  ASSERT_TRUE(environment);
  EXPECT_EQ(environment->nym_apis, Urls{"http://file/"});
  EXPECT_EQ(environment->nyxd_urls, Urls{"http://process/"});
  EXPECT_EQ(environment->log_filter, "debug");
}

TEST_F(EnvironmentOfProcess, AFileBesideConfiguredIsIgnoredEvenIfItIsMissing) {
  set("CONFIGURED", "true");
  auto environment = Environment::load("/no/such/file");
  ASSERT_TRUE(environment);
  EXPECT_FALSE(environment->nym_apis);
}

TEST_F(EnvironmentOfProcess, FaultsAreErrorsAndNoAborts) {
  auto missing = Environment::load("/no/such/file");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().text(),
            "invalid path to environment configuration file: cannot read /no/such/file: No such file or directory (os "
            "error 2)");
  set("CONFIGURED", "true");
  set("NYM_API", "http://a,");
  auto bad = Environment::load(std::nullopt);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().text(), "invalid value '' for NYM_API: relative URL without a base");
}

TEST_F(EnvironmentOfProcess, TheCommandLineCountsBeforeTheEnvironmentBeforeTheConfiguration) {
  Settings settings;
  settings.nym_apis = {"http://config/"};
  apply({}, {}, settings);
  EXPECT_EQ(settings.nym_apis, Urls{"http://config/"});
  apply({}, {.nym_apis = Urls{"http://env/"}, .nyxd_urls = {}, .log_filter = {}}, settings);
  EXPECT_EQ(settings.nym_apis, Urls{"http://env/"});
  Overrides overrides;
  overrides.nym_apis = Urls{"http://flag/"};
  apply(overrides, {.nym_apis = Urls{"http://env/"}, .nyxd_urls = {}, .log_filter = {}}, settings);
  EXPECT_EQ(settings.nym_apis, Urls{"http://flag/"});
}

TEST(Overrides, FastModeAndNoCoverSetWhatTheOriginalSets) {
  Settings settings;
  Overrides overrides;
  overrides.fastmode = true;
  overrides.no_cover = true;
  overrides.enabled_credentials_mode = true;
  apply(overrides, {}, settings);
  EXPECT_EQ(settings.traffic.average_packet_delay, Duration::milliseconds(10));
  EXPECT_EQ(settings.traffic.loop_cover_average_delay, Duration::seconds(2'000));
  EXPECT_EQ(settings.traffic.message_sending_average_delay, Duration::milliseconds(4));
  EXPECT_EQ(settings.acks.average_ack_delay, Duration::milliseconds(50));
  EXPECT_EQ(settings.traffic.loop_cover_stream, client::Switch::off);
  EXPECT_EQ(settings.traffic.main_poisson_stream, client::Switch::off);
  EXPECT_EQ(settings.credentials_disabled, client::Switch::off);
}

}  // namespace
}  // namespace nym::cli
