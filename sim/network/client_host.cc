#include <fmt/format.h>

#include <utility>

#include "engine/base/overloaded.h"
#include "sim/network/hosts.h"

namespace nym::sim {
namespace {

constexpr Duration kFetch = Duration::milliseconds(5);
/// What the wall clock shows when virtual time begins.
constexpr UnixSeconds kEpoch{1'700'000'000};

}  // namespace

ClientHost::ClientHost(World& world, Identity identity, const ClientOptions& options, const sphinx::Suite& suite,
                       std::unique_ptr<RandomSource> random, NextRequest next_request, OnReceived on_received)
    : world_(world),
      identity_(std::move(identity)),
      options_(options),
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
  if (std::holds_alternative<StartHost>(input)) return shared_keys_ ? start_client(now) : start_registration(now);
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
  if (!keys) return;
  registration_.reset();
  shared_keys_ = std::move(keys);
  start_client(now);
}

void ClientHost::start_client(TimePoint now) {
  client::ClientConfig config{{identity_.identity, identity_.encryption, identity_.ack, *shared_keys_},
                              identity_.gateway,
                              identity_.gateway_url,
                              options_.traffic,
                              options_.acks,
                              options_.replies,
                              options_.topology,
                              options_.gateway_link,
                              options_.journal};
  auto random = random_->fork(fmt::format("run {}", ++starts_));
  client_.emplace(std::move(config), disk_.load(), suite_, *random, spool_);
  client_->start(now, wall_clock());
  drain_client();
  open_app();
}

void ClientHost::crash() {
  registration_.reset();
  client_.reset();
  app_ = {};
  waiting_.insert(waiting_.begin(), unconfirmed_.begin(), unconfirmed_.end());
  unconfirmed_.clear();
  accepted_.clear();
}

UnixSeconds ClientHost::wall_clock() const {
  return {kEpoch.value + world_.now().since_origin().whole_seconds()};
}

void ClientHost::leave_app(TimePoint until) {
  app_away_until_ = until;
  world_.schedule_action(until, [this] { open_app(); });
  if (!client_ || app_.value == 0) return;
  client_->handle_input(world_.now(), client::AppClosed{std::exchange(app_, {})});
  drain_client();
  world_.rearm(id_);
}

void ClientHost::open_app() {
  if (!client_ || app_.value != 0 || app_away_until_ > world_.now()) return;
  app_ = client::AppSessionId{next_app_++};
  client_->handle_input(world_.now(), client::AppOpened{app_});
  drain_client();
  send_waiting();
  world_.rearm(id_);
}

void ClientHost::send_waiting() {
  while (client_ && app_.value != 0 && !waiting_.empty()) {
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    unconfirmed_.push_back(next);
    client_->handle_input(world_.now(), client::FromApp{app_, {app_api::Format::binary, app_api::to_binary(next)}});
    drain_client();
  }
}

// A commit is on the disk when it is reported, and not before.
void ClientHost::commit(client::Persist persist) {
  std::size_t n = ++commits_;
  if (on_commit) on_commit(n, Commit::asked);
  if (!client_) return;  // crashed
  if (disk_full_until_ > world_.now()) {
    return world_.schedule(kCommit, id_, client::Input(client::Persisted{persist.id, "no space left on the disk"}));
  }
  for (const auto& operation : persist.operations) {
    disk_.apply(operation);
    const auto* of_journal = std::get_if<client::JournalOperation>(&operation);
    if (of_journal != nullptr && std::holds_alternative<client::AddToJournal>(*of_journal)) confirm_oldest();
  }
  if (on_commit) on_commit(n, Commit::done);
  if (client_) world_.schedule(kCommit, id_, client::Input(client::Persisted{persist.id, std::nullopt}));
}

void ClientHost::drain_client() {
  while (client_) {
    auto output = client_->poll_output();
    if (!output) return;
    perform(std::move(*output));
  }
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
                 [&](client::PingGateway& ping) { world_.ping_gateway(id_, ping.connection); },
                 [&](client::CloseGateway& close) { world_.close_from_client(id_, close.connection); },
                 [&](client::FetchTopology& fetch) {
                   world_.schedule(kFetch, id_, client::Input(world_.fetch_topology(fetch.id)));
                 },
                 [&](client::Persist& persist) { commit(std::move(persist)); },
                 [&](client::ToApp& to_app) { on_app_frame(to_app); },
                 [](client::CloseApp&) {},
                 [](client::PauseApp&) {},
                 [](client::ResumeApp&) {},
                 [](client::Stopped&) {},
                 [&](client::Event& event) { on_event(event); },
             },
             output);
}

// The application: it speaks the binary form, which keeps every byte.
void ClientHost::on_app_frame(const client::ToApp& to_app) {
  world_.schedule(Duration(), id_, client::Input(client::AppWritten{to_app.session, 1}));
  auto response = app_api::parse_binary_response(to_app.frame.data);
  const auto* received = response ? std::get_if<app_api::Received>(&*response) : nullptr;
  if (received == nullptr) return;
  if (auto answer = on_received_(*received)) {
    waiting_.push_back(std::move(*answer));
    world_.schedule_action(world_.now(), [this] { send_waiting(); });
  }
}

void ClientHost::on_event(const client::Event& event) {
  world_.fingerprint().add(event.index());
  if (const auto* accepted = std::get_if<client::MessageAccepted>(&event)) {
    accepted_.insert(accepted->id);
    if (options_.journal == client::Switch::off) confirm_oldest();
  }
  const auto* ended = std::get_if<client::MessageEnded>(&event);
  if (ended == nullptr) return;
  if (accepted_.erase(ended->id) == 0) confirm_oldest();
  world_.fingerprint().add(ended->id.value);
  world_.fingerprint().add(static_cast<int>(ended->outcome));
  if (ended->outcome == client::Outcome::acknowledged) {
    ++acknowledged_;
  } else {
    failure_ = "a message was not delivered: " + ended->why;
  }
}

void ClientHost::confirm_oldest() {
  if (!unconfirmed_.empty()) unconfirmed_.pop_front();
}

void ClientHost::request(app_api::Request request) {
  waiting_.push_back(std::move(request));
  send_waiting();
}

}  // namespace nym::sim
