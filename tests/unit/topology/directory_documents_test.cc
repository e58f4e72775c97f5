#include "engine/topology/directory_documents.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace nym::topology {
namespace {

using Json = nlohmann::ordered_json;

Json one_mixnode() {
  MixnodeDetails details;
  details.owner = "o";
  details.host = "h";
  return Json::parse(to_json(std::span<const MixnodeDetails>(&details, 1)));
}

Json one_gateway() {
  GatewayBond bond;
  return Json::parse(to_json(std::span<const GatewayBond>(&bond, 1)));
}

bool accepts_mixnodes(const Json& list) {
  return parse_mixnodes(list.dump()).has_value();
}
bool accepts_gateways(const Json& list) {
  return parse_gateways(list.dump()).has_value();
}

/// Pointers to every value below `json`, objects and arrays included.
void collect(const Json& json, const Json::json_pointer& at, std::vector<Json::json_pointer>& out) {
  out.push_back(at);
  if (!json.is_structured()) return;
  for (const auto& [key, value] : json.items()) {
    auto step = json.is_array() ? at / static_cast<std::size_t>(std::stoul(key)) : at / key;
    collect(value, step, out);
  }
}

bool is_below_coin(const Json::json_pointer& pointer) {
  std::string text = pointer.to_string();
  return text.ends_with("pledge") || text.ends_with("pledge_amount") || text.ends_with("cost");
}

void expect_strict(const Json& good, bool (*accepts)(const Json&)) {
  ASSERT_TRUE(accepts(good)) << good;
  std::vector<Json::json_pointer> pointers;
  collect(good, Json::json_pointer(), pointers);
  for (const auto& pointer : pointers) {
    Json changed = good;
    auto& value = changed.at(pointer);
    if (value.is_object()) {
      value["surplus"] = 1;
      EXPECT_EQ(accepts(changed), is_below_coin(pointer)) << "surplus key in " << pointer;
      value.erase("surplus");
    }
    // Arrays stand for nothing but the list itself here: no field is one.
    Json wrong = pointer.empty() ? Json(7) : Json::array();
    Json original = value;
    value = wrong;
    EXPECT_FALSE(accepts(changed)) << "wrong type of " << pointer;
    value = original;

    auto name = pointer.empty() ? std::string() : pointer.back();
    bool is_optional = name == "proxy" || name == "pending_changes" || name == "pledge_change";
    if (pointer.empty() || changed.at(pointer.parent_pointer()).is_array()) continue;
    changed.at(pointer.parent_pointer()).erase(name);
    EXPECT_EQ(accepts(changed), is_optional) << "without " << pointer;
  }
}

TEST(DirectoryDocuments, MixnodesAreReadStrictly) {
  expect_strict(one_mixnode(), accepts_mixnodes);
}
TEST(DirectoryDocuments, GatewaysAreReadStrictly) {
  expect_strict(one_gateway(), accepts_gateways);
}

TEST(DirectoryDocuments, RepeatedKeysAreRefused) {
  std::string json = one_gateway().dump();
  json.insert(json.size() - 2, R"(,"proxy":null)");
  EXPECT_FALSE(parse_gateways(json).has_value());
}

TEST(DirectoryDocuments, ListsMayBeEmptyButMustBeLists) {
  EXPECT_TRUE(parse_gateways("[]").value().empty());
  EXPECT_TRUE(parse_mixnodes("[]").value().empty());
  EXPECT_FALSE(parse_gateways("{}").has_value());
  EXPECT_FALSE(parse_mixnodes("null").has_value());
}

TEST(DirectoryDocuments, EndlessTextsAreRefused) {
  std::string endless(std::size_t{64} << 20U, ' ');
  EXPECT_FALSE(parse_gateways(endless + "[]").has_value());
  endless.resize(endless.size() - 2);
  EXPECT_TRUE(parse_gateways(endless + "[]").has_value());
}

TEST(DirectoryDocuments, OddTextsSurvive) {
  GatewayBond bond{"ow\"ner\n", "::1", 1, 65535, "\x01", "", "\\", "1.1.1"};
  EXPECT_EQ(parse_gateways(to_json(std::span<const GatewayBond>(&bond, 1))).value().at(0), bond);
}

}  // namespace
}  // namespace nym::topology
