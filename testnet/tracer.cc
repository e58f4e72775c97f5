#include "testnet/tracer.h"

#include "engine/topology/topology.h"
#include "engine/wire/framing.h"
#include "net/clock.h"
#include "testnet/error.h"
#include "testnet/limits.h"

namespace nym::testnet {
namespace {

constexpr Duration kMeanDelay = Duration::milliseconds(50);  ///< as clients draw them
constexpr double kMillisecond = 1e-6;

double milliseconds(Duration time) {
  return static_cast<double>(time.ns()) * kMillisecond;
}

}  // namespace

Result<std::vector<const Network::Member*>> Tracer::choose_way() {
  std::vector<const Network::Member*> way;
  for (std::uint8_t step = 1; step <= topology::kLayers + 1; ++step) {
    std::vector<const Network::Member*> ready;
    for (const auto& member : network_.members()) {
      bool is_next = step <= topology::kLayers ? member.plan.role == Role::mixnode && member.plan.layer == step
                                               : member.plan.role == Role::gateway;
      if (is_next && member.node->state() == NodeState::ready) ready.push_back(&member);
    }
    if (ready.empty()) return fail(TestnetError::no_network, "there is no way through nodes that are ready");
    way.push_back(ready[draw_below(random_, ready.size())]);
  }
  return way;
}

Blob Tracer::seal(const std::vector<const Network::Member*>& way, const std::vector<Stop>& stops) {
  sphinx::HeaderPlan plan;
  for (std::size_t i = 0; i < way.size(); ++i) {
    plan.route.push_back(topology::make_hop(stops[i].address, way[i]->keys->sphinx.public_key, stops[i].delay));
  }
  random_.fill(plan.destination.bytes);
  plan.initial_secret = draw_secret<32>(random_);
  plan.final_padding.resize(sphinx::final_padding_size(plan.route.size()));
  random_.fill(plan.final_padding);
  auto key = draw_secret<16>(random_);
  auto iv = draw_array<16>(random_);
  return suite_.seal(
      {std::move(plan), wire::payload_bytes(wire::PacketSize::ack), sphinx::AckPayload{std::move(key), iv, {}}});
}

// Peeled here layer by layer, to know what to look for.
void Tracer::watch(const std::vector<const Network::Member*>& way, Blob packet, std::uint64_t number) {
  for (std::size_t i = 0; i < way.size(); ++i) {
    ByteArray<32> begin{};
    auto bytes = packet.stored();
    std::copy_n(bytes.begin(), begin.size(), begin.begin());
    way[i]->node->watch(begin, [this, number, i] { on_seen(number, i); });
    auto peeled = suite_.peel(packet, way[i]->keys->sphinx);
    const auto* forward = peeled ? std::get_if<sphinx::ForwardPacket>(&peeled->hop) : nullptr;
    if (forward != nullptr) packet = forward->packet;
  }
}

Result<std::uint64_t> Tracer::send() {
  NYM_TRY(auto way, choose_way());
  auto number = next_++;
  std::vector<Stop> stops;
  auto host = *parse_ip(network_.options().layout.host);
  auto dialed = parse_ip(network_.options().layout.announced()).value_or(host);
  for (const auto* member : way) {
    stops.push_back({member->plan.name, {dialed, member->plan.mix.port}, draw_exponential(random_, kMeanDelay)});
  }
  stops.back().delay = Duration();
  auto packet = seal(way, stops);
  watch(way, packet, number);
  auto frame = wire::encode_frame_header(wire::PacketSize::ack, wire::PacketType::mix, wire::FrameHeaderForm::legacy);
  append(frame, packet.stored());
  if (traces_.size() >= limits::kTraces) traces_.pop_front();
  traces_.push_back({number, net::now(), std::move(stops),
                     net::TcpLink::connect(runtime_, Endpoint{host, way.front()->plan.mix.port})});
  auto& link = *traces_.back().link;
  link.start({[] {}, [](ByteView) {}, [](std::size_t) {}, [](CloseReason, std::string_view) {}});
  link.send(std::move(frame));
  return number;
}

void Tracer::on_seen(std::uint64_t number, std::size_t stop) {
  for (auto& trace : traces_) {
    if (trace.number == number) trace.stops[stop].seen = net::now();
  }
}

nlohmann::ordered_json Tracer::list() const {
  auto out = nlohmann::ordered_json::array();
  for (const auto& trace : traces_) {
    auto stops = nlohmann::ordered_json::array();
    for (const auto& stop : trace.stops) {
      nlohmann::ordered_json one{{"node", stop.node}, {"delay_ms", milliseconds(stop.delay)}};
      if (stop.seen) one["seen_ms"] = milliseconds(*stop.seen - trace.sent);
      stops.push_back(std::move(one));
    }
    out.push_back({{"number", trace.number}, {"stops", std::move(stops)}});
  }
  return out;
}

}  // namespace nym::testnet
