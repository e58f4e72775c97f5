#include "sim/network/hosts.h"

#include <fmt/format.h>

#include "engine/base/overloaded.h"

namespace nym::sim {

MixnodeHost::MixnodeHost(World& world, mixnode::Config config, const sphinx::Suite& suite,
                         std::unique_ptr<RandomSource> random)
    : world_(world), config_(std::move(config)), suite_(suite), random_(std::move(random)) {
  start();
}

void MixnodeHost::start() {
  auto random = random_->fork(fmt::format("run {}", ++starts_));
  node_.emplace(config_, suite_, *random);
}

std::optional<TimePoint> MixnodeHost::next_deadline() const {
  return node_ ? node_->poll_timeout() : std::nullopt;
}

void MixnodeHost::handle(TimePoint now, HostInput input) {
  if (std::holds_alternative<StartHost>(input)) return start();
  if (auto* given = std::get_if<mixnode::Input>(&input)) {
    node_->handle_input(now, std::move(*given));
  } else {
    node_->handle_timeout(now);
  }
  while (auto output = node_->poll_output()) perform(std::move(*output));
}

void MixnodeHost::perform(mixnode::Output output) {
  std::visit(Overloaded{
                 [&](relay::DialLink& dial) { world_.dial_link(id_, dial.connection, dial.address); },
                 [&](relay::SendFrame& send) { world_.send_frame(id_, send.connection, std::move(send.frame)); },
                 [&](mixnode::Event& event) {
                   world_.fingerprint().add(event.index());
                   const auto* drop = std::get_if<mixnode::PacketDropped>(&event);
                   if (drop != nullptr && drop->reason == DropReason::replayed) world_.count_replay();
                 },
             },
             output);
}

GatewayHost::GatewayHost(World& world, gateway::Config config, const sphinx::Suite& suite,
                         std::unique_ptr<RandomSource> random)
    : world_(world), config_(std::move(config)), suite_(suite), random_(std::move(random)) {
  start();
}

void GatewayHost::start() {
  auto random = random_->fork(fmt::format("run {}", ++starts_));
  node_.emplace(config_, stored_state(), suite_, *random);
}

std::optional<TimePoint> GatewayHost::next_deadline() const {
  return node_ ? node_->poll_timeout() : std::nullopt;
}

void GatewayHost::handle(TimePoint now, HostInput input) {
  if (std::holds_alternative<StartHost>(input)) return start();
  if (auto* given = std::get_if<gateway::Input>(&input)) {
    node_->handle_input(now, std::move(*given));
  } else if (auto* link = std::get_if<mixnode::Input>(&input)) {  // what links carry is the same for both kinds of node
    node_->handle_input(now, std::visit([](auto& one) { return gateway::Input(std::move(one)); }, *link));
  } else {
    node_->handle_timeout(now);
  }
  while (auto output = node_->poll_output()) perform(std::move(*output));
}

void GatewayHost::perform(gateway::Output output) {
  std::visit(Overloaded{
                 [&](relay::DialLink& dial) { world_.dial_link(id_, dial.connection, dial.address); },
                 [&](relay::SendFrame& send) { world_.send_frame(id_, send.connection, std::move(send.frame)); },
                 [&](gateway::SendText& send) { world_.send_to_client(id_, send.connection, std::move(send.text)); },
                 [&](gateway::SendBinary& send) { world_.send_to_client(id_, send.connection, send.data); },
                 [&](gateway::PingClient& ping) { world_.ping_client(id_, ping.connection); },
                 [&](gateway::CloseClient& close) { world_.close_from_gateway(id_, close.connection); },
                 [&](gateway::Persist& persist) {
                   for (const auto& operation : persist.operations) store(operation);
                   world_.schedule(kCommit, id_, gateway::Input(gateway::Persisted{persist.id, std::nullopt}));
                 },
                 [&](gateway::ReadInbox& read) { world_.schedule(kCommit, id_, gateway::Input(read_inbox(read))); },
                 [&](gateway::Event& event) {
                   world_.fingerprint().add(event.index());
                   const auto* drop = std::get_if<gateway::Dropped>(&event);
                   if (drop != nullptr && drop->reason == DropReason::replayed) world_.count_replay();
                 },
             },
             output);
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
            rows_.emplace(gateway::StoredMessageId{next_row_++}, std::pair(message.client, message.content));
          },
          [&](const gateway::DeleteMessages& deleted) {
            for (auto id : deleted.ids) rows_.erase(id);
          },
      },
      operation);
}

gateway::StoredState GatewayHost::stored_state() const {
  gateway::StoredState state;
  for (const auto& [address, record] : clients_) state.clients.push_back(record);
  for (const auto& [id, row] : rows_) {
    auto& usage = state.inbox[row.first];
    ++usage.messages;
    usage.bytes += row.second.size();
  }
  return state;
}

gateway::InboxRead GatewayHost::read_inbox(const gateway::ReadInbox& request) const {
  gateway::InboxRead read{request.id, {}, std::nullopt};
  for (auto row = rows_.upper_bound(request.after); row != rows_.end() && read.messages.size() < request.limit; ++row) {
    if (row->second.first == request.client) read.messages.push_back({row->first, row->second.second});
  }
  return read;
}

}  // namespace nym::sim
