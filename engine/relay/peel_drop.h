#pragma once

#include "engine/base/drop_reason.h"
#include "engine/sphinx/error.h"

namespace nym::relay {

/// Under which reason a packet that peel refused is counted.
DropReason drop_reason_of(const Error& peel_error);

}  // namespace nym::relay
