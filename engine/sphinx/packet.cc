#include "engine/sphinx/packet.h"

#include <algorithm>

#include "engine/crypto/constant_time.h"
#include "engine/crypto/hash.h"
#include "engine/sphinx/payload.h"
#include "engine/sphinx/payload_key.h"

namespace nym::sphinx {
namespace {

constexpr std::string_view kReplayTagPrefix = "nym sphinx replay tag v1";

// A packet whose header is read; of a forward header, alpha is missing until `blind`.
struct Opened {
  ByteView packet;
  ReplayTag tag;
  PeeledHeader header;
};

bool is_long_enough(ByteView packet) {
  return packet.size() >= kPacketOverhead;
}

ReplayTag tag_of(const Secret<32>& shared_secret, const RoutingKeys& keys, ReplayTagForm form) {
  return form == ReplayTagForm::own_hash ? replay_tag(shared_secret.expose()) : replay_tag(keys);
}

Result<Opened> open(ByteView packet, const Secret<32>& shared_secret, NodeRule rule) {
  if (crypto::is_all_zero(shared_secret.expose())) {
    return fail(SphinxError::zero_secret, "the key agreement gave nothing but zeros");
  }
  NYM_TRY(PeeledHeader header, open_header(packet.first<kHeader>(), shared_secret.expose(), rule));
  ReplayTag tag = tag_of(shared_secret, header.keys, replay_tag_form(rule));
  return Opened{.packet = packet, .tag = tag, .header = std::move(header)};
}

std::vector<Result<Opened>> open_all(std::span<const PeelTask> tasks) {
  std::vector<crypto::Multiplication> agreements;
  agreements.reserve(tasks.size());
  for (const auto& [packet, node_key, rule] : tasks) {
    if (is_long_enough(packet)) agreements.push_back({.scalar = node_key.expose(), .point = packet.first<32>()});
  }
  crypto::multiply_all(agreements);

  std::vector<Result<Opened>> opened;
  opened.reserve(tasks.size());
  auto agreement = agreements.begin();
  for (const auto& [packet, node_key, rule] : tasks) {
    if (is_long_enough(packet)) {
      opened.push_back(open(packet, (agreement++)->product, rule));
    } else {
      opened.push_back(fail(SphinxError::invalid_packet, "packet is too short"));
    }
  }
  return opened;
}

ForwardHeader* forward_header(Result<Opened>& opened) {
  return opened ? std::get_if<ForwardHeader>(&opened->header.hop) : nullptr;
}

void blind(std::span<Result<Opened>> all) {
  std::vector<Secret<32>> scalars;
  std::vector<crypto::Multiplication> blindings;
  scalars.reserve(all.size());  // so that views of its elements stay valid
  blindings.reserve(all.size());
  for (auto& opened : all) {
    if (forward_header(opened) == nullptr) continue;
    scalars.push_back(blinding_scalar(opened->header.keys, opened->header.arithmetic.blinding));
    blindings.push_back({.scalar = scalars.back().expose(), .point = opened->packet.first<32>()});
  }
  crypto::multiply_all(blindings);

  auto blinding = blindings.begin();
  for (auto& opened : all) {
    if (auto* forward = forward_header(opened)) {
      std::ranges::copy((blinding++)->product.expose(), forward->header.begin());
    }
  }
}

Result<PeeledPacket> open_payload(Result<Opened> opened) {
  if (!opened) return std::unexpected(std::move(opened).error());
  Bytes payload = to_bytes(opened->packet.subspan(kHeader));
  if (payload.size() <= crypto::kLionessMinimum) return fail(SphinxError::invalid_payload, "payload is too short");
  if (opened->header.arithmetic.payload_key == PayloadKeyForm::full) {
    crypto::lioness_decrypt(opened->header.keys.payload, payload);
  } else {
    crypto::lioness_decrypt(expand_payload_seed(payload_seed(opened->header.keys)), payload);
  }
  return PeeledPacket{opened->tag, opened->header.hop, std::move(payload), opened->header.number};
}

}  // namespace

Result<Bytes> make_packet(const HeaderPlan& plan, ByteView plaintext, std::size_t payload_size) {
  if (plan.route.size() == 0) return fail(SphinxError::invalid_routing, "a route needs a hop");
  return make_packet(plan, derive_key_chain(plan), plaintext, payload_size);
}

Result<Bytes> make_packet(const HeaderPlan& plan, const KeyChain& chain, ByteView plaintext, std::size_t payload_size) {
  NYM_TRY(Header header, make_header(plan, chain));
  NYM_TRY(Bytes payload, encapsulate_payload(plaintext, header.payload_keys, payload_size));
  return ByteWriter(kHeader + payload_size).put(header.bytes).put(payload).finish();
}

ReplayTag replay_tag(FixedView<32> shared_secret) {
  Bytes message = ByteWriter(64).put(as_bytes(kReplayTagPrefix)).put(shared_secret).finish();
  ReplayTag tag{to_array<16>(crypto::blake3(message))};
  wipe(message);
  return tag;
}

// What HKDF gives is a hash already; half of it is enough to tell a packet from its replays.
ReplayTag replay_tag(const RoutingKeys& keys) {
  return {to_array<16>(keys.replay_tag.expose())};
}

std::vector<Result<PeeledPacket>> peel_packets(std::span<const PeelTask> tasks) {
  auto all = open_all(tasks);
  blind(all);
  std::vector<Result<PeeledPacket>> peeled;
  peeled.reserve(all.size());
  for (auto& opened : all) peeled.push_back(open_payload(std::move(opened)));
  return peeled;
}

Result<PeeledPacket> peel_packet(ByteView packet, const crypto::X25519PrivateKey& node_key, NodeRule rule) {
  PeelTask task{packet, node_key, rule};
  return std::move(peel_packets({&task, 1}).front());
}

}  // namespace nym::sphinx
