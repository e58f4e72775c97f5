#include "testnet/up.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "testnet/client_process.h"
#include "testnet/network.h"

namespace nym::testnet {
namespace {

constexpr Duration kLookAtChild = Duration::milliseconds(10);

void print_ready(const Network& network, OutputFormat format) {
  if (format == OutputFormat::json) {
    nlohmann::ordered_json ready{{"ready", true}, {"directory", network.directory_url()}};
    for (const auto& node : network.mixnodes()) {
      ready["mixnodes"].push_back({{"layer", node.layer}, {"mix", fmt::format("{}:{}", node.host, node.mix_port)}});
    }
    for (const auto& gateway : network.gateways()) {
      ready["gateways"].push_back({{"identity", gateway.identity_key},
                                   {"mix", fmt::format("{}:{}", gateway.host, gateway.mix_port)},
                                   {"clients", fmt::format("ws://{}:{}", gateway.host, gateway.clients_port)}});
    }
    fmt::print("{}\n", ready.dump());
  } else {
    fmt::print("directory  {}\n", network.directory_url());
    for (const auto& node : network.mixnodes())
      fmt::print("mixnode    layer {} at {}:{}\n", node.layer, node.host, node.mix_port);
    for (const auto& gateway : network.gateways()) {
      fmt::print("gateway    {} at ws://{}:{}\n", gateway.identity_key, gateway.host, gateway.clients_port);
    }
    fmt::print(
        "\nuse it in another terminal:\n  export CONFIGURED=true NYM_API={0} NYXD={0}\n"
        "  nym-client init --id alice && nym-client run --id alice\n\nready; ctrl-c stops it\n",
        network.directory_url());
  }
  std::fflush(stdout);
}

Result<int> run_command(net::Runtime& runtime, const Network& network, const std::vector<std::string>& command) {
  ChildProcess::Options options;
  options.environment = network_environment(network.directory_url());
  NYM_TRY(auto child, ChildProcess::start(command, options));
  std::optional<net::Timer> look;
  look.emplace(runtime, [&] {
    if (child.poll_exit()) return runtime.stop();
    look->arm_after(kLookAtChild);
  });
  look->arm_after(kLookAtChild);
  runtime.on_signals([&] { child.interrupt(); }, [&] { runtime.stop(); });
  runtime.run();
  return child.poll_exit().value_or(1);
}

}  // namespace

Result<int> run_up(const UpOptions& options) {
  net::Runtime runtime;
  NYM_TRY(auto state, TemporaryDirectory::make());
  NYM_TRY(auto network, Network::start(runtime, state.path()));
  if (!options.command.empty()) return run_command(runtime, *network, options.command);
  print_ready(*network, options.output);
  runtime.on_signals([&] { runtime.stop(); }, [&] { runtime.stop(); });
  runtime.run();
  if (options.output == OutputFormat::text) {
    for (const auto& [name, count] : network->counters()) fmt::print("{:>10}  {}\n", count, name);
  }
  return 0;
}

}  // namespace nym::testnet
