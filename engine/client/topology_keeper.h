#pragma once

#include "engine/client/config.h"
#include "engine/client/error.h"
#include "engine/client/io.h"

namespace nym::client {

/// Keeps the network's map fresh (04 §3.14). A failed fetch keeps the last good map ten times; with the eleventh
/// failure in a row there is none until a fetch succeeds.
class TopologyKeeper {
 public:
  TopologyKeeper(const TopologyConfig& config, const crypto::Ed25519PublicKey& own_gateway)
      : config_(config), own_gateway_(own_gateway) {}

  /// Whether a fetch is to be started now; true makes it pending.
  bool begin_fetch(TimePoint now);
  void on_fetched(TimePoint now, Result<std::shared_ptr<const topology::Snapshot>> fetched);

  /// The map, if packets can be sent on it: three layers, and our own gateway to receive at.
  /// Errors: no_topology, and those of topology::check_routable and unknown_gateway.
  Result<const topology::Snapshot*> usable() const;
  std::optional<TimePoint> next_deadline() const;

 private:
  Result<void> check_usable() const;

  static constexpr int kTolerated = 10;
  TopologyConfig config_;
  crypto::Ed25519PublicKey own_gateway_;
  std::shared_ptr<const topology::Snapshot> snapshot_;
  std::string last_failure_ = "not fetched yet";
  Result<void> usable_ = check_usable();  ///< asked before every packet, hence not found out anew
  int failures_ = 0;
  bool fetching_ = false;
  std::optional<TimePoint> next_fetch_ = TimePoint();
};

}  // namespace nym::client
