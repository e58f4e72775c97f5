#include "net/drivers/mixnode_driver.h"

#include "engine/base/overloaded.h"

namespace nym::net {

MixnodeDriver::MixnodeDriver(Runtime& runtime, mixnode::Config config, OnEvent on_event)
    : on_event_(std::move(on_event)),
      node_(std::move(config), suite_, random_),
      links_(runtime, wire::FrameHeaderForm::legacy,
             {[this](relay::LinkOpened opened) { loop_.input(opened); },
              [this](relay::LinkWritten written) { loop_.input(written); },
              [this](relay::LinkClosed closed) { loop_.input(closed); }}),
      loop_(runtime, node_, [this](mixnode::Output output) { perform(std::move(output)); }) {}

Result<std::unique_ptr<MixnodeDriver>> MixnodeDriver::start(Runtime& runtime, mixnode::Config config,
                                                            const Endpoint& where, OnEvent on_event) {
  std::unique_ptr<MixnodeDriver> driver(new MixnodeDriver(runtime, std::move(config), std::move(on_event)));
  auto* self = driver.get();
  NYM_TRY(driver->listener_,
          FrameListener::listen(
              runtime, where, driver->suite_, driver->node_.sphinx_key(),
              [self](std::span<wire::MixFrame> frames) {
                self->loop_.inputs(frames, [](wire::MixFrame frame) { return relay::FrameReceived{std::move(frame)}; });
              },
              [self](DropReason reason) { self->refused(reason); }));
  return driver;
}

void MixnodeDriver::set_known_hops(std::optional<std::set<Endpoint>> addresses) {
  loop_.input(relay::HopsKnown{std::move(addresses)});
}

// Before it was anything that the node could see.
void MixnodeDriver::refused(DropReason reason) {
  on_event_(mixnode::Event(mixnode::PacketDropped{reason}));
}

void MixnodeDriver::pause() {
  listener_->pause();
  loop_.hold();
}

void MixnodeDriver::resume() {
  listener_->resume();
  loop_.go_on();
}

void MixnodeDriver::perform(mixnode::Output output) {
  std::visit(Overloaded{
                 [&](relay::DialLink& dial) { links_.dial(dial); },
                 [&](relay::SendFrame& send) { links_.send(send); },
                 [&](mixnode::Event& event) { on_event_(event); },
             },
             output);
}

}  // namespace nym::net
