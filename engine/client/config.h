#pragma once

#include "engine/app_api/dialogue.h"
#include "engine/base/limits.h"
#include "engine/base/random.h"
#include "engine/base/time.h"
#include "engine/crypto/ed25519.h"
#include "engine/crypto/x25519.h"
#include "engine/sphinx/ack_cipher.h"
#include "engine/sphinx/envelope.h"
#include "engine/topology/topology.h"
#include "engine/wire/packet_size.h"
#include "engine/wire/recipient.h"

namespace nym::client {

enum class Switch : std::uint8_t { off, on };

/// `[debug.traffic]` and `[debug.cover_traffic]` (04 §2.3).
struct TrafficConfig {
  Duration average_packet_delay = Duration::milliseconds(50);
  Duration message_sending_average_delay = Duration::milliseconds(20);
  Switch main_poisson_stream = Switch::on;
  Switch adaptive_window = Switch::off;  ///< ours: without the main stream, no faster than acknowledgements come back
  wire::PacketSize primary_packet_size = wire::PacketSize::regular;
  std::optional<wire::PacketSize> secondary_packet_size;
  Duration loop_cover_average_delay = Duration::milliseconds(200);
  Probability cover_primary_ratio{3'006'477'107};  ///< 0.70
  Switch loop_cover_stream = Switch::on;
  /// Ours: mean time between cover packets that their last hop drops; none: there are none.
  std::optional<Duration> drop_cover_average_delay;
};

/// `[debug.acknowledgements]`, and our cap on retransmission.
struct AckConfig {
  Duration average_ack_delay = Duration::milliseconds(50);
  std::int64_t wait_multiplier_millis = 1'500;  ///< ack_wait_multiplier in thousandths
  Duration wait_addition = Duration::milliseconds(1'500);
  std::uint32_t max_tries = 32;
  Duration max_age = Duration::minutes(15);
};

/// `[debug.reply_surbs]` (04 §2.3).
struct ReplyConfig {
  std::size_t min_storage = 10;   ///< reserve kept for each sender tag
  std::size_t max_storage = 200;  ///< no requests above this
  std::uint32_t min_request = 10;
  std::uint32_t max_request = 100;
  std::uint32_t max_allowed_request = 500;
  Duration rerequest_after = Duration::seconds(10);
  Duration drop_after = Duration::minutes(5);
  Duration max_surb_age = Duration::hours(12);
  Duration max_key_age = Duration::hours(24);
};

/// `[debug.topology]`.
struct TopologyConfig {
  Duration refresh_rate = Duration::minutes(5);
  Switch refreshing = Switch::on;
  topology::RouteShape routes = topology::RouteShape::stratified;  ///< of everything that is sent; no option sets it
};

/// `[debug.gateway_connection]` and our reconnection.
struct GatewayConfig {
  Duration response_timeout = Duration::minutes(5);
  Duration backoff_initial = Duration::milliseconds(200);
  Duration backoff_maximum = Duration::seconds(30);
};

/// Who gets a message when several applications are connected (docs/api.md).
enum class DeliverTo : std::uint8_t { owner, all, newest };

/// `[applications]`: ours.
struct AppConfig {
  app_api::Dialect dialect = app_api::Dialect::automatic;
  DeliverTo deliver_to = DeliverTo::owner;
  std::uint32_t max_reply_surbs = limits::kReplySurbsPerMessage;  ///< outside `strict`
  std::uint64_t max_message = std::uint64_t{256} << 20U;          ///< bytes of one request, outside `strict`
};

/// Everything long-lived that a client is (04 §2.7).
struct ClientKeys {
  crypto::Ed25519PrivateKey identity;
  crypto::X25519KeyPair encryption;
  sphinx::AckKey ack;
  sphinx::GatewaySharedKeys gateway_shared;
};

struct ClientConfig {
  ClientKeys keys;
  crypto::Ed25519PublicKey gateway;
  std::string gateway_url;
  TrafficConfig traffic;
  AckConfig acks;
  ReplyConfig replies;
  TopologyConfig topology;
  GatewayConfig gateway_link;
  Switch journal = Switch::off;  ///< accepted messages survive a crash
  AppConfig apps;

  wire::Recipient address() const { return {keys.identity.public_key(), keys.encryption.public_key, gateway}; }
};

}  // namespace nym::client
