#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/base/result.h"

namespace nym::testnet {

/// What came of one way between two gateways; times are absent for what did not arrive unchanged.
struct SelftestLeg {
  std::string from;
  std::string to;
  std::string form;  ///< text or binary
  std::optional<double> message_seconds{};
  std::optional<double> reply_seconds{};
};
struct SelftestReport {
  std::vector<SelftestLeg> legs;
  double start_seconds = 0;  ///< until all clients were ready
  double seconds = 0;        ///< in all
  bool passed() const;
  nlohmann::ordered_json to_json() const;
  std::string to_text() const;
};

/// One client of its own at each gateway of a running network; each sends a text and a binary message to each other,
/// which is answered through a reply SURB. `status` is the network's. Errors: node_failed, for clients that do not
/// start.
Result<SelftestReport> run_selftest(const nlohmann::ordered_json& status, const std::filesystem::path& client_program);

}  // namespace nym::testnet
