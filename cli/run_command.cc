#include "cli/run_command.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "cli/config_file.h"
#include "cli/event_log.h"
#include "engine/base/text_encoding.h"
#include "net/drivers/client_driver.h"
#include "net/files.h"

namespace nym::cli {
namespace {

constexpr Duration kFirstFetchLimit = Duration::seconds(60);
/// Time for what is on its way to the socket when the client is told to stop.
constexpr Duration kFlush = Duration::milliseconds(200);

Result<void> check_version(const std::string& version) {
  if (version == kVersion) return {};
  spdlog::warn("the configuration was written by version {}, this is {}", version, kVersion);
  if (topology::version_compatible(version, kVersion)) return {};
  return fail(CliError::bad_config,
              fmt::format("the configuration of version {} does not fit this program ({}); run 'nym-client init' again",
                          version, kVersion));
}

Result<client::ClientConfig> load_client(const Settings& settings) {
  NYM_TRY(auto loaded, net::load_client_keys(settings.paths.keys));
  for (const auto& warning : loaded.warnings) spdlog::warn("{}", warning);
  NYM_TRY(auto details, net::load_gateway_details(settings.paths.gateway_details));
  auto& keys = loaded.keys;
  if (details.key_hash != wire::hash_of_shared_keys(keys.gateway_shared.expose())) {
    return fail(
        CliError::bad_config,
        fmt::format("the gateway details (for gateway {}) do not correspond to the shared keys; restore both files "
                    "or run 'nym-client init --force-register-gateway'",
                    details.gateway_id));
  }
  if (keys.identity.secret.public_key() != keys.identity.public_key) {
    spdlog::warn("{} does not belong to its private key; the private key counts",
                 settings.paths.keys.public_identity.string());
  }
  auto gateway_bytes = from_base58(details.gateway_id);
  if (!gateway_bytes) return std::unexpected(gateway_bytes.error());
  NYM_TRY(auto gateway, crypto::Ed25519PublicKey::parse(*gateway_bytes));
  return client::ClientConfig{{std::move(keys.identity.secret), std::move(keys.encryption), std::move(keys.ack_key),
                               sphinx::GatewaySharedKeys::from_bytes(keys.gateway_shared.expose())},
                              gateway,
                              details.gateway_listener,
                              settings.traffic,
                              settings.acks,
                              settings.replies,
                              settings.topology,
                              settings.gateway_link};
}

/// A client that can not see the network says so at once instead of waiting for it in silence.
Result<void> check_directory(net::Runtime& runtime, const Settings& settings) {
  net::DirectoryClient directory(runtime, settings.nym_apis);
  std::optional<Result<topology::BuiltSnapshot>> fetched;
  directory.fetch_topology([&](auto answer) { fetched = std::move(answer); });
  if (!runtime.run_until([&] { return fetched.has_value(); }, net::now() + kFirstFetchLimit)) {
    return fail(CliError::network, "the directory did not answer in time");
  }
  if (!*fetched) {
    return fail(CliError::network, fmt::format("cannot get the network's topology: {}", fetched->error().text()));
  }
  for (const auto& line : (*fetched)->left_out) spdlog::warn("{}", line);
  auto routable = topology::check_routable((*fetched)->snapshot);
  if (routable) return {};
  return fail(CliError::network, fmt::format("the network can not carry packets: {}; if it is a network of a later "
                                             "generation, use a private one (nym-testnet)",
                                             routable.error().text()));
}

}  // namespace

Result<void> run(const RunOptions& options, const Environment& environment) {
  fmt::print(stderr, "Starting client {}...\n", options.id);
  NYM_TRY(auto paths, ClientPaths::of(options.id));
  NYM_TRY(auto settings, load_config(paths, options.id));
  NYM_TRY_VOID(check_version(settings.version));
  apply(options.overrides, environment, settings);
  if (settings.socket == client::Switch::off) {
    return fail(CliError::usage,
                "the local websocket is disabled, so no application could use this client; set "
                "socket_type to 'WebSocket' or pass --disable-socket false");
  }
  NYM_TRY(auto lock, net::DirectoryLock::take(paths.data));
  NYM_TRY(auto config, load_client(settings));

  net::Runtime runtime;
  NYM_TRY_VOID(check_directory(runtime, settings));
  auto address = config.address().to_string();
  net::ClientDriver::Places places{{*parse_ip(settings.host), settings.port},
                                   settings.nym_apis,
                                   {settings.paths.reply_store, std::nullopt},
                                   settings.paths.data};
  NYM_TRY(auto started, net::ClientDriver::start(runtime, std::move(config), places, log_event));
  if (!started.note.empty()) spdlog::error("{}", started.note);
  spdlog::info("Running websocket on \"{}\"", to_string(started.driver->app_endpoint()));
  spdlog::info("The address of this client is: {}", address);

  net::Timer stop_timer(runtime, [&] { runtime.stop(); });
  runtime.on_signals(
      [&] {
        spdlog::info("stopping");
        started.driver->shut_down();
        stop_timer.arm_after(kFlush);
      },
      [&] { runtime.stop(); });
  runtime.run();
  return {};
}

}  // namespace nym::cli
