#include "engine/sphinx/pending.h"

#include <algorithm>

#include "engine/base/check.h"

namespace nym::sphinx {
namespace {

// What travels in front of a fragment (02 §8): the way home of its acknowledgement.
Bytes behind_ack(const SurbAck& ack, ByteView sealed_fragment) {
  return ByteWriter(kSurbAck + sealed_fragment.size())
      .put(ack.first_hop)
      .put(ack.packet.to_bytes())
      .put(sealed_fragment)
      .finish();
}

Bytes plaintext_of(const AckPayload& ack) {
  return to_bytes(seal_ack(ack.key, ack.iv, ack.id));
}

Bytes plaintext_of(const FragmentPayload& payload) {
  return behind_ack(payload.ack, seal_fragment(payload.ephemeral, payload.recipient, payload.fragment.to_bytes()));
}

// One level of nesting: nothing in it contains another of the same level.
using Level = std::vector<std::shared_ptr<RealPending>>;

// Puts a blob behind what is nested in it. Returns how many levels it takes.
std::size_t place(const Blob& blob, std::vector<Level>& levels) {
  if (!blob.is_pending()) return 0;
  auto pending = std::dynamic_pointer_cast<RealPending>(blob.source());
  NYM_CHECK(pending != nullptr);
  const Blob* inner = pending->inner();
  std::size_t level = inner == nullptr ? 0 : place(*inner, levels);
  if (levels.size() <= level) levels.resize(level + 1);
  levels[level].push_back(std::move(pending));
  return level + 1;
}

void derive_chains(const Level& level) {
  std::vector<RealPending*> wanting;
  std::vector<std::vector<crypto::X25519PublicKey>> keys;
  for (const auto& pending : level) {
    const HeaderPlan* plan = pending->wanted_chain();
    if (plan == nullptr) continue;
    wanting.push_back(pending.get());
    keys.push_back(keys_along(plan->route));
  }
  std::vector<ChainStart> starts;
  starts.reserve(wanting.size());
  for (std::size_t i = 0; i < wanting.size(); ++i) {
    starts.push_back({.initial_secret = wanting[i]->wanted_chain()->initial_secret.expose(), .hop_keys = keys[i]});
  }
  auto chains = derive_key_chains(starts);
  for (std::size_t i = 0; i < wanting.size(); ++i) wanting[i]->give_chain(std::move(chains[i]));
}

}  // namespace

const Blob* PendingPacket::inner() const {
  if (!plan_) return nullptr;
  const auto* fragment = std::get_if<FragmentPayload>(&plan_->payload);
  return fragment == nullptr ? nullptr : &fragment->ack.packet;
}

Bytes PendingPacket::compute() {
  const HeaderPlan& header = plan_->header;
  if (!chain_) chain_ = derive_key_chain(header.initial_secret.expose(), keys_along(header.route));
  Bytes plaintext = std::visit([](const auto& payload) { return plaintext_of(payload); }, plan_->payload);
  auto packet = make_packet(header, *chain_, plaintext, plan_->payload_size);
  NYM_CHECK(packet.has_value());
  plan_.reset();
  chain_.reset();
  return *std::move(packet);
}

Bytes PendingReply::compute() {
  Bytes plaintext = behind_ack(payload_.ack, seal_reply_fragment(key_, payload_.fragment.to_bytes()));
  auto packet = use_surb(surb_, plaintext, payload_size_);
  NYM_CHECK(packet.has_value());
  payload_ = {};
  return *std::move(packet);
}

Bytes PendingEnvelope::compute() {
  Bytes sealed = seal_joined(keys_, head_, body_);
  body_ = {};
  return sealed;
}

Bytes seal_joined(const GatewaySharedKeys& keys, ByteView head, const Blob& body) {
  return seal_envelope(keys, ByteWriter(head.size() + body.size()).put(head).put(body.to_bytes()).finish());
}

void make_pending(std::span<const Blob> blobs) {
  std::vector<Level> levels;
  for (const auto& blob : blobs) place(blob, levels);
  for (const auto& level : levels) {
    derive_chains(level);
    for (const auto& pending : level) pending->make();
  }
}

}  // namespace nym::sphinx
