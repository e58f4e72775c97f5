#pragma once

#include "engine/sphinx/suite.h"

namespace nym::sphinx {

/// Something RealSuite has not made yet. Internal: lets many be made together, what is nested in them first.
class RealPending : public PendingBytes {
 public:
  /// What must be made before this; null when nothing is nested.
  virtual const Blob* inner() const = 0;
  /// Null unless this needs the chain of a route's keys, which `give_chain` may hand over.
  virtual const HeaderPlan* wanted_chain() const { return nullptr; }
  virtual void give_chain(KeyChain) {}
};

/// A packet by its plan. The plan goes as soon as the bytes are there. Made by itself, it shares the curve arithmetic
/// of its header with the acknowledgement nested in it.
class PendingPacket final : public RealPending {
 public:
  explicit PendingPacket(PacketPlan plan) : plan_(std::move(plan)) {}
  const Blob* inner() const override;
  const HeaderPlan* wanted_chain() const override { return plan_ && !chain_ ? &plan_->header : nullptr; }
  void give_chain(KeyChain chain) override { chain_ = std::move(chain); }

 protected:
  Bytes compute() override;

 private:
  std::optional<PacketPlan> plan_;
  std::optional<KeyChain> chain_;
};

/// A packet on somebody's SURB.
class PendingReply final : public RealPending {
 public:
  PendingReply(SurbKey key, Surb surb, ReplyPayload payload, std::size_t payload_size)
      : key_(std::move(key)), surb_(std::move(surb)), payload_(std::move(payload)), payload_size_(payload_size) {}
  const Blob* inner() const override { return &payload_.ack.packet; }

 protected:
  Bytes compute() override;

 private:
  SurbKey key_;
  Surb surb_;
  ReplyPayload payload_;
  std::size_t payload_size_;
};

/// An envelope around a body that was itself pending.
class PendingEnvelope final : public RealPending {
 public:
  PendingEnvelope(GatewaySharedKeys keys, Bytes head, Blob body)
      : keys_(std::move(keys)), head_(std::move(head)), body_(std::move(body)) {}
  const Blob* inner() const override { return &body_; }

 protected:
  Bytes compute() override;

 private:
  GatewaySharedKeys keys_;
  Bytes head_;
  Blob body_;
};

/// head ‖ body under the keys, with a zero IV.
Bytes seal_joined(const GatewaySharedKeys& keys, ByteView head, const Blob& body);

/// Makes everything, what is nested first, after all curve arithmetic of headers has been done together.
void make_pending(std::span<const Blob> blobs);

}  // namespace nym::sphinx
