#pragma once

#include <cstddef>

#include "engine/base/time.h"

/// Every named maximum of the socket side, with what happens at it.
namespace nym::net::limits {

// Streams of bytes between nodes.
inline constexpr std::size_t kReadBytes = std::size_t{64} << 10U;      ///< handed over by one read
inline constexpr int kReadsPerWakeUp = 4;                              ///< then the other connections get their turn
inline constexpr std::size_t kFramesTogether = 32;                     ///< prepared at once; then handed over
inline constexpr std::size_t kLinkSendQueue = std::size_t{64} << 20U;  ///< bytes waiting: the connection is closed
inline constexpr std::size_t kBuffersPerWrite = 64;                    ///< gathered into one system call
inline constexpr Duration kConnectTimeout = Duration::milliseconds(1500);
inline constexpr std::size_t kIncomingConnections = 10'000;       ///< a listener's default; more are closed at once
inline constexpr Duration kFrameTimeout = Duration::seconds(20);  ///< of a frame that was begun, and a link's first
inline constexpr Duration kLookAtFrames = Duration::seconds(2);   ///< between two looks for those that are late
inline constexpr Duration kAcceptPause = Duration::milliseconds(100);  ///< when the system has no descriptors left
inline constexpr std::size_t kPatientConnections = 16;                 ///< waiting for a place; more are closed at once
inline constexpr int kListenBacklog = 1'024;

// Websockets.
inline constexpr std::size_t kGatheredBytes = std::size_t{96} << 10U;  ///< of small messages, written at once
inline constexpr std::size_t kMessageBytes = std::size_t{64} << 20U;   ///< incoming message: closed, protocol_error
inline constexpr std::size_t kGatewayMessageBytes = std::size_t{64} << 10U;  ///< of a gateway's client: closed
inline constexpr std::size_t kMessageSendQueue = std::size_t{256} << 20U;    ///< bytes waiting: closed, reset
inline constexpr std::size_t kHeldMessages = 64;                        ///< read ahead while reading is paused, then
inline constexpr std::size_t kHeldBytes = std::size_t{1} << 20U;        ///< nothing more is read
inline constexpr std::size_t kKeptReadBuffer = std::size_t{64} << 10U;  ///< larger ones are given back after a message
inline constexpr std::size_t kUpgradeBytes = std::size_t{16} << 10U;    ///< of an upgrade request: 400
inline constexpr Duration kHandshakeTimeout = Duration::seconds(10);    ///< connect, TLS and upgrade together
inline constexpr Duration kCloseTimeout = Duration::seconds(1);         ///< then the socket is dropped

// The application socket of a client.
inline constexpr std::size_t kAppConnections = 1'000;  ///< handshakes included
inline constexpr std::size_t kStrictAppFrame = std::size_t{16} << 20U;
inline constexpr std::size_t kStrictAppMessage = std::size_t{64} << 20U;
inline constexpr std::size_t kAppSendQueue = std::size_t{1} << 30U;    ///< the engine stops long before
inline constexpr Duration kAppPatience = Duration::milliseconds(250);  ///< `strict`: until the one place is free
inline constexpr Duration kAppCloseTimeout = Duration::seconds(5);     ///< a message that is too long runs out
inline constexpr std::size_t kAppTokenFile = 4'096;

// HTTP.
inline constexpr std::size_t kHttpBodyBytes = std::size_t{64} << 20U;    ///< of a response: too_large
inline constexpr std::size_t kHttpHeaderBytes = std::size_t{64} << 10U;  ///< of a response: bad_response
inline constexpr int kHttpRedirects = 10;
inline constexpr Duration kHttpTimeout = Duration::seconds(30);            ///< redirects included
inline constexpr std::size_t kHttpRequestsInFlight = 64;                   ///< of one client: too_many_requests
inline constexpr std::size_t kServedHeaderBytes = std::size_t{16} << 10U;  ///< of a request: 400
inline constexpr std::size_t kServedBodyBytes = std::size_t{1} << 20U;     ///< of a request: 413
inline constexpr std::size_t kServedConnections = 10'000;
inline constexpr Duration kServedIdle = Duration::seconds(30);  ///< without a whole request: closed
inline constexpr std::size_t kMetricsConnections = 16;          ///< more are closed at once
inline constexpr std::size_t kMetricsBodyBytes = 1'024;         ///< of a request: 413

// Files.
inline constexpr std::size_t kUrlBytes = 8'192;
inline constexpr std::size_t kKeyFileBytes = std::size_t{64} << 10U;

}  // namespace nym::net::limits
