#include "net/drivers/client_driver.h"

#include <utility>

#include "engine/app_api/codec.h"
#include "engine/base/overloaded.h"

namespace nym::net {
namespace {

std::unique_ptr<Spool> make_spool(const std::optional<std::filesystem::path>& folder) {
  if (folder) return std::make_unique<FileSpool>(*folder);
  return std::make_unique<MemorySpool>();
}

}  // namespace

ClientDriver::ClientDriver(Runtime& runtime, client::ClientConfig config, const Places& places, ClientStore store,
                           client::StoredState state, OnEvent on_event)
    : runtime_(runtime),
      on_event_(std::move(on_event)),
      store_(std::move(store)),
      spool_(make_spool(places.spool)),
      directory_(runtime, places.directories),
      node_(std::move(config), std::move(state), suite_, random_, *spool_),
      loop_(runtime, node_, [this](client::Output output) { perform(std::move(output)); }),
      commit_timer_(runtime, [this] { commit_all(); }),
      closed_timer_(runtime, [this] { report_if_closed(); }) {}

ClientDriver::~ClientDriver() {
  for (const auto& persist : to_commit_) (void)store_.commit(persist.operations);
  (void)store_.close(wall_now());  // a store that could not be marked is checked at the next start
}

Result<ClientDriver::Started> ClientDriver::start(Runtime& runtime, client::ClientConfig config, const Places& places,
                                                  OnEvent on_event) {
  ReplyStoreFile::Thresholds thresholds{config.replies.min_storage, config.replies.max_storage};
  NYM_TRY(auto opened, ClientStore::open(places.store, thresholds, wall_now()));
  std::unique_ptr<ClientDriver> driver(new ClientDriver(runtime, std::move(config), places, std::move(opened.store),
                                                        std::move(opened.state), std::move(on_event)));
  auto* self = driver.get();
  if (places.app) {
    NYM_TRY(driver->apps_listener_,
            WebSocketListener::listen(runtime, *places.app,
                                      [self](std::unique_ptr<WebSocketConnection> websocket, const Endpoint&) {
                                        self->on_app_connection(std::move(websocket));
                                      }));
  }
  driver->node_.start(now(), wall_now());
  driver->loop_.settle();
  return Started{std::move(driver), std::move(opened.note)};
}

void ClientDriver::shut_down(Duration flush, std::function<void()> on_stopped) {
  on_stopped_ = std::move(on_stopped);
  if (is_closing_) return closed_timer_.arm_after(Duration());
  apps_listener_.reset();
  loop_.input(client::Shutdown{flush});
}

// What was written before goes out first: the last outcomes reach their applications.
void ClientDriver::close_connections() {
  is_closing_ = true;
  for (auto& [session, app] : apps_) app->close();
  if (gateway_) gateway_->close();
  closed_timer_.arm_after(Duration());
}

void ClientDriver::report_if_closed() {
  if (!is_closing_ || gateway_ || !apps_.empty()) return;
  if (auto on_stopped = std::exchange(on_stopped_, {})) on_stopped();
}

void ClientDriver::open_inner_app(OnResponse on_response) {
  NYM_CHECK(!inner_app_);
  inner_app_ = client::AppSessionId{next_app_++};
  on_inner_response_ = std::move(on_response);
  loop_.input(client::AppOpened{*inner_app_});
}

void ClientDriver::request(app_api::Request request) {
  NYM_CHECK(inner_app_);
  loop_.input(client::FromApp{*inner_app_, app_api::Format::binary, std::move(request)});
}

void ClientDriver::perform(client::Output output) {
  std::visit(Overloaded{
                 [&](client::DialGateway& dial) { dial_gateway(dial); },
                 [&](client::SendText& send) {
                   if (gateway_ && send.connection == gateway_connection_) gateway_->send_text(std::move(send.text));
                 },
                 [&](client::SendBinary& send) {
                   if (gateway_ && send.connection == gateway_connection_) gateway_->send_binary(send.data);
                 },
                 [&](client::PingGateway& ping) {
                   if (gateway_ && ping.connection == gateway_connection_) gateway_->ping();
                 },
                 [&](client::CloseGateway& close) {
                   if (close.connection == gateway_connection_) gateway_.reset();
                 },
                 [&](client::FetchTopology& fetch) { fetch_topology(fetch.id); },
                 [&](client::Persist& persist_request) { persist(std::move(persist_request)); },
                 [&](client::ToApp& message) { to_app(message); },
                 [&](client::CloseApp& close) {
                   auto app = apps_.find(close.session);
                   if (app != apps_.end()) app->second->close();
                 },
                 [&](client::Stopped&) { close_connections(); },
                 [&](client::Event& event) { on_event_(event); },
             },
             output);
}

void ClientDriver::dial_gateway(const client::DialGateway& dial) {
  auto connection = dial.connection;
  gateway_connection_ = connection;
  auto url = parse_url(dial.url);
  if (!url) {
    gateway_.reset();
    runtime_.post([this, connection, why = url.error().text(), alive = std::weak_ptr<bool>(alive_)] {
      if (!alive.expired()) loop_.input(client::GatewayClosed{connection, CloseReason::refused, why});
    });
    return;
  }
  gateway_ = WebSocketConnection::connect(runtime_, *url);
  gateway_->start(
      {[this, connection] { loop_.input(client::GatewayOpened{connection}); },
       [this, connection](std::string text) { loop_.input(client::GatewayText{connection, std::move(text)}); },
       [this, connection](Bytes data) { loop_.input(client::GatewayBinary{connection, Blob(std::move(data))}); },
       [this, connection](std::size_t) { loop_.input(client::GatewayWritten{connection, 1}); },
       [this, connection](CloseReason reason, std::string_view detail) {
         loop_.input(client::GatewayClosed{connection, reason, std::string(detail)});
         if (connection == gateway_connection_) gateway_.reset();
         if (is_closing_) closed_timer_.arm_after(Duration());
       }});
}

void ClientDriver::on_app_connection(std::unique_ptr<WebSocketConnection> websocket) {
  client::AppSessionId session{next_app_++};
  auto& app = apps_[session];
  app = std::move(websocket);
  app->start({[this, session] { loop_.input(client::AppOpened{session}); },
              [this, session](std::string text) {
                loop_.input(client::FromApp{session, app_api::Format::text, app_api::parse_text_request(text)});
              },
              [this, session](Bytes data) {
                loop_.input(client::FromApp{session, app_api::Format::binary, app_api::parse_binary_request(data)});
              },
              [](std::size_t) {},
              [this, session](CloseReason, std::string_view) {
                apps_.erase(session);
                loop_.input(client::AppClosed{session});
                if (is_closing_) closed_timer_.arm_after(Duration());
              }});
}

void ClientDriver::to_app(const client::ToApp& message) {
  if (message.session == inner_app_) return on_inner_response_(message.response);
  auto app = apps_.find(message.session);
  if (app == apps_.end()) return;
  if (message.format == app_api::Format::text) {
    app->second->send_text(app_api::to_text(message.response));
  } else {
    app->second->send_binary(app_api::to_binary(message.response));
  }
}

void ClientDriver::persist(client::Persist persist) {
  to_commit_.push_back(std::move(persist));
  commit_timer_.arm_after(Duration());
}

void ClientDriver::commit_all() {
  for (const auto& persist : std::exchange(to_commit_, {})) {
    auto committed = store_.commit(persist.operations);
    loop_.input(client::Persisted{persist.id, committed ? std::nullopt : std::optional(committed.error().text())});
  }
}

void ClientDriver::fetch_topology(client::FetchId id) {
  directory_.fetch_topology([this, id](Result<topology::BuiltSnapshot> snapshot) {
    loop_.input(client::TopologyFetched{id, std::move(snapshot)});
  });
}

}  // namespace nym::net
