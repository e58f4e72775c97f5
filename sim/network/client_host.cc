#include "sim/network/client_host.h"

#include <fmt/format.h>

#include <utility>

#include "engine/base/overloaded.h"
#include "engine/client/gateway_session.h"
#include "sim/network/world.h"

namespace nym::sim {
namespace {

constexpr Duration kFetch = Duration::milliseconds(5);
/// Between two attempts to start a client that can not read its disk.
constexpr Duration kRestart = Duration::seconds(1);
constexpr Duration kPersonReacts = Duration::seconds(10);
/// What the wall clock shows when virtual time begins.
constexpr UnixSeconds kEpoch{1'700'000'000};

}  // namespace

ClientHost::ClientHost(World& world, HostId id, Identity identity, const ClientOptions& options,
                       topology::RouteShape routes, std::shared_ptr<const topology::Snapshot> topology,
                       const sphinx::Suite& suite, std::unique_ptr<RandomSource> random, MessageBook& book,
                       AddressOf address_of)
    : world_(world),
      id_(id),
      identity_(std::move(identity)),
      options_(options),
      routes_(routes),
      topology_(std::move(topology)),
      suite_(suite),
      random_(std::move(random)),
      book_(book),
      address_of_(std::move(address_of)) {}

const wire::Recipient& ClientHost::address() {
  if (!address_) address_.emplace(identity_.identity.public_key(), identity_.encryption.public_key, identity_.gateway);
  return *address_;
}

void ClientHost::handle(TimePoint now, HostInput& input) {
  now_ = now;
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
  if (std::holds_alternative<StartHost>(input)) return start(now);
  if (const auto* ping = std::get_if<WebsocketPing>(&input)) {
    return world_.websockets().answer_as_client(id_, ping->connection);
  }
  if (std::holds_alternative<AppTurn>(input)) {
    open_app();
    return send_waiting();
  }
  if (std::holds_alternative<RegisterAgain>(input)) register_again(now);
}

void ClientHost::handle_timeout(TimePoint now) {
  now_ = now;
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

void ClientHost::start(TimePoint now) {
  if (!disk_.can_read()) return world_.schedule(kRestart, id_, boxed<StartHost>());
  if (shared_keys_) return start_client(now);
  start_registration(now);
}

void ClientHost::start_registration(TimePoint now) {
  client::Registration::Config config{identity_.gateway_url, identity_.gateway, identity_.identity};
  auto random = random_->fork(fmt::format("registration {}", ++starts_));
  registration_ = std::make_unique<client::Registration>(std::move(config), *random);
  registration_->start(now);
  drain_registration(now);
}

// What a person would do who reads why the client waits.
void ClientHost::register_again(TimePoint now) {
  if (!client_ || !registers_again_) return;
  crash();
  shared_keys_.reset();
  start_registration(now);
}

// One that failed is tried again, as a person would.
void ClientHost::drain_registration(TimePoint now) {
  std::optional<sphinx::GatewaySharedKeys> keys;
  bool has_failed = false;
  while (auto output = registration_->poll_output()) {
    std::visit(Overloaded{
                   [&](client::DialGateway& dial) {
                     world_.websockets().dial(id_, Websockets::Owner::registration, dial.connection, dial.url);
                   },
                   [&](client::SendText& send) {
                     world_.websockets().send_text_to_gateway(id_, send.connection, std::move(send.text));
                   },
                   [&](client::CloseGateway& close) { world_.websockets().close_from_client(id_, close.connection); },
                   [&](client::Registration::Finished& finished) {
                     has_failed = !finished.keys;
                     if (finished.keys) keys = std::move(*finished.keys);
                     if (has_failed) trouble_ = "registration failed: " + finished.keys.error().text();
                   },
               },
               *output);
  }
  if (!keys && !has_failed) return;
  registration_.reset();
  if (has_failed) return world_.schedule(kRestart, id_, boxed<StartHost>());
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
  config.traffic.drop_cover_average_delay = options_.drop_cover_average_delay;
  config.topology.routes = routes_;
  auto random = random_->fork(fmt::format("run {}", ++starts_));
  client_.emplace(std::move(config), stored_.load(), suite_, *random, spool_);
  client_->start(now, wall_clock());
  drain_client();
  open_app();
  send_waiting();
}

// Without the journal nobody can tell any more what becomes of what it had taken.
void ClientHost::crash() {
  registers_again_ = false;
  registration_.reset();
  client_.reset();
  app_ = {};
  packet_kind_.reset();
  book_.excuse(world_.names().name(id_).index);
  Fifo<Waiting> again;
  std::map<client::MessageId, Open> kept;
  for (auto& [message_id, open] : std::exchange(open_, {})) {
    if (open.unconfirmed) {
      again.push_back({open.message, std::move(*open.unconfirmed)});
    } else if (options_.journal == client::Switch::on) {
      kept.emplace(message_id, std::move(open));
    } else {
      give_up(open.message, "its client crashed");
    }
  }
  open_ = std::move(kept);
  for (auto& waiting : std::exchange(waiting_, std::move(again))) waiting_.push_back(std::move(waiting));
}

void ClientHost::lose_disk() {
  shared_keys_.reset();
  stored_ = {};
  for (auto& [message_id, open] : std::exchange(open_, {})) give_up(open.message, "its client lost its disk");
}

void ClientHost::give_up() {
  is_given_up_ = true;
  for (auto& [message_id, open] : std::exchange(open_, {})) give_up(open.message, "its client was killed");
  for (auto& waiting : std::exchange(waiting_, {})) give_up(waiting.message, "its client was killed");
}

void ClientHost::give_up(MessageRef message, std::string_view why) {
  book_.end(world_.now(), message, client::Outcome::cancelled, why);
}

UnixSeconds ClientHost::wall_clock() const {
  return {kEpoch.value + (world_.now().since_origin() + world_.wall_offset(id_)).whole_seconds()};
}

void ClientHost::on_wall_clock(TimePoint now) {
  now_ = now;
  if (!client_) return;
  client_->handle_input(now, client::WallClock{wall_clock()});
  drain_client();
}

void ClientHost::leave_app() {
  ++app_absences_;
  if (!client_ || app_.value == 0) return;
  client_->handle_input(now_, client::AppClosed{std::exchange(app_, {})});
  drain_client();
  world_.rearm(id_);
}

void ClientHost::return_app() {
  --app_absences_;
  world_.schedule(Duration(), id_, boxed<AppTurn>());
}

void ClientHost::open_app() {
  if (!client_ || app_.value != 0 || app_absences_ > 0) return;
  app_ = client::AppSessionId{next_app_++};
  client_->handle_input(now_, client::AppOpened{app_});
  drain_client();
}

void ClientHost::submit(MessageRef message) {
  book_.submit(world_.now(), message);
  if (is_given_up_) return give_up(message, "its client was killed");
  auto to = address_of_(book_.receiver(message));
  auto surbs = book_.reply_surbs(message.number);
  auto content = book_.content(message);
  if (surbs == 0) {
    waiting_.push_back({message, app_api::Send{to, std::move(content), std::nullopt}});
  } else {
    waiting_.push_back({message, app_api::SendAnonymous{to, std::move(content), surbs, std::nullopt}});
  }
  if (world_.is_up(id_)) world_.schedule(Duration(), id_, boxed<AppTurn>());
}

void ClientHost::send_waiting() {
  while (client_ && app_.value != 0 && !waiting_.empty()) {
    hand_over(waiting_.take_front());
  }
}

void ClientHost::hand_over(Waiting waiting) {
  auto frame = app_api::to_binary(waiting.request);
  handing_over_ = std::move(waiting);
  client_->handle_input(now_, client::FromApp{app_, {app_api::Format::binary, std::move(frame)}});
  drain_client();
  if (auto refused = std::exchange(handing_over_, std::nullopt)) {
    book_.end(world_.now(), refused->message, client::Outcome::failed, "its client refused it");
  }
}

// A commit is on the disk when it is reported, and not before.
void ClientHost::commit(client::Persist persist) {
  std::size_t n = ++commits_;
  if (on_commit) on_commit(n, Commit::asked);
  if (!client_) return;  // crashed
  auto outcome = disk_.commit();
  if (!outcome.error) {
    for (const auto& operation : persist.operations) {
      stored_.apply(operation);
      const auto* of_journal = std::get_if<client::JournalOperation>(&operation);
      const auto* added = of_journal == nullptr ? nullptr : std::get_if<client::AddToJournal>(of_journal);
      auto journaled = added == nullptr ? open_.end() : open_.find(added->message.id);
      if (journaled != open_.end()) journaled->second.unconfirmed.reset();
    }
    if (on_commit) on_commit(n, Commit::done);
  }
  if (client_) world_.schedule(outcome.takes, id_, boxed<client::Input>(client::Persisted{persist.id, outcome.error}));
}

void ClientHost::drain_client() {
  while (client_) {
    auto output = client_->poll_output();
    if (!output) return;
    perform(*output);
  }
}

void ClientHost::perform(client::Output& output) {
  auto& sockets = world_.websockets();
  std::visit(
      Overloaded{
          [&](client::DialGateway& dial) { sockets.dial(id_, Websockets::Owner::client, dial.connection, dial.url); },
          [&](client::SendText& send) { sockets.send_text_to_gateway(id_, send.connection, std::move(send.text)); },
          [&](client::SendBinary& send) {
            auto kind = std::exchange(packet_kind_, std::nullopt);
            sockets.send_packet_to_gateway(id_, send.connection, std::move(send.data), kind);
          },
          [&](client::PingGateway& ping) { sockets.ping_gateway(id_, ping.connection); },
          [&](client::CloseGateway& close) { sockets.close_from_client(id_, close.connection); },
          [&](client::FetchTopology& fetch) { fetch_topology(fetch.id); },
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

void ClientHost::fetch_topology(client::FetchId id) {
  bool fails = failing_fetches_.strike();
  client::TopologyFetched fetched{id, topology_};
  if (fails) fetched.snapshot = nym::fail(topology::TopologyError::empty, "the directory does not answer");
  world_.schedule(kFetch, id_, boxed<client::Input>(std::move(fetched)));
}

// The application: it speaks the binary form, which keeps every byte.
void ClientHost::on_app_frame(const client::ToApp& to_app) {
  world_.schedule(Duration(), id_, boxed<client::Input>(client::AppWritten{to_app.session, 1}));
  auto response = app_api::parse_binary_response(to_app.frame.data);
  const auto* received = response ? std::get_if<app_api::Received>(&*response) : nullptr;
  if (received == nullptr) return;
  auto data = received->data.to_bytes();
  auto client = world_.names().name(id_).index;
  world_.fingerprint().add(client);
  world_.fingerprint().add(as_text(data));
  auto tag = received->sender ? SenderTag::present : SenderTag::absent;
  auto message = book_.deliver(world_.now(), client, data, tag);
  if (message && received->sender) answer(*message, *received->sender);
}

void ClientHost::answer(MessageRef message, const wire::SenderTag& sender) {
  if (message.part == MessageRef::Part::reply || !book_.planned_reply(message.number)) return;
  MessageRef reply{message.number, MessageRef::Part::reply};
  book_.submit(world_.now(), reply);
  waiting_.push_back({reply, app_api::Reply{sender, book_.content(reply), std::nullopt}});
  world_.schedule(Duration(), id_, boxed<AppTurn>());
}

void ClientHost::on_event(const client::Event& event) {
  world_.fingerprint().add(event.index());
  if (const auto* sent = std::get_if<client::PacketSent>(&event)) packet_kind_ = sent->kind;
  const auto* changed = std::get_if<client::GatewayStateChanged>(&event);
  bool is_unknown = changed != nullptr && changed->why == client::kUnknownToGateway;
  if (is_unknown && !std::exchange(registers_again_, true)) world_.schedule(kPersonReacts, id_, boxed<RegisterAgain>());
  on_message_event(event);
  auto client = world_.names().name(id_).index;
  world_.witnesses().tell(Frequent::client_event,
                          [&](Observer& observer) { observer.on_client_event(world_.now(), client, event); });
}

void ClientHost::on_message_event(const client::Event& event) {
  if (const auto* opened = std::get_if<client::MessageOpened>(&event)) {
    NYM_CHECK(handing_over_.has_value());
    auto handed_over = *std::exchange(handing_over_, std::nullopt);
    open_[opened->id] = {handed_over.message, std::move(handed_over.request)};
    return;
  }
  if (const auto* accepted = std::get_if<client::MessageAccepted>(&event)) {
    auto found = open_.find(accepted->id);
    if (found == open_.end()) return;
    found->second.unconfirmed.reset();
    return book_.accept(world_.now(), found->second.message);
  }
  const auto* ended = std::get_if<client::MessageEnded>(&event);
  if (ended == nullptr) return;
  world_.fingerprint().add(ended->id.value);
  world_.fingerprint().add(static_cast<int>(ended->outcome));
  auto found = open_.find(ended->id);
  if (found == open_.end()) return;
  auto message = found->second.message;
  open_.erase(found);
  if (ended->outcome != client::Outcome::acknowledged) trouble_ = "a message was not delivered: " + ended->why;
  book_.end(world_.now(), message, ended->outcome, ended->why);
}

}  // namespace nym::sim
