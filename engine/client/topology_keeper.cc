#include "engine/client/topology_keeper.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/probe.h"
#include "engine/base/text_encoding.h"

namespace nym::client {
namespace {

/// How soon to ask again while there is no map at all.
constexpr Duration kRetryWithoutMap = Duration::seconds(5);

}  // namespace

bool TopologyKeeper::begin_fetch(TimePoint now) {
  if (fetching_ || !next_fetch_ || now < *next_fetch_) return false;
  fetching_ = true;
  return true;
}

void TopologyKeeper::on_fetched(TimePoint now, Result<std::shared_ptr<const topology::Snapshot>> fetched) {
  fetching_ = false;
  auto balanced = fetched ? topology::check_layer_balance(**fetched) : Result<void>();
  if (fetched && balanced) {
    snapshot_ = *std::move(fetched);
    failures_ = 0;
  } else {
    reach(Probe::topology_fetch_failed);
    last_failure_ = fetched ? balanced.error().text() : fetched.error().text();
    if (++failures_ > kTolerated) {
      reach(Probe::topology_given_up);
      snapshot_.reset();
    }
  }
  usable_ = check_usable();
  next_fetch_ = now + (snapshot_ ? config_.refresh_rate : std::min(config_.refresh_rate, kRetryWithoutMap));
  if (snapshot_ && config_.refreshing == Switch::off) next_fetch_.reset();
}

Result<const topology::Snapshot*> TopologyKeeper::usable() const {
  if (!usable_) return std::unexpected(usable_.error());
  return snapshot_.get();
}

Result<void> TopologyKeeper::check_usable() const {
  if (!snapshot_) return fail(ClientError::no_topology, fmt::format("no network topology: {}", last_failure_));
  NYM_TRY_VOID(topology::check_routable(*snapshot_));
  if (snapshot_->find_gateway(own_gateway_) == nullptr) {
    return fail(topology::TopologyError::unknown_gateway,
                fmt::format("Gateway with identity key {} doesn't exist", to_base58(own_gateway_.bytes())));
  }
  return {};
}

std::optional<TimePoint> TopologyKeeper::next_deadline() const {
  return fetching_ ? std::nullopt : next_fetch_;
}

}  // namespace nym::client
