#include "testnet/client_process.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "net/clock.h"
#include "net/files.h"

namespace nym::testnet {
namespace {

constexpr Duration kStartLimit = Duration::seconds(30);
constexpr std::size_t kMaxLog = std::size_t{16} << 20U;
constexpr std::string_view kListening = "Running websocket on \"";

std::string read_text(const std::filesystem::path& path) {
  auto content = net::read_file(path, kMaxLog);
  return content ? std::string(as_text(*content)) : std::string();
}

/// Waits while looking every few milliseconds: the process tells us nothing but through its files and its end.
bool wait_for(net::Runtime& runtime, const std::function<bool()>& done) {
  bool holds = false;
  std::optional<net::Timer> poll;
  poll.emplace(runtime, [&] {
    holds = done();
    if (!holds) poll->arm_after(Duration::milliseconds(5));
  });
  poll->arm_after(Duration());
  runtime.run_until([&] { return holds; }, net::now() + kStartLimit);
  return holds;
}

}  // namespace

ChildProcess::Options ClientProcess::options(const char* step) const {
  ChildProcess::Options options;
  options.environment = network_environment(place_.directory_url);
  options.environment["HOME"] = place_.home.string();
  options.environment["NO_COLOR"] = "1";
  options.output_file = place_.home / fmt::format("{}.{}.out", id_, step);
  options.error_file = place_.home / fmt::format("{}.{}.err", id_, step);
  return options;
}

std::string ClientProcess::log() const {
  return read_text(place_.home / fmt::format("{}.run.err", id_));
}

std::string ClientProcess::last_words(const char* step) const {
  auto text = read_text(place_.home / fmt::format("{}.{}.err", id_, step));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  auto line = text.rfind('\n');
  return line == std::string::npos ? text : text.substr(line + 1);
}

Result<ClientProcess> ClientProcess::initialise(net::Runtime& runtime, const Place& place, const std::string& id,
                                                const std::string& gateway) {
  ClientProcess client(place, id);
  auto options = client.options("init");
  NYM_TRY(auto process,
          ChildProcess::start({place.program.string(), "init", "--id", id, "--gateway", gateway, "--output", "json"},
                              options));
  wait_for(runtime, [&] { return process.poll_exit().has_value(); });
  auto printed = nlohmann::json::parse(read_text(*options.output_file), nullptr, false);
  bool good = process.poll_exit() == 0 && printed.is_object() && printed.contains("client_address");
  if (!good) {
    return fail(net::NetError::file_failed,
                fmt::format("nym-client init --id {} failed: {}", id, client.last_words("init")));
  }
  client.address_ = printed["client_address"].get<std::string>();
  return client;
}

Result<void> ClientProcess::run(net::Runtime& runtime, const std::vector<std::string>& further_options) {
  auto run_options = options("run");
  std::vector<std::string> command{place_.program.string(), "run", "--id", id_};
  bool names_port = std::find(further_options.begin(), further_options.end(), "--port") != further_options.end();
  if (!names_port) command.insert(command.end(), {"--port", "0"});
  command.insert(command.end(), further_options.begin(), further_options.end());
  NYM_TRY(auto process, ChildProcess::start(command, run_options));
  process_.emplace(std::move(process));
  wait_for(runtime, [&] {
    auto log = read_text(*run_options.error_file);
    auto begin = log.find(kListening);
    auto end = begin == std::string::npos ? begin : log.find('"', begin + kListening.size());
    if (end != std::string::npos) {
      websocket_url_ = fmt::format("ws://{}", log.substr(begin + kListening.size(), end - begin - kListening.size()));
    }
    return !websocket_url_.empty() || process_->poll_exit().has_value();
  });
  if (!websocket_url_.empty()) return {};
  return fail(net::NetError::file_failed, fmt::format("nym-client run --id {} failed: {}", id_, last_words("run")));
}

}  // namespace nym::testnet
