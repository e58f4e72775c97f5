#include "cli/environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "cli/url_list.h"
#include "net/files.h"

namespace nym::cli {
namespace {

constexpr std::size_t kMaxEnvFile = std::size_t{1} << 20U;

bool is_key(std::string_view key) {
  auto may_stand_in_key = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  return !key.empty() && !(key.front() >= '0' && key.front() <= '9') &&
         std::all_of(key.begin(), key.end(), may_stand_in_key);
}

bool is_rest_comment(std::string_view rest) {
  rest = trimmed(rest);
  return rest.empty() || rest.front() == '#';
}

std::unexpected<Error> value_fault(const char* what) {
  return fail(CliError::bad_environment, what);
}

// Between double quotes a backslash takes the next character as it is, or makes it a line end.
Result<std::string> double_quoted(std::string_view text) {
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      if (!is_rest_comment(text.substr(i + 1))) return value_fault("unexpected text behind the closing quote");
      return value;
    }
    bool escaped = text[i] == '\\' && i + 1 < text.size();
    if (escaped) ++i;
    value += escaped && text[i] == 'n' ? '\n' : text[i];
  }
  return value_fault("the closing quote is missing");
}

Result<std::string> value_of(std::string_view text) {
  if (text.starts_with('"')) return double_quoted(text);
  if (text.starts_with('\'')) {
    auto end = text.find('\'', 1);
    if (end == std::string_view::npos) return value_fault("the closing quote is missing");
    if (!is_rest_comment(text.substr(end + 1))) return value_fault("unexpected text behind the closing quote");
    return std::string(text.substr(1, end - 1));
  }
  if (text.starts_with('#')) return std::string();
  auto comment = std::min(text.find(" #"), text.find("\t#"));
  return std::string(trimmed(text.substr(0, comment)));
}

Result<void> add_env_line(std::string_view line, Variables& variables) {
  if (line.starts_with("export ")) line = trimmed(line.substr(7));
  if (line.empty() || line.front() == '#') return {};
  auto equals = line.find('=');
  if (equals == std::string_view::npos) return value_fault("expected KEY=value");
  auto key = trimmed(line.substr(0, equals));
  if (!is_key(key)) return fail(CliError::bad_environment, fmt::format("'{}' is no name of a variable", key));
  NYM_TRY(auto value, value_of(trimmed(line.substr(equals + 1))));
  bool is_clean = value.find('\0') == std::string::npos;
  if (!is_clean) return value_fault("a value can not contain a zero byte");
  variables.emplace(key, std::move(value));
  return {};
}

std::optional<std::string> lookup(const Variables& file, const char* name) {
  if (const char* value = std::getenv(name)) return value;
  auto found = file.find(name);
  if (found == file.end()) return std::nullopt;
  return found->second;
}

Result<std::optional<std::vector<std::string>>> url_list(const Variables& file, const char* name,
                                                         const char* old_name) {
  auto value = lookup(file, name);
  if (!value) value = lookup(file, old_name);
  if (!value) return std::optional<std::vector<std::string>>();
  auto urls = parse_url_list(*value, name);
  if (!urls) return fail(CliError::bad_environment, urls.error().text());
  return std::optional(*std::move(urls));
}

Result<Variables> read_env_file(const std::string& path) {
  auto content = net::read_file(path, kMaxEnvFile);
  if (content) return parse_env_file(as_text(*content), path);
  return fail(CliError::bad_environment,
              fmt::format("invalid path to environment configuration file: {}", content.error().text()));
}

}  // namespace

Result<Variables> parse_env_file(std::string_view text, const std::string& file_name) {
  Variables variables;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (int number = 1; !text.empty(); ++number) {
    auto end = std::min(text.find('\n'), text.size());
    auto added = add_env_line(trimmed(text.substr(0, end)), variables);
    if (!added) {
      return fail(CliError::bad_environment, fmt::format("{}: line {}: {}", file_name, number, added.error().text()));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return variables;
}

// Without CONFIGURED the process environment counts only together with a -c file; with it, the file is ignored.
Result<Environment> Environment::load(const std::optional<std::string>& config_env_file) {
  bool configured = std::getenv("CONFIGURED") != nullptr;
  Variables file;
  if (!configured && config_env_file) {
    NYM_TRY(file, read_env_file(*config_env_file));
  }
  Environment environment;
  environment.log_filter = lookup(file, "NYM_LOG");
  if (!environment.log_filter) environment.log_filter = lookup(file, "RUST_LOG");
  if (!configured && !config_env_file) return environment;
  NYM_TRY(environment.nym_apis, url_list(file, "NYM_API", "API_VALIDATOR"));
  NYM_TRY(environment.nyxd_urls, url_list(file, "NYXD", "NYMD_VALIDATOR"));
  return environment;
}

}  // namespace nym::cli
