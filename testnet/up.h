#pragma once

#include <string>
#include <vector>

#include "testnet/network.h"

namespace nym::testnet {

enum class OutputFormat : std::uint8_t { text, json };
enum class Stay : std::uint8_t { in_terminal, in_background };

struct UpOptions {
  NetworkOptions network{};  ///< without a directory: one that goes with the network
  OutputFormat output = OutputFormat::text;
  Stay stay = Stay::in_terminal;
  std::vector<std::string> command{};  ///< to run on the network; empty: until stopped
  std::optional<Endpoint> dashboard{};
};

/// Starts a network and keeps it until stopped, or until the command ends. Returns the exit code.
Result<int> run_up(const UpOptions& options);

/// As many files as the system lets us have open: a network in one process has thousands of sockets.
void raise_file_limit();

}  // namespace nym::testnet
