#pragma once

#include <variant>
#include <vector>

#include "engine/crypto/curve25519.h"
#include "engine/crypto/lioness.h"
#include "engine/crypto/stream_ciphers.h"
#include "engine/sphinx/error.h"
#include "engine/sphinx/hop_rule.h"
#include "engine/sphinx/route.h"

namespace nym::sphinx {

using HeaderBytes = ByteArray<kHeader>;  ///< alpha 32, gamma 16, beta 300

/// What both ends derive from one hop's shared secret (01 §4, 09 §3.1): 256 or 288 bytes of HKDF-SHA256.
struct RoutingKeys {
  crypto::Aes128Key stream;
  Secret<16> mac;
  crypto::LionessKey payload;  ///< its first 16 bytes are the seed of other payload keys
  Secret<32> blinding;
  Secret<32> replay_tag;  ///< zero unless its derivation was asked for
};
RoutingKeys derive_routing_keys(FixedView<32> shared_secret, ReplayTagForm tag = ReplayTagForm::own_hash);

/// 01 §3.3: the sender's chain of scalars. One entry a hop.
struct KeyChain {
  ByteArray<32> alpha{};  ///< of the first hop
  std::vector<Secret<32>> shared_secrets;
  std::vector<RoutingKeys> keys;
};
/// How a chain goes on from hop to hop. All blindings by clamped factors give what nested X25519 gives (09 §3.2):
/// `clamped` takes v + 1 multiplications and is right for keys on the curve, `nested` 1 + v(v + 1) / 2 and right for
/// all.
enum class ChainForm : std::uint8_t { unclamped, clamped, nested };
/// That of packets with this number along this route.
ChainForm chain_form(const Route& route, SphinxNumber number);
/// `initial_secret` is clamped here and not reduced. Between 1 and 5 keys (checked).
KeyChain derive_key_chain(FixedView<32> initial_secret, std::span<const crypto::X25519PublicKey> hop_keys,
                          ChainForm form = ChainForm::unclamped);

/// What a chain is derived from; the views must outlive the call.
struct ChainStart {
  FixedView<32> initial_secret;
  std::span<const crypto::X25519PublicKey> hop_keys;
  ChainForm form = ChainForm::unclamped;
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
  SphinxNumber number = SphinxNumber::n256;
};
struct Header {
  HeaderBytes bytes{};
  std::vector<crypto::LionessKey> payload_keys;  ///< first hop first, those of seeds expanded
};
/// The chain of the plan's secret along its route, which has hops.
KeyChain derive_key_chain(const HeaderPlan& plan);
/// The public keys along a route.
std::vector<crypto::X25519PublicKey> keys_along(const Route& route);
/// 01 §8. Errors: invalid_routing for a route without hops or padding of the wrong size.
Result<Header> make_header(const HeaderPlan& plan);
/// The same, given the chain of the plan's secret along its route.
Result<Header> make_header(const HeaderPlan& plan, const KeyChain& chain);
/// Its bytes alone.
Result<HeaderBytes> make_header_bytes(const HeaderPlan& plan, const KeyChain& chain);

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
  SphinxNumber number = SphinxNumber::n256;
  HopArithmetic arithmetic;  ///< which the node's rule gives for the number
};
/// 01 §9 steps 1-4, given the shared secret. Errors: invalid_header, invalid_routing.
Result<PeeledHeader> peel_header(FixedView<kHeader> header, FixedView<32> shared_secret,
                                 NodeRule rule = NodeRule::y2023);
/// peel_header without its multiplication, for callers that do many at once: the first 32 bytes of a forward hop's new
/// header are left zero and belong to u(blinding_scalar * alpha).
Result<PeeledHeader> open_header(FixedView<kHeader> header, FixedView<32> shared_secret,
                                 NodeRule rule = NodeRule::y2023);
/// What a node multiplies alpha by: the blinding factor modulo l (01 §3.4), or clamped (09 §3.4).
Secret<32> blinding_scalar(const RoutingKeys& keys, Blinding blinding = Blinding::unclamped);

}  // namespace nym::sphinx
