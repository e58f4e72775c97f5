#pragma once

#include <cstddef>

/// Sizes in bytes of clause 01 §1.
namespace nym::sphinx {

inline constexpr std::size_t kMaxHops = 5;
inline constexpr std::size_t kNodeAddress = 32;
inline constexpr std::size_t kDestination = 32;
inline constexpr std::size_t kIdentifier = 16;
inline constexpr std::size_t kMac = 16;
inline constexpr std::size_t kHopInfo = 1 + 3 + kNodeAddress + 8;                 // 44
inline constexpr std::size_t kFinalHopInfo = 1 + 3 + kDestination + kIdentifier;  // 52
inline constexpr std::size_t kHopStep = kHopInfo + kMac;                          // 60
inline constexpr std::size_t kRoutingInfo = kHopStep * kMaxHops;                  // 300
inline constexpr std::size_t kKeystream = kHopStep * (kMaxHops + 1);              // 360
inline constexpr std::size_t kHeader = 32 + kMac + kRoutingInfo;                  // 348
inline constexpr std::size_t kPayloadOverhead = 16 + 1;                           // 17
inline constexpr std::size_t kPacketOverhead = kHeader + kPayloadOverhead;        // 365
inline constexpr std::size_t kPayloadKey = 192;
inline constexpr std::size_t kPayloadSeed = 16;

/// Random bytes that fill the last hop's routing block: 248 for one hop, 60 fewer for each more.
constexpr std::size_t final_padding_size(std::size_t hops) {
  return kRoutingInfo - kFinalHopInfo - kHopStep * (hops - 1);
}

}  // namespace nym::sphinx
