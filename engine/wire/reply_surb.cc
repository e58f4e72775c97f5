#include "engine/wire/reply_surb.h"

#include <fmt/format.h>

#include "engine/wire/routing_address.h"

namespace nym::wire {

Result<void> check_first_hop(ByteView surb) {
  constexpr std::size_t kFirstHopAt = 16 + 348;
  constexpr std::size_t kAddress = 32;
  if (surb.size() < kFirstHopAt + kAddress) return fail(WireError::bad_surb, "reply surb without a first hop");
  auto address = decode_address(surb.subspan(kFirstHopAt, kAddress));
  if (!address) return fail(WireError::bad_surb, fmt::format("reply surb whose {}", address.error().text()));
  return {};
}

}  // namespace nym::wire
