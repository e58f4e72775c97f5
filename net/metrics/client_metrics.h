#pragma once

#include <functional>
#include <memory>

#include "engine/client/status.h"
#include "net/metrics/role_metrics.h"

namespace nym::net {

/// A client's metrics: `nym_client_…`.
class ClientMetrics final : public RoleMetrics {
 public:
  ClientMetrics();
  ~ClientMetrics() override;

  /// Every event of the client, from its first on.
  void observe(const client::Event& event);
  /// Where gauges are read from; before that there are none to read and the client is not ready. It must stay callable
  /// as long as this lives, or be replaced by an empty one.
  void watch(std::function<client::Status()> read_status) { read_status_ = std::move(read_status); }

  std::string why_not_ready() const override;

 private:
  /// Where a fragment waits for its turn, in the order of client::Status::Queued.
  enum class QueuedLane : std::uint8_t { general, surb_requests, additional_surbs, retransmissions, apps };
  friend std::string_view to_string(QueuedLane lane);
  struct Counters;
  struct Gauges;

  void refresh() override;
  void on_gateway_state(client::GatewayState state);

  std::unique_ptr<Counters> counters_;
  std::unique_ptr<Gauges> gauges_;
  std::function<client::Status()> read_status_;
  bool was_connected_ = false;
};

}  // namespace nym::net
