#include "cli/config_migration.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/config_table.h"
#include "cli/html_escape.h"
#include "cli/log.h"
#include "net/files.h"

namespace nym::cli {
namespace {

namespace fs = std::filesystem;

struct MovedKey {
  std::string_view from;  ///< in [client]
  std::string_view to;    ///< in [storage_paths]
};
constexpr std::array kMovedKeys = {
    MovedKey{"private_identity_key_file", "keys.private_identity_key_file"},
    MovedKey{"public_identity_key_file", "keys.public_identity_key_file"},
    MovedKey{"private_encryption_key_file", "keys.private_encryption_key_file"},
    MovedKey{"public_encryption_key_file", "keys.public_encryption_key_file"},
    MovedKey{"gateway_shared_key_file", "keys.gateway_shared_key_file"},
    MovedKey{"ack_key_file", "keys.ack_key_file"},
    MovedKey{"database_path", "credentials_database"},
    MovedKey{"reply_surb_database_path", "reply_surb_database"},
};
constexpr std::string_view kFlatPacketSize = "use_extended_packet_size";

std::optional<TomlValue> take_entry(TomlTable& table, std::string_view key) {
  auto found = std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.key == key; });
  if (found == table.end()) return std::nullopt;
  auto value = std::move(found->value);
  table.erase(found);
  return value;
}

TomlTable& table_in(TomlTable& table, const std::string& key) {
  if (find_entry(table, key) == nullptr) table.push_back({key, {TomlTable(), 0}});
  auto* value = find_entry(table, key);
  if (value->as<TomlTable>() == nullptr) value->content = TomlTable();
  return std::get<TomlTable>(value->content);
}

void put_dotted(TomlTable& table, std::string_view path, TomlValue value) {
  auto dot = path.find('.');
  if (dot == std::string_view::npos) return table.push_back({std::string(path), std::move(value)});
  put_dotted(table_in(table, std::string(path.substr(0, dot))), path.substr(dot + 1), std::move(value));
}

Result<std::string> gateway_text(const TomlTable& gateway, std::string_view key) {
  const auto* value = find_entry(gateway, key);
  const auto* text = value == nullptr ? nullptr : value->as<std::string>();
  if (text != nullptr) return html_unescaped(*text);
  return fail(CliError::bad_config, fmt::format("the text '{}' is missing in [client.gateway_endpoint]", key));
}

/// The keys of the flat [debug] have kept their names; each goes to the table that has it now.
void spread_flat_debug(TomlTable& debug) {
  TomlTable flat;
  for (auto& entry : debug) {
    if (entry.value.as<TomlTable>() == nullptr) flat.push_back(std::move(entry));
  }
  std::erase_if(debug, [](const auto& entry) { return entry.value.template as<TomlTable>() == nullptr; });
  for (auto& entry : flat) {
    std::string place = entry.key;  // unknown ones stay, to be refused
    for (const auto& key : config_keys()) {
      bool is_it = key.key == entry.key && key.table.starts_with("debug.");
      if (is_it) place = key.path().substr(std::string_view("debug.").size());
    }
    if (entry.key == kFlatPacketSize) place = "traffic.secondary_packet_size";
    put_dotted(debug, place, std::move(entry.value));
  }
}

std::string format_of(const TomlTable& document) {
  if (find_entry(document, "storage_paths") != nullptr) return "v1.1.20_2";
  const auto* debug = find_entry(document, "debug");
  const auto* table = debug == nullptr ? nullptr : debug->as<TomlTable>();
  bool has_tables = table != nullptr && std::any_of(table->begin(), table->end(), [](const auto& entry) {
                      return entry.value.template as<TomlTable>() != nullptr;
                    });
  return has_tables ? "v1.1.20" : "v1.1.13";
}

void put_path(TomlTable& storage, std::string_view key, const fs::path& path) {
  storage.push_back({std::string(key), {html_escaped(path.string()), 0}});
}

/// Where the database of replies is, the gateway's file goes too.
void complete_paths(TomlTable& storage) {
  auto folder_of = [&](const char* key) -> fs::path {
    const auto* value = find_entry(storage, key);
    const auto* text = value == nullptr ? nullptr : value->as<std::string>();
    return text == nullptr ? fs::path() : fs::path(html_unescaped(*text)).parent_path();
  };
  auto folder = folder_of("reply_surb_database");
  if (folder.empty()) {
    folder = folder_of("credentials_database");
    if (folder.empty()) return;
    put_path(storage, "reply_surb_database", folder / "persistent_reply_store.sqlite");
  }
  put_path(storage, "gateway_details", folder / "gateway_details.json");
}

/// The document of an older form as one of today's.
void modernise(TomlTable& document, const std::string& format) {
  // All of them first: what is added to a table moves its entries.
  for (const char* name : {"client", "storage_paths", "debug", "socket", "logging"}) table_in(document, name);
  auto& client = table_in(document, "client");
  auto& storage = table_in(document, "storage_paths");
  if (format != "v1.1.20_2") {
    for (const auto& moved : kMovedKeys) {
      if (auto value = take_entry(client, moved.from)) put_dotted(storage, moved.to, *std::move(value));
    }
    (void)take_entry(client, "nym_root_directory");
  }
  complete_paths(storage);
  spread_flat_debug(table_in(document, "debug"));
}

Result<void> store_details(const Settings& settings, const OldConfig& old) {
  auto keys = net::load_client_keys(settings.paths.keys);
  if (!keys) {
    return fail(CliError::bad_config, fmt::format("it is of the form of {} and its keys can not be read: {}",
                                                  old.format, keys.error().text()));
  }
  wire::GatewayDetails details{wire::hash_of_shared_keys(keys->keys.gateway_shared.expose()), old.gateway_id,
                               old.gateway_owner, old.gateway_listener};
  return net::store_gateway_details(settings.paths.gateway_details, details);
}

}  // namespace

Result<std::optional<OldConfig>> parse_old_config(std::string_view toml) {
  auto document = parse_toml(toml);
  if (!document) return std::optional<OldConfig>();
  auto* client = find_entry(*document, "client");
  bool has_client = client != nullptr && client->as<TomlTable>() != nullptr;
  auto gateway = has_client ? take_entry(std::get<TomlTable>(client->content), "gateway_endpoint") : std::nullopt;
  if (!gateway || gateway->as<TomlTable>() == nullptr) return std::optional<OldConfig>();

  OldConfig old;
  old.format = format_of(*document);
  const auto& endpoint = *gateway->as<TomlTable>();
  NYM_TRY(old.gateway_id, gateway_text(endpoint, "gateway_id"));
  NYM_TRY(old.gateway_owner, gateway_text(endpoint, "gateway_owner"));
  NYM_TRY(old.gateway_listener, gateway_text(endpoint, "gateway_listener"));
  modernise(*document, old.format);
  NYM_TRY(old.config, read_config(*document));
  return std::optional(std::move(old));
}

Result<void> keep_old_config(const ClientPaths& paths, const std::string& label, const std::string& text) {
  auto copy = paths.config_file;
  copy += fmt::format(".{}.old", label);
  if (fs::exists(copy)) return {};
  return net::write_file_atomically(copy, as_bytes(text));
}

Result<std::optional<ReadConfig>> migrate_config(const ClientPaths& paths, const std::string& text) {
  NYM_TRY(auto old, parse_old_config(text));
  if (!old) return std::optional<ReadConfig>();
  log_info("nym_client::commands", "It seems the client is using <= {} config template.", old->format);
  log_info("nym_client::commands", "It is going to get updated to the current specification.");
  NYM_TRY_VOID(store_details(old->config.settings, *old));
  NYM_TRY_VOID(keep_old_config(paths, old->format, text));
  NYM_TRY_VOID(store_config(paths, old->config.settings, ConfigExtent::complete));
  return std::optional(std::move(old->config));
}

}  // namespace nym::cli
