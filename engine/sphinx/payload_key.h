#pragma once

#include "engine/sphinx/header.h"

namespace nym::sphinx {

/// What a payload key of 192 bytes is made of for number 259 (09 §3.3).
using PayloadSeed = Secret<kPayloadSeed>;

PayloadSeed payload_seed(const RoutingKeys& keys);
crypto::LionessKey expand_payload_seed(const PayloadSeed& seed);

crypto::LionessKey payload_key(const RoutingKeys& keys, PayloadKeyForm form);

}  // namespace nym::sphinx
