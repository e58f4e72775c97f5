#include "engine/base/overloaded.h"
#include "sim/network/hosts.h"

namespace nym::sim {
namespace {

constexpr Duration kFetch = Duration::milliseconds(5);
/// What the wall clock shows when virtual time begins.
constexpr UnixSeconds kEpoch{1'700'000'000};

}  // namespace

ClientHost::ClientHost(World& world, Identity identity, const sphinx::Suite& suite,
                       std::unique_ptr<RandomSource> random, NextRequest next_request, OnReceived on_received)
    : world_(world),
      identity_(std::move(identity)),
      suite_(suite),
      random_(std::move(random)),
      next_request_(std::move(next_request)),
      on_received_(std::move(on_received)) {}

wire::Recipient ClientHost::address() const {
  return {identity_.identity.public_key(), identity_.encryption.public_key, identity_.gateway};
}

void ClientHost::handle(TimePoint now, HostInput input) {
  if (auto* given = std::get_if<client::Registration::Input>(&input)) {
    if (!registration_) return;
    registration_->handle_input(now, std::move(*given));
    return drain_registration(now);
  }
  if (auto* given = std::get_if<client::Input>(&input)) {
    if (!client_) return;
    client_->handle_input(now, std::move(*given));
    return drain_client();
  }
  if (std::holds_alternative<StartHost>(input)) return start_registration(now);
  if (const auto* planned = std::get_if<SendPlanned>(&input)) return request(next_request_(planned->message));
  if (client_) {
    client_->handle_timeout(now);
    return drain_client();
  }
  if (!registration_) return;
  registration_->handle_timeout(now);
  drain_registration(now);
}

std::optional<TimePoint> ClientHost::next_deadline() const {
  if (client_) return client_->poll_timeout();
  if (registration_) return registration_->poll_timeout();
  return std::nullopt;
}

void ClientHost::start_registration(TimePoint now) {
  client::Registration::Config config{identity_.gateway_url, identity_.gateway, identity_.identity};
  auto random = random_->fork("registration");
  registration_.emplace(std::move(config), *random);
  registration_->start(now);
  drain_registration(now);
}

void ClientHost::drain_registration(TimePoint now) {
  std::optional<sphinx::GatewaySharedKeys> keys;
  while (auto output = registration_->poll_output()) {
    std::visit(Overloaded{
                   [&](client::DialGateway& dial) {
                     world_.dial_gateway(id_, World::ClientKind::registration, dial.connection, dial.url);
                   },
                   [&](client::SendText& send) {
                     world_.send_to_gateway(id_, send.connection, gateway::ClientText{{}, std::move(send.text)});
                   },
                   [&](client::CloseGateway& close) { world_.close_from_client(id_, close.connection); },
                   [&](client::Registration::Finished& finished) {
                     if (finished.keys) {
                       keys = std::move(*finished.keys);
                     } else {
                       failure_ = "registration failed: " + finished.keys.error().text();
                     }
                   },
               },
               *output);
  }
  if (keys) start_client(now, std::move(*keys));
}

void ClientHost::start_client(TimePoint now, sphinx::GatewaySharedKeys keys) {
  registration_.reset();
  client::ClientConfig config{{identity_.identity, identity_.encryption, identity_.ack, std::move(keys)},
                              identity_.gateway,
                              identity_.gateway_url,
                              {},
                              {},
                              {},
                              {},
                              {}};
  client_.emplace(std::move(config), client::StoredReplies{}, suite_, *random_);
  client_->start(now, kEpoch);
  drain_client();
  client_->handle_input(now, client::AppOpened{kApp});
  drain_client();
}

void ClientHost::drain_client() {
  while (auto output = client_->poll_output()) perform(std::move(*output));
}

void ClientHost::perform(client::Output output) {
  std::visit(Overloaded{
                 [&](client::DialGateway& dial) {
                   world_.dial_gateway(id_, World::ClientKind::client, dial.connection, dial.url);
                 },
                 [&](client::SendText& send) {
                   world_.send_to_gateway(id_, send.connection, gateway::ClientText{{}, std::move(send.text)});
                 },
                 [&](client::SendBinary& send) {
                   world_.count_packet();
                   world_.send_to_gateway(id_, send.connection, gateway::ClientBinary{{}, send.data});
                 },
                 [&](client::CloseGateway& close) { world_.close_from_client(id_, close.connection); },
                 [&](client::FetchTopology& fetch) {
                   world_.schedule(kFetch, id_, client::Input(world_.fetch_topology(fetch.id)));
                 },
                 [&](client::Persist& persist) {
                   world_.schedule(kCommit, id_, client::Input(client::Persisted{persist.id, std::nullopt}));
                 },
                 [&](client::ToApp& to_app) { on_app_frame(to_app.frame); },
                 [](client::CloseApp&) {},
                 [](client::PauseApp&) {},
                 [](client::ResumeApp&) {},
                 [&](client::Event& event) { on_event(event); },
             },
             output);
}

// The application: it speaks the binary form, which keeps every byte.
void ClientHost::on_app_frame(const app_api::Frame& frame) {
  world_.schedule(Duration(), id_, client::Input(client::AppWritten{kApp, 1}));
  auto response = app_api::parse_binary_response(frame.data);
  const auto* received = response ? std::get_if<app_api::Received>(&*response) : nullptr;
  if (received == nullptr) return;
  if (auto answer = on_received_(*received)) {
    world_.schedule(Duration(), id_,
                    client::Input(client::FromApp{kApp, {app_api::Format::binary, app_api::to_binary(*answer)}}));
  }
}

void ClientHost::on_event(const client::Event& event) {
  world_.fingerprint().add(event.index());
  const auto* ended = std::get_if<client::MessageEnded>(&event);
  if (ended == nullptr) return;
  world_.fingerprint().add(ended->id.value);
  world_.fingerprint().add(static_cast<int>(ended->outcome));
  if (ended->outcome == client::Outcome::acknowledged) {
    ++acknowledged_;
  } else {
    failure_ = "a message was not delivered: " + ended->why;
  }
}

void ClientHost::request(const app_api::Request& request) {
  if (!client_) {
    failure_ = "a message was due before the client had registered";
    return;
  }
  client_->handle_input(world_.now(), client::FromApp{kApp, {app_api::Format::binary, app_api::to_binary(request)}});
  drain_client();
}

}  // namespace nym::sim
