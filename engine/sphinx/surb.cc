#include "engine/sphinx/surb.h"

#include "engine/sphinx/payload.h"

namespace nym::sphinx {

Result<Surb> Surb::make(const HeaderPlan& plan) {
  if (plan.route.size() == 0) return fail(SphinxError::invalid_surb, "a reply block needs a route");
  NYM_TRY(Header header, make_header(plan));
  return Surb{
      .header = header.bytes, .first_hop = plan.route.first().address, .payload_keys = std::move(header.payload_keys)};
}

Result<Surb> Surb::parse(ByteView bytes) {
  if (bytes.size() < surb_size(1)) return fail(SphinxError::invalid_surb, "reply block is too short");
  std::size_t keys_size = bytes.size() - surb_size(0);
  if (keys_size % kPayloadKey != 0) return fail(SphinxError::invalid_surb, "reply block has an impossible length");
  Surb surb{.header = to_array<kHeader>(bytes.first<kHeader>()),
            .first_hop = {to_array<kNodeAddress>(bytes.subspan<kHeader, kNodeAddress>())},
            .payload_keys = {}};
  surb.payload_keys.reserve(keys_size / kPayloadKey);
  for (ByteView rest = bytes.subspan(surb_size(0)); !rest.empty(); rest = rest.subspan(kPayloadKey)) {
    surb.payload_keys.emplace_back(rest.first<kPayloadKey>());
  }
  return surb;
}

Bytes Surb::serialise() const {
  ByteWriter out(surb_size(payload_keys.size()));
  out.put(header).put(first_hop.bytes);
  for (const auto& key : payload_keys) out.put(key.expose());
  return std::move(out).finish();
}

Result<Bytes> use_surb(const Surb& surb, ByteView plaintext, std::size_t payload_size) {
  NYM_TRY(Bytes payload, encapsulate_payload(plaintext, surb.payload_keys, payload_size));
  return ByteWriter(kHeader + payload_size).put(surb.header).put(payload).finish();
}

}  // namespace nym::sphinx
