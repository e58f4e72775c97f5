#include "sim/network/mixnode_host.h"

#include <fmt/format.h>

#include "engine/base/overloaded.h"
#include "sim/network/world.h"

namespace nym::sim {

MixnodeHost::MixnodeHost(World& world, HostId id, mixnode::Config config, const sphinx::Suite& suite,
                         std::unique_ptr<RandomSource> random)
    : world_(world), id_(id), config_(std::move(config)), suite_(suite), random_(std::move(random)) {
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
                 [&](relay::DialLink& dial) { world_.mix_connections().dial(id_, dial.connection, dial.address); },
                 [&](relay::SendFrame& send) {
                   world_.mix_connections().send(id_, send.connection, std::move(send.frame), {});
                 },
                 [&](mixnode::Event& event) { on_event(event); },
             },
             output);
}

void MixnodeHost::on_event(const mixnode::Event& event) {
  world_.fingerprint().add(event.index());
  const auto* drop = std::get_if<mixnode::PacketDropped>(&event);
  if (drop != nullptr && drop->reason == DropReason::replayed) world_.count_replay();
  auto index = world_.names().name(id_).index;
  world_.witnesses().tell([&](Observer& observer) { observer.on_mixnode_event(world_.now(), index, event); });
}

}  // namespace nym::sim
