#include "cli/run_command.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "cli/config_file.h"
#include "cli/event_log.h"
#include "net/drivers/client_driver.h"
#include "net/drivers/client_identity.h"
#include "net/files.h"
#include "net/metrics/client_metrics.h"
#include "net/metrics/metrics_server.h"

namespace nym::cli {
namespace {

constexpr Duration kFirstFetchLimit = Duration::seconds(60);

Result<void> check_version(const std::string& version) {
  if (version == kVersion) return {};
  spdlog::warn("the configuration was written by version {}, this is {}", version, kVersion);
  if (topology::version_compatible(version, kVersion)) return {};
  return fail(CliError::bad_config,
              fmt::format("the configuration of version {} does not fit this program ({}); run 'nym-client init' again",
                          version, kVersion));
}

Result<client::ClientConfig> load_client(const Settings& settings) {
  NYM_TRY(auto loaded, net::load_client_identity(settings.paths.keys, settings.paths.gateway_details));
  for (const auto& warning : loaded.warnings) spdlog::warn("{}", warning);
  auto& identity = loaded.identity;
  return client::ClientConfig{std::move(identity.keys), identity.gateway,     std::move(identity.gateway_url),
                              settings.traffic,         settings.acks,        settings.replies,
                              settings.topology,        settings.gateway_link};
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

Result<std::unique_ptr<net::MetricsServer>> serve_metrics(net::Runtime& runtime, const Settings& settings,
                                                          net::ClientMetrics& metrics) {
  if (!settings.metrics.listen) return std::unique_ptr<net::MetricsServer>();
  NYM_TRY(auto server, net::MetricsServer::start(runtime, *settings.metrics.listen, metrics));
  spdlog::info("metrics on http://{}/metrics", to_string(server->local_endpoint()));
  return server;
}

/// The first signal lets what was accepted leave, within `flush`; the second ends at once.
void run_until_stopped(net::Runtime& runtime, net::ClientDriver& driver, Duration flush) {
  auto on_stopped = [&] { runtime.stop(); };
  runtime.on_signals(
      [&] {
        spdlog::info("stopping; again stops at once");
        driver.shut_down(flush, on_stopped);
      },
      [&] {
        driver.shut_down(Duration(), {});
        runtime.stop();
      });
  runtime.run();
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
  net::ClientDriver::Places places{Endpoint{*parse_ip(settings.host), settings.port},
                                   settings.nym_apis,
                                   {settings.paths.reply_store, std::nullopt},
                                   settings.paths.data};
  net::ClientMetrics metrics;
  NYM_TRY(auto started,
          net::ClientDriver::start(runtime, std::move(config), places, [&metrics](const client::Event& event) {
            metrics.observe(event);
            log_event(event);
          }));
  auto& driver = *started.driver;
  if (!started.note.empty()) spdlog::error("{}", started.note);
  metrics.watch([&driver] { return driver.status(); });
  NYM_TRY(auto metrics_server, serve_metrics(runtime, settings, metrics));
  spdlog::info("Running websocket on \"{}\"", to_string(driver.app_endpoint()));
  spdlog::info("The address of this client is: {}", address);
  run_until_stopped(runtime, driver, settings.delivery.flush_deadline);
  return {};
}

}  // namespace nym::cli
