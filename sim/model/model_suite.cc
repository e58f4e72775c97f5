#include "sim/model/model_suite.h"

#include <algorithm>

#include "engine/base/check.h"
#include "sim/model/lazy_bytes.h"
#include "sim/model/mixing.h"
#include "sim/model/model_header.h"
#include "sim/model/planned_packet.h"

namespace nym::sim {
namespace {

using sphinx::SphinxError;

constexpr std::size_t kKeyField = sphinx::kFragmentKeyField;

Blob write_packet(const PacketShape& shape, const sphinx::AckPayload& payload) {
  return write_packet(shape, ack_bytes(payload));
}

Blob write_packet(const PacketShape& shape, const sphinx::FragmentPayload& payload) {
  auto ephemeral = digest(seed(Purpose::ephemeral), payload.ephemeral.expose());
  auto key_field = ordinary_key_field(ephemeral, fingerprint(payload.recipient));
  return write_packet(shape, payload.ack, key_field, payload.fragment);
}

// What decryption with a wrong key gives.
Blob garbage(std::uint64_t key, const Blob& fragment) {
  Bytes bytes = fragment.to_bytes();
  scramble(mix(seed(Purpose::garbage), key), bytes);
  return Blob(std::move(bytes));
}

// key 16 ‖ header 348 ‖ first hop 32 ‖ where the payload keys or their seeds would be: a number for the header, then
// zeros.
struct SurbParts {
  sphinx::HeaderBytes header;  ///< with alpha's top bit as in every header
  sphinx::NodeAddress first_hop;
  PayloadState payload_keys;
};

constexpr std::size_t kHeaderAt = 16;
constexpr std::size_t kFirstHopAt = kHeaderAt + sphinx::kHeader;
constexpr std::size_t kPayloadKeysAt = kFirstHopAt + sphinx::kNodeAddress;

SurbParts split(const sphinx::ReplySurb& surb) {
  ByteView bytes = surb.bytes;
  ModelHeader header(bytes.subspan(kHeaderAt).first<sphinx::kHeader>());
  auto payload_keys = bytes.subspan(kPayloadKeysAt);
  bool intact = load_be<std::uint64_t>(payload_keys.first<8>()) == header.surb_seed() &&
                std::ranges::all_of(payload_keys.subspan<8>(), [](auto byte) { return byte == 0; });
  return {.header = header.at(header.progress()),
          .first_hop = {to_array<sphinx::kNodeAddress>(bytes.subspan(kFirstHopAt))},
          .payload_keys = intact ? PayloadState::intact : PayloadState::damaged};
}

std::uint64_t key_number(const sphinx::GatewaySharedKeys& keys) {
  auto mac = keys.mac.expose();
  return mix(mix(seed(Purpose::envelope), load_be<std::uint64_t>(mac.first<8>())),
             load_be<std::uint64_t>(mac.last<8>()));
}

Result<sphinx::Peeled> peel_planned(PlannedTurn turn, const Blob& packet, const crypto::X25519PublicKey& own) {
  const auto& course = turn.packet->course();
  const auto& node = course.node(turn.hop);
  bool is_own = node.key == own || node.fingerprint == fingerprint(own);
  if (!is_own) return fail(SphinxError::invalid_header, "the header does not match");
  if (turn.packet->payload_size() <= crypto::kLionessMinimum) {
    return fail(SphinxError::invalid_payload, "payload is too short");
  }
  auto tag = course.replay_tag(turn.hop);
  if (turn.hop + 1 == course.size()) {
    return sphinx::Peeled{tag, sphinx::FinalPacket{course.destination(), turn.packet->plaintext(packet.source())}};
  }
  auto next = static_cast<std::uint8_t>(turn.hop + 1);
  return sphinx::Peeled{
      tag, sphinx::ForwardPacket{course.node(next).address, course.delay(turn.hop), packet_at(packet.source(), next)}};
}

/// At least its header is stored.
Blob with_header(const Blob& packet) {
  return packet.stored().size() < sphinx::kHeader ? Blob(packet.to_bytes()) : packet.trimmed();
}

}  // namespace

Blob ModelSuite::seal(sphinx::PacketPlan plan) const {
  check_header_plan(plan.header);
  std::visit([&](const auto& payload) { sphinx::check_payload_fits(plaintext_size(payload), plan.payload_size); },
             plan.payload);
  if (auto planned = this->plan(plan)) return packet_at(std::move(planned), 0);
  PacketShape shape{ModelHeader::make(plan.header), plan.payload_size};
  return std::visit([&](const auto& payload) { return write_packet(shape, payload); }, plan.payload);
}

/// Null for what must be written down at once.
std::shared_ptr<BlobSource> ModelSuite::plan(const sphinx::PacketPlan& plan) const {
  auto course = Course::plan(book_, plan.header);
  if (!course) return nullptr;
  if (const auto* ack = std::get_if<sphinx::AckPayload>(&plan.payload)) {
    return std::make_shared<PlannedAck>(*course, plan.payload_size, ack_bytes(*ack));
  }
  return PlannedFragment::plan(*course, plan.payload_size, std::get<sphinx::FragmentPayload>(plan.payload));
}

Result<sphinx::Peeled> ModelSuite::peel(const Blob& packet, const crypto::X25519KeyPair& node_key,
                                        sphinx::NodeRule) const {
  if (auto turn = planned_turn(packet); turn.packet != nullptr) return peel_planned(turn, packet, node_key.public_key);
  const auto* known = whole<PacketUnderWay>(packet);
  if (packet.size() < sphinx::kPacketOverhead) return fail(SphinxError::invalid_packet, "packet is too short");
  Blob checked = known != nullptr ? known->checked() : with_header(packet);
  ModelHeader header(checked.stored().first<sphinx::kHeader>());
  bool is_sound = known != nullptr || header.is_sound();
  auto progress = known != nullptr ? known->progress() : header.progress();
  if (!is_sound || !header.is_for(node_key.public_key, progress.hop)) {
    return fail(SphinxError::invalid_header, "the header does not match");
  }
  if (packet.size() <= sphinx::kHeader + crypto::kLionessMinimum) {
    return fail(SphinxError::invalid_payload, "payload is too short");
  }
  if (known == nullptr) progress.payload = payload_state(header, checked);
  auto tag = header.replay_tag(progress.hop);
  if (header.is_last(progress.hop)) {
    if (progress.payload == PayloadState::damaged) {
      return fail(SphinxError::invalid_payload, "the payload was damaged");
    }
    return sphinx::Peeled{tag, sphinx::FinalPacket{header.destination(), plaintext_of(checked)}};
  }
  auto [next, delay] = std::pair(header.next_address(progress.hop), header.delay(progress.hop));
  ++progress.hop;
  auto under_way = std::make_shared<PacketUnderWay>(std::move(checked), progress);
  return sphinx::Peeled{tag, sphinx::ForwardPacket{next, delay, Blob::pending(std::move(under_way), packet.size())}};
}

sphinx::ReplySurb ModelSuite::make_reply_surb(const sphinx::ReplySurbPlan& plan) const {
  check_reply_surb_plan(plan);
  auto form = sphinx::surb_form_of(plan.header.number);
  std::size_t size = sphinx::SurbKey::kSize + sphinx::surb_size(plan.header.route.size(), form);
  auto header = ModelHeader::make(plan.header);
  Bytes bytes = ByteWriter(size)
                    .put(plan.key.expose())
                    .put(header)
                    .put(plan.header.route.first().address.bytes)
                    .put_be(ModelHeader(header).surb_seed())
                    .finish();
  bytes.resize(size);
  return {std::move(bytes), plan.rotation};
}

sphinx::SurbKey ModelSuite::reply_key(const sphinx::ReplySurb& surb) const {
  NYM_CHECK(surb.bytes.size() >= sphinx::SurbKey::kSize);
  return sphinx::SurbKey(ByteView(surb.bytes).first<sphinx::SurbKey::kSize>());
}

Result<sphinx::ReplyPacket> ModelSuite::seal_reply(const sphinx::ReplySurb& surb, sphinx::ReplyPayload payload,
                                                   std::size_t payload_size) const {
  NYM_TRY_VOID(sphinx::validate_reply_size(payload, payload_size));
  if (surb.bytes.size() < sphinx::SurbKey::kSize) return fail(SphinxError::invalid_surb, "reply block is too short");
  NYM_TRY_VOID(sphinx::surb_form(surb.bytes.size() - sphinx::SurbKey::kSize));
  auto parts = split(surb);
  Blob packet = write_packet({parts.header, payload_size, parts.payload_keys}, payload.ack,
                             sphinx::digest_of(reply_key(surb)).bytes, payload.fragment);
  return sphinx::ReplyPacket{parts.first_hop, std::move(packet)};
}

Result<Blob> ModelSuite::open_fragment(const crypto::X25519KeyPair& own, const Blob& delivered) const {
  auto key_field = delivered.first<kKeyField>();
  if (!key_field) return fail(SphinxError::too_short, "no room for an ephemeral key");
  Blob fragment = delivered.slice(kKeyField);
  auto ephemeral = load_be<std::uint64_t>(FixedView<kKeyField>(*key_field).first<8>());
  if (*key_field == ordinary_key_field(ephemeral, fingerprint(own.public_key))) return fragment;
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
  if (!head.empty()) body = Blob::joined(std::move(head), std::move(body));
  auto envelope = std::make_shared<SealedEnvelope>(key_number(keys), std::move(body));
  auto size = envelope->size();
  return Blob::pending(std::move(envelope), size);
}

Result<Blob> ModelSuite::open_envelope(const sphinx::GatewaySharedKeys& keys, const Blob& sealed) const {
  auto key = key_number(keys);
  const auto* known = whole<SealedEnvelope>(sealed);
  if (known != nullptr && known->key() == key) return known->content();
  auto tag = sealed.first<sphinx::kEnvelopeMac>();
  if (!tag) return fail(SphinxError::too_short, "no room for a MAC");
  Blob content = sealed.slice(sphinx::kEnvelopeMac);
  if (*tag != envelope_tag(key, content)) return fail(SphinxError::bad_mac, "the envelope's tag does not match");
  return content;
}

void ModelSuite::prepare(std::span<const Blob>) const {}

void ModelSuite::prepare_peel(std::span<const sphinx::PacketAtNode>) const {}

}  // namespace nym::sim
