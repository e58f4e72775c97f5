#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "testnet/child_process.h"
#include "testnet/directory_server.h"
#include "testnet/figures.h"
#include "testnet/node_keys.h"

namespace nym::testnet {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Documents documents_of_one(const std::filesystem::path& folder) {
  auto keys = load_or_make_keys(folder);
  EXPECT_TRUE(keys);
  NodePlan mixnode{Role::mixnode, 0, "mix1", 2, {Ipv4{{127, 0, 0, 1}}, 1789}};
  NodePlan gateway{Role::gateway, 0, "gw1", 0, {Ipv4{{127, 0, 0, 1}}, 1790}, {Ipv4{{127, 0, 0, 1}}, 9000}};
  return directory_documents({listing_of_mixnode(mixnode, *keys, "mix.example")},
                             {listing_of_gateway(gateway, *keys, "gw.example")});
}

TEST(DirectoryDocuments, AreThoseThatProgramsAskFor) {
  auto folder = TemporaryDirectory::make();
  ASSERT_TRUE(folder);
  auto documents = documents_of_one(folder->path());
  auto mixnodes = topology::parse_mixnodes(documents.at("/v1/mixnodes/active"));
  ASSERT_TRUE(mixnodes);
  EXPECT_EQ(mixnodes->at(0).layer, 2);
  EXPECT_EQ(mixnodes->at(0).host, "mix.example");
  auto gateways = topology::parse_gateways(documents.at("/v1/gateways"));
  ASSERT_TRUE(gateways);
  EXPECT_EQ(gateways->at(0).clients_port, 9000);
  EXPECT_NE(documents.at("/v1/status/gateways/detailed").find("\"gateway_bond\""), std::string::npos);
}

TEST(DirectoryDocuments, CanBeServedByAnyServerOfFiles) {
  auto folder = TemporaryDirectory::make();
  ASSERT_TRUE(folder);
  auto documents = documents_of_one(folder->path());
  ASSERT_TRUE(write_documents(documents, folder->path() / "www"));
  EXPECT_EQ(text_of(folder->path() / "www/v1/gateways"), documents.at("/v1/gateways"));
  EXPECT_EQ(text_of(folder->path() / "www/v1/mixnodes/index.html"), documents.at("/v1/mixnodes"));
  EXPECT_EQ(text_of(folder->path() / "www/v1/mixnodes/active/index.html"), documents.at("/v1/mixnodes/active"));
}

TEST(DirectoryDocuments, AreFoundWhateverSlashesAreRepeated) {
  EXPECT_EQ(document_path("/v1/gateways"), "/v1/gateways");
  EXPECT_EQ(document_path("/api//v1/gateways"), "/v1/gateways");
  EXPECT_EQ(document_path("//v1///gateways//?a=//b"), "/v1/gateways");
  EXPECT_EQ(document_path(""), "");
  EXPECT_EQ(document_path("/"), "/");
}

TEST(Figures, AreSummedUpByNodeAndName) {
  Figures figures;
  add_figures(figures,
              "# HELP a b\na{node=\"mix1\",reason=\"x\"} 2\na{node=\"mix1\",reason=\"y\"} 3\nb_bucket{le=\"1\"} 9\n"
              "b_sum 1.5\nbroken{\nbroken\n\na 1",
              "c1");
  EXPECT_EQ(figures["mix1"]["a"], 5);
  EXPECT_EQ(figures["c1"]["b_sum"], 1.5);
  EXPECT_EQ(figures["c1"]["a"], 1);
  EXPECT_EQ(figures["c1"].size(), 2U);
}

}  // namespace
}  // namespace nym::testnet
