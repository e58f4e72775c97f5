#include "sim/model/model_suite.h"

#include <algorithm>

#include "engine/base/check.h"
#include "sim/model/mixing.h"
#include "sim/model/model_header.h"
#include "sim/model/model_payload.h"

namespace nym::sim {
namespace {

using sphinx::SphinxError;

constexpr std::size_t kKeyField = sphinx::kFragmentKeyField;
using KeyField = ByteArray<kKeyField>;
using EnvelopeTag = ByteArray<sphinx::kEnvelopeMac>;

ByteArray<sphinx::kAckPlaintext> scramble_ack(const sphinx::AckKey& key, ByteArray<sphinx::kAckPlaintext> ack) {
  auto [iv, id] = std::pair(ByteView(ack).first<16>(), MutableByteView(ack).subspan<16>());
  scramble(checksum(checksum(seed(Purpose::ack), key.expose()), iv), id);
  return ack;
}

// A number for the sender's ephemeral key, then what only the recipient's own key gives together with it.
KeyField ordinary_key_field(std::uint64_t ephemeral, const crypto::X25519PublicKey& recipient) {
  KeyField out{};
  std::uint64_t shared = mix(mix(seed(Purpose::key_field), ephemeral), fingerprint(recipient));
  store_be(ephemeral, std::span(out).first<8>());
  scramble(shared, MutableByteView(out).subspan(8));
  return out;
}

Bytes plaintext_of_ack(const sphinx::AckPayload& payload) {
  ByteArray<sphinx::kAckPlaintext> ack{};
  std::ranges::copy(payload.id, std::ranges::copy(payload.iv, ack.begin()).out);
  return to_bytes(scramble_ack(payload.key, ack));
}

Bytes plaintext_behind_ack(const sphinx::SurbAck& ack, const KeyField& key_field, const Blob& fragment) {
  ByteView stored = fragment.stored();
  return ByteWriter(sphinx::kSurbAck + key_field.size() + stored.size())
      .put(ack.first_hop)
      .put(ack.packet.to_bytes())
      .put(key_field)
      .put(stored)
      .finish();
}

Bytes stored_plaintext(const sphinx::AckPayload& payload) {
  return plaintext_of_ack(payload);
}

Bytes stored_plaintext(const sphinx::FragmentPayload& payload) {
  auto ephemeral = checksum(seed(Purpose::ephemeral), payload.ephemeral.expose());
  return plaintext_behind_ack(payload.ack, ordinary_key_field(ephemeral, payload.recipient), payload.fragment);
}

Bytes stored_plaintext(const sphinx::ReplyPayload& payload, const sphinx::SurbKey& key) {
  return plaintext_behind_ack(payload.ack, sphinx::digest_of(key).bytes, payload.fragment);
}

// What decryption with a wrong key gives.
Blob garbage(std::uint64_t key, const Blob& fragment) {
  Bytes bytes = fragment.to_bytes();
  scramble(mix(seed(Purpose::garbage), key), bytes);
  return Blob(std::move(bytes));
}

// key 16 ‖ header 348 ‖ first hop 32 ‖ where the payload keys would be: a number for the header, then zeros.
struct SurbParts {
  ModelHeader header;
  sphinx::NodeAddress first_hop;
  PayloadState payload_keys;
};

constexpr std::size_t kHeaderAt = 16;
constexpr std::size_t kFirstHopAt = kHeaderAt + sphinx::kHeader;
constexpr std::size_t kPayloadKeysAt = kFirstHopAt + sphinx::kNodeAddress;

SurbParts split(const sphinx::ReplySurb& surb) {
  ByteView bytes = surb.bytes;
  ModelHeader header(to_array<sphinx::kHeader>(bytes.subspan(kHeaderAt)));
  auto payload_keys = bytes.subspan<kPayloadKeysAt>();
  bool intact = load_be<std::uint64_t>(payload_keys.first<8>()) == header.surb_seed() &&
                std::ranges::all_of(payload_keys.subspan<8>(), [](auto byte) { return byte == 0; });
  return {.header = header,
          .first_hop = {to_array<sphinx::kNodeAddress>(bytes.subspan(kFirstHopAt))},
          .payload_keys = intact ? PayloadState::intact : PayloadState::damaged};
}

EnvelopeTag envelope_tag(const sphinx::GatewaySharedKeys& keys, const Blob& content) {
  auto key = checksum(seed(Purpose::envelope), keys.mac.expose());
  auto sum = checksum(mix(key, content.size()), content.stored());
  EnvelopeTag tag{};
  scramble(mix(seed(Purpose::envelope_word), sum), tag);
  return tag;
}

}  // namespace

Blob ModelSuite::seal(sphinx::PacketPlan plan) const {
  check_header_plan(plan.header);
  auto header = ModelHeader::make(plan.header);
  return std::visit(
      [&](const auto& payload) {
        auto size = sphinx::plaintext_size(payload);
        sphinx::check_payload_fits(size, plan.payload_size);
        return join_packet(header, stored_plaintext(payload), size, plan.payload_size, PayloadState::intact);
      },
      plan.payload);
}

Result<sphinx::Peeled> ModelSuite::peel(const Blob& packet, const crypto::X25519KeyPair& node_key) const {
  if (packet.size() < sphinx::kPacketOverhead) return fail(SphinxError::invalid_packet, "packet is too short");
  ModelHeader header(*packet.first<sphinx::kHeader>());
  if (!header.is_authentic(node_key.public_key)) return fail(SphinxError::invalid_header, "the header does not match");
  Blob payload = packet.slice(sphinx::kHeader);
  if (payload.size() <= crypto::kLionessMinimum) return fail(SphinxError::invalid_payload, "payload is too short");

  auto state = payload_state(header, payload);
  if (!header.is_final()) {
    ByteView stored = payload.stored();
    auto next = header.for_next_hop(state);
    Bytes bytes = ByteWriter(sphinx::kHeader + stored.size()).put(next.bytes()).put(stored).finish();
    Blob forwarded = Blob::with_zero_tail(std::move(bytes), packet.size());
    return sphinx::Peeled{header.replay_tag(),
                          sphinx::ForwardPacket{header.next_address(), header.delay(), std::move(forwarded)}};
  }
  if (state == PayloadState::damaged) return fail(SphinxError::invalid_payload, "the payload was damaged");
  return sphinx::Peeled{header.replay_tag(), sphinx::FinalPacket{header.destination(), plaintext_of(payload)}};
}

sphinx::ReplySurb ModelSuite::make_reply_surb(const sphinx::ReplySurbPlan& plan) const {
  check_header_plan(plan.header);
  NYM_CHECK(plan.header.route.size() == sphinx::kReplySurbHops);
  auto header = ModelHeader::make(plan.header);
  Bytes bytes = ByteWriter(sphinx::kReplySurb)
                    .put(plan.key.expose())
                    .put(header.bytes())
                    .put(plan.header.route.first().address.bytes)
                    .put_be(header.surb_seed())
                    .finish();
  sphinx::ReplySurb surb;
  std::ranges::copy(bytes, surb.bytes.begin());
  return surb;
}

sphinx::SurbKey ModelSuite::reply_key(const sphinx::ReplySurb& surb) const {
  return sphinx::SurbKey(std::span(surb.bytes).first<sphinx::SurbKey::kSize>());
}

Result<sphinx::ReplyPacket> ModelSuite::seal_reply(const sphinx::ReplySurb& surb, sphinx::ReplyPayload payload,
                                                   std::size_t payload_size) const {
  NYM_TRY_VOID(sphinx::validate_reply_size(payload, payload_size));
  auto parts = split(surb);
  auto plaintext = stored_plaintext(payload, reply_key(surb));
  Blob packet = join_packet(parts.header, plaintext, sphinx::plaintext_size(payload), payload_size, parts.payload_keys);
  return sphinx::ReplyPacket{parts.first_hop, std::move(packet)};
}

Result<Blob> ModelSuite::open_fragment(const crypto::X25519KeyPair& own, const Blob& delivered) const {
  auto key_field = delivered.first<kKeyField>();
  if (!key_field) return fail(SphinxError::too_short, "no room for an ephemeral key");
  Blob fragment = delivered.slice(kKeyField);
  auto ephemeral = load_be<std::uint64_t>(FixedView<kKeyField>(*key_field).first<8>());
  if (*key_field == ordinary_key_field(ephemeral, own.public_key)) return fragment;
  return garbage(checksum(fingerprint(own.public_key), *key_field), fragment);
}

Result<Blob> ModelSuite::open_reply_fragment(const sphinx::SurbKey& key, const Blob& delivered) const {
  auto key_field = delivered.first<kKeyField>();
  if (!key_field) return fail(SphinxError::too_short, "no room for a key digest");
  Blob fragment = delivered.slice(kKeyField);
  if (*key_field == sphinx::digest_of(key).bytes) return fragment;
  return garbage(checksum(seed(Purpose::garbage), key.expose()), fragment);
}

Result<sphinx::AckIdentifier> ModelSuite::open_ack(const sphinx::AckKey& key, const Blob& delivered) const {
  if (delivered.size() != sphinx::kAckPlaintext) {
    return fail(SphinxError::too_short, "not the size of an acknowledgement");
  }
  auto ack = scramble_ack(key, *delivered.first<sphinx::kAckPlaintext>());
  return to_array<sizeof(sphinx::AckIdentifier)>(ByteView(ack).subspan<16>());
}

Blob ModelSuite::seal_envelope(const sphinx::GatewaySharedKeys& keys, Bytes head, Blob body) const {
  ByteView stored = body.stored();
  std::size_t size = sphinx::kEnvelopeMac + head.size() + body.size();
  Bytes bytes = ByteWriter(sphinx::kEnvelopeMac + head.size() + stored.size())
                    .put_zeros(sphinx::kEnvelopeMac)
                    .put(head)
                    .put(stored)
                    .finish();
  std::size_t content_size = size - sphinx::kEnvelopeMac;
  auto tag = envelope_tag(keys, Blob::with_zero_tail(Bytes(bytes.begin() + 32, bytes.end()), content_size));
  std::ranges::copy(tag, bytes.begin());
  return Blob::with_zero_tail(std::move(bytes), size);
}

Result<Blob> ModelSuite::open_envelope(const sphinx::GatewaySharedKeys& keys, const Blob& sealed) const {
  auto tag = sealed.first<sphinx::kEnvelopeMac>();
  if (!tag) return fail(SphinxError::too_short, "no room for a MAC");
  Blob content = sealed.slice(sphinx::kEnvelopeMac);
  if (*tag != envelope_tag(keys, content)) return fail(SphinxError::bad_mac, "the envelope's tag does not match");
  return content;
}

void ModelSuite::prepare(std::span<const Blob>) const {}

void ModelSuite::prepare_peel(std::span<const Blob>, const crypto::X25519KeyPair&) const {}

}  // namespace nym::sim
