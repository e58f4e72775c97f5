#include "cli/gateway_setup.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "net/files.h"
#include "net/os_random.h"
#include "tests/net/temporary_directory.h"

namespace nym::cli {
namespace {

namespace fs = std::filesystem;

/// What the decision is: the step, or the name of the error.
std::string decision(FoundKeys keys, FoundDetails details, const std::optional<std::string>& wanted,
                     Permission permission) {
  SetupState state{keys, details, "GW", "keys fault", "details fault"};
  auto step = decide_setup(state, wanted, permission);
  if (step) return *step == SetupStep::use_existing ? "existing" : "register";
  const auto& text = step.error().text();
  auto begin = text.find('(') + 1;
  return text.substr(begin, text.find_first_of(") ", begin) - begin);
}

struct Row {
  FoundKeys keys;
  FoundDetails details;
  std::optional<std::string> wanted;
  const char* kept;      ///< without --force-register-gateway
  const char* replaced;  ///< with it
};

TEST(GatewaySetup, FollowsTheTableOfTheOriginalButLosesNoIdentityUnasked) {
  const std::vector<Row> rows{
      {FoundKeys::none, FoundDetails::none, std::nullopt, "register", "register"},
      {FoundKeys::none, FoundDetails::good, "GW", "register", "register"},
      // The original makes a new identity here without a word.
      {FoundKeys::broken, FoundDetails::none, std::nullopt, "ForbiddenKeyOverwrite", "register"},
      {FoundKeys::broken, FoundDetails::good, "other", "ForbiddenKeyOverwrite", "register"},
      {FoundKeys::good, FoundDetails::good, std::nullopt, "existing", "existing"},
      {FoundKeys::good, FoundDetails::of_other_keys, std::nullopt, "MismatchedGatewayDetails",
       "MismatchedGatewayDetails"},
      {FoundKeys::good, FoundDetails::none, std::nullopt, "ForbiddenKeyOverwrite", "register"},
      {FoundKeys::good, FoundDetails::broken, std::nullopt, "ForbiddenKeyOverwrite", "register"},
      {FoundKeys::good, FoundDetails::of_other_keys, "GW", "MismatchedGatewayDetails", "MismatchedGatewayDetails"},
      {FoundKeys::good, FoundDetails::good, "GW", "existing", "existing"},
      {FoundKeys::good, FoundDetails::good, "other", "UnexpectedGatewayDetails", "register"},
      {FoundKeys::good, FoundDetails::none, "GW", "ForbiddenKeyOverwrite", "register"},
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(decision(rows[i].keys, rows[i].details, rows[i].wanted, Permission::keep), rows[i].kept);
    EXPECT_EQ(decision(rows[i].keys, rows[i].details, rows[i].wanted, Permission::replace), rows[i].replaced);
  }
}

TEST(GatewaySetup, EveryRefusalNamesTheWayOut) {
  SetupState broken{FoundKeys::broken, FoundDetails::none, "", "cannot read a.pem", ""};
  auto refused = decide_setup(broken, std::nullopt, Permission::keep);
  EXPECT_NE(refused.error().text().find("cannot read a.pem"), std::string::npos);
  EXPECT_NE(refused.error().text().find("--force-register-gateway"), std::string::npos);
}

class SetupFiles : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(setenv("HOME", home.path().c_str(), 1), 0);
    paths = *ClientPaths::of("alice");
  }
  Registered make() {
    net::OsRandom random;
    auto secret = crypto::Ed25519PrivateKey::generate(random);
    auto open = secret.public_key();
    Registered made{{{std::move(secret), open},
                     crypto::X25519KeyPair::generate(random),
                     draw_secret<16>(random),
                     draw_secret<32>(random)},
                    {}};
    made.details = {wire::hash_of_shared_keys(made.keys.gateway_shared.expose()), "GW", "n1", "ws://1.2.3.4:9000"};
    return made;
  }

  net::test::TemporaryDirectory home;
  ClientPaths paths;
};

TEST_F(SetupFiles, AreFoundAsTheyWereStored) {
  EXPECT_EQ(find_files(paths).state.keys, FoundKeys::none);
  ASSERT_TRUE(store_registered(paths, make()));
  auto found = find_files(paths);
  EXPECT_EQ(found.state.keys, FoundKeys::good);
  EXPECT_EQ(found.state.details, FoundDetails::good);
  EXPECT_EQ(found.state.gateway_id, "GW");
  EXPECT_FALSE(fs::exists(paths.data.string() + ".new"));
  struct stat seen{};
  ASSERT_EQ(::stat(paths.gateway_details.c_str(), &seen), 0);
  EXPECT_EQ(seen.st_mode & 0777U, 0600U);
  ASSERT_EQ(::stat(paths.data.c_str(), &seen), 0);
  EXPECT_EQ(seen.st_mode & 0777U, 0700U);
}

TEST_F(SetupFiles, BrokenOnesAreToldFromMissingOnes) {
  auto client = make();
  ASSERT_TRUE(store_registered(paths, client));
  fs::remove(paths.keys.ack_key);
  EXPECT_EQ(find_files(paths).state.keys, FoundKeys::broken);
  fs::create_directory(paths.keys.ack_key);
  EXPECT_EQ(find_files(paths).state.keys, FoundKeys::broken) << "a directory where a file should be";
  fs::remove(paths.keys.ack_key);
  ASSERT_TRUE(store_registered(paths, client));
  fs::resize_file(paths.keys.private_identity, 40);
  auto truncated = find_files(paths);
  EXPECT_EQ(truncated.state.keys, FoundKeys::broken);
  EXPECT_NE(truncated.state.keys_fault.find("private_identity.pem"), std::string::npos);
  ASSERT_TRUE(store_registered(paths, client));
  for (const char* content : {"", "{", "[]", "{\"key_hash\": 1}", "{\"key_hash\":\"x\",\"details\":{}}"}) {
    std::ofstream(paths.gateway_details) << content;
    EXPECT_EQ(find_files(paths).state.details, FoundDetails::broken) << content;
  }
  fs::remove(paths.gateway_details);
  EXPECT_EQ(find_files(paths).state.details, FoundDetails::none);
}

TEST_F(SetupFiles, DetailsOfOtherKeysAreRecognised) {
  ASSERT_TRUE(store_registered(paths, make()));
  ASSERT_TRUE(net::store_gateway_details(paths.gateway_details, make().details));
  EXPECT_EQ(find_files(paths).state.details, FoundDetails::of_other_keys);
}

TEST_F(SetupFiles, LoosePermissionsAreTightenedWithAWarningThatNamesTheFile) {
  ASSERT_TRUE(store_registered(paths, make()));
  ASSERT_EQ(::chmod(paths.gateway_details.c_str(), 0644), 0);
  auto warnings = restrict_files(paths);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0], paths.gateway_details.string() + " had permissions 0644; they are now 0600");
  EXPECT_TRUE(restrict_files(paths).empty());
}

TEST_F(SetupFiles, AClientThatRunsIsNotReplaced) {
  ASSERT_TRUE(store_registered(paths, make()));
  auto lock = net::DirectoryLock::take(paths.data);
  ASSERT_TRUE(lock);
  auto refused = store_registered(paths, make());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text().find("is in use by process"), std::string::npos);
  EXPECT_EQ(find_files(paths).state.details, FoundDetails::good);
}

}  // namespace
}  // namespace nym::cli
