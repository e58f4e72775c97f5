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

// Null for a blob whose bytes are there.
std::shared_ptr<RealPending> pending_source(const Blob& blob) {
  if (!blob.is_pending()) return nullptr;
  auto pending = std::dynamic_pointer_cast<RealPending>(blob.source());
  NYM_CHECK(pending != nullptr);
  return pending;
}

// Puts a blob behind what is nested in it. Returns how many levels it takes.
std::size_t place(const Blob& blob, std::vector<Level>& levels) {
  auto pending = pending_source(blob);
  if (pending == nullptr) return 0;
  const Blob* inner = pending->inner();
  std::size_t level = inner == nullptr ? 0 : place(*inner, levels);
  if (levels.size() <= level) levels.resize(level + 1);
  levels[level].push_back(std::move(pending));
  return level + 1;
}

// A chain depends on nothing that is nested: those of all levels are derived together.
void derive_chains(std::span<RealPending* const> all) {
  std::vector<RealPending*> wanting;
  std::vector<std::vector<crypto::X25519PublicKey>> keys;
  for (auto* pending : all) {
    const HeaderPlan* plan = pending->wanted_chain();
    if (plan == nullptr) continue;
    wanting.push_back(pending);
    keys.push_back(keys_along(plan->route));
  }
  std::vector<ChainStart> starts;
  starts.reserve(wanting.size());
  for (std::size_t i = 0; i < wanting.size(); ++i) {
    const HeaderPlan& plan = *wanting[i]->wanted_chain();
    starts.push_back({plan.initial_secret.expose(), keys[i], chain_form(plan.route, plan.number)});
  }
  auto chains = derive_key_chains(starts);
  for (std::size_t i = 0; i < wanting.size(); ++i) wanting[i]->give_chain(std::move(chains[i]));
}

// For one that is made by itself: what is nested in it is wanted next.
void derive_chains_of(RealPending& outermost) {
  std::vector<RealPending*> all{&outermost};
  const Blob* inner = outermost.inner();
  while (inner != nullptr && inner->is_pending()) {
    all.push_back(pending_source(*inner).get());
    inner = all.back()->inner();
  }
  derive_chains(all);
}

}  // namespace

const Blob* PendingPacket::inner() const {
  if (!plan_) return nullptr;
  const auto* fragment = std::get_if<FragmentPayload>(&plan_->payload);
  return fragment == nullptr ? nullptr : &fragment->ack.packet;
}

Bytes PendingPacket::compute() {
  if (!chain_) derive_chains_of(*this);
  Bytes plaintext = std::visit([](const auto& payload) { return plaintext_of(payload); }, plan_->payload);
  auto packet = make_packet(plan_->header, *chain_, plaintext, plan_->payload_size);
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
  std::vector<RealPending*> all;
  for (const auto& level : levels) {
    for (const auto& pending : level) all.push_back(pending.get());
  }
  derive_chains(all);
  for (auto* pending : all) pending->make();
}

}  // namespace nym::sphinx
