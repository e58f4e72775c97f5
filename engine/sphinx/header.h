#pragma once

#include <variant>
#include <vector>

#include "engine/crypto/curve25519.h"
#include "engine/crypto/lioness.h"
#include "engine/crypto/stream_ciphers.h"
#include "engine/sphinx/error.h"
#include "engine/sphinx/route.h"

namespace nym::sphinx {

using HeaderBytes = ByteArray<kHeader>;  ///< alpha 32, gamma 16, beta 300

/// What both ends derive from one hop's shared secret (01 §4): 256 bytes of HKDF-SHA256.
struct RoutingKeys {
  crypto::Aes128Key stream;
  Secret<16> mac;
  crypto::LionessKey payload;
  Secret<32> blinding;
};
RoutingKeys derive_routing_keys(FixedView<32> shared_secret);

/// 01 §3.3: the sender's chain of scalars. One entry a hop.
struct KeyChain {
  ByteArray<32> alpha{};  ///< of the first hop
  std::vector<Secret<32>> shared_secrets;
  std::vector<RoutingKeys> keys;
};
/// `initial_secret` is clamped here and not reduced. Between 1 and 5 keys (checked).
KeyChain derive_key_chain(FixedView<32> initial_secret, std::span<const crypto::X25519PublicKey> hop_keys);

/// What a chain is derived from; the views must outlive the call.
struct ChainStart {
  FixedView<32> initial_secret;
  std::span<const crypto::X25519PublicKey> hop_keys;
};
/// Many chains, all their multiplications of one hop together. As derive_key_chain for each.
std::vector<KeyChain> derive_key_chains(std::span<const ChainStart> starts);

/// 60 * (hops - 1) bytes (01 §8).
Bytes make_filler(std::span<const RoutingKeys> keys);

/// What a header is made of. `final_padding` holds final_padding_size(hops) random bytes.
struct HeaderPlan {
  Route route;
  Destination destination;
  Identifier identifier;
  Secret<32> initial_secret;
  Bytes final_padding;
};
struct Header {
  HeaderBytes bytes{};
  std::vector<crypto::LionessKey> payload_keys;  ///< first hop first
};
/// The public keys along a route.
std::vector<crypto::X25519PublicKey> keys_along(const Route& route);
/// 01 §8. Errors: invalid_routing for a route without hops or padding of the wrong size.
Result<Header> make_header(const HeaderPlan& plan);
/// The same, given the chain of the plan's secret along its route.
Result<Header> make_header(const HeaderPlan& plan, const KeyChain& chain);

/// First 16 bytes of HMAC-SHA256 over beta (01 §6).
ByteArray<kMac> header_mac(const Secret<16>& key, FixedView<kRoutingInfo> beta);

struct ForwardHeader {
  NodeAddress next;
  HopDelay delay;
  HeaderBytes header{};  ///< for the next hop
};
struct FinalHeader {
  Destination destination;
  Identifier identifier;
};
struct PeeledHeader {
  RoutingKeys keys;
  std::variant<ForwardHeader, FinalHeader> hop;
};
/// 01 §9 steps 1-4, given the shared secret. Errors: invalid_header, invalid_routing.
Result<PeeledHeader> peel_header(FixedView<kHeader> header, FixedView<32> shared_secret);
/// peel_header without its multiplication, for callers that do many at once: the first 32 bytes of a forward hop's new
/// header are left zero and belong to u(blinding_scalar * alpha).
Result<PeeledHeader> open_header(FixedView<kHeader> header, FixedView<32> shared_secret);
/// What a node multiplies alpha by: the blinding factor modulo l, not clamped (01 §3.4).
crypto::Scalar blinding_scalar(const RoutingKeys& keys);

}  // namespace nym::sphinx
