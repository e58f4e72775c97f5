#include "engine/sphinx/surb.h"

#include <algorithm>

#include "engine/base/overloaded.h"
#include "engine/sphinx/payload.h"

namespace nym::sphinx {
namespace {

template <std::size_t N>
std::vector<Secret<N>> split(ByteView bytes) {
  std::vector<Secret<N>> parts;
  parts.reserve(bytes.size() / N);
  for (; !bytes.empty(); bytes = bytes.subspan(N)) parts.emplace_back(bytes.first<N>());
  return parts;
}

SurbKeys keys_of(const KeyChain& chain, SurbForm form) {
  if (form == SurbForm::v1) {
    std::vector<crypto::LionessKey> keys;
    keys.reserve(chain.keys.size());
    for (const auto& hop : chain.keys) keys.push_back(hop.payload);
    return keys;
  }
  std::vector<PayloadSeed> seeds;
  seeds.reserve(chain.keys.size());
  for (const auto& hop : chain.keys) seeds.push_back(payload_seed(hop));
  return seeds;
}

std::vector<crypto::LionessKey> expand(std::span<const PayloadSeed> seeds) {
  std::vector<crypto::LionessKey> keys;
  keys.reserve(seeds.size());
  for (const auto& seed : seeds) keys.push_back(expand_payload_seed(seed));
  return keys;
}

}  // namespace

Result<Surb> Surb::make(const HeaderPlan& plan) {
  if (plan.route.size() == 0) return fail(SphinxError::invalid_surb, "a reply block needs a route");
  KeyChain chain = derive_key_chain(plan);
  NYM_TRY(HeaderBytes header, make_header_bytes(plan, chain));
  return Surb{
      .header = header, .first_hop = plan.route.first().address, .keys = keys_of(chain, surb_form_of(plan.number))};
}

Result<SurbForm> surb_form(std::size_t size) {
  if (size <= surb_size(0)) return fail(SphinxError::invalid_surb, "reply block is too short");
  std::size_t keys = size - surb_size(0);
  if (keys < kPayloadKey && keys % kPayloadSeed == 0) return SurbForm::v2;
  if (keys % kPayloadKey == 0) return SurbForm::v1;
  return fail(SphinxError::invalid_surb, "reply block has an impossible length");
}

Result<Surb> Surb::parse(ByteView bytes) {
  NYM_TRY(SurbForm form, surb_form(bytes.size()));
  Surb surb{.header = to_array<kHeader>(bytes.first<kHeader>()),
            .first_hop = {to_array<kNodeAddress>(bytes.subspan<kHeader, kNodeAddress>())},
            .keys = {}};
  ByteView keys = bytes.subspan(surb_size(0));
  if (form == SurbForm::v1) {
    surb.keys = split<kPayloadKey>(keys);
  } else {
    surb.keys = split<kPayloadSeed>(keys);
  }
  return surb;
}

Bytes Surb::serialise() const {
  ByteWriter out(surb_size(kMaxHops));
  out.put(header).put(first_hop.bytes);
  std::visit(
      [&](const auto& parts) {
        for (const auto& part : parts) out.put(part.expose());
      },
      keys);
  return std::move(out).finish();
}

Result<Bytes> use_surb(const Surb& surb, ByteView plaintext, std::size_t payload_size) {
  auto payload = std::visit(Overloaded{
                                [&](const std::vector<crypto::LionessKey>& keys) {
                                  return encapsulate_payload(plaintext, keys, payload_size);
                                },
                                [&](const std::vector<PayloadSeed>& seeds) {
                                  return encapsulate_payload(plaintext, expand(seeds), payload_size);
                                },
                            },
                            surb.keys);
  if (!payload) return std::unexpected(std::move(payload).error());
  return ByteWriter(kHeader + payload_size).put(surb.header).put(*payload).finish();
}

}  // namespace nym::sphinx
