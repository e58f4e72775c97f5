#include "cli/settings.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

namespace nym::cli {
namespace {

std::optional<std::filesystem::path> home_directory() {
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') return home;
  const passwd* entry = getpwuid(getuid());
  if (entry == nullptr) return std::nullopt;
  return entry->pw_dir;
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
  if (overrides.disable_socket) settings.socket = *overrides.disable_socket ? client::Switch::off : client::Switch::on;
  if (overrides.fastmode) {
    settings.traffic.average_packet_delay = Duration::milliseconds(10);
    settings.traffic.loop_cover_average_delay = Duration::milliseconds(2'000'000);
    settings.traffic.message_sending_average_delay = Duration::milliseconds(4);
  }
  if (overrides.no_cover) {
    settings.traffic.loop_cover_stream = client::Switch::off;
    settings.traffic.main_poisson_stream = client::Switch::off;
  }
  if (overrides.port) settings.port = *overrides.port;
  if (overrides.host) settings.host = *overrides.host;
  if (overrides.nym_apis) {
    settings.nym_apis = *overrides.nym_apis;
  } else if (environment.nym_apis) {
    settings.nym_apis = *environment.nym_apis;
  }
  if (overrides.nyxd_urls) {
    settings.nyxd_urls = *overrides.nyxd_urls;
  } else if (environment.nyxd_urls) {
    settings.nyxd_urls = *environment.nyxd_urls;
  }
}

}  // namespace nym::cli
