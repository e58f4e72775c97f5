#pragma once

#include <functional>
#include <map>
#include <memory>
#include <variant>
#include <vector>

#include "engine/client/io.h"
#include "engine/client/registration.h"
#include "engine/gateway/io.h"
#include "engine/mixnode/io.h"
#include "engine/topology/topology.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/fingerprint.h"
#include "sim/kernel/seeded_random.h"
#include "sim/network/unsupported.h"

namespace nym::sim {

using HostId = StrongId<struct HostTag, std::uint32_t>;

/// The application's turn: a planned message is due.
struct SendPlanned {
  std::size_t message = 0;
};
struct StartHost {};
struct TimerDue {};
using HostInput = std::variant<TimerDue, StartHost, SendPlanned, mixnode::Input, gateway::Input, client::Input,
                               client::Registration::Input>;

/// One node object in the simulator: hands it inputs, carries out its outputs.
class Host {
 public:
  Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  virtual ~Host() = default;

  /// One mutation and the draining after it. TimerDue means that next_deadline has come; StartHost comes first, and
  /// again after every crash.
  virtual void handle(TimePoint now, HostInput input) = 0;
  virtual std::optional<TimePoint> next_deadline() const = 0;
  /// All that is not on its disk is gone.
  virtual void crash() = 0;
};

/// What the clock shows when a simulation starts; the times of plans are since then.
inline constexpr TimePoint kStart = TimePoint::at(Duration::seconds(1));

/// Virtual time, the links between hosts, and the record of what happened. Next-event time: nothing happens between
/// events.
class World {
 public:
  World(const LatencyParts& links, RandomSource& random) : links_(links), latencies_(random.fork("latencies")) {}

  TimePoint now() const { return now_; }
  HostId add(std::unique_ptr<Host> host, const std::optional<Endpoint>& mix_endpoint, const std::string& websocket_url);
  void set_topology(topology::Snapshot snapshot) { topology_ = std::move(snapshot); }

  /// For the host as it runs now: lost if it crashes before.
  void schedule(Duration after, HostId to, HostInput input) { schedule_at(now_ + after, to, std::move(input)); }
  void schedule_at(TimePoint at, HostId to, HostInput input) {
    queue_.push(at, {to, std::move(input), hosts_[to.value].incarnation});
  }
  /// From outside the network: comes whatever the host went through; waits while it is down.
  void schedule_from_outside(TimePoint at, HostId to, HostInput input) {
    queue_.push(at, {to, std::move(input), std::nullopt});
  }
  /// What is to happen at a time beside the events of hosts.
  void schedule_action(TimePoint at, std::function<void()> action) { actions_.emplace(at, std::move(action)); }
  /// After a host changed outside its events: asks anew for its next deadline.
  void rearm(HostId id) { arm(id); }
  /// Handles the next event or action; false when there is none up to `limit`.
  bool step(TimePoint limit);

  // Faults.
  void crash(HostId id);
  void restart(HostId id);
  bool is_up(HostId id) const { return hosts_[id.value].is_up; }
  /// Events for the host wait until then.
  void suspend(HostId id, TimePoint until) { hosts_[id.value].suspended_until = until; }
  /// Resets all websockets of a gateway.
  void cut_sessions(HostId gateway);
  /// What a gateway and its clients send each other vanishes until then.
  void silence(HostId gateway, TimePoint until) { hosts_[gateway.value].silent_until = until; }

  // Links between nodes.
  void dial_link(HostId from, ConnectionId connection, const Endpoint& to);
  void send_frame(HostId from, ConnectionId connection, wire::MixFrame frame);

  // Websockets between clients and gateways; `Inputs` says which node object of the client is meant.
  enum class ClientKind : std::uint8_t { registration, client };
  void dial_gateway(HostId from, ClientKind kind, ConnectionId connection, const std::string& url);
  void send_to_gateway(HostId from, ConnectionId connection, gateway::Input message);
  void send_to_client(HostId gateway, ConnectionId connection, std::variant<std::string, Blob> message);
  /// Answered by the other end's websocket, not by its node.
  void ping_gateway(HostId from, ConnectionId connection);
  void ping_client(HostId gateway, ConnectionId connection);
  void close_from_client(HostId from, ConnectionId connection);
  void close_from_gateway(HostId gateway, ConnectionId connection);

  client::TopologyFetched fetch_topology(client::FetchId id) const {
    return {id, topology::BuiltSnapshot{topology_, {}}};
  }

  Fingerprint& fingerprint() { return fingerprint_; }
  std::uint64_t events() const { return events_; }
  std::uint64_t packets() const { return packets_; }
  void count_packet() { ++packets_; }
  /// A node refused a packet that it had seen before: without duplicating links, a SURB that was used twice.
  void count_replay() { ++replays_; }
  std::uint64_t replays() const { return replays_; }

 private:
  struct Pending {
    HostId to;
    HostInput input;
    std::optional<std::uint32_t> incarnation;  ///< none: whichever
  };
  struct Entry {
    std::unique_ptr<Host> host;
    std::optional<TimePoint> armed;
    std::uint32_t incarnation = 0;
    bool is_up = true;
    TimePoint suspended_until;
    TimePoint silent_until;
  };
  struct Socket {
    HostId client;
    ClientKind kind = ClientKind::client;
    ConnectionId at_client;
    HostId gateway;
    ConnectionId at_gateway;
    TimePoint last_to_client;
    TimePoint last_to_gateway;
    bool client_left = false;  ///< and nobody told the gateway
  };
  using Sockets = std::map<std::pair<HostId, ConnectionId>, std::shared_ptr<Socket>>;

  Duration draw_latency();
  TimePoint arrival(TimePoint& last);
  void to_client(const Socket& socket, TimePoint at, client::Registration::Input input);
  void arm(HostId id);
  void handle(Pending pending);
  void close_links(HostId id);
  void reset_sockets_of_client(HostId id);
  bool is_silent(const Socket& socket) const {
    return socket.client_left || hosts_[socket.gateway.value].silent_until > now_;
  }

  LatencyParts links_;
  std::unique_ptr<RandomSource> latencies_;
  TimePoint now_ = kStart;
  EventQueue<Pending> queue_;
  std::multimap<TimePoint, std::function<void()>> actions_;
  std::vector<Entry> hosts_;
  std::map<Endpoint, HostId> mix_endpoints_;
  std::map<std::string, HostId> websocket_urls_;
  struct Link {
    HostId to;
    TimePoint last;
  };
  std::map<std::pair<HostId, ConnectionId>, Link> open_links_;
  Sockets by_client_;
  Sockets by_gateway_;
  std::uint64_t next_incoming_ = kFirstIncomingConnection;
  topology::Snapshot topology_;
  Fingerprint fingerprint_;
  std::uint64_t events_ = 0;
  std::uint64_t packets_ = 0;
  std::uint64_t replays_ = 0;
};

}  // namespace nym::sim
