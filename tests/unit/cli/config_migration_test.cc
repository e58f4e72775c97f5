#include "cli/config_migration.h"

#include <gtest/gtest.h>

#include <fstream>

#include "cli/gateway_setup.h"
#include "cli/upgrade_command.h"
#include "net/files.h"
#include "net/os_random.h"
#include "tests/net/temporary_directory.h"

namespace nym::cli {
namespace {

namespace fs = std::filesystem;

std::string client_table(const fs::path& data, bool with_paths) {
  std::string text =
      "[client]\nversion = '1.1.10'\nid = 'old'\ndisabled_credentials_mode = true\n"
      "validator_urls = ['http://nyxd/']\nvalidator_api_urls = ['http://api/?a&#x3D;b']\n";
  if (!with_paths) return text;
  text += "nym_root_directory = '" + data.parent_path().string() + "'\n";
  for (const char* name : {"private_identity", "public_identity", "private_encryption", "public_encryption",
                           "gateway_shared", "ack_key"}) {
    std::string key = std::string(name) + (std::string(name) == "ack_key" ? "_file" : "_key_file");
    text += key + " = '" + (data / (std::string(name) + ".pem")).string() + "'\n";
  }
  return text + "database_path = '" + (data / "db.sqlite").string() + "'\n" + "reply_surb_database_path = '" +
         (data / "persistent_reply_store.sqlite").string() + "'\n";
}

constexpr const char* kGateway =
    "[client.gateway_endpoint]\ngateway_id = 'GW'\ngateway_owner = 'n1owner'\n"
    "gateway_listener = 'ws://1.2.3.4:9000'\n";

/// A client of an older release: keys, and a configuration with its gateway in it.
class OldClient : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(setenv("HOME", home.path().c_str(), 1), 0);
    paths = *ClientPaths::of("old");
    net::OsRandom random;
    auto secret = crypto::Ed25519PrivateKey::generate(random);
    auto open = secret.public_key();
    net::ClientKeys keys{{std::move(secret), open},
                         crypto::X25519KeyPair::generate(random),
                         draw_secret<16>(random),
                         draw_secret<32>(random)};
    ASSERT_TRUE(net::store_client_keys(paths.keys, keys));
    ASSERT_TRUE(net::make_directories(paths.config_file.parent_path()));
  }

  void write(const std::string& text) { std::ofstream(paths.config_file) << text; }
  std::string text_of(const fs::path& path) {
    auto content = net::read_file(path, 100'000);
    return content ? std::string(as_text(*content)) : std::string();
  }

  std::string flat() {
    return client_table(paths.data, true) + kGateway + "[socket]\nlistening_port = 1999\n[logging]\n[debug]\n" +
           "average_packet_delay = '10ms'\nack_wait_multiplier = 2.0\nuse_extended_packet_size = 'extended16'\n" +
           "minimum_reply_surb_storage_threshold = 11\ntopology_refresh_rate = '1m'\n";
  }
  std::string with_debug_tables() {
    return client_table(paths.data, true) + kGateway +
           "[socket]\nlistening_port = 1999\n[logging]\n[debug.traffic]\naverage_packet_delay = '10ms'\n";
  }
  std::string with_storage_paths() {
    std::string text = client_table(paths.data, false) + kGateway + "[storage_paths]\n";
    for (const char* name : {"private_identity", "public_identity", "private_encryption", "public_encryption",
                             "gateway_shared", "ack_key"}) {
      std::string key = std::string(name) + (std::string(name) == "ack_key" ? "_file" : "_key_file");
      text += "keys." + key + " = '" + (paths.data / (std::string(name) + ".pem")).string() + "'\n";
    }
    return text + "credentials_database = '" + (paths.data / "c.db").string() + "'\nreply_surb_database = '" +
           (paths.data / "persistent_reply_store.sqlite").string() +
           "'\n[socket]\nlistening_port = 1999\n[logging]\n[debug.traffic]\naverage_packet_delay = '10ms'\n";
  }

  net::test::TemporaryDirectory home;
  ClientPaths paths;
};

TEST_F(OldClient, AllThreeFormsAreBroughtToTodaysAndTheOldFileIsKept) {
  for (const auto& [format, text] : {std::pair(std::string("v1.1.13"), flat()),
                                     {"v1.1.20", with_debug_tables()},
                                     {"v1.1.20_2", with_storage_paths()}}) {
    SCOPED_TRACE(format);
    write(text);
    fs::remove(paths.gateway_details);
    auto loaded = load_config(paths, "old");
    ASSERT_TRUE(loaded) << loaded.error().text();
    EXPECT_EQ(loaded->settings.version, "1.1.10");
    EXPECT_EQ(loaded->settings.port, 1999);
    EXPECT_EQ(loaded->settings.nym_apis, std::vector<std::string>{"http://api/?a=b"});
    EXPECT_EQ(loaded->settings.traffic.average_packet_delay, Duration::milliseconds(10));
    EXPECT_EQ(loaded->settings.paths.gateway_details, paths.gateway_details);
    EXPECT_EQ(text_of(paths.config_file.string() + "." + format + ".old"), text);
    auto details = net::load_gateway_details(paths.gateway_details);
    ASSERT_TRUE(details) << details.error().text();
    EXPECT_EQ(details->gateway_id, "GW");
    EXPECT_EQ(details->gateway_owner, "n1owner");
    EXPECT_EQ(find_files(paths).state.details, FoundDetails::good) << "the hash fits the keys";
    auto again = parse_config(text_of(paths.config_file));
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(again->settings.port, 1999);
  }
}

TEST_F(OldClient, TheUpdateIsLogged) {
  write(flat());
  testing::internal::CaptureStderr();
  auto loaded = load_config(paths, "old");
  auto log = testing::internal::GetCapturedStderr();
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_NE(log.find("It seems the client is using <= v1.1.13 config template.\n"), std::string::npos) << log;
  EXPECT_NE(log.find("It is going to get updated to the current specification.\n"), std::string::npos) << log;
}

TEST_F(OldClient, NoDebugSettingOfAFlatFileIsLost) {
  write(flat());
  ASSERT_TRUE(load_config(paths, "old"));
  auto again = parse_config(text_of(paths.config_file));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->settings.acks.wait_multiplier_millis, 2'000);
  EXPECT_EQ(again->settings.traffic.secondary_packet_size, wire::PacketSize::extended16);
  EXPECT_EQ(again->settings.replies.min_storage, 11U);
  EXPECT_EQ(again->settings.topology.refresh_rate, Duration::minutes(1));
}

TEST_F(OldClient, WithoutReadableKeysNothingIsChanged) {
  write(flat());
  fs::remove(paths.keys.gateway_shared);
  auto loaded = load_config(paths, "old");
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().text().find("gateway_shared.pem"), std::string::npos) << loaded.error().text();
  EXPECT_EQ(text_of(paths.config_file), flat());
}

TEST_F(OldClient, AnUnknownKeyOfAnOldFileIsNamed) {
  write(flat() + "nonsense = 1\n");
  auto loaded = load_config(paths, "old");
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().text().find("unknown key 'nonsense' in [debug]"), std::string::npos)
      << loaded.error().text();
}

TEST_F(OldClient, UpgradeSetsTheVersionAndSaysSoOnlyOnce) {
  write(flat());
  testing::internal::CaptureStdout();
  ASSERT_TRUE(upgrade("old"));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "Upgraded client old from 1.1.10 to 1.1.29\n");
  EXPECT_EQ(parse_config(text_of(paths.config_file))->settings.version, "1.1.29");
  testing::internal::CaptureStdout();
  ASSERT_TRUE(upgrade("old"));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "You're using the most recent version!\n");
}

TEST_F(OldClient, UpgradeKeepsAFileOfTodaysFormAndRefusesLaterVersions) {
  write(flat());
  ASSERT_TRUE(load_config(paths, "old"));
  auto before = text_of(paths.config_file);
  testing::internal::CaptureStdout();
  ASSERT_TRUE(upgrade("old"));
  testing::internal::GetCapturedStdout();
  EXPECT_EQ(text_of(paths.config_file.string() + ".1.1.10.old"), before);
  auto later = text_of(paths.config_file);
  later.replace(later.find("1.1.29"), 6, "1.2.0");
  write(later);
  auto refused = upgrade("old");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text(), "cannot perform upgrade from 1.2.0 to 1.1.29: it is newer than this program");
  EXPECT_FALSE(upgrade("nobody"));
}

}  // namespace
}  // namespace nym::cli
