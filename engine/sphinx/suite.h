#pragma once

#include "engine/base/blob.h"
#include "engine/sphinx/ack_cipher.h"
#include "engine/sphinx/envelope.h"
#include "engine/sphinx/fragment_cipher.h"
#include "engine/sphinx/packet.h"
#include "engine/sphinx/reply_surb.h"

namespace nym::sphinx {

/// A ready-made packet that brings an acknowledgement home, and where to hand it (02 §9): 19 + 386 bytes on the wire.
struct SurbAck {
  ByteArray<19> first_hop{};  ///< routing address padded to 19
  Blob packet;                ///< 386 bytes, may be pending
};
inline constexpr std::size_t kSurbAck = 19 + kPacketOverhead + kAckPlaintext;  // 405

// What goes into a packet's plaintext.
struct AckPayload {
  AckKey key;
  crypto::Iv iv{};
  AckIdentifier id{};
};
struct FragmentPayload {
  SurbAck ack;
  crypto::X25519PrivateKey ephemeral;
  crypto::X25519PublicKey recipient;
  Blob fragment;  ///< header and data; the zero tail of padding need not be stored
};
struct ReplyPayload {
  SurbAck ack;
  Blob fragment;
};

/// A decided packet: every random choice already drawn, so that making its bytes is a pure function.
/// Building a plan with a route of no hops or sizes that do not fit is a caller's misuse (checked).
struct PacketPlan {
  HeaderPlan header;
  std::size_t payload_size = 0;
  std::variant<AckPayload, FragmentPayload> payload;
};

/// Bytes of plaintext that a payload takes inside its packet: 21, or 405 + 32 + the fragment.
std::size_t plaintext_size(const AckPayload& payload);
std::size_t plaintext_size(const FragmentPayload& payload);
std::size_t plaintext_size(const ReplyPayload& payload);

/// Form V1 with whole payload keys has four hops (checked), form V2 between 1 and 5.
struct ReplySurbPlan {
  HeaderPlan header;
  SurbKey key;
  KeyRotation rotation = KeyRotation::unknown;
};

/// A packet made on somebody's SURB, and where that SURB says it goes first.
struct ReplyPacket {
  NodeAddress first_hop;
  Blob packet;
};

struct ForwardPacket {
  NodeAddress next;
  HopDelay delay;
  Blob packet;
};
struct FinalPacket {
  Destination destination;
  Blob plaintext;  ///< payload padding removed
};
struct Peeled {
  ReplayTag tag;
  std::variant<ForwardPacket, FinalPacket> hop;
  SphinxNumber number = SphinxNumber::n256;
};

/// A packet that came, or will come, to the node with this key and rule. The key is lent.
struct PacketAtNode {
  Blob packet;
  const crypto::X25519KeyPair* node_key = nullptr;
  NodeRule rule = NodeRule::y2023;
};

/// What every suite checks before it makes something: the plan has hops and padding for them, the plaintext fits.
void check_header_plan(const HeaderPlan& plan);
void check_reply_surb_plan(const ReplySurbPlan& plan);
void check_payload_fits(std::size_t plaintext_size, std::size_t payload_size);
/// A reply must fill its packet. Error: invalid_payload.
Result<void> validate_reply_size(const ReplyPayload& payload, std::size_t payload_size);

/// Everything that costs per packet (design: "heavy crypto is pure"). All functions are pure in their arguments:
/// calling one earlier, later, twice or on another thread never changes a result. RealSuite makes the bytes of the
/// protocol; ModelSuite decides the same at next to no cost.
class Suite {
 public:
  Suite() = default;
  Suite(const Suite&) = delete;
  Suite& operator=(const Suite&) = delete;
  virtual ~Suite() = default;

  /// 348 + payload_size bytes, pending until asked for.
  virtual Blob seal(PacketPlan plan) const = 0;
  /// One layer off. Errors: those of peel_packet, and invalid_payload when the last hop finds the payload damaged.
  virtual Result<Peeled> peel(const Blob& packet, const crypto::X25519KeyPair& node_key, NodeRule rule) const = 0;
  /// The same at a node of v1.1.29.
  Result<Peeled> peel(const Blob& packet, const crypto::X25519KeyPair& node_key) const {
    return peel(packet, node_key, NodeRule::y2023);
  }

  virtual ReplySurb make_reply_surb(const ReplySurbPlan& plan) const = 0;
  /// The key that replies on this SURB are sealed with, as its owner keeps it.
  virtual SurbKey reply_key(const ReplySurb& surb) const = 0;
  /// Pending. Errors: invalid_surb for one that can not be used (its bytes came from outside), invalid_payload unless
  /// the payload fills the packet to its last byte (02 §4.5).
  virtual Result<ReplyPacket> seal_reply(const ReplySurb& surb, ReplyPayload payload,
                                         std::size_t payload_size) const = 0;

  /// What a gateway pushed to its client, after the SURB-ack was cut off. Error: too_short.
  virtual Result<Blob> open_fragment(const crypto::X25519KeyPair& own, const Blob& delivered) const = 0;
  virtual Result<Blob> open_reply_fragment(const SurbKey& key, const Blob& delivered) const = 0;
  /// Error: too_short unless exactly 21 bytes.
  virtual Result<AckIdentifier> open_ack(const AckKey& key, const Blob& delivered) const = 0;

  /// Client-gateway envelope with a zero IV around `head ‖ body`; pending as long as body is.
  virtual Blob seal_envelope(const GatewaySharedKeys& keys, Bytes head, Blob body) const = 0;
  /// Errors: too_short, bad_mac.
  virtual Result<Blob> open_envelope(const GatewaySharedKeys& keys, const Blob& sealed) const = 0;

  /// Makes the bytes of all pending blobs, what is nested in them first.
  virtual void prepare(std::span<const Blob> pending) const = 0;
  /// Peels ahead: a later `peel` of the same blobs (or copies) with these keys finds its result.
  virtual void prepare_peel(std::span<const PacketAtNode> packets) const = 0;
  /// The same for packets of one node.
  void prepare_peel(std::span<const Blob> packets, const crypto::X25519KeyPair& node_key,
                    NodeRule rule = NodeRule::y2023) const;
};

}  // namespace nym::sphinx
