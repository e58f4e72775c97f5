#pragma once

#include <cstddef>

#include "engine/base/time.h"

/// Every named maximum of nym-testnet, with what happens at it.
namespace nym::testnet::limits {

inline constexpr std::uint32_t kMixnodes = 300;  ///< more are refused, as of the next two
inline constexpr std::uint32_t kGateways = 100;
inline constexpr std::uint32_t kClients = 500;
inline constexpr std::size_t kControlLine = std::size_t{64} << 10U;   ///< of a request: the connection is closed
inline constexpr std::size_t kControlAnswer = std::size_t{8} << 20U;  ///< of an answer: it is given up
inline constexpr std::size_t kControlConnections = 64;                ///< more are closed at once
inline constexpr std::size_t kRelayedBytes = std::size_t{4} << 20U;   ///< on their way in a relay: senders wait
inline constexpr std::size_t kFaults = 1'000;                         ///< more are refused
inline constexpr std::size_t kTraces = 16;                            ///< under way: more are refused

inline constexpr Duration kStart = Duration::seconds(30);  ///< of a process of ours; then it has failed
inline constexpr Duration kStop = Duration::seconds(5);    ///< in good order; then it is killed
inline constexpr Duration kLookWhileStarting = Duration::milliseconds(4);
inline constexpr Duration kLook = Duration::milliseconds(50);
inline constexpr Duration kAskHealth = Duration::seconds(1);  ///< between two looks at a client that is ready

}  // namespace nym::testnet::limits
