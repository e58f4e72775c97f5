#include "testnet/relay.h"

#include "testnet/limits.h"

namespace nym::testnet {

/// Two connections and what passes between them.
struct Relay::Pair {
  Pair(net::Runtime& runtime, RandomSource& random, Transport transport)
      : there(runtime, random, transport, [this](Bytes bytes) { give(*outgoing, std::move(bytes)); }),
        back(runtime, random, transport, [this](Bytes bytes) { give(*incoming, std::move(bytes)); }) {}

  void give(net::TcpLink& link, Bytes bytes) {
    link.send(std::move(bytes));
    on_progress();
  }
  // Whoever sends more than may be under way has to wait.
  void balance() {
    slow_down(*incoming, there.bytes() + outgoing->queued_bytes(), incoming_waits);
    slow_down(*outgoing, back.bytes() + incoming->queued_bytes(), outgoing_waits);
  }
  static void slow_down(net::TcpLink& link, std::size_t under_way, bool& waits) {
    bool should_wait = under_way > limits::kRelayedBytes;
    if (should_wait == waits) return;
    waits = should_wait;
    if (waits) return link.pause_reading();
    link.resume_reading();
  }

  std::unique_ptr<net::TcpLink> incoming;
  std::unique_ptr<net::TcpLink> outgoing;
  wire::FrameDecoder decoder;
  Lane there;
  Lane back;
  bool incoming_waits = false;
  bool outgoing_waits = false;
  bool incoming_ended = false;
  bool outgoing_ended = false;
  std::function<void()> on_progress;
};

Relay::Relay(net::Runtime& runtime, RandomSource& random, Transport transport, const Endpoint& target)
    : runtime_(runtime), random_(random), transport_(transport), target_(target) {}
Relay::~Relay() = default;

void Relay::cut_connections() {
  pairs_.clear();
}

bool Relay::is_idle() const {
  return pairs_.empty();
}

Result<std::unique_ptr<Relay>> Relay::start(net::Runtime& runtime, RandomSource& random, Transport transport,
                                            const Places& places) {
  std::unique_ptr<Relay> made(new Relay(runtime, random, transport, places.target));
  auto* self = made.get();
  auto on_accept = [self](std::unique_ptr<net::TcpLink> link, const Endpoint&) { self->on_accept(std::move(link)); };
  NYM_TRY(made->listener_, net::TcpListener::listen(runtime, places.listen, on_accept));
  return made;
}

void Relay::set_quality(const LinkQuality& there, const LinkQuality& back) {
  there_ = there;
  back_ = back;
  for (auto& [number, pair] : pairs_) {
    pair->there.set_quality(there_);
    pair->back.set_quality(back_);
  }
}

void Relay::on_accept(std::unique_ptr<net::TcpLink> incoming) {
  auto number = next_pair_++;
  auto& pair = *pairs_.emplace(number, std::make_unique<Pair>(runtime_, random_, transport_)).first->second;
  pair.there.set_quality(there_);
  pair.back.set_quality(back_);
  pair.on_progress = [this, number] { settle(number); };
  pair.incoming = std::move(incoming);
  pair.outgoing = net::TcpLink::connect(runtime_, target_);
  pair.incoming->start({[] {},
                        [this, number](ByteView data) {
                          auto& own = *pairs_.at(number);
                          on_data(own, data);
                          settle(number);
                        },
                        [this, number](std::size_t) { settle(number); },
                        [this, number](CloseReason, std::string_view) {
                          pairs_.at(number)->incoming_ended = true;
                          settle(number);
                        }});
  pair.outgoing->start({[] {},
                        [this, number](ByteView data) {
                          pairs_.at(number)->back.pass(to_bytes(data));
                          settle(number);
                        },
                        [this, number](std::size_t) { settle(number); },
                        [this, number](CloseReason, std::string_view) {
                          pairs_.at(number)->outgoing_ended = true;
                          settle(number);
                        }});
}

void Relay::on_data(Pair& pair, ByteView data) {
  if (transport_ == Transport::websocket) return pair.there.pass(to_bytes(data));
  pair.decoder.feed(data);
  for (;;) {
    auto frame = pair.decoder.next();
    if (!frame) pair.incoming_ended = true;
    if (!frame || !*frame) return;
    auto bytes = wire::encode_frame_header((*frame)->size, (*frame)->type, wire::FrameHeaderForm::legacy);
    append(bytes, (*frame)->packet.stored());
    pair.there.pass(std::move(bytes));
  }
}

// An end passes on when what came before it has passed. Frames are on their way to somebody: if he is gone they are
// lost.
void Relay::settle(std::uint64_t number) {
  auto found = pairs_.find(number);
  if (found == pairs_.end()) return;
  auto& pair = *found->second;
  bool there_is_done = pair.there.bytes() == 0 && pair.outgoing->queued_bytes() == 0;
  bool back_is_done = pair.back.bytes() == 0 && pair.incoming->queued_bytes() == 0;
  bool is_over = (pair.incoming_ended && (there_is_done || pair.outgoing_ended)) ||
                 (pair.outgoing_ended && (back_is_done || pair.incoming_ended));
  if (is_over) return end_later(number);
  pair.balance();
}

// A pair is not destroyed by what it calls itself.
void Relay::end_later(std::uint64_t number) {
  runtime_.post([this, number, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) pairs_.erase(number);
  });
}

}  // namespace nym::testnet
