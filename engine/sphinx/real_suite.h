#pragma once

#include "engine/sphinx/suite.h"

namespace nym::sphinx {

/// The bytes of the protocol. Stateless; may be shared by threads.
class RealSuite final : public Suite {
 public:
  Blob seal(PacketPlan plan) const override;
  using Suite::peel;
  Result<Peeled> peel(const Blob& packet, const crypto::X25519KeyPair& node_key, NodeRule rule) const override;
  ReplySurb make_reply_surb(const ReplySurbPlan& plan) const override;
  SurbKey reply_key(const ReplySurb& surb) const override;
  Result<ReplyPacket> seal_reply(const ReplySurb& surb, ReplyPayload payload, std::size_t payload_size) const override;
  Result<Blob> open_fragment(const crypto::X25519KeyPair& own, const Blob& delivered) const override;
  Result<Blob> open_reply_fragment(const SurbKey& key, const Blob& delivered) const override;
  Result<AckIdentifier> open_ack(const AckKey& key, const Blob& delivered) const override;
  Blob seal_envelope(const GatewaySharedKeys& keys, Bytes head, Blob body) const override;
  Result<Blob> open_envelope(const GatewaySharedKeys& keys, const Blob& sealed) const override;
  void prepare(std::span<const Blob> pending) const override;
  using Suite::prepare_peel;
  void prepare_peel(std::span<const PacketAtNode> packets) const override;
};

}  // namespace nym::sphinx
