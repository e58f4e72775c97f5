#include "engine/sphinx/header.h"

#include <algorithm>

#include "engine/crypto/constant_time.h"
#include "engine/crypto/hmac.h"
#include "engine/sphinx/payload_key.h"

namespace nym::sphinx {
namespace {

using Keystream = ByteArray<kKeystream>;
using Beta = ByteArray<kRoutingInfo>;
using Mac = ByteArray<kMac>;

constexpr std::uint8_t kForwardFlag = 1;
constexpr std::uint8_t kFinalFlag = 2;
constexpr std::size_t kAlpha = 32;
constexpr std::size_t kKeptBeta = kRoutingInfo - kHopStep;

Keystream keystream_of(const crypto::Aes128Key& key) {
  Keystream stream{};
  crypto::aes128_ctr(key, {}, stream);
  return stream;
}

std::vector<Keystream> keystreams_of(std::span<const RoutingKeys> keys) {
  std::vector<Keystream> streams;
  streams.reserve(keys.size());
  for (const auto& hop : keys) streams.push_back(keystream_of(hop.stream));
  return streams;
}

void xor_into(MutableByteView to, ByteView with) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] ^= with[i];
}

// What the hops before the last one append to beta as seen by the last one (01 §8 "filler").
Bytes filler_of(std::span<const Keystream> streams) {
  Bytes filler;
  filler.reserve(kHopStep * (kMaxHops - 1));
  for (std::size_t hop = 0; hop + 1 < streams.size(); ++hop) {
    filler.resize(filler.size() + kHopStep);
    xor_into(filler, ByteView(streams[hop]).last(filler.size()));
  }
  return filler;
}

// Behind the flag stands a zero and the number. Its first byte is not looked at (09 §2.1).
constexpr std::uint8_t kBeforeNumber = 0;
SphinxNumber read_number(FixedView<kKeystream> block) {
  return static_cast<SphinxNumber>(load_be<std::uint16_t>(block.subspan<2, 2>()));
}

Beta final_beta(const HeaderPlan& plan, const Keystream& stream, ByteView filler) {
  Bytes block = ByteWriter(kRoutingInfo)
                    .put_be(kFinalFlag)
                    .put_be(kBeforeNumber)
                    .put_be(static_cast<std::uint16_t>(plan.number))
                    .put(plan.destination.bytes)
                    .put(plan.identifier.bytes)
                    .put(plan.final_padding)
                    .finish();
  xor_into(block, stream);
  append(block, filler);
  return to_array<kRoutingInfo>(block);
}

struct NextHeader {
  Mac mac;
  Beta beta;
};

Beta forward_beta(const HeaderPlan& plan, std::size_t hop, const NextHeader& next, const Keystream& stream) {
  Bytes block = ByteWriter(kRoutingInfo)
                    .put_be(kForwardFlag)
                    .put_be(kBeforeNumber)
                    .put_be(static_cast<std::uint16_t>(plan.number))
                    .put(plan.route[hop + 1].address.bytes)
                    .put_be(plan.route[hop].delay.ns)
                    .put(next.mac)
                    .put(ByteView(next.beta).first(kKeptBeta))
                    .finish();
  xor_into(block, stream);
  return to_array<kRoutingInfo>(block);
}

HeaderBytes join_header(const ByteArray<kAlpha>& alpha, const Mac& mac, const Beta& beta) {
  HeaderBytes header{};
  auto out = std::ranges::copy(alpha, header.begin()).out;
  out = std::ranges::copy(mac, out).out;
  std::ranges::copy(beta, out);
  return header;
}

ForwardHeader read_forward(FixedView<kKeystream> block) {
  ForwardHeader forward;
  forward.next.bytes = to_array<kNodeAddress>(block.subspan<4, kNodeAddress>());
  forward.delay.ns = load_be<std::uint64_t>(block.subspan<36, 8>());
  std::ranges::copy(block.subspan<kHopInfo>(), forward.header.begin() + kAlpha);
  return forward;
}

FinalHeader read_final(FixedView<kKeystream> block) {
  return {.destination = {to_array<kDestination>(block.subspan<4, kDestination>())},
          .identifier = {to_array<kIdentifier>(block.subspan<36, kIdentifier>())}};
}

}  // namespace

Bytes make_filler(std::span<const RoutingKeys> keys) {
  return filler_of(keystreams_of(keys));
}

Mac header_mac(const Secret<16>& key, FixedView<kRoutingInfo> beta) {
  return to_array<kMac>(crypto::hmac_sha256(key.expose(), beta));
}

std::vector<crypto::X25519PublicKey> keys_along(const Route& route) {
  std::vector<crypto::X25519PublicKey> keys;
  keys.reserve(route.size());
  for (const auto& hop : route.hops()) keys.push_back(hop.key);
  return keys;
}

Result<Header> make_header(const HeaderPlan& plan) {
  if (plan.route.size() == 0) return fail(SphinxError::invalid_routing, "a route needs a hop");
  return make_header(plan, derive_key_chain(plan));
}

Result<HeaderBytes> make_header_bytes(const HeaderPlan& plan, const KeyChain& chain) {
  std::size_t hops = plan.route.size();
  if (hops == 0) return fail(SphinxError::invalid_routing, "a route needs a hop");
  if (plan.final_padding.size() != final_padding_size(hops)) {
    return fail(SphinxError::invalid_routing, "padding does not fit the number of hops");
  }
  NYM_CHECK(chain.keys.size() == hops);
  auto streams = keystreams_of(chain.keys);
  NextHeader next{.mac = {}, .beta = final_beta(plan, streams.back(), filler_of(streams))};
  next.mac = header_mac(chain.keys.back().mac, next.beta);
  for (std::size_t hop = hops - 1; hop-- > 0;) {
    next.beta = forward_beta(plan, hop, next, streams[hop]);
    next.mac = header_mac(chain.keys[hop].mac, next.beta);
  }
  return join_header(chain.alpha, next.mac, next.beta);
}

Result<Header> make_header(const HeaderPlan& plan, const KeyChain& chain) {
  NYM_TRY(HeaderBytes bytes, make_header_bytes(plan, chain));
  Header header{.bytes = bytes, .payload_keys = {}};
  header.payload_keys.reserve(chain.keys.size());
  PayloadKeyForm form = arithmetic_of(plan.number).payload_key;
  for (const auto& keys : chain.keys) header.payload_keys.push_back(payload_key(keys, form));
  return header;
}

Result<PeeledHeader> open_header(FixedView<kHeader> header, FixedView<32> shared_secret, NodeRule rule) {
  RoutingKeys keys = derive_routing_keys(shared_secret, replay_tag_form(rule));
  auto mac = header.subspan<kAlpha, kMac>();
  auto beta = header.subspan<kAlpha + kMac>();
  if (!crypto::equal(header_mac(keys.mac, beta), mac)) {
    return fail(SphinxError::invalid_header, "the header's MAC does not match");
  }
  Keystream block = keystream_of(keys.stream);
  xor_into(std::span(block).first<kRoutingInfo>(), beta);
  SphinxNumber number = read_number(block);
  HopArithmetic arithmetic = arithmetic_at(rule, number);
  switch (block[0]) {
    case kForwardFlag:
      return PeeledHeader{std::move(keys), read_forward(block), number, arithmetic};
    case kFinalFlag:
      return PeeledHeader{std::move(keys), read_final(block), number, arithmetic};
    default:
      return fail(SphinxError::invalid_routing, "unknown routing flag");
  }
}

Result<PeeledHeader> peel_header(FixedView<kHeader> header, FixedView<32> shared_secret, NodeRule rule) {
  NYM_TRY(PeeledHeader peeled, open_header(header, shared_secret, rule));
  if (auto* forward = std::get_if<ForwardHeader>(&peeled.hop)) {
    auto scalar = blinding_scalar(peeled.keys, peeled.arithmetic.blinding);
    auto alpha = crypto::multiply_unclamped(scalar.expose(), header.first<kAlpha>());
    std::ranges::copy(alpha.expose(), forward->header.begin());
  }
  return peeled;
}

}  // namespace nym::sphinx
