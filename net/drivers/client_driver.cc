#include "net/drivers/client_driver.h"

#include <utility>

#include "engine/base/overloaded.h"

namespace nym::net {
namespace {

std::unique_ptr<Spool> make_spool(const std::optional<std::filesystem::path>& folder) {
  if (folder) return std::make_unique<FileSpool>(*folder);
  return std::make_unique<MemorySpool>();
}

// RFC 6455 §7.4.1
constexpr std::uint16_t kPolicyViolation = 1008;
constexpr std::uint16_t kMessageTooBig = 1009;
constexpr std::uint16_t kTryAgainLater = 1013;

app_api::Format format_of(WebSocketForm form) {
  return form == WebSocketForm::text ? app_api::Format::text : app_api::Format::binary;
}

}  // namespace

ClientDriver::ClientDriver(Runtime& runtime, client::ClientConfig config, const Places& places, ClientStore store,
                           client::StoredState state, AppGate gate, OnEvent on_event)
    : runtime_(runtime),
      app_config_(config.apps),
      gate_(std::move(gate)),
      on_event_(std::move(on_event)),
      store_(std::move(store)),
      spool_(make_spool(places.spool)),
      directory_(runtime, places.directories),
      node_(std::move(config), std::move(state), suite_, random_, *spool_),
      loop_(
          runtime, node_, [this](client::Output output) { perform(std::move(output)); }, [this] { send_packets(); }),
      commit_timer_(runtime, [this] { commit_all(); }),
      closed_timer_(runtime, [this] { report_if_closed(); }) {}

ClientDriver::~ClientDriver() {
  for (const auto& persist : to_commit_) (void)store_.commit(persist.operations);
  (void)store_.close(wall_now());  // a store that could not be marked is checked at the next start
}

Result<ClientDriver::Started> ClientDriver::start(Runtime& runtime, client::ClientConfig config, const Places& places,
                                                  OnEvent on_event) {
  config.traffic.adaptive_window = client::Switch::on;
  NYM_TRY(auto gate, AppGate::open(places.app_rules));
  ReplyStoreFile::Thresholds thresholds{config.replies.min_storage, config.replies.max_storage};
  NYM_TRY(auto opened, ClientStore::open(places.store, thresholds, wall_now()));
  std::unique_ptr<ClientDriver> driver(new ClientDriver(runtime, std::move(config), places, std::move(opened.store),
                                                        std::move(opened.state), std::move(gate), std::move(on_event)));
  NYM_TRY_VOID(driver->listen_for_apps(places));
  driver->node_.start(now(), wall_now());
  driver->loop_.settle();
  return Started{std::move(driver), std::move(opened.note)};
}

void ClientDriver::shut_down(Duration flush, std::function<void()> on_stopped) {
  on_stopped_ = std::move(on_stopped);
  if (is_closing_) return closed_timer_.arm_after(Duration());
  apps_listener_.reset();
  apps_socket_listener_.reset();
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

void ClientDriver::request(const app_api::AppRequest& request) {
  NYM_CHECK(inner_app_);
  loop_.input(client::FromApp{*inner_app_, {app_api::Format::binary, app_api::to_binary(request)}});
}

void ClientDriver::perform(client::Output output) {
  std::visit(Overloaded{
                 [&](client::DialGateway& dial) { dial_gateway(dial); },
                 [&](client::SendText& send) {
                   send_packets();  // which come before it
                   if (gateway_ && send.connection == gateway_connection_) gateway_->send_text(std::move(send.text));
                 },
                 [&](client::SendBinary& send) {
                   if (gateway_ && send.connection == gateway_connection_) to_gateway_.push_back(std::move(send.data));
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
                 [&](client::CloseApp& close) { close_app(close); },
                 [&](client::PauseApp& pause) {
                   if (auto* app = find_app(pause.session)) app->pause_reading();
                 },
                 [&](client::ResumeApp& resume) {
                   if (auto* app = find_app(resume.session)) app->resume_reading();
                 },
                 [&](client::Stopped&) { close_connections(); },
                 [&](client::Event& event) { on_event_(event); },
             },
             output);
}

// Packets that leave together are made together.
void ClientDriver::send_packets() {
  suite_.prepare(to_gateway_);
  for (auto& packet : to_gateway_) {
    if (gateway_) gateway_->send_binary(std::move(packet));
  }
  to_gateway_.clear();
}

void ClientDriver::dial_gateway(const client::DialGateway& dial) {
  to_gateway_.clear();
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
       [this, connection](std::size_t messages) { loop_.input(client::GatewayWritten{connection, messages}); },
       [this, connection](CloseReason reason, std::string_view detail) {
         loop_.input(client::GatewayClosed{connection, reason, std::string(detail)});
         if (connection == gateway_connection_) gateway_.reset();
         if (is_closing_) closed_timer_.arm_after(Duration());
       }});
}

Result<void> ClientDriver::listen_for_apps(const Places& places) {
  auto on_connection = [this](std::unique_ptr<WebSocketConnection> websocket, const Endpoint&) {
    on_app_connection(std::move(websocket));
  };
  auto options = app_options();
  options.judge = [this](const UpgradeHead& head) { return gate_.judge(head); };
  if (places.app) {
    NYM_TRY(apps_listener_, WebSocketListener::listen(runtime_, *places.app, on_connection, options));
  }
  if (places.app_socket.empty()) return {};
  options.judge = [this](const UpgradeHead& head) { return gate_.judge_origin(head); };
  NYM_TRY(apps_socket_listener_, WebSocketListener::listen(runtime_, places.app_socket, on_connection, options));
  return {};
}

// 05 §2.2, §2.4: in `strict` one application at a time, and its limits without a word; a reconnection waits until the
// connection before it is known to be over.
WebSocketListenerOptions ClientDriver::app_options() const {
  WebSocketListenerOptions options{.max_connections = limits::kAppConnections};
  options.connection.send_queue_max = limits::kAppSendQueue;
  options.connection.close_timeout = limits::kAppCloseTimeout;
  if (app_config_.dialect == app_api::Dialect::strict) {
    options.max_connections = 1;
    options.patience = limits::kAppPatience;
    options.connection.read_message_max = limits::kStrictAppMessage;
    options.connection.read_frame_max = limits::kStrictAppFrame;
    options.connection.over_limit = OverLimit::drop;
  } else {
    options.connection.read_message_max = static_cast<std::size_t>(app_config_.max_message);
    options.connection.read_frame_max = options.connection.read_message_max;
    options.connection.over_limit = OverLimit::report;
  }
  return options;
}

void ClientDriver::on_app_connection(std::unique_ptr<WebSocketConnection> websocket) {
  client::AppSessionId session{next_app_++};
  auto from_app = [this, session](app_api::Format format, Bytes data) {
    loop_.input(client::FromApp{session, {format, std::move(data)}});
  };
  auto& app = apps_[session];
  app = std::move(websocket);
  app->start(
      {.on_open = [this, session] { loop_.input(client::AppOpened{session}); },
       .on_text = [from_app](const std::string& text) { from_app(app_api::Format::text, to_bytes(as_bytes(text))); },
       .on_binary = [from_app](Bytes data) { from_app(app_api::Format::binary, std::move(data)); },
       .on_written = [this, session](std::size_t messages) { loop_.input(client::AppWritten{session, messages}); },
       .on_closed =
           [this, session](CloseReason, std::string_view) {
             apps_.erase(session);
             loop_.input(client::AppClosed{session});
             if (is_closing_) closed_timer_.arm_after(Duration());
           },
       .on_too_long = [this, session](
                          WebSocketForm form,
                          std::uint64_t bytes) { loop_.input(client::AppTooLong{session, format_of(form), bytes}); }});
}

WebSocketConnection* ClientDriver::find_app(client::AppSessionId session) const {
  auto app = apps_.find(session);
  return app == apps_.end() ? nullptr : app->second.get();
}

void ClientDriver::to_app(client::ToApp& message) {
  if (message.session == inner_app_) return to_inner_app(message.frame);
  auto* app = find_app(message.session);
  if (app == nullptr) return;
  if (message.frame.format == app_api::Format::text) {
    app->send_text(std::string(as_text(message.frame.data)));
  } else {
    app->send_binary(std::move(message.frame.data));
  }
}

void ClientDriver::to_inner_app(const app_api::Frame& frame) {
  if (auto response = app_api::parse_binary_response(frame.data)) on_inner_response_(std::move(*response));
  runtime_.post([this, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) loop_.input(client::AppWritten{*inner_app_, 1});
  });
}

void ClientDriver::close_app(const client::CloseApp& close) {
  auto* app = find_app(close.session);
  if (app == nullptr) return;
  switch (close.why) {
    case client::AppEnd::turned_away:
      return app->close(kTryAgainLater, "another application is connected");
    case client::AppEnd::too_many:
      return app->close(kTryAgainLater, "too many applications are connected");
    case client::AppEnd::too_slow:
      return app->close(kPolicyViolation, "received messages are not read");
    case client::AppEnd::too_long:
      return app->close(kMessageTooBig, "the message is too long");
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
  directory_.fetch_topology([this, id](Result<topology::BuiltSnapshot> built) {
    client::TopologyFetched fetched{id, nullptr};
    if (built) {
      fetched.snapshot = std::make_shared<const topology::Snapshot>(std::move(built->snapshot));
    } else {
      fetched.snapshot = std::unexpected(built.error());
    }
    loop_.input(std::move(fetched));
  });
}

}  // namespace nym::net
