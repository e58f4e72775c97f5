#pragma once

#include "engine/client/io.h"

namespace nym::cli {

/// Says in the log what a user wants to know of an event.
void log_event(const client::Event& event);

}  // namespace nym::cli
