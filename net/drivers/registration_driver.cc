#include "net/drivers/registration_driver.h"

#include "engine/base/overloaded.h"

namespace nym::net {

RegistrationDriver::RegistrationDriver(Runtime& runtime, client::Registration::Config config, RandomSource& random,
                                       OnFinished on_finished)
    : runtime_(runtime),
      node_(std::move(config), random),
      loop_(runtime, node_, [this](client::Registration::Output output) { perform(std::move(output)); }),
      on_finished_(std::move(on_finished)),
      report_(runtime, [this] {
        auto report = std::move(on_finished_);
        report(std::move(*finished_));
      }) {}

void RegistrationDriver::start() {
  node_.start(now());
  loop_.settle();
}

void RegistrationDriver::perform(client::Registration::Output output) {
  std::visit(Overloaded{
                 [&](client::DialGateway& wanted) { dial(wanted); },
                 [&](client::SendText& send) {
                   if (websocket_) websocket_->send_text(std::move(send.text));
                 },
                 [&](client::CloseGateway&) {
                   if (websocket_) websocket_->close();
                 },
                 [&](client::Registration::Finished& finished) { finish(std::move(finished.keys)); },
             },
             output);
}

void RegistrationDriver::dial(const client::DialGateway& dial) {
  auto connection = dial.connection;
  auto url = parse_url(dial.url);
  if (!url) return finish(std::unexpected(url.error()));
  websocket_ = WebSocketConnection::connect(runtime_, *url);
  websocket_->start(
      {[this, connection] { loop_.input(client::GatewayOpened{connection}); },
       [this, connection](std::string text) { loop_.input(client::GatewayText{connection, std::move(text)}); },
       [this, connection](Bytes data) { loop_.input(client::GatewayBinary{connection, Blob(std::move(data))}); },
       [](std::size_t) {},
       [this, connection](CloseReason reason, std::string_view detail) {
         loop_.input(client::GatewayClosed{connection, reason, std::string(detail)});
       }});
}

void RegistrationDriver::finish(Result<sphinx::GatewaySharedKeys> keys) {
  if (finished_) return;
  finished_ = std::move(keys);
  report_.arm_after(Duration());
}

}  // namespace nym::net
