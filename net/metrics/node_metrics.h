#pragma once

#include <functional>

#include "engine/gateway/gateway.h"
#include "engine/mixnode/mixnode.h"
#include "net/metrics/role_metrics.h"

namespace nym::net {

/// What only the driver of a node knows; absent while there is no node.
struct MixnodeFigures {
  std::size_t held_packets = 0;
  std::size_t queued_frames = 0;
  std::size_t open_links = 0;
};
struct GatewayFigures {
  std::size_t connected_clients = 0;
  std::size_t client_sockets = 0;
  std::size_t queued_frames = 0;
  std::size_t open_links = 0;
  std::size_t inbox_bytes = 0;
};

/// A mixnode's metrics: `nym_mixnode_…`.
class MixnodeMetrics final : public RoleMetrics {
 public:
  explicit MixnodeMetrics(prometheus::Labels labels = {});
  ~MixnodeMetrics() override;

  void observe(const mixnode::Event& event);
  /// Must stay callable as long as this lives.
  void watch(std::function<std::optional<MixnodeFigures>()> read) { read_ = std::move(read); }
  std::string why_not_ready() const override;

 private:
  struct Parts;
  void refresh() override;
  std::unique_ptr<Parts> parts_;
  std::function<std::optional<MixnodeFigures>()> read_;
};

/// A gateway's metrics: `nym_gateway_…`.
class GatewayMetrics final : public RoleMetrics {
 public:
  explicit GatewayMetrics(prometheus::Labels labels = {});
  ~GatewayMetrics() override;

  void observe(const gateway::Event& event);
  /// Must stay callable as long as this lives.
  void watch(std::function<std::optional<GatewayFigures>()> read) { read_ = std::move(read); }
  std::string why_not_ready() const override;

 private:
  struct Parts;
  void refresh() override;
  std::unique_ptr<Parts> parts_;
  std::function<std::optional<GatewayFigures>()> read_;
};

}  // namespace nym::net
