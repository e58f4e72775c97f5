#include "engine/wire/gateway_details.h"

#include <fmt/format.h>

#include "engine/base/text_encoding.h"
#include "engine/crypto/hash.h"
#include "engine/wire/json_document.h"

namespace nym::wire {
namespace {

constexpr JsonLimits kLimits{std::size_t{64} << 10U, 10'000};
constexpr std::array<std::string_view, 2> kTopNames = {"key_hash", "details"};
constexpr std::array<std::string_view, 3> kDetailNames = {"gateway_id", "gateway_owner", "gateway_listener"};

}  // namespace

std::string hash_of_shared_keys(FixedView<32> keys) {
  return to_base64(crypto::sha256(keys));
}

std::string to_json(const GatewayDetails& details) {
  return fmt::format(
      "{{\n"
      "  \"key_hash\": {},\n"
      "  \"details\": {{\n"
      "    \"gateway_id\": {},\n"
      "    \"gateway_owner\": {},\n"
      "    \"gateway_listener\": {}\n"
      "  }}\n"
      "}}",
      json_quoted(details.key_hash), json_quoted(details.gateway_id), json_quoted(details.gateway_owner),
      json_quoted(details.gateway_listener));
}

Result<GatewayDetails> parse_gateway_details(std::string_view json) {
  NYM_TRY(auto root, parse_json(json, kLimits));
  JsonProblem problem;
  JsonFields top(&root, kTopNames, UnknownKeys::ignored, problem);
  JsonFields inner(top.require("details"), kDetailNames, UnknownKeys::ignored, problem);
  GatewayDetails details{top.text("key_hash"), inner.text("gateway_id"), inner.text("gateway_owner"),
                         inner.text("gateway_listener")};
  if (problem.found()) return fail(WireError::bad_json, problem.text());
  return details;
}

}  // namespace nym::wire
