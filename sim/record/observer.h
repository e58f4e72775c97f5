#pragma once

#include <optional>
#include <string>

#include "engine/client/io.h"
#include "engine/client/status.h"
#include "engine/gateway/io.h"
#include "engine/mixnode/io.h"
#include "sim/grammar/node_set.h"

/// What happens in a run, told in its order to those who look on: checkers, measurements, observers on the links,
/// traces. Nothing that is told refers to memory that lives longer than the call.
namespace nym::sim {

/// A planned message, by its number in the run, or the reply to it.
struct MessageRef {
  enum class Part : std::uint8_t { message, reply };
  std::uint32_t number = 0;
  Part part = Part::message;
  friend auto operator<=>(const MessageRef&, const MessageRef&) = default;
};

/// Where a message stands. Each is submitted once; then delivered or not, and ended once by its sender.
enum class MessageStep : std::uint8_t {
  submitted,     ///< its application handed it over, or wanted to: it waits while its client is away
  accepted,      ///< its client took it
  delivered,     ///< it reached the application that it was meant for
  acknowledged,  ///< the outcomes
  failed,
  cancelled
};
const char* to_string(MessageStep step);
struct MessageMoved {
  MessageRef message;
  MessageStep step{};
  std::uint32_t from = 0;  ///< client
  std::uint32_t to = 0;
  std::uint64_t bytes = 0;
  std::string_view why{};  ///< of failed and cancelled
};

/// One thing on one link; copies have numbers of their own. From 1.
using FrameId = StrongId<struct FrameTag, std::uint64_t>;
enum class FrameKind : std::uint8_t {
  packet,  ///< a Sphinx packet between nodes
  upload,  ///< a client's Sphinx packet on its way to its gateway
  push,    ///< from a gateway to its client: a payload or an acknowledgement
  control  ///< all else of the gateway protocol
};
const char* to_string(FrameKind kind);
struct FrameSent {
  FrameId id;
  NodeName from;
  NodeName to;
  FrameKind kind{};
  std::uint32_t bytes = 0;
  TimePoint arrives;
  /// Of an upload. What only a client knows: nobody on the link sees it.
  std::optional<client::PacketKind> content{};
  /// Of a packet: the frame that it was in before this node peeled it; 0: it did not come from outside. Only told to
  /// observers that ask for it.
  FrameId peeled_from{};
  const Blob* bytes_on_link = nullptr;  ///< none for control
};
enum class LossReason : std::uint8_t { loss, partition, silence, receiver_down, link_closed, adversary };
const char* to_string(LossReason reason);
struct FrameLost {
  FrameId id;
  NodeName from;
  NodeName to;
  FrameKind kind{};
  LossReason reason{};
};
struct FrameArrived {
  FrameId id;
  NodeName from;
  NodeName to;
  FrameKind kind{};
};

enum class NodeState : std::uint8_t { up, down, paused };
const char* to_string(NodeState state);
enum class Phase : std::uint8_t { work, calm, over };
const char* to_string(Phase phase);
struct FaultMoved {
  enum class Step : std::uint8_t { began, ended };
  std::size_t fault = 0;  ///< in the plan
  Step step{};
  std::string_view text;
};

/// What can be looked at between two events.
class NetworkView {
 public:
  virtual ~NetworkView() = default;
  /// Packets that a mixnode holds back; nothing while it is down.
  virtual std::optional<std::size_t> held_packets(std::uint32_t mixnode) const = 0;
  /// Stored messages of all clients of a gateway.
  virtual std::size_t inbox_messages(std::uint32_t gateway) const = 0;
  /// Nothing while it is down or registers.
  virtual std::optional<client::Status> client_status(std::uint32_t client) const = 0;
};

/// What happens so often that only those are told who want it.
enum class Frequent : std::uint8_t { frame_sent, frame_arrived, node_event, client_event };
inline constexpr std::size_t kFrequents = 4;

/// Does nothing unless it is overridden. An observer changes no event.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  virtual bool wants_peeled_from() const { return false; }
  /// Asked once.
  virtual bool wants(Frequent) const { return true; }

  virtual void on_frame_sent(TimePoint, const FrameSent&) {}
  virtual void on_frame_arrived(TimePoint, const FrameArrived&) {}
  virtual void on_frame_lost(TimePoint, const FrameLost&) {}
  virtual void on_mixnode_event(TimePoint, std::uint32_t /*mixnode*/, const mixnode::Event&) {}
  virtual void on_gateway_event(TimePoint, std::uint32_t /*gateway*/, const gateway::Event&) {}
  virtual void on_client_event(TimePoint, std::uint32_t /*client*/, const client::Event&) {}
  virtual void on_message(TimePoint, const MessageMoved&) {}
  /// Something came to an application that nobody sent it, or for a second time, or changed.
  virtual void on_wrong_delivery(TimePoint, std::uint32_t /*client*/, std::string_view /*what*/) {}
  virtual void on_node_state(TimePoint, NodeName, NodeState) {}
  virtual void on_fault(TimePoint, const FaultMoved&) {}
  virtual void on_phase(TimePoint, Phase) {}
  /// Every `measure.sample` of the plan.
  virtual void on_sample(TimePoint, const NetworkView&) {}
};

}  // namespace nym::sim
