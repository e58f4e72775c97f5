#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/base/endpoint.h"
#include "engine/base/result.h"
#include "net/runtime.h"

namespace nym::net {

/// All addresses of a host name, in the system's order of preference, with `port`. IP literals need no look-up.
/// Never empty when it succeeds. Error: unresolved. A look-up can not be stopped; an ignored one does no harm.
void resolve(Runtime& runtime, const std::string& host, std::uint16_t port,
             std::function<void(Result<std::vector<Endpoint>>)> on_resolved);

}  // namespace nym::net
