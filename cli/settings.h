#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/environment.h"
#include "cli/named_values.h"
#include "cli/version.h"
#include "engine/base/endpoint.h"
#include "engine/client/config.h"
#include "net/key_files.h"

namespace nym::cli {

/// Where a client keeps its files: `$HOME/.nym/clients/<id>` (04 §2.1).
struct ClientPaths {
  std::filesystem::path root;
  std::filesystem::path config_file;
  std::filesystem::path data;
  net::ClientKeyPaths keys;
  std::filesystem::path gateway_details;
  std::filesystem::path reply_store;
  std::filesystem::path credentials;

  /// Error: bad_environment (no home directory).
  static Result<ClientPaths> of(const std::string& id);
};

inline constexpr std::size_t kMinAppMessage = 1'024;
inline constexpr std::size_t kMaxAppMessage = std::size_t{4} << 30U;

/// `[applications]`: who may use the client, and how.
struct ApplicationSettings {
  Dialect dialect = Dialect::automatic;
  DeliverTo deliver_to = DeliverTo::owner;
  std::vector<std::string> allowed_origins;  ///< beyond absent and loopback ones
  std::optional<std::filesystem::path> token_file;
  std::optional<std::filesystem::path> unix_socket;
  std::size_t max_message = std::size_t{256} << 20U;  ///< bytes
  std::uint32_t max_reply_surbs = 1'000;
  friend bool operator==(const ApplicationSettings&, const ApplicationSettings&) = default;
};

/// `[delivery]`.
struct DeliverySettings {
  client::Switch journal = client::Switch::off;
  Duration flush_deadline = Duration::seconds(2);
  friend bool operator==(const DeliverySettings&, const DeliverySettings&) = default;
};

/// `[metrics]`.
struct MetricsSettings {
  std::optional<Endpoint> listen;
  friend bool operator==(const MetricsSettings&, const MetricsSettings&) = default;
};

/// `[log]`.
struct LogSettings {
  LogFormat format = LogFormat::text;
  friend bool operator==(const LogSettings&, const LogSettings&) = default;
};

/// What `config.toml` says (04 §2.3).
struct Settings {
  std::string version{kVersion};
  std::string id;
  client::Switch credentials_disabled = client::Switch::on;
  std::vector<std::string> nyxd_urls = {std::string(kMainnetNyxd)};
  std::vector<std::string> nym_apis = {std::string(kMainnetNymApi)};
  ClientPaths paths;
  SocketType socket = SocketType::web_socket;
  std::string host = "127.0.0.1";
  std::uint16_t port = 1977;
  client::TrafficConfig traffic;
  client::AckConfig acks;
  client::ReplyConfig replies;
  client::TopologyConfig topology;
  Duration topology_resolution_timeout = Duration::seconds(5);  ///< read and kept; nothing uses it
  std::string topology_structure = "NymApi";                    ///< anything else is kept, and warned of
  client::GatewayConfig gateway_link;
  ApplicationSettings applications;
  DeliverySettings delivery;
  MetricsSettings metrics;
  LogSettings log;
};

/// What the command line overrides, in the order of 04 §2.4.
struct Overrides {
  std::optional<bool> disable_socket;
  bool fastmode = false;
  bool no_cover = false;
  std::optional<std::uint16_t> port;
  std::optional<std::string> host;
  std::optional<std::vector<std::string>> nym_apis;
  std::optional<std::vector<std::string>> nyxd_urls;
  std::optional<bool> enabled_credentials_mode;
  std::optional<Dialect> dialect;
  std::optional<DeliverTo> deliver_to;
  std::optional<std::vector<std::string>> allowed_origins;  ///< added to the configured ones
  std::optional<std::filesystem::path> token_file;
  std::optional<std::filesystem::path> unix_socket;
  std::optional<std::size_t> max_message;
  bool journal = false;
  std::optional<Endpoint> metrics;
  std::optional<LogFormat> log_format;
};
void apply(const Overrides& overrides, const Environment& environment, Settings& settings);

}  // namespace nym::cli
