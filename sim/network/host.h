#pragma once

#include <memory>
#include <variant>

#include "engine/client/io.h"
#include "engine/client/registration.h"
#include "engine/gateway/io.h"
#include "engine/mixnode/io.h"
#include "sim/network/host_id.h"

namespace nym::sim {

struct StartHost {};
/// The application on a client may have something to say.
struct AppTurn {};
/// Somebody registers the client anew: its gateway has lost what it knew of it.
struct RegisterAgain {};
/// A ping of the other end; the websocket answers, not the node.
struct WebsocketPing {
  ConnectionId connection;
};
using HostInput = std::variant<StartHost, AppTurn, RegisterAgain, WebsocketPing, mixnode::Input, gateway::Input,
                               client::Input, client::Registration::Input>;
/// An input on its way: it stays where it was made until its host has had it. None: a timer.
using InputBox = std::unique_ptr<HostInput>;

/// Of this kind, made in its place.
template <class Kind, class... Parts>
InputBox boxed(Parts&&... parts) {
  return std::make_unique<HostInput>(std::in_place_type<Kind>, std::forward<Parts>(parts)...);
}

/// One node object in the simulator: hands it inputs, carries out its outputs. All times are of the host's own clock.
class Host {
 public:
  Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  virtual ~Host() = default;

  /// One mutation and the draining after it. The input may be taken apart. StartHost comes first, and again after every
  /// crash.
  virtual void handle(TimePoint now, HostInput& input) = 0;
  /// The same for a next_deadline that has come.
  virtual void handle_timeout(TimePoint now) = 0;
  virtual std::optional<TimePoint> next_deadline() const = 0;
  /// All that is not on its disk is gone.
  virtual void crash() = 0;
  /// The disk too; only while it is down.
  virtual void lose_disk() {}
  /// The wall clock shows something else than it should.
  virtual void on_wall_clock(TimePoint) {}
};

}  // namespace nym::sim
