#include "sim/network/hosts.h"

#include "engine/base/overloaded.h"

namespace nym::sim {
MixnodeHost::MixnodeHost(World& world, mixnode::Config config, const sphinx::Suite& suite, RandomSource& random)
    : world_(world), node_(std::move(config), suite, random) {}

void MixnodeHost::handle(TimePoint now, HostInput input) {
  if (auto* given = std::get_if<mixnode::Input>(&input)) {
    node_.handle_input(now, std::move(*given));
  } else {
    node_.handle_timeout(now);
  }
  while (auto output = node_.poll_output()) perform(std::move(*output));
}

void MixnodeHost::perform(mixnode::Output output) {
  std::visit(Overloaded{
                 [&](relay::DialLink& dial) { world_.dial_link(id_, dial.connection, dial.address); },
                 [&](relay::SendFrame& send) { world_.send_frame(id_, send.connection, std::move(send.frame)); },
                 [&](mixnode::Event& event) { world_.fingerprint().add(event.index()); },
             },
             output);
}

GatewayHost::GatewayHost(World& world, gateway::Config config, const sphinx::Suite& suite, RandomSource& random)
    : world_(world), node_(std::move(config), {}, suite, random) {}

void GatewayHost::handle(TimePoint now, HostInput input) {
  if (auto* given = std::get_if<gateway::Input>(&input)) {
    node_.handle_input(now, std::move(*given));
  } else if (auto* link = std::get_if<mixnode::Input>(&input)) {  // what links carry is the same for both kinds of node
    node_.handle_input(now, std::visit([](auto& one) { return gateway::Input(std::move(one)); }, *link));
  } else {
    node_.handle_timeout(now);
  }
  while (auto output = node_.poll_output()) perform(std::move(*output));
}

void GatewayHost::perform(gateway::Output output) {
  std::visit(Overloaded{
                 [&](relay::DialLink& dial) { world_.dial_link(id_, dial.connection, dial.address); },
                 [&](relay::SendFrame& send) { world_.send_frame(id_, send.connection, std::move(send.frame)); },
                 [&](gateway::SendText& send) { world_.send_to_client(id_, send.connection, std::move(send.text)); },
                 [&](gateway::SendBinary& send) { world_.send_to_client(id_, send.connection, send.data); },
                 [&](gateway::CloseClient& close) { world_.close_from_gateway(id_, close.connection); },
                 [&](gateway::Persist& persist) {
                   for (const auto& operation : persist.operations) store(operation);
                   world_.schedule(kCommit, id_, gateway::Input(gateway::Persisted{persist.id, std::nullopt}));
                 },
                 [&](gateway::ReadInbox& read) { world_.schedule(kCommit, id_, gateway::Input(read_inbox(read))); },
                 [&](gateway::Event& event) { world_.fingerprint().add(event.index()); },
             },
             output);
}

void GatewayHost::store(const gateway::StoreOperation& operation) {
  if (const auto* message = std::get_if<gateway::StoreMessage>(&operation)) {
    rows_.emplace(gateway::StoredMessageId{next_row_++}, std::pair(message->client, message->content));
  } else if (const auto* deleted = std::get_if<gateway::DeleteMessages>(&operation)) {
    for (auto id : deleted->ids) rows_.erase(id);
  }
}

gateway::InboxRead GatewayHost::read_inbox(const gateway::ReadInbox& request) const {
  gateway::InboxRead read{request.id, {}, std::nullopt};
  for (auto row = rows_.upper_bound(request.after); row != rows_.end() && read.messages.size() < request.limit; ++row) {
    if (row->second.first == request.client) read.messages.push_back({row->first, row->second.second});
  }
  return read;
}

}  // namespace nym::sim
