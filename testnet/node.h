#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "engine/base/result.h"
#include "net/drivers/mix_link_set.h"
#include "net/metrics/role_metrics.h"
#include "testnet/layout.h"

namespace nym::testnet {

/// starting: not there yet; degraded: there, but it cannot do its work; stopped: not there, whatever the reason.
enum class NodeState : std::uint8_t { starting, ready, degraded, stopped };
constexpr const char* to_string(NodeState state) {
  constexpr const char* kNames[] = {"starting", "ready", "degraded", "stopped"};
  return kNames[static_cast<std::size_t>(state)];
}

using KnownHops = std::optional<std::set<Endpoint>>;

/// One node of a network, wherever it runs. Its keys, its database and its address outlive its process.
class Node {
 public:
  using Done = std::function<void(Result<void>)>;
  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  /// `done` comes once: when it is ready, or cannot be.
  virtual void start(Done done) = 0;
  /// As if its machine had lost power.
  virtual void kill() = 0;
  /// In good order; it is stopped some time later.
  virtual void stop() = 0;
  virtual void pause() = 0;
  virtual void resume() = 0;
  /// Called again and again: notices what happened to its process.
  virtual void look() {}

  virtual NodeState state() const = 0;
  /// Why it is neither ready nor starting; for people.
  virtual std::string why() const = 0;
  virtual std::optional<int> pid() const { return std::nullopt; }

  /// Where its connections to others really go; kept over restarts.
  virtual void set_detours(const net::Detours& detours, Done done) = 0;
  /// The addresses to which it may send packets on; kept over restarts. Nothing: any.
  virtual void set_known_hops(const KnownHops& addresses) = 0;
  /// `seen` is told once when a packet that begins like this has arrived at this node.
  using Seen = std::function<void(TimePoint)>;
  virtual void watch(const ByteArray<32>& begin, Seen seen) = 0;
  /// Of a node in this process, else null.
  virtual net::RoleMetrics* metrics() { return nullptr; }
};

}  // namespace nym::testnet
