#include "cli/run_command.h"

#include <fmt/format.h>

#include "cli/config_file.h"
#include "cli/directory.h"
#include "cli/event_log.h"
#include "cli/gateway_setup.h"
#include "cli/log.h"
#include "net/drivers/client_driver.h"
#include "net/drivers/client_identity.h"
#include "net/error.h"
#include "net/files.h"
#include "net/metrics/client_metrics.h"
#include "net/metrics/metrics_server.h"

namespace nym::cli {
namespace {

constexpr std::string_view kRunTarget = "nym_client::commands::run";
constexpr std::string_view kBaseTarget = "nym_client_core::client::base_client";

Result<void> check_version(const std::string& version, const std::string& id) {
  if (version == kVersion) return {};
  log_warn(kRunTarget,
           "The native-client binary has different version than what is specified in config file! {} and {}", kVersion,
           version);
  if (topology::version_compatible(version, kVersion)) {
    log_info(kRunTarget, "but they are still semver compatible. However, consider running the `upgrade` command");
    return {};
  }
  log_error(kRunTarget,
            "and they are semver incompatible! - please run the `upgrade` command before attempting `run` "
            "again");
  log_error(kRunTarget, "failed the local version check");
  return fail(CliError::bad_config, fmt::format("FailedLocalVersionCheck: the configuration of version {} does not fit "
                                                "this program ({}); see 'nym-client upgrade --id {}'",
                                                version, kVersion, id));
}

Result<net::LoadedKeys<net::ClientKeys>> load_keys(const ClientPaths& paths, const std::string& id) {
  auto loaded = net::load_client_keys(paths.keys);
  if (loaded) return loaded;
  return fail(CliError::bad_config, fmt::format("ClientCoreError(UnavailableSharedKey): {}; restore the file, or get a "
                                                "new identity with 'nym-client init --id {} --force-register-gateway'",
                                                loaded.error().text(), id));
}

Result<wire::GatewayDetails> load_details(const ClientPaths& paths) {
  auto details = net::load_gateway_details(paths.gateway_details);
  if (details) return details;
  return fail(CliError::bad_config,
              fmt::format("ClientCoreError(UnavailableGatewayDetails): {}", details.error().text()));
}

Result<client::ClientConfig> load_client(const Settings& settings, const std::string& id) {
  NYM_TRY(auto keys, load_keys(settings.paths, id));
  NYM_TRY(auto details, load_details(settings.paths));
  auto loaded = net::identity_from(std::move(keys), details, settings.paths.keys);
  if (!loaded && loaded.error().is(net::NetError::bad_key_file)) {
    return fail(CliError::bad_config,
                fmt::format("ClientCoreError(MismatchedGatewayDetails {{ gateway_id: \"{}\" }}): {}",
                            details.gateway_id, loaded.error().text()));
  }
  if (!loaded) {
    return fail(CliError::bad_config, fmt::format("cannot use {}: gateway_id: {}",
                                                  settings.paths.gateway_details.string(), loaded.error().text()));
  }
  for (const auto& warning : loaded->warnings) log_warn(kRunTarget, "{}", warning);
  const auto& apps = settings.applications;
  return client::ClientConfig{std::move(loaded->identity.keys),
                              loaded->identity.gateway,
                              std::move(loaded->identity.gateway_url),
                              settings.traffic,
                              settings.acks,
                              settings.replies,
                              settings.topology,
                              settings.gateway_link,
                              settings.delivery.journal,
                              {apps.dialect, apps.deliver_to, apps.max_reply_surbs, apps.max_message}};
}

/// What a user should know of the settings before anything is connected.
Result<void> check_settings(const Settings& settings) {
  if (settings.socket == SocketType::none) {
    return fail(CliError::usage,
                "InvalidSocketMode: the local websocket is disabled, so no application could use this "
                "client; set socket_type to 'WebSocket' or pass --disable-socket false");
  }
  if (settings.credentials_disabled == client::Switch::off) {
    log_warn(kRunTarget,
             "the configuration asks for bandwidth credentials, which this program does not use; bandwidth "
             "is claimed without");
  }
  return {};
}

Result<net::DirectoryLock> lock_client(const ClientPaths& paths, const std::string& id) {
  auto lock = net::DirectoryLock::take(paths.gateway_details.parent_path());
  if (lock || !lock.error().is(net::NetError::locked)) return lock;
  return fail(net::NetError::locked,
              fmt::format("client {} runs already: {}; stop that process first", id, lock.error().text()));
}

Result<Settings> load_settings(const RunOptions& options, const Environment& environment, const ClientPaths& paths) {
  NYM_TRY(auto config, load_config(paths, options.id));
  auto& settings = config.settings;
  apply(options.overrides, environment, settings);
  set_up_log(settings.log.format, environment.log_filter);
  for (const auto& note : config.notes) log_warn(kRunTarget, "{}: {}", paths.config_file.string(), note);
  settings.paths.root = paths.root;
  settings.paths.config_file = paths.config_file;
  settings.paths.data = paths.data;
  NYM_TRY_VOID(check_version(settings.version, options.id));
  NYM_TRY_VOID(check_settings(settings));
  return std::move(settings);
}

net::ClientDriver::Places places_of(const Settings& settings) {
  const auto& apps = settings.applications;
  std::optional<std::filesystem::path> journal;
  if (settings.delivery.journal == client::Switch::on) journal = settings.paths.data / "journal.sqlite";
  return {.app = Endpoint{*parse_ip(settings.host), settings.port},
          .directories = settings.nym_apis,
          .store = {settings.paths.reply_store, std::move(journal)},
          .spool = settings.paths.data,
          .app_rules = {apps.allowed_origins, apps.token_file.value_or("").string()},
          .app_socket = apps.unix_socket.value_or("")};
}

Result<std::unique_ptr<net::MetricsServer>> serve_metrics(net::Runtime& runtime, const Settings& settings,
                                                          net::ClientMetrics& metrics) {
  if (!settings.metrics.listen) return std::unique_ptr<net::MetricsServer>();
  NYM_TRY(auto server, net::MetricsServer::start(runtime, *settings.metrics.listen, metrics));
  log_info(kRunTarget, "metrics on http://{}/metrics", to_string(server->local_endpoint()));
  return server;
}

/// The first signal lets what was accepted leave, within `flush`; the second ends at once.
void stop_on_signals(net::Runtime& runtime, net::ClientDriver& driver, Duration flush) {
  runtime.on_signals(
      [&runtime, &driver, flush] {
        log_info("nym_task::manager", "Sending shutdown");
        driver.shut_down(flush, [&runtime] { runtime.stop(); });
      },
      [&runtime, &driver] {
        log_info("nym_task::manager", "Forcing shutdown");
        driver.shut_down(Duration(), {});
        runtime.stop();
      });
}

}  // namespace

Result<void> run(const RunOptions& options, const Environment& environment) {
  fmt::print(stderr, "Starting client {}...\n", options.id);
  NYM_TRY(auto paths, ClientPaths::of(options.id));
  NYM_TRY(auto settings, load_settings(options, environment, paths));
  NYM_TRY(auto config, load_client(settings, options.id));
  NYM_TRY(auto lock, lock_client(settings.paths, options.id));
  for (const auto& warning : restrict_files(settings.paths)) log_warn(kRunTarget, "{}", warning);

  net::Runtime runtime;
  log_info(kBaseTarget, "Obtaining initial network topology");
  NYM_TRY(auto left_out, check_network(runtime, settings.nym_apis));
  for (const auto& line : left_out) log_warn(kBaseTarget, "{}", line);
  auto address = config.address().to_string();
  net::ClientMetrics metrics;
  log_info("nym_client::client", "Starting websocket listener...");
  NYM_TRY(auto started, net::ClientDriver::start(runtime, std::move(config), places_of(settings),
                                                 [&metrics](const client::Event& event) {
                                                   metrics.observe(event);
                                                   log_event(event);
                                                 }));
  auto& driver = *started.driver;
  if (!started.note.empty()) log_error(kBaseTarget, "{}", started.note);
  stop_on_signals(runtime, driver, settings.delivery.flush_deadline);  // whoever reads the lines below may send one
  metrics.watch([&driver] { return driver.status(); });
  NYM_TRY(auto metrics_server, serve_metrics(runtime, settings, metrics));
  log_info("nym_client::websocket::listener", "Running websocket on \"{}\"", to_string(driver.app_endpoint()));
  log_info("nym_client::client", "Client startup finished!");
  log_info("nym_client::client", "The address of this client is: {}", address);
  runtime.run();
  log_info("nym_client::client", "Stopping nym-client");
  return {};
}

}  // namespace nym::cli
