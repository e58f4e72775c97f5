#include "sim/network/mixnode_host.h"

#include <fmt/format.h>

#include "engine/base/overloaded.h"
#include "sim/network/world.h"

namespace nym::sim {

MixnodeHost::MixnodeHost(World& world, HostId id, mixnode::Config config, const sphinx::Suite& suite,
                         std::unique_ptr<RandomSource> random)
    : world_(world), id_(id), config_(std::move(config)), suite_(suite), random_(std::move(random)) {}

void MixnodeHost::start(TimePoint now) {
  auto random = random_->fork(fmt::format("run {}", ++starts_));
  node_.emplace(config_, suite_, *random);
  node_->start(now);
}

void MixnodeHost::watch_replays(Complaints& complaints) {
  suite_.show_to(replays_.emplace(world_.names().name(id_), complaints));
}

std::optional<TimePoint> MixnodeHost::next_deadline() const {
  return node_ ? node_->poll_timeout() : std::nullopt;
}

void MixnodeHost::handle(TimePoint now, HostInput& input) {
  if (world_.witnesses().wants_peeled_from()) suite_.follow(world_.current_frame());
  if (std::holds_alternative<StartHost>(input)) {
    start(now);
  } else if (auto* given = std::get_if<mixnode::Input>(&input)) {
    node_->handle_input(now, std::move(*given));
  }
  drain();
}

void MixnodeHost::handle_timeout(TimePoint now) {
  if (world_.witnesses().wants_peeled_from()) suite_.follow({});
  node_->handle_timeout(now);
  drain();
}

void MixnodeHost::drain() {
  while (auto output = node_->poll_output()) perform(*output);
  if (replays_) replays_->settle(world_.now());
}

void MixnodeHost::perform(mixnode::Output& output) {
  std::visit(Overloaded{
                 [&](relay::DialLink& dial) { world_.mix_connections().dial(id_, dial.connection, dial.address); },
                 [&](relay::SendFrame& send) {
                   auto peeled_from = suite_.take_origin(send.frame.packet);
                   world_.mix_connections().send(id_, send.connection, std::move(send.frame), peeled_from);
                 },
                 [&](mixnode::Event& event) { on_event(event); },
             },
             output);
}

void MixnodeHost::on_event(const mixnode::Event& event) {
  world_.fingerprint().add(event.index());
  const auto* drop = std::get_if<mixnode::PacketDropped>(&event);
  bool is_replay = drop != nullptr && drop->reason == DropReason::replayed;
  if (is_replay) world_.count_replay();
  if (is_replay && replays_) replays_->on_refused();
  auto index = world_.names().name(id_).index;
  world_.witnesses().tell(Frequent::node_event,
                          [&](Observer& observer) { observer.on_mixnode_event(world_.now(), index, event); });
}

}  // namespace nym::sim
