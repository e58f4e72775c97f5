#pragma once

#include <cstddef>

#include "engine/base/time.h"

/// Every named maximum of the engine: what bounds each queue, map and buffer. What happens at one is said beside it.
namespace nym::limits {

// Links between nodes (relay/mix_links).
inline constexpr std::size_t kMaxLinks = 4'096;          ///< more next hops: packet dropped, too_many_links
inline constexpr std::size_t kLinkQueueFrames = 2'000;   ///< waiting for one link: packet dropped, link_queue_full
inline constexpr std::size_t kLinkFramesInFlight = 256;  ///< handed to the driver and not yet written
inline constexpr Duration kLinkGivesUpAfter =
    Duration::seconds(60);  ///< unreachable so long: its queue is dropped, link_failed

// Mixnode.
inline constexpr std::size_t kHeldBytes = std::size_t{128} << 20U;  ///< packets waiting out their delay: too_many_held
inline constexpr Duration kMaxHopDelay = Duration::hours(24);       ///< longer: delay_too_long
inline constexpr std::size_t kLoopsUnderWay = 4'096;                ///< a mixnode's own: then none is sent

// Replay filter: tags a generation; two generations are kept.
inline constexpr std::size_t kReplayTags = std::size_t{1} << 22U;

// Gateway.
inline constexpr std::size_t kRegisteredClients = 1'000'000;       ///< further registrations are answered with an error
inline constexpr std::size_t kInboxMessagesPerClient = 20'000;     ///< further ones: no ack, inbox_full
inline constexpr std::size_t kInboxBytes = std::size_t{8} << 30U;  ///< of all clients together: inbox_full
inline constexpr std::size_t kUnregisteredInboxMessages = 10'000;  ///< for addresses that never registered, together
inline constexpr std::size_t kInboxBatch = 100;                    ///< stored messages read and pushed at a time
inline constexpr std::size_t kPushesInFlight = 4'096;              ///< to one client, not yet written: then its inbox
inline constexpr std::size_t kStoresInFlight = 16'384;             ///< waiting for their commit: storage_failed
inline constexpr std::size_t kGatewaySessions = 10'000;
inline constexpr Duration kSignOfLife = Duration::seconds(1);  ///< a session that somebody wants to replace has
inline constexpr std::size_t kPushesBetweenPings = 64;  ///< written to one client: then it is asked whether it is there
inline constexpr std::size_t kUnconfirmedPushes =
    4'096;  ///< of one session: then it is asked for a sign of life, and its messages wait in the inbox
inline constexpr Duration kUnauthenticatedSession = Duration::seconds(30);  ///< then the connection is closed

// Client.
inline constexpr std::size_t kQueuedMessageBytes = std::size_t{512}
                                                   << 20U;      ///< accepted and not yet cut up: message fails
inline constexpr std::size_t kMessagesWithoutTopology = 1'000;  ///< anonymous ones that wait for it: further ones fail
inline constexpr std::size_t kUnacknowledgedBytes = std::size_t{32}
                                                    << 20U;  ///< sent fragments: then nothing new is sent
inline constexpr std::size_t kSentTwice = 1'024;             ///< fragments whose second ack would be understood
inline constexpr std::size_t kPublishedLanes = 10'000;       ///< lengths of lanes that were closed: forgotten at once
inline constexpr std::size_t kGatewayFramesInFlight = 32;    ///< the 32 slots of the original's mix channel (04 §3.6)
inline constexpr std::size_t kUndeliveredMessages = 10'000;  ///< kept while no application is there: oldest goes
inline constexpr std::size_t kUndeliveredBytes = std::size_t{256} << 20U;
inline constexpr std::size_t kSenderTags = 100'000;            ///< anonymous senders whose SURBs are kept: oldest goes
inline constexpr std::size_t kSurbsPerSender = 10'000;         ///< further ones are discarded
inline constexpr std::size_t kReplyKeys = 1'000'000;           ///< keys of SURBs that we gave out: oldest goes
inline constexpr std::uint32_t kReplySurbsPerMessage = 1'000;  ///< more are refused with an error to the app

// Applications of a client.
inline constexpr std::size_t kApps = 100;                    ///< more are closed, 1013
inline constexpr std::size_t kKnownAddresses = 10'000;       ///< for two-part addresses: then nothing more is learned
inline constexpr std::size_t kAppBytesInFlight = 4U << 20U;  ///< handed to an app's socket, unwritten: pushes wait
inline constexpr std::size_t kAppWaitingMessages = 10'000;   ///< pushes that wait for one app: it is closed, 1008
inline constexpr std::size_t kAppWaitingBytes = 64U << 20U;  ///< as above
inline constexpr std::size_t kReplyOwners = 100'000;         ///< reply keys whose app is remembered: oldest goes
inline constexpr std::size_t kConversations = 10'000;        ///< peers whose app is remembered: oldest goes
inline constexpr std::size_t kNamedMessages = 100'000;       ///< on their way with a message id: more are refused
inline constexpr std::uint32_t kStrictReplySurbs = 10'000;   ///< in one message of a strict app: more fail unheard
inline constexpr std::size_t kPausingFragments = 50'000;     ///< queued: apps that go on sending are not read any more
inline constexpr Duration kAppGrace = Duration::milliseconds(500);  ///< for a new app to show its form, then binary

/// Wake-ups at one instant that lead to no output; more is a broken invariant.
inline constexpr int kIdleWakeUps = 1'000;
/// After a stall a traffic clock catches up this much, then starts anew.
inline constexpr Duration kCatchUp = Duration::seconds(1);

}  // namespace nym::limits
