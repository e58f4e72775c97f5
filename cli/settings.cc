#include "cli/settings.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace nym::cli {
namespace {

std::optional<std::filesystem::path> home_directory() {
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') return home;
  const passwd* entry = getpwuid(getuid());
  if (entry == nullptr) return std::nullopt;
  return entry->pw_dir;
}

template <class T, class U>
void override_with(const std::optional<T>& given, U& setting) {
  if (given) setting = *given;
}

void apply_to_applications(const Overrides& overrides, ApplicationSettings& applications) {
  override_with(overrides.dialect, applications.dialect);
  override_with(overrides.deliver_to, applications.deliver_to);
  override_with(overrides.token_file, applications.token_file);
  override_with(overrides.unix_socket, applications.unix_socket);
  override_with(overrides.max_message, applications.max_message);
  if (!overrides.allowed_origins) return;
  auto& origins = applications.allowed_origins;
  for (const auto& origin : *overrides.allowed_origins) {
    if (std::find(origins.begin(), origins.end(), origin) == origins.end()) origins.push_back(origin);
  }
}

}  // namespace

Result<ClientPaths> ClientPaths::of(const std::string& id) {
  auto home = home_directory();
  if (!home) return fail(CliError::bad_environment, "no home directory is known; set HOME");
  ClientPaths paths;
  paths.root = std::filesystem::absolute(*home) / ".nym" / "clients" / id;
  paths.config_file = paths.root / "config" / "config.toml";
  paths.data = paths.root / "data";
  paths.keys = net::ClientKeyPaths::in(paths.data);
  paths.gateway_details = paths.data / "gateway_details.json";
  paths.reply_store = paths.data / "persistent_reply_store.sqlite";
  paths.credentials = paths.data / "credentials_database.db";
  return paths;
}

void apply(const Overrides& overrides, const Environment& environment, Settings& settings) {
  if (overrides.disable_socket) settings.socket = *overrides.disable_socket ? SocketType::none : SocketType::web_socket;
  if (overrides.fastmode) {
    settings.traffic.average_packet_delay = Duration::milliseconds(10);
    settings.traffic.loop_cover_average_delay = Duration::milliseconds(2'000'000);
    settings.traffic.message_sending_average_delay = Duration::milliseconds(4);
  }
  if (overrides.no_cover) {
    settings.traffic.loop_cover_stream = client::Switch::off;
    settings.traffic.main_poisson_stream = client::Switch::off;
  }
  override_with(overrides.port, settings.port);
  override_with(overrides.host, settings.host);
  override_with(overrides.nym_apis ? overrides.nym_apis : environment.nym_apis, settings.nym_apis);
  override_with(overrides.nyxd_urls ? overrides.nyxd_urls : environment.nyxd_urls, settings.nyxd_urls);
  if (overrides.enabled_credentials_mode) {
    settings.credentials_disabled = *overrides.enabled_credentials_mode ? client::Switch::off : client::Switch::on;
  }
  apply_to_applications(overrides, settings.applications);
  if (overrides.journal) settings.delivery.journal = client::Switch::on;
  if (overrides.metrics) settings.metrics.listen = overrides.metrics;
  override_with(overrides.log_format, settings.log.format);
}

}  // namespace nym::cli
