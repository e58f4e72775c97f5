#pragma once

#include "engine/client/registration.h"
#include "net/drivers/node_loop.h"
#include "net/websocket.h"

namespace nym::net {

/// One Registration over a real websocket.
class RegistrationDriver {
 public:
  using OnFinished = std::function<void(Result<sphinx::GatewaySharedKeys>)>;

  /// `on_finished` comes once, in a later callback, and may destroy this.
  RegistrationDriver(Runtime& runtime, client::Registration::Config config, RandomSource& random,
                     OnFinished on_finished);
  RegistrationDriver(const RegistrationDriver&) = delete;
  RegistrationDriver& operator=(const RegistrationDriver&) = delete;

  void start();

 private:
  void perform(client::Registration::Output output);
  void dial(const client::DialGateway& dial);
  void finish(Result<sphinx::GatewaySharedKeys> keys);

  Runtime& runtime_;
  client::Registration node_;
  NodeLoop<client::Registration, client::Registration::Input, client::Registration::Output> loop_;
  std::unique_ptr<WebSocketConnection> websocket_;
  std::optional<Result<sphinx::GatewaySharedKeys>> finished_;
  OnFinished on_finished_;
  Timer report_;
};

}  // namespace nym::net
