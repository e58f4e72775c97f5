#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace nym::testnet {

enum class OutputFormat : std::uint8_t { text, json };

struct UpOptions {
  OutputFormat output = OutputFormat::text;
  std::vector<std::string> command;  ///< to run on the network; empty: until stopped
};

/// Starts a network and keeps it until stopped, or until the command ends. Returns the exit code.
Result<int> run_up(const UpOptions& options);

}  // namespace nym::testnet
