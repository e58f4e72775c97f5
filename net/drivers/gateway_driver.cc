#include "net/drivers/gateway_driver.h"

#include <utility>

#include "engine/base/overloaded.h"

namespace nym::net {

GatewayDriver::GatewayDriver(Runtime& runtime, gateway::Config config, gateway::StoredState stored, GatewayStore store,
                             OnEvent on_event)
    : on_event_(std::move(on_event)),
      store_(std::move(store)),
      node_(std::move(config), std::move(stored), suite_, random_),
      links_(runtime, wire::FrameHeaderForm::legacy,
             {[this](relay::LinkOpened opened) { loop_.input(opened); },
              [this](relay::LinkWritten written) { loop_.input(written); },
              [this](relay::LinkClosed closed) { loop_.input(closed); }}),
      loop_(runtime, node_, [this](gateway::Output output) { perform(std::move(output)); }),
      commit_timer_(runtime, [this] { commit_all(); }) {}

Result<std::unique_ptr<GatewayDriver>> GatewayDriver::start(Runtime& runtime, gateway::Config config,
                                                            const Places& places, OnEvent on_event) {
  NYM_TRY(auto store, GatewayStore::open(places.database));
  NYM_TRY(auto stored, store.load());
  std::unique_ptr<GatewayDriver> driver(
      new GatewayDriver(runtime, std::move(config), std::move(stored), std::move(store), std::move(on_event)));
  auto* self = driver.get();
  NYM_TRY(driver->frames_,
          FrameListener::listen(
              runtime, places.mix, driver->suite_, driver->node_.sphinx_key(),
              [self](std::span<wire::MixFrame> frames) {
                self->loop_.inputs(frames, [](wire::MixFrame frame) { return relay::FrameReceived{std::move(frame)}; });
              },
              [self](DropReason reason) { self->refused(reason); }));
  WebSocketListenerOptions options{.connection = {.read_message_max = limits::kGatewayMessageBytes},
                                   .on_refused = [self](DropReason reason) { self->refused(reason); }};
  NYM_TRY(driver->websockets_, WebSocketListener::listen(
                                   runtime, places.clients,
                                   [self](std::unique_ptr<WebSocketConnection> websocket, const Endpoint&) {
                                     self->on_connection(std::move(websocket));
                                   },
                                   std::move(options)));
  return driver;
}

void GatewayDriver::set_known_hops(std::optional<std::set<Endpoint>> addresses) {
  loop_.input(relay::HopsKnown{std::move(addresses)});
}

// Before it was anything that the node could see.
void GatewayDriver::refused(DropReason reason) {
  on_event_(gateway::Event(gateway::Dropped{reason}));
}

void GatewayDriver::pause() {
  frames_->pause();
  for (auto& [connection, client] : clients_) client->pause_reading();
  loop_.hold();
}

void GatewayDriver::resume() {
  loop_.go_on();
  frames_->resume();
  for (auto& [connection, client] : clients_) client->resume_reading();
}

void GatewayDriver::on_connection(std::unique_ptr<WebSocketConnection> websocket) {
  ConnectionId connection{next_incoming_++};
  auto& client = clients_[connection];
  client = std::move(websocket);
  if (is_paused()) client->pause_reading();
  client->start(
      {[this, connection] { loop_.input(gateway::ClientConnected{connection}); },
       [this, connection](std::string text) { loop_.input(gateway::ClientText{connection, std::move(text)}); },
       [this, connection](Bytes data) { loop_.input(gateway::ClientBinary{connection, Blob(std::move(data))}); },
       [this, connection](std::size_t messages) { loop_.input(gateway::ClientWritten{connection, messages}); },
       [this, connection](CloseReason reason, std::string_view) {
         clients_.erase(connection);
         if (reason == CloseReason::protocol_error) refused(DropReason::malformed_frame);
         loop_.input(gateway::ClientDisconnected{connection, reason});
       },
       [this, connection](ByteView) { loop_.input(gateway::ClientPong{connection}); }});
}

void GatewayDriver::perform(gateway::Output output) {
  auto with_client = [&](ConnectionId connection, auto&& use) {
    auto found = clients_.find(connection);
    if (found != clients_.end()) use(*found->second);
  };
  std::visit(
      Overloaded{
          [&](relay::DialLink& dial) { links_.dial(dial); },
          [&](relay::SendFrame& send) { links_.send(send); },
          [&](gateway::SendText& send) {
            with_client(send.connection, [&](auto& client) { client.send_text(std::move(send.text)); });
          },
          [&](gateway::SendBinary& send) {
            with_client(send.connection, [&](auto& client) { client.send_binary(send.data); });
          },
          [&](gateway::PingClient& ping) { with_client(ping.connection, [](auto& client) { client.ping(); }); },
          [&](gateway::CloseClient& close) { with_client(close.connection, [](auto& client) { client.close(); }); },
          [&](gateway::Persist& persist) { commit_soon(std::move(persist)); },
          [&](gateway::ReadInbox& read) {
            to_read_.push_back(read);
            commit_timer_.arm_after(Duration());
          },
          [&](gateway::Event& event) { on_event_(event); },
      },
      output);
}

void GatewayDriver::commit_soon(gateway::Persist persist) {
  to_commit_.push_back(std::move(persist));
  commit_timer_.arm_after(Duration());
}

// All that came up in one turn of the loop waits for the disk once. If that fails, each is tried by itself.
void GatewayDriver::commit_all() {
  auto batch = std::exchange(to_commit_, {});
  std::vector<gateway::StoreOperation> operations;
  for (const auto& persist : batch) {
    operations.insert(operations.end(), persist.operations.begin(), persist.operations.end());
  }
  bool together = operations.empty() || store_.commit(operations).has_value();
  for (const auto& persist : batch) {
    auto alone = together ? Result<void>() : store_.commit(persist.operations);
    loop_.input(gateway::Persisted{persist.id, alone ? std::nullopt : std::optional(alone.error().text())});
  }
  for (const auto& request : std::exchange(to_read_, {})) read_inbox(request);
}

void GatewayDriver::read_inbox(const gateway::ReadInbox& request) {
  gateway::InboxRead answer{request.id, {}, std::nullopt};
  if (auto messages = store_.read_inbox(request)) {
    answer.messages = std::move(*messages);
  } else {
    answer.error = messages.error().text();
  }
  loop_.input(std::move(answer));
}

}  // namespace nym::net
