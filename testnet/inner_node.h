#pragma once

#include "net/drivers/gateway_driver.h"
#include "net/drivers/mixnode_driver.h"
#include "net/metrics/node_metrics.h"
#include "testnet/node.h"
#include "testnet/node_keys.h"
#include "testnet/node_log.h"

namespace nym::testnet {

/// Who waits for which packet at a node.
class FrameWatch {
 public:
  void add(const ByteArray<32>& begin, Node::Seen seen) { waiting_[begin] = std::move(seen); }
  void on_frame(const wire::MixFrame& frame);

 private:
  std::map<ByteArray<32>, Node::Seen> waiting_;
};

/// How a node of either role runs inside this process.
struct MixnodeTraits {
  using Driver = net::MixnodeDriver;
  using Metrics = net::MixnodeMetrics;
  using Event = mixnode::Event;
  using Figures = net::MixnodeFigures;
};
struct GatewayTraits {
  using Driver = net::GatewayDriver;
  using Metrics = net::GatewayMetrics;
  using Event = gateway::Event;
  using Figures = net::GatewayFigures;
};

/// A mixnode or gateway in this process. Starting and killing take effect at once.
template <class Traits>
class InnerNode final : public Node {
 public:
  struct Setup {
    NodePlan plan;
    net::NodeKeys keys;
    std::filesystem::path folder;  ///< of its database
    prometheus::Labels labels{};   ///< of its metrics
    std::function<void(const typename Traits::Event&)> on_event{};
  };
  InnerNode(net::Runtime& runtime, Setup setup, NodeLog log);

  void start(Done done) override;
  void kill() override;
  void stop() override { driver_.reset(); }
  void pause() override;
  void resume() override;
  NodeState state() const override;
  std::string why() const override;
  void set_detours(const net::Detours& detours, Done done) override;
  void set_known_hops(const KnownHops& addresses) override;
  void watch(const ByteArray<32>& begin, Seen seen) override;
  net::RoleMetrics* metrics() override { return &metrics_; }

  typename Traits::Metrics& role_metrics() { return metrics_; }

 private:
  Result<std::unique_ptr<typename Traits::Driver>> make_driver();
  void observe(const typename Traits::Event& event);

  net::Runtime& runtime_;
  Setup setup_;
  NodeLog log_;
  typename Traits::Metrics metrics_;
  net::Detours detours_;
  KnownHops known_hops_;
  FrameWatch watch_;
  std::unique_ptr<typename Traits::Driver> driver_;
};

using InnerMixnode = InnerNode<MixnodeTraits>;
using InnerGateway = InnerNode<GatewayTraits>;

}  // namespace nym::testnet
