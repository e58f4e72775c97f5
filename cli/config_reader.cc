#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/config_file.h"
#include "cli/config_table.h"
#include "engine/base/nearest_name.h"

namespace nym::cli {
namespace {

std::unexpected<Error> fault_at_line(std::uint32_t line, const std::string& what) {
  return fail(CliError::bad_config, fmt::format("line {}: {}", line, what));
}

std::string path_below(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

const ConfigKey* find_config_key(const std::string& table, const std::string& key) {
  auto path = path_below(table, key);
  for (const auto& known : config_keys()) {
    if (known.path() == path || (known.table == table && !known.alias.empty() && known.alias == key)) return &known;
  }
  return nullptr;
}

/// `storage_paths.keys` leads to keys and is no table of its own.
bool leads_to_keys(const std::string& path) {
  auto begins_with_it = [&](std::string_view other) { return other.starts_with(path + "."); };
  const auto& tables = config_tables();
  const auto& keys = config_keys();
  return std::any_of(tables.begin(), tables.end(), [&](const auto& t) { return t.name == path; }) ||
         std::any_of(tables.begin(), tables.end(), [&](const auto& t) { return begins_with_it(t.name); }) ||
         std::any_of(keys.begin(), keys.end(), [&](const auto& k) { return begins_with_it(k.path()); });
}

bool ignores_unknown_keys(const std::string& path) {
  for (const auto& table : config_tables()) {
    bool is_inside = path == table.name || path.starts_with(std::string(table.name) + ".");
    if (is_inside && table.unknown == UnknownKeys::ignored) return true;
  }
  return false;
}

std::vector<std::string_view> names_in(const std::string& path) {
  std::vector<std::string_view> names;
  for (const auto& key : config_keys()) {
    if (key.table == path) names.push_back(key.key);
  }
  for (const auto& table : config_tables()) {
    bool is_child = path.empty() ? table.name.find('.') == std::string_view::npos : table.name.starts_with(path + ".");
    if (is_child) names.push_back(path.empty() ? table.name : table.name.substr(path.size() + 1));
  }
  return names;
}

/// One pass over a document.
class ConfigReader {
 public:
  Result<ReadConfig> read(const TomlTable& document) {
    read_.settings.credentials_disabled = client::Switch::off;  // when the key is missing (a quirk, 04 §2.3)
    NYM_TRY_VOID(check_tables(document));
    NYM_TRY_VOID(walk(document, ""));
    NYM_TRY_VOID(check_required());
    NYM_TRY_VOID(check_together());
    if (read_.settings.topology_structure != "NymApi") {
      read_.notes.emplace_back(
          "debug.topology.topology_structure: this client does not choose nodes by country; it "
          "uses all");
    }
    return std::move(read_);
  }

 private:
  Result<void> check_tables(const TomlTable& document) {
    for (const auto& table : config_tables()) {
      bool is_missing = table.presence == KeyPresence::required && find_entry(document, table.name) == nullptr;
      if (is_missing) return fail(CliError::bad_config, fmt::format("the table [{}] is missing", table.name));
    }
    return {};
  }

  Result<void> walk(const TomlTable& table, const std::string& path) {
    for (const auto& [key, value] : table) NYM_TRY_VOID(take(path, key, value));
    return {};
  }

  Result<void> take(const std::string& path, const std::string& key, const TomlValue& value) {
    auto inner = path_below(path, key);
    if (const auto* known = find_config_key(path, key)) return read_key(*known, value);
    if (leads_to_keys(inner)) {
      const auto* table = value.as<TomlTable>();
      if (table == nullptr) return fault_at_line(value.line, fmt::format("[{}] must be a table", inner));
      return walk(*table, inner);
    }
    if (path.empty()) return note_unknown_table(key, value);
    if (ignores_unknown_keys(path)) return {};
    return fault_at_line(value.line,
                         fmt::format("unknown key '{}' in [{}]{}", key, path, did_you_mean(key, names_in(path))));
  }

  // As in the original they are no fault.
  Result<void> note_unknown_table(const std::string& key, const TomlValue& value) {
    auto hint = did_you_mean(key, names_in(""));
    if (!hint.empty()) read_.notes.push_back(fmt::format("line {}: [{}] is ignored{}", value.line, key, hint));
    return {};
  }

  Result<void> read_key(const ConfigKey& key, const TomlValue& value) {
    if (!seen_.insert(key.path()).second) {
      return fault_at_line(value.line, fmt::format("{} is given twice, also as '{}'", key.path(), key.alias));
    }
    auto done = key.read(value, read_.settings);
    if (done) return {};
    return fault_at_line(value.line, fmt::format("{}: {}", key.path(), done.error().text()));
  }

  Result<void> check_required() {
    for (const auto& key : config_keys()) {
      if (key.presence == KeyPresence::optional || seen_.contains(key.path())) continue;
      return fail(CliError::bad_config, fmt::format("the key '{}' is missing in [{}]", key.key, key.table));
    }
    return {};
  }

  Result<void> check_together() {
    const auto& settings = read_.settings;
    auto invalid = [](const char* why) {
      return fail(CliError::bad_config, fmt::format("ConfigValidationFailure: {}", why));
    };
    if (settings.traffic.secondary_packet_size == settings.traffic.primary_packet_size) {
      return invalid("debug.traffic.secondary_packet_size equals the primary size; leave it out");
    }
    if (settings.replies.min_storage > settings.replies.max_storage) {
      return invalid("debug.reply_surbs: the minimum storage threshold is above the maximum");
    }
    if (settings.replies.min_request > settings.replies.max_request) {
      return invalid("debug.reply_surbs: the minimum request size is above the maximum");
    }
    return {};
  }

  ReadConfig read_;
  std::set<std::string> seen_;
};

}  // namespace

Result<ReadConfig> read_config(const TomlTable& document) {
  return ConfigReader().read(document);
}

Result<ReadConfig> parse_config(std::string_view toml) {
  NYM_TRY(auto document, parse_toml(toml));
  return read_config(document);
}

}  // namespace nym::cli
