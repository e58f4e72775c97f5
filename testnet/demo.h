#pragma once

#include <filesystem>

#include "engine/base/result.h"

namespace nym::testnet {

/// Starts a network and two real clients, sends a message from one to the other anonymously and its answer back through
/// a reply SURB, and prints each step with its time. An error unless both texts arrive unchanged.
Result<void> run_demo(const std::filesystem::path& client_program);

}  // namespace nym::testnet
