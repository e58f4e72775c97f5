#pragma once

#include "engine/client/config.h"
#include "engine/client/fragmenter.h"
#include "engine/sphinx/suite.h"
#include "engine/topology/topology.h"

namespace nym::client {

/// A packet decided (route, delays, secrets drawn); its bytes are made when they are asked for.
struct SealedPacket {
  Endpoint first_hop;
  wire::PacketSize size = wire::PacketSize::regular;
  Blob packet;
  Duration expected_delay;  ///< of the packet and its acknowledgement, in mixnodes only (04 §3.8)
};

/// Decides packets: from a fragment and a topology to a plan, and its acknowledgement's plan inside (02 §8-§11).
/// Errors of all: those of topology::choose_route.
class PacketFactory {
 public:
  PacketFactory(const ClientConfig& config, const sphinx::Suite& suite, RandomSource& random);

  Result<SealedPacket> to_recipient(const topology::Snapshot& topology, const wire::Recipient& recipient,
                                    const PreparedFragment& fragment, wire::PacketSize size);
  /// Also invalid_surb and bad_address: a SURB's content came from outside.
  Result<SealedPacket> on_surb(const topology::Snapshot& topology, const sphinx::ReplySurb& surb,
                               const PreparedFragment& fragment, wire::PacketSize size);
  /// A loop cover packet to ourselves (02 §10).
  Result<SealedPacket> cover(const topology::Snapshot& topology, wire::PacketSize size, Duration mean_hop_delay);

  /// A packet to a drawn gateway, which drops it (wire/cover.h).
  Result<SealedPacket> drop_cover(const topology::Snapshot& topology, wire::PacketSize size);

  struct NewSurb {
    sphinx::SurbKey key;
    sphinx::ReplySurb surb;
  };
  Result<NewSurb> reply_surb(const topology::Snapshot& topology);

 private:
  struct PlannedAck {
    sphinx::SurbAck ack;
    Duration expected_delay;
  };
  Result<PlannedAck> plan_ack(const topology::Snapshot& topology, const wire::FragmentId& id);
  Result<sphinx::HeaderPlan> plan_header(const topology::Snapshot& topology, const crypto::Ed25519PublicKey& gateway,
                                         const crypto::Ed25519PublicKey& destination, Duration mean_hop_delay);
  Result<SealedPacket> forward(const topology::Snapshot& topology, const wire::Recipient& recipient,
                               const PreparedFragment& fragment, wire::PacketSize size, Duration mean_hop_delay);

  const ClientConfig& config_;
  const sphinx::Suite& suite_;
  std::unique_ptr<RandomSource> secrets_;
  std::unique_ptr<RandomSource> routes_;
  wire::Recipient own_address_;
};

}  // namespace nym::client
