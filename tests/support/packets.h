#pragma once

#include "engine/sphinx/real_suite.h"
#include "engine/topology/topology.h"
#include "engine/wire/packet_size.h"
#include "engine/wire/routing_address.h"
#include "sim/kernel/seeded_random.h"

namespace nym::test {

/// Keys and addresses of a mixnode a layer and one gateway, for packets made by hand.
struct SmallNetwork {
  explicit SmallNetwork(std::uint64_t seed) : random(seed) {
    for (std::uint8_t i = 0; i < 4; ++i) {
      keys.push_back(crypto::X25519KeyPair::generate(random));
      endpoints.push_back({Ipv4{{10, 0, 0, static_cast<std::uint8_t>(i + 1)}}, 1789});
    }
  }

  /// A route from layer `first` on (0 to 3) to the gateway.
  sphinx::HeaderPlan header(std::size_t first, sphinx::HopDelay delay) {
    sphinx::HeaderPlan plan;
    for (std::size_t i = first; i < keys.size(); ++i) {
      plan.route.push_back({{wire::encode_address_32(endpoints[i])}, keys[i].public_key, delay});
    }
    plan.destination.bytes[0] = 7;
    plan.initial_secret = draw_secret<32>(random);
    plan.final_padding.resize(sphinx::final_padding_size(plan.route.size()));
    random.fill(plan.final_padding);
    return plan;
  }

  /// A whole regular data packet with its acknowledgement inside.
  Blob packet(std::size_t first, sphinx::HopDelay delay, std::size_t fragment_bytes = 100) {
    sphinx::AckPayload ack_payload{draw_secret<16>(random), draw_array<16>(random), {}};
    sphinx::SurbAck ack{wire::encode_address_19(endpoints[0]),
                        suite.seal({header(0, {}), wire::payload_bytes(wire::PacketSize::ack), ack_payload})};
    Bytes fragment(fragment_bytes, 0x5a);
    auto padded = Blob::with_zero_tail(fragment, wire::fragment_bytes(wire::PacketSize::regular));
    auto recipient = crypto::X25519KeyPair::generate(random);
    sphinx::FragmentPayload payload{ack, crypto::X25519PrivateKey::generate(random), recipient.public_key, padded};
    return suite.seal({header(first, delay), wire::payload_bytes(wire::PacketSize::regular), payload});
  }

  sim::SeededRandom random;
  sphinx::RealSuite suite;
  std::vector<crypto::X25519KeyPair> keys;
  std::vector<Endpoint> endpoints;
};

}  // namespace nym::test
