#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "testnet/layout.h"

namespace nym::testnet {

/// One node of a network that may span machines.
struct RoleOptions {
  Role role{};
  std::string name;                 ///< its number, at the end, is that of a mixnode in the directory
  std::filesystem::path directory;  ///< of its keys and its database
  std::string listen;               ///< for other nodes, `address:port`
  std::string clients;              ///< of a gateway
  std::string announce;             ///< the name or address under which others find it
  std::uint8_t layer = 0;           ///< of a mixnode
  std::string listed_by;            ///< address of the directory: packets go on to what it lists only; empty: anywhere
  std::string http;                 ///< figures, health and `/node.json` for the directory; empty: none
};
/// Until it is stopped. Returns the exit code.
Result<int> run_node(const RoleOptions& options);

struct DirectoryOptions {
  std::string listen;
  std::vector<std::string> nodes;   ///< addresses of the nodes' HTTP
  std::filesystem::path directory;  ///< where the documents are written as files too; empty: nowhere
};
/// Lists all nodes that have answered once. Until it is stopped.
Result<int> run_directory(const DirectoryOptions& options);

}  // namespace nym::testnet
