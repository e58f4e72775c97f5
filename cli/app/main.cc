#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "cli/init_command.h"
#include "cli/log.h"
#include "cli/run_command.h"
#include "engine/base/endpoint.h"
#include "engine/base/text_encoding.h"
#include "engine/crypto/ed25519.h"

namespace nym::cli {
namespace {

constexpr int kUsageError = 2;

struct CommandLine {
  std::string config_env_file;
  bool no_banner = false;
  InitOptions init;
  RunOptions run;
  std::string init_nym_apis;
  std::string run_nym_apis;
  std::string init_gateway;
  std::string run_gateway;
  std::string output = "text";
};

std::string check_gateway(const std::string& text) {
  auto bytes = from_base58(text);
  auto key = bytes ? crypto::Ed25519PublicKey::parse(*bytes)
                   : Result<crypto::Ed25519PublicKey>(std::unexpected(bytes.error()));
  return key ? std::string() : fmt::format("invalid value '{}' for --gateway: {}", text, key.error().text());
}

std::string check_host(const std::string& text) {
  return parse_ip(text) ? std::string() : fmt::format("invalid value '{}' for --host: invalid IP address syntax", text);
}

std::string check_urls(const std::string& text) {
  auto urls = parse_url_list(text, "--nym-apis");
  return urls ? std::string() : urls.error().text();
}

void add_shared_options(CLI::App& command, std::string& id, Overrides& overrides, std::string& nym_apis,
                        std::string& gateway) {
  command.add_option("--id", id, "the client's name, known to this machine only")->required();
  command.add_option("--gateway", gateway, "identity key of the gateway (base58)")->check(check_gateway);
  command.add_option("--nym-apis,--api_validators", nym_apis, "directories, separated by commas")->check(check_urls);
  command.add_option("--disable-socket", overrides.disable_socket,
                     "true or false: whether there is no local websocket");
  command.add_option("-p,--port", overrides.port, "port of the local websocket (1977)");
  command.add_option("--host", overrides.host, "address of the local websocket (127.0.0.1)")->check(check_host);
  command.add_flag("--fastmode", overrides.fastmode, "shorter delays, less anonymity")->group("");
  command.add_flag("--no-cover", overrides.no_cover, "no cover traffic, little anonymity")->group("");
}

void set_apis(const std::string& text, Overrides& overrides) {
  if (!text.empty()) overrides.nym_apis = *parse_url_list(text, "--nym-apis");
}

void print_banner() {
  fmt::print(
      "\n\n      _ __  _   _ _ __ ___\n     | '_ \\| | | | '_ \\ _ \\\n     | | | | |_| | | | | | |\n"
      "     |_| |_|\\__, |_| |_| |_|\n            |___/\n\n             (nym-client - version {})\n\n    \n",
      kVersion);
}

Result<void> dispatch(CommandLine& line, bool is_init) {
  auto env_file = line.config_env_file.empty() ? std::nullopt : std::optional(line.config_env_file);
  NYM_TRY(auto environment, Environment::load(env_file));
  if (!is_init) {
    set_apis(line.run_nym_apis, line.run.overrides);
    return run(line.run, environment);
  }
  set_apis(line.init_nym_apis, line.init.overrides);
  if (!line.init_gateway.empty()) line.init.gateway = line.init_gateway;
  line.init.output = line.output == "json" ? OutputFormat::json : OutputFormat::text;
  return init(line.init, environment);
}

int main_of(int argc, char** argv) {
  CommandLine line;
  CLI::App app{"Implementation of the Nym Client", "nym-client"};
  app.require_subcommand(1);
  app.set_version_flag("-V,--version", fmt::format("nym-client {}", kVersion));
  app.add_option("-c,--config-env-file", line.config_env_file, "file with network settings (KEY=value lines)");
  app.add_flag("--no-banner", line.no_banner, "do not print the banner");
  app.footer(
      "examples:\n  nym-client init --id alice\n  nym-client run --id alice --port 1977\n"
      "  nym-testnet up -- nym-client init --id alice");
  auto* init_command = app.add_subcommand("init", "create a client: its keys, and its registration with a gateway");
  add_shared_options(*init_command, line.init.id, line.init.overrides, line.init_nym_apis, line.init_gateway);
  init_command->add_flag("--force-register-gateway", line.init.force_register_gateway,
                         "register again, overwriting the keys of an existing client");
  init_command->add_option("-o,--output", line.output, "text or json")->check(CLI::IsMember({"text", "json"}));
  auto* run_command = app.add_subcommand("run", "run a client; applications talk to it over its local websocket");
  add_shared_options(*run_command, line.run.id, line.run.overrides, line.run_nym_apis, line.run_gateway);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  }
  if (!line.no_banner && isatty(STDOUT_FILENO) != 0) print_banner();
  set_up_log();
  auto done = dispatch(line, init_command->parsed());
  if (done) return 0;
  fmt::print(stderr, "Error: {}\n", done.error().text());
  return 1;
}

}  // namespace
}  // namespace nym::cli

int main(int argc, char** argv) {
  return nym::cli::main_of(argc, argv);
}
