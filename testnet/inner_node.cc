#include "testnet/inner_node.h"

#include <fmt/format.h>

#include "net/clock.h"

namespace nym::testnet {
namespace {

net::MixnodeFigures figures_of(const net::MixnodeDriver& driver) {
  return {driver.node().held_packets(), driver.node().queued_frames(), driver.open_links()};
}

net::GatewayFigures figures_of(const net::GatewayDriver& driver) {
  return {driver.node().connected_clients(), driver.client_connections(), driver.node().queued_frames(),
          driver.open_links(), driver.node().inbox_bytes()};
}

}  // namespace

void FrameWatch::on_frame(const wire::MixFrame& frame) {
  auto bytes = frame.packet.stored();
  ByteArray<32> begin{};
  if (waiting_.empty() || bytes.size() < begin.size()) return;
  std::copy_n(bytes.begin(), begin.size(), begin.begin());
  auto found = waiting_.extract(begin);
  if (!found.empty()) found.mapped()(net::now());
}

template <class Traits>
InnerNode<Traits>::InnerNode(net::Runtime& runtime, Setup setup, NodeLog log)
    : runtime_(runtime), setup_(std::move(setup)), log_(std::move(log)), metrics_(setup_.labels) {
  metrics_.watch([this]() -> std::optional<typename Traits::Figures> {
    if (!driver_) return std::nullopt;
    return figures_of(*driver_);
  });
}

template <class Traits>
void InnerNode<Traits>::observe(const typename Traits::Event& event) {
  metrics_.observe(event);
  log_.event(event);
  if (setup_.on_event) setup_.on_event(event);
}

template <>
Result<std::unique_ptr<net::MixnodeDriver>> InnerMixnode::make_driver() {
  return net::MixnodeDriver::start(runtime_, {setup_.keys.sphinx, relay::ReplayMode::reject, {}}, setup_.plan.mix,
                                   [this](const mixnode::Event& event) { observe(event); });
}

template <>
Result<std::unique_ptr<net::GatewayDriver>> InnerGateway::make_driver() {
  auto database = (setup_.folder / "db.sqlite").string();
  gateway::Config config{setup_.keys.identity.secret, setup_.keys.sphinx, relay::ReplayMode::reject, {}};
  return net::GatewayDriver::start(runtime_, std::move(config), {setup_.plan.mix, setup_.plan.clients, database},
                                   [this](const gateway::Event& event) { observe(event); });
}

template <class Traits>
void InnerNode<Traits>::start(Done done) {
  if (driver_) return done({});
  auto made = make_driver();
  if (!made) return done(std::unexpected(made.error()));
  driver_ = std::move(*made);
  driver_->set_detours(detours_);
  driver_->set_known_hops(known_hops_);
  driver_->watch_frames([this](const wire::MixFrame& frame) { watch_.on_frame(frame); });
  log_.line(fmt::format("{} {} is ready at {}", to_string(setup_.plan.role), setup_.plan.name,
                        to_string(driver_->mix_endpoint())));
  done({});
}

template <class Traits>
void InnerNode<Traits>::kill() {
  if (driver_) log_.line("killed");
  driver_.reset();
}

template <class Traits>
void InnerNode<Traits>::pause() {
  if (!driver_ || driver_->is_paused()) return;
  log_.line("paused");
  driver_->pause();
}

template <class Traits>
void InnerNode<Traits>::resume() {
  if (!driver_ || !driver_->is_paused()) return;
  log_.line("goes on");
  driver_->resume();
}

template <class Traits>
NodeState InnerNode<Traits>::state() const {
  if (!driver_) return NodeState::stopped;
  return driver_->is_paused() ? NodeState::degraded : NodeState::ready;
}

template <class Traits>
std::string InnerNode<Traits>::why() const {
  if (!driver_) return "killed";
  return driver_->is_paused() ? "paused" : "";
}

template <class Traits>
void InnerNode<Traits>::set_detours(const net::Detours& detours, Done done) {
  detours_ = detours;
  if (driver_) driver_->set_detours(detours);
  done({});
}

template <class Traits>
void InnerNode<Traits>::set_known_hops(const KnownHops& addresses) {
  known_hops_ = addresses;
  if (driver_) driver_->set_known_hops(addresses);
}

template <class Traits>
void InnerNode<Traits>::watch(const ByteArray<32>& begin, Seen seen) {
  watch_.add(begin, std::move(seen));
}

template class InnerNode<MixnodeTraits>;
template class InnerNode<GatewayTraits>;

}  // namespace nym::testnet
