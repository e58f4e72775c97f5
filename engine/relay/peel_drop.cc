#include "engine/relay/peel_drop.h"

namespace nym::relay {

DropReason drop_reason_of(const Error& peel_error) {
  using sphinx::SphinxError;
  if (peel_error.is(SphinxError::invalid_header)) return DropReason::bad_header_mac;
  if (peel_error.is(SphinxError::invalid_routing)) return DropReason::bad_routing;
  if (peel_error.is(SphinxError::invalid_payload)) return DropReason::bad_payload;
  if (peel_error.is(SphinxError::zero_secret)) return DropReason::zero_shared_secret;
  return DropReason::malformed_packet;
}

}  // namespace nym::relay
