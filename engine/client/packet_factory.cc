#include "engine/client/packet_factory.h"

#include "engine/wire/cover.h"
#include "engine/wire/routing_address.h"

namespace nym::client {
namespace {

// Of the mixnodes; the gateway's delay is drawn and never used (01 §11.1).
Duration mixing_time(const sphinx::Route& route) {
  Duration total;
  for (const auto& hop : route.hops().first(route.size() - 1)) {
    total += Duration::nanoseconds(static_cast<std::int64_t>(hop.delay.ns));
  }
  return total;
}

Result<Endpoint> endpoint_of(const sphinx::NodeAddress& address) {
  NYM_TRY(auto decoded, wire::decode_address(address.bytes));
  return decoded.endpoint;
}

}  // namespace

PacketFactory::PacketFactory(const ClientConfig& config, const sphinx::Suite& suite, RandomSource& random)
    : config_(config),
      suite_(suite),
      secrets_(random.fork("packet secrets")),
      routes_(random.fork("routes")),
      own_address_(config.address()) {}

Result<sphinx::HeaderPlan> PacketFactory::plan_header(const topology::Snapshot& topology,
                                                      const crypto::Ed25519PublicKey& gateway,
                                                      const crypto::Ed25519PublicKey& destination,
                                                      Duration mean_hop_delay) {
  NYM_TRY(auto route, topology::choose_route(topology, {gateway, mean_hop_delay, config_.topology.routes}, *routes_));
  sphinx::HeaderPlan plan;
  plan.final_padding.resize(sphinx::final_padding_size(route.size()));
  plan.route = route;
  plan.destination = {destination.bytes()};
  plan.initial_secret = draw_secret<32>(*secrets_);
  secrets_->fill(plan.final_padding);
  return plan;
}

Result<PacketFactory::PlannedAck> PacketFactory::plan_ack(const topology::Snapshot& topology,
                                                          const wire::FragmentId& id) {
  NYM_TRY(auto header, plan_header(topology, config_.gateway, own_address_.identity, config_.acks.average_ack_delay));
  PlannedAck planned;
  planned.expected_delay = mixing_time(header.route);
  NYM_TRY(auto first_hop, endpoint_of(header.route.first().address));
  planned.ack.first_hop = wire::encode_address_19(first_hop);
  auto iv = draw_array<16>(*secrets_);
  planned.ack.packet = suite_.seal({std::move(header), wire::payload_bytes(wire::PacketSize::ack),
                                    sphinx::AckPayload{config_.keys.ack, iv, id.to_bytes()}});
  return planned;
}

Result<SealedPacket> PacketFactory::forward(const topology::Snapshot& topology, const wire::Recipient& recipient,
                                            const PreparedFragment& fragment, wire::PacketSize size,
                                            Duration mean_hop_delay) {
  NYM_TRY(auto ack, plan_ack(topology, fragment.id));
  NYM_TRY(auto header, plan_header(topology, recipient.gateway, recipient.identity, mean_hop_delay));
  NYM_TRY(auto first_hop, endpoint_of(header.route.first().address));
  SealedPacket sealed{first_hop, size, {}, mixing_time(header.route) + ack.expected_delay};
  sphinx::FragmentPayload payload{std::move(ack.ack), crypto::X25519PrivateKey::generate(*secrets_),
                                  recipient.encryption, fragment.bytes};
  sealed.packet = suite_.seal({std::move(header), wire::payload_bytes(size), std::move(payload)});
  return sealed;
}

Result<SealedPacket> PacketFactory::to_recipient(const topology::Snapshot& topology, const wire::Recipient& recipient,
                                                 const PreparedFragment& fragment, wire::PacketSize size) {
  return forward(topology, recipient, fragment, size, config_.traffic.average_packet_delay);
}

Result<SealedPacket> PacketFactory::cover(const topology::Snapshot& topology, wire::PacketSize size,
                                          Duration mean_hop_delay) {
  PreparedFragment fragment{wire::FragmentId::cover(), wire::cover_fragment(wire::fragment_bytes(size))};
  return forward(topology, own_address_, fragment, size, mean_hop_delay);
}

Result<SealedPacket> PacketFactory::drop_cover(const topology::Snapshot& topology, wire::PacketSize size) {
  NYM_TRY_VOID(topology::check_routable(topology));
  const auto& gateway = topology.gateways[draw_below(*routes_, topology.gateways.size())];
  NYM_TRY(auto header,
          plan_header(topology, gateway.identity, own_address_.identity, config_.traffic.average_packet_delay));
  header.destination = {draw_array<sphinx::kDestination>(*secrets_)};  // says nothing about the sender
  NYM_TRY(auto first_hop, endpoint_of(header.route.first().address));
  Duration expected = mixing_time(header.route);
  sphinx::AckPayload nothing{draw_secret<16>(*secrets_), {}, {}};
  return SealedPacket{first_hop, size, suite_.seal({std::move(header), wire::payload_bytes(size), std::move(nothing)}),
                      expected};
}

Result<SealedPacket> PacketFactory::on_surb(const topology::Snapshot& topology, const sphinx::ReplySurb& surb,
                                            const PreparedFragment& fragment, wire::PacketSize size) {
  NYM_TRY(auto ack, plan_ack(topology, fragment.id));
  // The delays inside a SURB are its maker's secret: estimated by the mean, in whole milliseconds (02 §8).
  Duration estimate = Duration::milliseconds(config_.traffic.average_packet_delay.whole_ms() * 3) + ack.expected_delay;
  sphinx::ReplyPayload payload{std::move(ack.ack), fragment.bytes};
  NYM_TRY(auto reply, suite_.seal_reply(surb, std::move(payload), wire::payload_bytes(size)));
  NYM_TRY(auto first_hop, endpoint_of(reply.first_hop));
  return SealedPacket{first_hop, size, std::move(reply.packet), estimate};
}

Result<PacketFactory::NewSurb> PacketFactory::reply_surb(const topology::Snapshot& topology) {
  NYM_TRY(auto header,
          plan_header(topology, config_.gateway, own_address_.identity, config_.traffic.average_packet_delay));
  auto key = draw_secret<16>(*secrets_);
  auto surb = suite_.make_reply_surb({std::move(header), key});
  return NewSurb{std::move(key), surb};
}

}  // namespace nym::client
