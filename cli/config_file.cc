#include "cli/config_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <cmath>
#include <functional>
#include <map>

#include "cli/duration_text.h"
#include "engine/base/endpoint.h"
#include "net/files.h"

namespace nym::cli {
namespace {

constexpr std::size_t kMaxConfig = std::size_t{1} << 20U;

using Read = std::function<Result<void>(const toml::node&)>;
using Readers = std::map<std::string, Read, std::less<>>;

std::unexpected<Error> at(const toml::node& node, const std::string& what) {
  return fail(CliError::bad_config, fmt::format("line {}: {}", node.source().begin.line, what));
}

Read text_into(std::string& target) {
  return [&target](const toml::node& node) -> Result<void> {
    auto value = node.value_exact<std::string>();
    if (!value) return at(node, "expected a text");
    target = std::move(*value);
    return {};
  };
}

Read path_into(std::filesystem::path& target) {
  return [&target](const toml::node& node) -> Result<void> {
    auto value = node.value_exact<std::string>();
    if (!value) return at(node, "expected a path");
    target = std::move(*value);
    return {};
  };
}

Read duration_into(Duration& target) {
  return [&target](const toml::node& node) -> Result<void> {
    auto value = node.value_exact<std::string>();
    if (!value) return at(node, "expected a duration such as '50ms'");
    auto duration = parse_duration(*value);
    if (!duration) return at(node, duration.error().text());
    target = *duration;
    return {};
  };
}

enum class Meaning : std::uint8_t { enables, disables };
Read switch_into(client::Switch& target, Meaning meaning) {
  return [&target, meaning](const toml::node& node) -> Result<void> {
    auto value = node.value_exact<bool>();
    if (!value) return at(node, "expected true or false");
    target = *value == (meaning == Meaning::enables) ? client::Switch::on : client::Switch::off;
    return {};
  };
}

template <class Number>
Read count_into(Number& target, std::int64_t max) {
  return [&target, max](const toml::node& node) -> Result<void> {
    auto value = node.value_exact<std::int64_t>();
    if (!value || *value < 0 || *value > max) return at(node, fmt::format("expected a number from 0 to {}", max));
    target = static_cast<Number>(*value);
    return {};
  };
}

Read urls_into(std::vector<std::string>& target) {
  return [&target](const toml::node& node) -> Result<void> {
    const auto* list = node.as_array();
    if (list == nullptr) return at(node, "expected a list of urls");
    target.clear();
    for (const auto& element : *list) {
      auto text = element.value_exact<std::string>();
      auto urls = text ? parse_url_list(*text, "a url") : Result<std::vector<std::string>>(std::vector<std::string>{});
      if (!urls) return at(element, urls.error().text());
      if (urls->size() != 1) return at(element, "expected a url");
      target.push_back(urls->front());
    }
    return {};
  };
}

Read packet_size_into(const std::function<void(wire::PacketSize)>& set) {
  return [set](const toml::node& node) -> Result<void> {
    auto name = node.value_exact<std::string>();
    auto size = name ? wire::packet_size_from_name(*name) : std::nullopt;
    if (!size || wire::is_ack(*size) || wire::is_outfox(*size)) {
      return at(node, "expected a packet size: regular, extended8, extended16 or extended32");
    }
    set(*size);
    return {};
  };
}

enum class Unknown : std::uint8_t { refused, ignored };

Result<void> read_table(const toml::table& table, const Readers& readers, Unknown unknown, const std::string& name) {
  for (const auto& [key, node] : table) {
    auto reader = readers.find(key.str());
    if (reader == readers.end()) {
      if (unknown == Unknown::ignored) continue;
      return at(node, fmt::format("unknown key '{}' in [{}]", key.str(), name));
    }
    if (auto read = reader->second(node); !read) {
      return fail(CliError::bad_config, fmt::format("{}.{}: {}", name, key.str(), read.error().text()));
    }
  }
  return {};
}

Result<const toml::table*> require_table(const toml::table& root, const std::string& name) {
  const auto* table = root[name].as_table();
  if (table == nullptr) return fail(CliError::bad_config, fmt::format("the table [{}] is missing", name));
  return table;
}

Result<void> read_client(const toml::table& table, Settings& settings) {
  settings.credentials_disabled = client::Switch::off;  // when the key is missing (a quirk, 04 §2.3)
  Readers readers{{"version", text_into(settings.version)},
                  {"id", text_into(settings.id)},
                  {"disabled_credentials_mode", switch_into(settings.credentials_disabled, Meaning::enables)},
                  {"nyxd_urls", urls_into(settings.nyxd_urls)},
                  {"validator_urls", urls_into(settings.nyxd_urls)},
                  {"nym_api_urls", urls_into(settings.nym_apis)},
                  {"validator_api_urls", urls_into(settings.nym_apis)}};
  return read_table(table, readers, Unknown::refused, "client");
}

Result<void> read_storage(const toml::table& table, ClientPaths& paths) {
  if (const auto* keys = table["keys"].as_table()) {
    Readers readers{{"private_identity_key_file", path_into(paths.keys.private_identity)},
                    {"public_identity_key_file", path_into(paths.keys.public_identity)},
                    {"private_encryption_key_file", path_into(paths.keys.private_encryption)},
                    {"public_encryption_key_file", path_into(paths.keys.public_encryption)},
                    {"gateway_shared_key_file", path_into(paths.keys.gateway_shared)},
                    {"ack_key_file", path_into(paths.keys.ack_key)}};
    NYM_TRY_VOID(read_table(*keys, readers, Unknown::refused, "storage_paths.keys"));
  }
  Readers readers{{"keys", [](const toml::node&) -> Result<void> { return {}; }},
                  {"credentials_database", path_into(paths.credentials)},
                  {"reply_surb_database", path_into(paths.reply_store)},
                  {"gateway_details", path_into(paths.gateway_details)}};
  return read_table(table, readers, Unknown::ignored, "storage_paths");
}

Result<void> read_socket(const toml::table& table, Settings& settings) {
  std::string type = "WebSocket";
  Readers readers{{"socket_type", text_into(type)},
                  {"host", text_into(settings.host)},
                  {"listening_port", count_into(settings.port, 65'535)}};
  NYM_TRY_VOID(read_table(table, readers, Unknown::refused, "socket"));
  if (type != "WebSocket" && type != "None") {
    return fail(CliError::bad_config, fmt::format("socket.socket_type: '{}' is neither 'WebSocket' nor 'None'", type));
  }
  if (!parse_ip(settings.host)) {
    return fail(CliError::bad_config, fmt::format("socket.host: '{}' is no ip address", settings.host));
  }
  settings.socket = type == "None" ? client::Switch::off : client::Switch::on;
  return {};
}

Readers traffic_readers(client::TrafficConfig& traffic) {
  auto packet_type = [](const toml::node& node) -> Result<void> {
    auto name = node.value_exact<std::string>();
    if (name == "mix" || name == "sphinx") return {};
    return at(node, "expected the packet type 'mix'; outfox packets are not made by this client");
  };
  return {{"average_packet_delay", duration_into(traffic.average_packet_delay)},
          {"message_sending_average_delay", duration_into(traffic.message_sending_average_delay)},
          {"disable_main_poisson_packet_distribution", switch_into(traffic.main_poisson_stream, Meaning::disables)},
          {"primary_packet_size", packet_size_into([&](auto size) { traffic.primary_packet_size = size; })},
          {"secondary_packet_size", packet_size_into([&](auto size) { traffic.secondary_packet_size = size; })},
          {"packet_type", packet_type}};
}

Result<void> read_debug(const toml::table& debug, Settings& settings) {
  auto ratio = [&](const toml::node& node) -> Result<void> {
    auto value = node.value<double>();
    if (!value || *value < 0 || *value > 1) return at(node, "expected a number from 0 to 1");
    settings.traffic.cover_primary_ratio = Probability::of(*value);
    return {};
  };
  auto multiplier = [&](const toml::node& node) -> Result<void> {
    auto value = node.value<double>();
    if (!value || !(*value >= 0) || *value > 1'000) return at(node, "expected a number from 0 to 1000");
    settings.acks.wait_multiplier_millis = std::llround(*value * 1'000);
    return {};
  };
  Duration unused;
  std::string structure = "NymApi";
  const std::map<std::string, Readers, std::less<>> tables{
      {"traffic", traffic_readers(settings.traffic)},
      {"cover_traffic",
       {{"loop_cover_traffic_average_delay", duration_into(settings.traffic.loop_cover_average_delay)},
        {"cover_traffic_primary_size_ratio", ratio},
        {"disable_loop_cover_traffic_stream", switch_into(settings.traffic.loop_cover_stream, Meaning::disables)}}},
      {"gateway_connection", {{"gateway_response_timeout", duration_into(settings.gateway_link.response_timeout)}}},
      {"acknowledgements",
       {{"average_ack_delay", duration_into(settings.acks.average_ack_delay)},
        {"ack_wait_multiplier", multiplier},
        {"ack_wait_addition", duration_into(settings.acks.wait_addition)}}},
      {"topology",
       {{"topology_refresh_rate", duration_into(settings.topology.refresh_rate)},
        {"topology_resolution_timeout", duration_into(unused)},
        {"disable_refreshing", switch_into(settings.topology.refreshing, Meaning::disables)},
        {"topology_structure", text_into(structure)}}},
      {"reply_surbs",
       {{"minimum_reply_surb_storage_threshold", count_into(settings.replies.min_storage, 1'000'000)},
        {"maximum_reply_surb_storage_threshold", count_into(settings.replies.max_storage, 1'000'000)},
        {"minimum_reply_surb_request_size", count_into(settings.replies.min_request, 1'000'000)},
        {"maximum_reply_surb_request_size", count_into(settings.replies.max_request, 1'000'000)},
        {"maximum_allowed_reply_surb_request_size", count_into(settings.replies.max_allowed_request, 1'000'000)},
        {"maximum_reply_surb_rerequest_waiting_period", duration_into(settings.replies.rerequest_after)},
        {"maximum_reply_surb_drop_waiting_period", duration_into(settings.replies.drop_after)},
        {"maximum_reply_surb_age", duration_into(settings.replies.max_surb_age)},
        {"maximum_reply_key_age", duration_into(settings.replies.max_key_age)}}},
  };
  for (const auto& [name, node] : debug) {
    auto table = tables.find(name.str());
    if (table == tables.end() || !node.is_table())
      return at(node, fmt::format("unknown key '{}' in [debug]", name.str()));
    NYM_TRY_VOID(read_table(*node.as_table(), table->second, Unknown::refused, fmt::format("debug.{}", name.str())));
  }
  return {};
}

Result<void> validate(const Settings& settings) {
  const auto& traffic = settings.traffic;
  if (traffic.secondary_packet_size == traffic.primary_packet_size) {
    return fail(CliError::bad_config, "debug.traffic.secondary_packet_size equals the primary size; leave it out");
  }
  if (settings.topology.refresh_rate.ns() <= 0) {
    return fail(CliError::bad_config, "debug.topology.topology_refresh_rate must be longer than zero");
  }
  return {};
}

std::string url_list(const std::vector<std::string>& urls) {
  std::string text = "[\n    ";
  for (const auto& url : urls) text += fmt::format("\n        '{}',\n    ", url);
  return text + "\n]\n";
}

}  // namespace

std::string render_config(const Settings& s) {
  std::string out = "\n# Configuration of a nym-client. Durations are written like '50ms' or '1s 500ms'.\n\n[client]\n";
  out += fmt::format("# the version of the program that wrote this file\nversion = '{}'\n\n", s.version);
  out += fmt::format("# the client's name, known to this machine only\nid = '{}'\n\n", s.id);
  out += fmt::format("# bandwidth is claimed without credentials\ndisabled_credentials_mode = {}\n\n",
                     s.credentials_disabled == client::Switch::on);
  out += fmt::format("# chain endpoints, used with credentials only\nnyxd_urls = {}\n", url_list(s.nyxd_urls));
  out += fmt::format("# directories: who the mixnodes and gateways are\nnym_api_urls = {}\n", url_list(s.nym_apis));
  out += "\n[storage_paths] \n";
  const auto& p = s.paths;
  out += fmt::format("keys.private_identity_key_file = '{}'\n", p.keys.private_identity.string());
  out += fmt::format("keys.public_identity_key_file = '{}'\n", p.keys.public_identity.string());
  out += fmt::format("keys.private_encryption_key_file = '{}'\n", p.keys.private_encryption.string());
  out += fmt::format("keys.public_encryption_key_file = '{}'\n", p.keys.public_encryption.string());
  out += fmt::format("keys.gateway_shared_key_file = '{}'\n", p.keys.gateway_shared.string());
  out += fmt::format("keys.ack_key_file = '{}'\n", p.keys.ack_key.string());
  out += fmt::format("credentials_database = '{}'\n", p.credentials.string());
  out += fmt::format("reply_surb_database = '{}'\n", p.reply_store.string());
  out += fmt::format("gateway_details = '{}'\n\n", p.gateway_details.string());
  out += fmt::format("[socket]\n# 'WebSocket', or 'None' for no local interface\nsocket_type = '{}'\n",
                     s.socket == client::Switch::on ? "WebSocket" : "None");
  out += fmt::format("listening_port = {}\nhost = '{}'\n\n[logging]\n\n[debug]\n\n", s.port, s.host);
  out += fmt::format("[debug.traffic]\naverage_packet_delay = '{}'\nmessage_sending_average_delay = '{}'\n\n",
                     to_text(s.traffic.average_packet_delay), to_text(s.traffic.message_sending_average_delay));
  out += fmt::format("[debug.acknowledgements]\naverage_ack_delay = '{}'\n\n", to_text(s.acks.average_ack_delay));
  out += fmt::format("[debug.cover_traffic]\nloop_cover_traffic_average_delay = '{}'\n\n\n",
                     to_text(s.traffic.loop_cover_average_delay));
  return out;
}

Result<Settings> parse_config(std::string_view toml_text, const std::string& file_name) {
  auto parsed = toml::parse(toml_text, file_name);
  if (!parsed) {
    const auto& error = parsed.error();
    return fail(CliError::bad_config, fmt::format("line {}: {}", error.source().begin.line, error.description()));
  }
  const toml::table& root = parsed.table();
  Settings settings;
  NYM_TRY(const auto* client, require_table(root, "client"));
  NYM_TRY(const auto* storage, require_table(root, "storage_paths"));
  NYM_TRY(const auto* socket, require_table(root, "socket"));
  NYM_TRY(const auto* logging, require_table(root, "logging"));
  NYM_TRY_VOID(read_client(*client, settings));
  NYM_TRY_VOID(read_storage(*storage, settings.paths));
  NYM_TRY_VOID(read_socket(*socket, settings));
  NYM_TRY_VOID(read_table(*logging, {}, Unknown::refused, "logging"));
  if (const auto* debug = root["debug"].as_table()) NYM_TRY_VOID(read_debug(*debug, settings));
  NYM_TRY_VOID(validate(settings));
  return settings;
}

Result<Settings> load_config(const ClientPaths& paths, const std::string& id) {
  auto content = net::read_file(paths.config_file, kMaxConfig);
  if (!content) {
    return fail(CliError::not_initialised,
                fmt::format("failed to load config for {}: {}; run 'nym-client init --id {}' first", id,
                            content.error().text(), id));
  }
  auto settings = parse_config(as_text(*content), paths.config_file.string());
  if (!settings) {
    return fail(CliError::bad_config, fmt::format("{}: {}", paths.config_file.string(), settings.error().text()));
  }
  return settings;
}

}  // namespace nym::cli
