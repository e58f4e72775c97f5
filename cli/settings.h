#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/environment.h"
#include "engine/base/endpoint.h"
#include "engine/client/config.h"
#include "net/key_files.h"

namespace nym::cli {

inline constexpr const char* kVersion = "1.1.29";

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

/// `[delivery]`.
struct DeliverySettings {
  Duration flush_deadline = Duration::seconds(2);  ///< how long a stop may take for what was accepted
};

/// `[metrics]`.
struct MetricsSettings {
  std::optional<Endpoint> listen;  ///< none: not served
};

/// What `config.toml` says (04 §2.3).
struct Settings {
  std::string version = kVersion;
  std::string id;
  client::Switch credentials_disabled = client::Switch::on;
  std::vector<std::string> nyxd_urls = {kMainnetNyxd};
  std::vector<std::string> nym_apis = {kMainnetNymApi};
  ClientPaths paths;
  client::Switch socket = client::Switch::on;
  std::string host = "127.0.0.1";
  std::uint16_t port = 1977;
  client::TrafficConfig traffic;
  client::AckConfig acks;
  client::ReplyConfig replies;
  client::TopologyConfig topology;
  client::GatewayConfig gateway_link;
  DeliverySettings delivery;
  MetricsSettings metrics;
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
};
void apply(const Overrides& overrides, const Environment& environment, Settings& settings);

}  // namespace nym::cli
