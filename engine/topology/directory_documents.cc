#include "engine/topology/directory_documents.h"

#include <fmt/format.h>

#include <array>

#include "engine/topology/decimal.h"
#include "engine/wire/json_document.h"

namespace nym::topology {
namespace {

using wire::JsonFields;
using wire::JsonProblem;
using wire::JsonValue;
using wire::UnknownKeys;
using Names = std::span<const std::string_view>;

// Each node takes some forty values.
constexpr wire::JsonLimits kLimits{std::size_t{64} << 20U, 5'000'000};

constexpr std::array<std::string_view, 2> kCoin = {"denom", "amount"};
constexpr std::array<std::string_view, 5> kBond = {"pledge_amount", "owner", "block_height", "gateway", "proxy"};
constexpr std::array<std::string_view, 7> kGateway = {"host",       "mix_port",     "clients_port", "location",
                                                      "sphinx_key", "identity_key", "version"};
constexpr std::array<std::string_view, 3> kDetails = {"bond_information", "rewarding_details", "pending_changes"};
constexpr std::array<std::string_view, 8> kMixBond = {"mix_id",   "owner", "original_pledge", "layer",
                                                      "mix_node", "proxy", "bonding_height",  "is_unbonding"};
constexpr std::array<std::string_view, 7> kMixNode = {"host",       "mix_port",     "verloc_port", "http_api_port",
                                                      "sphinx_key", "identity_key", "version"};
constexpr std::array<std::string_view, 7> kRewarding = {"cost_params",       "operator",        "delegates",
                                                        "total_unit_reward", "unit_delegation", "last_rewarded_epoch",
                                                        "unique_delegations"};
constexpr std::array<std::string_view, 2> kCost = {"profit_margin_percent", "interval_operating_cost"};
constexpr std::array<std::string_view, 1> kPending = {"pledge_change"};

// ---- Reading. What is not used is still checked: the original refuses the whole list otherwise.

JsonFields strict(const JsonFields& outer, std::string_view name, Names names, JsonProblem& problem) {
  return {outer.require(name), names, UnknownKeys::refused, problem};
}

void check_coin(const JsonFields& outer, std::string_view name, JsonProblem& problem) {
  // Coins alone tolerate unknown keys.
  JsonFields coin(outer.require(name), kCoin, UnknownKeys::ignored, problem);
  coin.text("denom");
  if (!is_u128(coin.text("amount"))) coin.report("amount", "is not a 128-bit number");
}

void check_decimal(const JsonFields& fields, std::string_view name) {
  if (!is_decimal(fields.text(name))) fields.report(name, "is not a decimal number");
}

void check_cost(const JsonFields& rewarding, JsonProblem& problem) {
  auto cost = strict(rewarding, "cost_params", kCost, problem);
  if (!is_fraction_of_one(cost.text("profit_margin_percent"))) {
    cost.report("profit_margin_percent", "is not a decimal number up to 1");
  }
  check_coin(cost, "interval_operating_cost", problem);
}

void check_rewarding(const JsonFields& details, JsonProblem& problem) {
  auto rewarding = strict(details, "rewarding_details", kRewarding, problem);
  check_cost(rewarding, problem);
  check_decimal(rewarding, "operator");
  check_decimal(rewarding, "delegates");
  check_decimal(rewarding, "total_unit_reward");
  check_decimal(rewarding, "unit_delegation");
  rewarding.integer<std::uint32_t>("last_rewarded_epoch");
  rewarding.integer<std::uint32_t>("unique_delegations");
}

void check_pending(const JsonFields& details, JsonProblem& problem) {
  // May be absent, but not null.
  const JsonValue* value = details.find("pending_changes");
  if (value == nullptr) return;
  JsonFields pending(value, kPending, UnknownKeys::refused, problem);
  pending.optional_integer<std::uint32_t>("pledge_change");
}

MixnodeDetails read_mixnode(const JsonValue& value, JsonProblem& problem) {
  JsonFields details(&value, kDetails, UnknownKeys::refused, problem);
  auto bond = strict(details, "bond_information", kMixBond, problem);
  auto node = strict(bond, "mix_node", kMixNode, problem);
  MixnodeDetails out;
  out.mix_id = bond.integer<std::uint32_t>("mix_id");
  out.owner = bond.text("owner");
  check_coin(bond, "original_pledge", problem);
  out.layer = bond.integer<std::uint8_t>("layer");
  if (out.layer < 1 || out.layer > 3) bond.report("layer", "is not 1, 2 or 3");
  bond.optional_text("proxy");
  bond.integer<std::uint64_t>("bonding_height");
  bond.boolean("is_unbonding");
  out.host = node.text("host");
  out.mix_port = node.integer<std::uint16_t>("mix_port");
  out.verloc_port = node.integer<std::uint16_t>("verloc_port");
  out.http_api_port = node.integer<std::uint16_t>("http_api_port");
  out.sphinx_key = node.text("sphinx_key");
  out.identity_key = node.text("identity_key");
  out.version = node.text("version");
  check_rewarding(details, problem);
  check_pending(details, problem);
  return out;
}

GatewayBond read_gateway(const JsonValue& value, JsonProblem& problem) {
  JsonFields bond(&value, kBond, UnknownKeys::refused, problem);
  auto node = strict(bond, "gateway", kGateway, problem);
  GatewayBond out;
  check_coin(bond, "pledge_amount", problem);
  out.owner = bond.text("owner");
  bond.integer<std::uint64_t>("block_height");
  bond.optional_text("proxy");
  out.host = node.text("host");
  out.mix_port = node.integer<std::uint16_t>("mix_port");
  out.clients_port = node.integer<std::uint16_t>("clients_port");
  out.location = node.text("location");
  out.sphinx_key = node.text("sphinx_key");
  out.identity_key = node.text("identity_key");
  out.version = node.text("version");
  return out;
}

template <class Entry>
Result<std::vector<Entry>> read_list(std::string_view json, Entry (*read)(const JsonValue&, JsonProblem&)) {
  auto root = wire::parse_json(json, kLimits);
  if (!root) return fail(TopologyError::bad_document, root.error().text());
  const auto* elements = root->get<wire::JsonArray>();
  if (elements == nullptr) return fail(TopologyError::bad_document, "directory document is not a list");
  std::vector<Entry> entries;
  entries.reserve(elements->size());
  for (std::size_t i = 0; i < elements->size(); ++i) {
    JsonProblem problem;
    entries.push_back(read((*elements)[i], problem));
    if (problem.found()) {
      return fail(TopologyError::bad_document, fmt::format("directory entry {}: {}", i, problem.text()));
    }
  }
  return entries;
}

// ---- Writing, in the order of the original's types.

constexpr std::string_view kPledge = R"({"denom":"unym","amount":"100000000"})";

std::string write(const GatewayBond& bond) {
  return fmt::format(
      R"({{"pledge_amount":{},"owner":{},"block_height":1,"gateway":{{"host":{},"mix_port":{},"clients_port":{},)"
      R"("location":{},"sphinx_key":{},"identity_key":{},"version":{}}},"proxy":null}})",
      kPledge, wire::json_quoted(bond.owner), wire::json_quoted(bond.host), bond.mix_port, bond.clients_port,
      wire::json_quoted(bond.location), wire::json_quoted(bond.sphinx_key), wire::json_quoted(bond.identity_key),
      wire::json_quoted(bond.version));
}

std::string write(const MixnodeDetails& details) {
  std::string node = fmt::format(
      R"({{"host":{},"mix_port":{},"verloc_port":{},"http_api_port":{},"sphinx_key":{},"identity_key":{},"version":{}}})",
      wire::json_quoted(details.host), details.mix_port, details.verloc_port, details.http_api_port,
      wire::json_quoted(details.sphinx_key), wire::json_quoted(details.identity_key),
      wire::json_quoted(details.version));
  std::string bond = fmt::format(
      R"({{"mix_id":{},"owner":{},"original_pledge":{},"layer":{},"mix_node":{},"proxy":null,"bonding_height":1,)"
      R"("is_unbonding":false}})",
      details.mix_id, wire::json_quoted(details.owner), kPledge, details.layer, node);
  return fmt::format(
      R"({{"bond_information":{},"rewarding_details":{{"cost_params":{{"profit_margin_percent":"0.1",)"
      R"("interval_operating_cost":{{"denom":"unym","amount":"40000000"}}}},"operator":"100000000","delegates":"0",)"
      R"("total_unit_reward":"0","unit_delegation":"1000000000","last_rewarded_epoch":0,"unique_delegations":0}},)"
      R"("pending_changes":{{"pledge_change":null}}}})",
      bond);
}

template <class Entry>
std::string write_list(std::span<const Entry> entries) {
  std::string out = "[";
  for (const auto& entry : entries) {
    if (out.size() > 1) out += ',';
    out += write(entry);
  }
  return out + "]";
}

}  // namespace

Result<std::vector<GatewayBond>> parse_gateways(std::string_view json) {
  return read_list(json, read_gateway);
}
Result<std::vector<MixnodeDetails>> parse_mixnodes(std::string_view json) {
  return read_list(json, read_mixnode);
}

std::string to_json(std::span<const GatewayBond> gateways) {
  return write_list(gateways);
}
std::string to_json(std::span<const MixnodeDetails> mixnodes) {
  return write_list(mixnodes);
}

}  // namespace nym::topology
