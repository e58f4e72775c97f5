#pragma once

#include <string>

#include "engine/base/bytes.h"
#include "engine/wire/error.h"

namespace nym::wire {

/// A client's `gateway_details.json` (04 §2.8): which gateway it is registered with, and for which shared keys that
/// holds.
struct GatewayDetails {
  std::string key_hash;  ///< hash_of_shared_keys; not checked when read
  std::string gateway_id;
  std::string gateway_owner;
  std::string gateway_listener;
  friend bool operator==(const GatewayDetails&, const GatewayDetails&) = default;
};

/// Base64 of the SHA-256 of encryption key 16 ‖ MAC key 16.
std::string hash_of_shared_keys(FixedView<32> keys);

/// Two blanks a level, no line end behind the last brace.
std::string to_json(const GatewayDetails& details);
/// Unknown fields are ignored, any order. Error: bad_json.
Result<GatewayDetails> parse_gateway_details(std::string_view json);

}  // namespace nym::wire
