#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/topology/error.h"

namespace nym::topology {

/// One entry of `GET /v1/gateways` (03 §13.2), the fields that are used.
struct GatewayBond {
  std::string owner;
  std::string host;
  std::uint16_t mix_port = 0;
  std::uint16_t clients_port = 0;
  std::string location;
  std::string sphinx_key;    ///< base58
  std::string identity_key;  ///< base58
  std::string version;
  friend bool operator==(const GatewayBond&, const GatewayBond&) = default;
};
/// One entry of `GET /v1/mixnodes/active` and `/v1/mixnodes` (03 §13.2).
struct MixnodeDetails {
  std::uint32_t mix_id = 0;
  std::string owner;
  std::uint8_t layer = 1;  ///< 1, 2 or 3
  std::string host;
  std::uint16_t mix_port = 0;
  std::uint16_t verloc_port = 0;
  std::uint16_t http_api_port = 0;
  std::string sphinx_key;
  std::string identity_key;
  std::string version;
  friend bool operator==(const MixnodeDetails&, const MixnodeDetails&) = default;
};

/// Strict as the original (03 §13.2): one unknown key or wrong type anywhere fails the whole list, and so do more than
/// 64 MiB. Error: bad_document.
Result<std::vector<GatewayBond>> parse_gateways(std::string_view json);
Result<std::vector<MixnodeDetails>> parse_mixnodes(std::string_view json);

/// As the original's contract types would write them; all mandatory fields with plausible values.
std::string to_json(std::span<const GatewayBond> gateways);
std::string to_json(std::span<const MixnodeDetails> mixnodes);

}  // namespace nym::topology
