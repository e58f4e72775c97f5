#pragma once

#include "engine/sphinx/suite.h"
#include "sim/model/node_book.h"

namespace nym::sim {

/// Decisions without cryptography: the plan itself stands in the 348 header bytes, payloads stay clear and sparse, and
/// checksums take the place of MACs. Same sizes, same verdicts and same order of events as RealSuite; no secrecy at
/// all. What it seals stays a plan, in a fifth of the memory, as long as nobody asks for bytes. It outlives its
/// packets. Simulator only.
class ModelSuite final : public sphinx::Suite {
 public:
  Blob seal(sphinx::PacketPlan plan) const override;
  using Suite::peel;
  Result<sphinx::Peeled> peel(const Blob& packet, const crypto::X25519KeyPair& node_key,
                              sphinx::NodeRule rule) const override;
  sphinx::ReplySurb make_reply_surb(const sphinx::ReplySurbPlan& plan) const override;
  sphinx::SurbKey reply_key(const sphinx::ReplySurb& surb) const override;
  Result<sphinx::ReplyPacket> seal_reply(const sphinx::ReplySurb& surb, sphinx::ReplyPayload payload,
                                         std::size_t payload_size) const override;
  Result<Blob> open_fragment(const crypto::X25519KeyPair& own, const Blob& delivered) const override;
  Result<Blob> open_reply_fragment(const sphinx::SurbKey& key, const Blob& delivered) const override;
  Result<sphinx::AckIdentifier> open_ack(const sphinx::AckKey& key, const Blob& delivered) const override;
  Blob seal_envelope(const sphinx::GatewaySharedKeys& keys, Bytes head, Blob body) const override;
  Result<Blob> open_envelope(const sphinx::GatewaySharedKeys& keys, const Blob& sealed) const override;
  void prepare(std::span<const Blob> pending) const override;
  using Suite::prepare_peel;
  void prepare_peel(std::span<const sphinx::PacketAtNode> packets) const override;

 private:
  std::shared_ptr<BlobSource> plan(const sphinx::PacketPlan& plan) const;

  mutable NodeBook book_;  ///< changes how packets are kept, and nothing else
};

}  // namespace nym::sim
