#include "net/key_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "engine/wire/pem.h"
#include "net/error.h"
#include "net/files.h"
#include "net/os_random.h"
#include "tests/net/temporary_directory.h"

namespace nym::net {
namespace {

namespace fs = std::filesystem;

ByteArray<32> exposed(FixedView<32> bytes) {
  return to_array<32>(bytes);
}

class KeyFilesTest : public ::testing::Test {
 protected:
  IdentityKeys make_identity() {
    auto secret = crypto::Ed25519PrivateKey::generate(random);
    auto public_key = secret.public_key();
    return {std::move(secret), public_key};
  }
  ClientKeys make_client_keys() {
    auto identity = make_identity();
    auto encryption = crypto::X25519KeyPair::generate(random);
    auto ack_key = draw_secret<16>(random);
    auto shared = draw_secret<32>(random);
    return {std::move(identity), std::move(encryption), std::move(ack_key), std::move(shared)};
  }
  std::string content_of(const fs::path& path) {
    auto bytes = read_file(path, 10'000).value();
    return std::string(as_text(bytes));
  }

  OsRandom random;
  test::TemporaryDirectory directory;
  fs::path data = directory.path() / "clients" / "me" / "data";
  ClientKeyPaths paths = ClientKeyPaths::in(data);
};

TEST_F(KeyFilesTest, ClientKeysReadBackAsStored) {
  auto keys = make_client_keys();
  ASSERT_TRUE(store_client_keys(paths, keys).has_value());
  auto loaded = load_client_keys(paths);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().text();
  EXPECT_TRUE(loaded->warnings.empty());
  EXPECT_EQ(exposed(loaded->keys.identity.secret.expose_seed()), exposed(keys.identity.secret.expose_seed()));
  EXPECT_EQ(loaded->keys.identity.public_key, keys.identity.public_key);
  EXPECT_EQ(exposed(loaded->keys.encryption.secret.expose()), exposed(keys.encryption.secret.expose()));
  EXPECT_EQ(loaded->keys.encryption.public_key, keys.encryption.public_key);
  EXPECT_EQ(to_bytes(loaded->keys.ack_key.expose()), to_bytes(keys.ack_key.expose()));
  EXPECT_EQ(exposed(loaded->keys.gateway_shared.expose()), exposed(keys.gateway_shared.expose()));
}

TEST_F(KeyFilesTest, ClientFilesHaveTheUsualNamesLabelsAndPermissions) {
  ASSERT_TRUE(store_client_keys(paths, make_client_keys()).has_value());
  const std::map<std::string, std::string_view> labels{
      {"private_identity.pem", wire::kPemEd25519Private},
      {"public_identity.pem", wire::kPemEd25519Public},
      {"private_encryption.pem", wire::kPemX25519Private},
      {"public_encryption.pem", wire::kPemX25519Public},
      {"ack_key.pem", wire::kPemAckKey},
      {"gateway_shared.pem", wire::kPemGatewaySharedKeys},
  };
  for (const auto& [name, label] : labels) {
    EXPECT_TRUE(content_of(data / name).starts_with("-----BEGIN " + std::string(label) + "-----\r\n")) << name;
    struct stat found{};
    ASSERT_EQ(::stat((data / name).c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 07777U, 0600U) << name;
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(data), fs::directory_iterator()), 6);
}

TEST_F(KeyFilesTest, NodeKeysReadBackAsStored) {
  NodeKeys keys{make_identity(), crypto::X25519KeyPair::generate(random)};
  auto node_paths = NodeKeyPaths::in(data);
  ASSERT_TRUE(store_node_keys(node_paths, keys).has_value());
  auto loaded = load_node_keys(node_paths);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().text();
  EXPECT_EQ(loaded->keys.identity.public_key, keys.identity.public_key);
  EXPECT_EQ(exposed(loaded->keys.sphinx.secret.expose()), exposed(keys.sphinx.secret.expose()));
  EXPECT_TRUE(fs::exists(data / "private_sphinx.pem"));
  EXPECT_TRUE(fs::exists(data / "public_sphinx.pem"));
}

TEST_F(KeyFilesTest, PrivateFilesOfLoosePermissionsAreTightenedWithAWarning) {
  ASSERT_TRUE(store_client_keys(paths, make_client_keys()).has_value());
  ASSERT_EQ(::chmod(paths.ack_key.c_str(), 0644), 0);
  ASSERT_EQ(::chmod(paths.public_identity.c_str(), 0644), 0);
  auto loaded = load_client_keys(paths);
  ASSERT_TRUE(loaded.has_value());
  ASSERT_EQ(loaded->warnings.size(), 1U);
  EXPECT_NE(loaded->warnings[0].find("ack_key.pem had permissions 0644"), std::string::npos);
  EXPECT_TRUE(load_client_keys(paths)->warnings.empty());
}

TEST_F(KeyFilesTest, ThePublicFileDefinesTheAddress) {
  ASSERT_TRUE(store_client_keys(paths, make_client_keys()).has_value());
  auto other = make_identity();
  auto text = wire::to_pem(wire::kPemEd25519Public, other.public_key.bytes());
  ASSERT_TRUE(write_file_atomically(paths.public_identity, as_bytes(text)).has_value());
  EXPECT_EQ(load_client_keys(paths)->keys.identity.public_key, other.public_key);
}

TEST_F(KeyFilesTest, FaultsNameTheirFile) {
  auto missing = load_client_keys(paths);
  ASSERT_FALSE(missing.has_value());
  EXPECT_TRUE(missing.error().is(NetError::not_found));
  EXPECT_TRUE(missing.error().text().starts_with("failed to load identity keys keys from \"" +
                                                 paths.private_identity.string() + "\" (private key) and \"" +
                                                 paths.public_identity.string() + "\" (public key): "));

  ASSERT_TRUE(store_client_keys(paths, make_client_keys()).has_value());
  fs::copy_file(paths.public_identity, paths.gateway_shared, fs::copy_options::overwrite_existing);
  auto wrong_label = load_client_keys(paths);
  ASSERT_FALSE(wrong_label.has_value());
  EXPECT_TRUE(wrong_label.error().is(NetError::bad_key_file));
  EXPECT_TRUE(wrong_label.error().text().starts_with("failed to load gateway shared keys key from " +
                                                     paths.gateway_shared.string() + ": "));

  std::ofstream(paths.private_encryption) << "garbage";
  auto garbage = load_client_keys(paths);
  EXPECT_TRUE(garbage.error().is(NetError::bad_key_file));
  EXPECT_TRUE(garbage.error().text().starts_with("failed to load encryption keys keys from "));
}

TEST_F(KeyFilesTest, AKeyOfWrongSizeIsRefused) {
  ASSERT_TRUE(store_client_keys(paths, make_client_keys()).has_value());
  auto text = wire::to_pem(wire::kPemAckKey, Bytes(15));
  ASSERT_TRUE(write_file_atomically(paths.ack_key, as_bytes(text)).has_value());
  EXPECT_TRUE(load_client_keys(paths).error().is(NetError::bad_key_file));
}

TEST_F(KeyFilesTest, GatewayDetailsReadBackAsStored) {
  wire::GatewayDetails details{.key_hash = wire::hash_of_shared_keys(ByteArray<32>{}),
                               .gateway_id = "id",
                               .gateway_owner = "n1owner",
                               .gateway_listener = "ws://127.0.0.1:9000"};
  auto path = data / "gateway_details.json";
  EXPECT_TRUE(load_gateway_details(path).error().is(NetError::not_found));
  ASSERT_TRUE(store_gateway_details(path, details).has_value());
  EXPECT_EQ(load_gateway_details(path).value(), details);
  EXPECT_EQ(content_of(path), wire::to_json(details));
  std::ofstream(path) << "{";
  auto bad = load_gateway_details(path);
  EXPECT_TRUE(bad.error().is(NetError::bad_key_file));
  EXPECT_NE(bad.error().text().find(path.string()), std::string::npos);
}

}  // namespace
}  // namespace nym::net
