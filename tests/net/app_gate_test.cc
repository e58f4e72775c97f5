#include "net/drivers/app_gate.h"

#include <gtest/gtest.h>

#include <fstream>

#include "net/error.h"
#include "tests/net/temporary_directory.h"

namespace nym::net::test {
namespace {

unsigned status_of(const std::optional<UpgradeRefusal>& refusal) {
  return refusal ? refusal->status : 101;
}

class Gate : public testing::Test {
 protected:
  std::string token_file(const std::string& content, std::filesystem::perms mode = std::filesystem::perms(0600)) {
    auto path = folder.path() / "token";
    std::ofstream(path) << content;
    std::filesystem::permissions(path, mode);
    return path.string();
  }
  TemporaryDirectory folder;
};

TEST_F(Gate, WelcomesProgramsAndPagesOfThisMachine) {
  auto gate = AppGate::open({});
  ASSERT_TRUE(gate);
  EXPECT_EQ(status_of(gate->judge({.target = "/"})), 101U);
  for (const char* origin :
       {"http://localhost", "http://localhost:8080", "https://LocalHost:1", "http://127.0.0.1:3000", "http://127.9.9.9",
        "http://[::1]:8080", "http://[::1]", "http://app.localhost:3000"}) {
    EXPECT_EQ(status_of(gate->judge({.origins = {origin}})), 101U) << origin;
  }
}

TEST_F(Gate, RefusesPagesOfOtherOrigins) {
  auto gate = AppGate::open({});
  ASSERT_TRUE(gate);
  for (const char* origin :
       {"https://evil.example", "null", "", "http://localhost.evil.example", "http://evil.example:1977",
        "http://127.0.0.1.evil.example", "http://128.0.0.1", "http://localhost@evil.example", "http://evillocalhost",
        "http://localhost:80:80", "http://localhost:x", "http://localhost:", "localhost", "://localhost",
        "http://localhost/", "http://[::1]evil", "http://127.0.0.1 ", "file://"}) {
    EXPECT_EQ(status_of(gate->judge({.origins = {origin}})), 403U) << origin;
  }
  EXPECT_EQ(status_of(gate->judge({.origins = {"http://localhost", "https://evil.example"}})), 403U);
}

TEST_F(Gate, WelcomesOriginsThatAreNamed) {
  auto gate = AppGate::open({.allowed_origins = {"https://Chat.example", "null"}});
  ASSERT_TRUE(gate);
  EXPECT_EQ(status_of(gate->judge({.origins = {"https://chat.example"}})), 101U);
  EXPECT_EQ(status_of(gate->judge({.origins = {"null"}})), 101U);
  EXPECT_EQ(status_of(gate->judge({.origins = {"https://chat.example:444"}})), 403U);
  auto open = AppGate::open({.allowed_origins = {"*"}});
  EXPECT_EQ(status_of(open->judge({.origins = {"https://evil.example"}})), 101U);
}

TEST_F(Gate, AsksForItsToken) {
  auto gate = AppGate::open({.token_file = token_file("s3cret+/=\n")});
  ASSERT_TRUE(gate) << gate.error().text();
  EXPECT_EQ(status_of(gate->judge({.target = "/"})), 401U);
  EXPECT_EQ(status_of(gate->judge({.target = "/", .authorization = "Bearer s3cret+/="})), 101U);
  EXPECT_EQ(status_of(gate->judge({.target = "/", .authorization = "bearer s3cret+/="})), 101U);
  EXPECT_EQ(status_of(gate->judge({.target = "/", .authorization = "Bearer s3cret"})), 401U);
  EXPECT_EQ(status_of(gate->judge({.target = "/", .authorization = "Basic s3cret+/="})), 401U);
  EXPECT_EQ(status_of(gate->judge({.target = "/?token=s3cret%2B%2f="})), 101U);
  EXPECT_EQ(status_of(gate->judge({.target = "/x?a=b&token=s3cret+/=&c"})), 101U);
  EXPECT_EQ(status_of(gate->judge({.target = "/?xtoken=s3cret+/="})), 401U);
  EXPECT_EQ(status_of(gate->judge({.target = "/?token=s3cret%2"})), 401U);
  EXPECT_EQ(status_of(gate->judge({.target = "/?token=s3cret+/=", .origins = {"null"}})), 403U);
  EXPECT_EQ(status_of(gate->judge_origin({.target = "/"})), 101U);
}

TEST_F(Gate, RefusesTokenFilesThatProtectNothing) {
  EXPECT_TRUE(AppGate::open({.token_file = (folder.path() / "none").string()}).error().is(NetError::not_found));
  EXPECT_TRUE(AppGate::open({.token_file = token_file("\n")}).error().is(NetError::bad_key_file));
  EXPECT_TRUE(AppGate::open({.token_file = token_file("two words")}).error().is(NetError::bad_key_file));
  auto open = AppGate::open({.token_file = token_file("secret", std::filesystem::perms(0644))});
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().text().find("chmod 600"), std::string::npos) << open.error().text();
}

}  // namespace
}  // namespace nym::net::test
