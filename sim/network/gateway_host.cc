#include "sim/network/gateway_host.h"

#include <fmt/format.h>

#include "engine/base/overloaded.h"
#include "sim/network/world.h"

namespace nym::sim {
namespace {

constexpr Duration kRead = Duration::microseconds(200);

}  // namespace

GatewayHost::GatewayHost(World& world, HostId id, gateway::Config config, const sphinx::Suite& suite,
                         std::unique_ptr<RandomSource> random)
    : world_(world), id_(id), config_(std::move(config)), suite_(suite), random_(std::move(random)) {
  start();
}

void GatewayHost::start() {
  auto random = random_->fork(fmt::format("run {}", ++starts_));
  node_.emplace(config_, stored_state(), suite_, *random);
}

void GatewayHost::lose_disk() {
  clients_.clear();
  rows_.clear();
  owners_.clear();
}

void GatewayHost::watch_replays(Complaints& complaints) {
  suite_.show_to(replays_.emplace(world_.names().name(id_), complaints));
}

std::optional<TimePoint> GatewayHost::next_deadline() const {
  return node_ ? node_->poll_timeout() : std::nullopt;
}

void GatewayHost::handle(TimePoint now, HostInput& input) {
  if (std::holds_alternative<StartHost>(input)) return start();
  if (const auto* ping = std::get_if<WebsocketPing>(&input)) {
    return world_.websockets().answer_as_gateway(id_, ping->connection);
  }
  if (auto* given = std::get_if<gateway::Input>(&input)) {
    node_->handle_input(now, std::move(*given));
  } else if (auto* link = std::get_if<mixnode::Input>(&input)) {  // what links carry is the same for both kinds of node
    std::visit([&](auto& one) { node_->handle_input(now, std::move(one)); }, *link);
  }
  drain();
}

void GatewayHost::handle_timeout(TimePoint now) {
  node_->handle_timeout(now);
  drain();
}

void GatewayHost::drain() {
  while (auto output = node_->poll_output()) perform(*output);
  if (replays_) replays_->settle(world_.now());
}

void GatewayHost::perform(gateway::Output& output) {
  auto& sockets = world_.websockets();
  std::visit(
      Overloaded{
          [&](relay::DialLink& dial) { world_.mix_connections().dial(id_, dial.connection, dial.address); },
          [&](relay::SendFrame& send) {
            world_.mix_connections().send(id_, send.connection, std::move(send.frame), world_.current_frame());
          },
          [&](gateway::SendText& send) { sockets.send_text_to_client(id_, send.connection, std::move(send.text)); },
          [&](gateway::SendBinary& send) { sockets.push_to_client(id_, send.connection, std::move(send.data)); },
          [&](gateway::PingClient& ping) { sockets.ping_client(id_, ping.connection); },
          [&](gateway::CloseClient& close) { sockets.close_from_gateway(id_, close.connection); },
          [&](gateway::Persist& persist) { commit(persist); },
          [&](gateway::ReadInbox& read) { world_.schedule(kRead, id_, boxed<gateway::Input>(read_inbox(read))); },
          [&](gateway::Event& event) { on_event(event); },
      },
      output);
}

void GatewayHost::on_event(const gateway::Event& event) {
  world_.fingerprint().add(event.index());
  const auto* drop = std::get_if<gateway::Dropped>(&event);
  bool is_replay = drop != nullptr && drop->reason == DropReason::replayed;
  if (is_replay) world_.count_replay();
  if (is_replay && replays_) replays_->on_refused();
  auto index = world_.names().name(id_).index;
  world_.witnesses().tell(Frequent::node_event,
                          [&](Observer& observer) { observer.on_gateway_event(world_.now(), index, event); });
}

void GatewayHost::commit(const gateway::Persist& persist) {
  auto outcome = disk_.commit();
  if (!outcome.error) {
    for (const auto& operation : persist.operations) store(operation);
  }
  world_.schedule(outcome.takes, id_, boxed<gateway::Input>(gateway::Persisted{persist.id, outcome.error}));
}

void GatewayHost::store(const gateway::StoreOperation& operation) {
  std::visit(
      Overloaded{
          [&](const gateway::StoreSharedKeys& keys) {
            auto [record, is_new] = clients_.try_emplace(keys.client);
            record->second.address = keys.client;
            record->second.keys = keys.keys;
          },
          [&](const gateway::StoreBandwidth& bandwidth) { clients_[bandwidth.client].bandwidth = bandwidth.available; },
          [&](const gateway::StoreMessage& message) {
            gateway::StoredMessageId id{next_row_++};
            rows_.emplace(Row{message.client, id}, message.content);
            owners_.emplace(id, message.client);
          },
          [&](const gateway::DeleteMessages& deleted) {
            for (auto id : deleted.ids) {
              auto owner = owners_.find(id);
              if (owner == owners_.end()) continue;
              rows_.erase({owner->second, id});
              owners_.erase(owner);
            }
          },
      },
      operation);
}

gateway::StoredState GatewayHost::stored_state() const {
  gateway::StoredState state;
  for (const auto& [address, record] : clients_) state.clients.push_back(record);
  for (const auto& [row, content] : rows_) {
    auto& usage = state.inbox[row.first];
    ++usage.messages;
    usage.bytes += content.size();
  }
  return state;
}

gateway::InboxRead GatewayHost::read_inbox(const gateway::ReadInbox& request) const {
  gateway::InboxRead read{request.id, {}, std::nullopt};
  if (!disk_.can_read()) {
    read.error = "input/output error";
    return read;
  }
  auto row = rows_.upper_bound({request.client, request.after});
  for (; row != rows_.end() && row->first.first == request.client && read.messages.size() < request.limit; ++row) {
    read.messages.push_back({row->first.second, row->second});
  }
  return read;
}

}  // namespace nym::sim
