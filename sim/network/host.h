#pragma once

#include <variant>

#include "engine/client/io.h"
#include "engine/client/registration.h"
#include "engine/gateway/io.h"
#include "engine/mixnode/io.h"
#include "sim/network/host_id.h"

namespace nym::sim {

struct StartHost {};
struct TimerDue {};
/// The application on a client may have something to say.
struct AppTurn {};
/// Somebody registers the client anew: its gateway has lost what it knew of it.
struct RegisterAgain {};
/// A ping of the other end; the websocket answers, not the node.
struct WebsocketPing {
  ConnectionId connection;
};
using HostInput = std::variant<TimerDue, StartHost, AppTurn, RegisterAgain, WebsocketPing, mixnode::Input,
                               gateway::Input, client::Input, client::Registration::Input>;

/// One node object in the simulator: hands it inputs, carries out its outputs. All times are of the host's own clock.
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
  /// The disk too; only while it is down.
  virtual void lose_disk() {}
  /// The wall clock shows something else than it should.
  virtual void on_wall_clock(TimePoint) {}
};

}  // namespace nym::sim
