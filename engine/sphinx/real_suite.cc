#include "engine/sphinx/real_suite.h"

#include "engine/base/check.h"
#include "engine/sphinx/payload.h"
#include "engine/sphinx/pending.h"

namespace nym::sphinx {
namespace {

// What Blob::prepared holds after prepare_peel.
struct PeeledAhead {
  crypto::X25519PublicKey key;
  NodeRule rule;
  Result<Peeled> peeled;
};

const PeeledAhead* peeled_ahead(const Blob& packet, const crypto::X25519PublicKey& key, NodeRule rule) {
  const auto* ahead = static_cast<const PeeledAhead*>(packet.prepared().get());
  return ahead != nullptr && ahead->key == key && ahead->rule == rule ? ahead : nullptr;
}

// All bytes of a blob; copied only if some of them are not stored.
class AllBytes {
 public:
  explicit AllBytes(const Blob& blob) : blob_(blob) {
    if (blob_.stored().size() != blob_.size()) filled_ = blob_.to_bytes();
  }
  ByteView view() const { return filled_ ? ByteView(*filled_) : blob_.stored(); }

 private:
  Blob blob_;  // keeps what `stored` points to
  std::optional<Bytes> filled_;
};

Result<Peeled> suite_form(Result<PeeledPacket> result) {
  NYM_TRY(PeeledPacket packet, std::move(result));
  if (const auto* forward = std::get_if<ForwardHeader>(&packet.hop)) {
    Bytes bytes = ByteWriter(kHeader + packet.payload.size()).put(forward->header).put(packet.payload).finish();
    return Peeled{packet.tag, ForwardPacket{forward->next, forward->delay, Blob(std::move(bytes))}, packet.number};
  }
  NYM_TRY(Bytes plaintext, recover_plaintext(packet.payload));
  FinalPacket last{std::get<FinalHeader>(packet.hop).destination, Blob(std::move(plaintext))};
  return Peeled{packet.tag, std::move(last), packet.number};
}

}  // namespace

Blob RealSuite::seal(PacketPlan plan) const {
  check_header_plan(plan.header);
  auto plaintext = std::visit([](const auto& payload) { return plaintext_size(payload); }, plan.payload);
  check_payload_fits(plaintext, plan.payload_size);
  std::size_t size = kHeader + plan.payload_size;
  return Blob::pending(std::make_shared<PendingPacket>(std::move(plan)), size);
}

Result<Peeled> RealSuite::peel(const Blob& packet, const crypto::X25519KeyPair& node_key, NodeRule rule) const {
  if (const auto* ahead = peeled_ahead(packet, node_key.public_key, rule)) return ahead->peeled;
  return suite_form(peel_packet(AllBytes(packet).view(), node_key.secret, rule));
}

ReplySurb RealSuite::make_reply_surb(const ReplySurbPlan& plan) const {
  check_reply_surb_plan(plan);
  auto surb = Surb::make(plan.header);
  NYM_CHECK(surb.has_value());
  Bytes block = surb->serialise();
  return {ByteWriter(SurbKey::kSize + block.size()).put(plan.key.expose()).put(block).finish(), plan.rotation};
}

SurbKey RealSuite::reply_key(const ReplySurb& surb) const {
  NYM_CHECK(surb.bytes.size() >= SurbKey::kSize);
  return SurbKey(ByteView(surb.bytes).first<SurbKey::kSize>());
}

Result<ReplyPacket> RealSuite::seal_reply(const ReplySurb& surb, ReplyPayload payload, std::size_t payload_size) const {
  NYM_TRY_VOID(validate_reply_size(payload, payload_size));
  if (surb.bytes.size() < SurbKey::kSize) return fail(SphinxError::invalid_surb, "reply block is too short");
  NYM_TRY(Surb parsed, Surb::parse(ByteView(surb.bytes).subspan(SurbKey::kSize)));
  NodeAddress first_hop = parsed.first_hop;
  auto pending = std::make_shared<PendingReply>(reply_key(surb), std::move(parsed), std::move(payload), payload_size);
  return ReplyPacket{first_hop, Blob::pending(std::move(pending), kHeader + payload_size)};
}

Result<Blob> RealSuite::open_fragment(const crypto::X25519KeyPair& own, const Blob& delivered) const {
  NYM_TRY(Bytes fragment, sphinx::open_fragment(own.secret, AllBytes(delivered).view()));
  return Blob(std::move(fragment));
}

Result<Blob> RealSuite::open_reply_fragment(const SurbKey& key, const Blob& delivered) const {
  NYM_TRY(Bytes fragment, sphinx::open_reply_fragment(key, AllBytes(delivered).view()));
  return Blob(std::move(fragment));
}

Result<AckIdentifier> RealSuite::open_ack(const AckKey& key, const Blob& delivered) const {
  if (delivered.size() != kAckPlaintext) return fail(SphinxError::too_short, "not the size of an acknowledgement");
  return sphinx::open_ack(key, *delivered.first<kAckPlaintext>());
}

Blob RealSuite::seal_envelope(const GatewaySharedKeys& keys, Bytes head, Blob body) const {
  if (!body.is_pending()) return Blob(seal_joined(keys, head, body));
  std::size_t size = kEnvelopeMac + head.size() + body.size();
  return Blob::pending(std::make_shared<PendingEnvelope>(keys, std::move(head), std::move(body)), size);
}

Result<Blob> RealSuite::open_envelope(const GatewaySharedKeys& keys, const Blob& sealed) const {
  NYM_TRY(Bytes plaintext, sphinx::open_envelope(keys, AllBytes(sealed).view()));
  return Blob(std::move(plaintext));
}

void RealSuite::prepare(std::span<const Blob> pending) const {
  make_pending(pending);
}

void RealSuite::prepare_peel(std::span<const PacketAtNode> packets) const {
  std::vector<const PacketAtNode*> unpeeled;
  std::vector<AllBytes> contents;
  for (const auto& one : packets) {
    if (peeled_ahead(one.packet, one.node_key->public_key, one.rule) != nullptr) continue;
    unpeeled.push_back(&one);
    contents.emplace_back(one.packet);
  }
  std::vector<PeelTask> tasks;
  tasks.reserve(contents.size());
  for (std::size_t i = 0; i < contents.size(); ++i) {
    tasks.push_back({contents[i].view(), unpeeled[i]->node_key->secret, unpeeled[i]->rule});
  }
  auto peeled = peel_packets(tasks);
  for (std::size_t i = 0; i < unpeeled.size(); ++i) {
    const auto& [packet, node_key, rule] = *unpeeled[i];
    packet.prepared() =
        std::make_shared<const PeeledAhead>(PeeledAhead{node_key->public_key, rule, suite_form(std::move(peeled[i]))});
  }
}

}  // namespace nym::sphinx
