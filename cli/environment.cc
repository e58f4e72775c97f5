#include "cli/environment.h"

#include <fmt/format.h>

#include <cstdlib>
#include <map>

#include "net/files.h"
#include "net/url.h"

namespace nym::cli {
namespace {

constexpr std::size_t kMaxEnvFile = std::size_t{1} << 20U;

using Variables = std::map<std::string, std::string, std::less<>>;

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string_view unquote(std::string_view value) {
  bool quoted = value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
  return quoted ? value.substr(1, value.size() - 2) : value;
}

// KEY=value lines; `#` starts a comment line, `export ` may stand in front.
Result<Variables> read_env_file(const std::string& path) {
  auto content = net::read_file(path, kMaxEnvFile);
  if (!content) {
    return fail(CliError::bad_environment,
                fmt::format("invalid path to environment configuration file: {}", content.error().text()));
  }
  Variables variables;
  std::string_view rest = as_text(*content);
  for (int line_number = 1; !rest.empty(); ++line_number) {
    auto line = trim(rest.substr(0, rest.find('\n')));
    rest.remove_prefix(
        std::min(rest.size(), rest.find('\n') == std::string_view::npos ? rest.size() : rest.find('\n') + 1));
    if (line.starts_with("export ")) line = trim(line.substr(7));
    if (line.empty() || line.front() == '#') continue;
    auto equals = line.find('=');
    if (equals == std::string_view::npos) {
      return fail(CliError::bad_environment, fmt::format("{}:{}: expected KEY=value", path, line_number));
    }
    variables.emplace(trim(line.substr(0, equals)), unquote(trim(line.substr(equals + 1))));
  }
  return variables;
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
  NYM_TRY(auto urls, parse_url_list(*value, name));
  return std::optional(std::move(urls));
}

}  // namespace

Result<std::vector<std::string>> parse_url_list(std::string_view text, std::string_view what) {
  std::vector<std::string> urls;
  for (;;) {
    auto comma = text.find(',');
    auto piece = trim(text.substr(0, comma));
    auto url = net::parse_url(piece);
    if (!url)
      return fail(CliError::usage, fmt::format("invalid value '{}' for {}: {}", piece, what, url.error().text()));
    urls.push_back(net::to_string(*url));
    if (comma == std::string_view::npos) return urls;
    text.remove_prefix(comma + 1);
  }
}

// Without CONFIGURED the process environment counts only together with a -c file; with it, the file is ignored.
Result<Environment> Environment::load(const std::optional<std::string>& config_env_file) {
  bool configured = std::getenv("CONFIGURED") != nullptr;
  if (!configured && !config_env_file) return Environment{};
  Variables file;
  if (!configured) {
    NYM_TRY(file, read_env_file(*config_env_file));
  }
  Environment environment;
  NYM_TRY(environment.nym_apis, url_list(file, "NYM_API", "API_VALIDATOR"));
  NYM_TRY(environment.nyxd_urls, url_list(file, "NYXD", "NYMD_VALIDATOR"));
  return environment;
}

}  // namespace nym::cli
