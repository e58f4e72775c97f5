#pragma once

#include <compare>

#include "engine/base/check.h"
#include "engine/base/time.h"
#include "engine/crypto/x25519.h"
#include "engine/sphinx/constants.h"

namespace nym::sphinx {

/// A node's address as it stands in a header: wire::RoutingAddress padded to 32 bytes (01 §11.2). Opaque here.
struct NodeAddress {
  ByteArray<kNodeAddress> bytes{};
  friend auto operator<=>(const NodeAddress&, const NodeAddress&) = default;
};

/// The recipient at the last hop: its ed25519 identity (01 §11.3).
struct Destination {
  ByteArray<kDestination> bytes{};
  friend auto operator<=>(const Destination&, const Destination&) = default;
};

/// Called "SURB id" by the original; 16 zero bytes in all traffic.
struct Identifier {
  ByteArray<kIdentifier> bytes{};
  friend auto operator<=>(const Identifier&, const Identifier&) = default;
};

/// How long a hop keeps the packet: 64 bits of nanoseconds, as transmitted (big-endian). Nothing bounds it here.
struct HopDelay {
  std::uint64_t ns = 0;
  friend auto operator<=>(const HopDelay&, const HopDelay&) = default;
};

/// Whether crypto::is_curve_coordinate was asked about a hop's key, once for many packets.
enum class KeyPoint : std::uint8_t { unchecked, on_curve };

struct Hop {
  NodeAddress address;
  crypto::X25519PublicKey key;
  HopDelay delay;  ///< the last hop's is drawn but never transmitted (01 §8)
  KeyPoint point = KeyPoint::unchecked;
};

/// Between 1 and 5 hops, the last being the gateway of the destination.
class Route {
 public:
  void push_back(const Hop& hop) {
    NYM_CHECK(size_ < kMaxHops);
    hops_[size_++] = hop;
  }
  std::size_t size() const { return size_; }
  std::span<const Hop> hops() const { return std::span(hops_).first(size_); }
  const Hop& operator[](std::size_t i) const { return hops()[i]; }
  const Hop& first() const { return hops_[0]; }

 private:
  std::array<Hop, kMaxHops> hops_{};
  std::size_t size_ = 0;
};

}  // namespace nym::sphinx
