// What a client costs that sends nothing but its cover traffic: processor time and memory of `nym-client run` at
// default rates on a private mixnet, and the speed of this machine's Curve25519 to compare them with. Prints one JSON
// object; `units` are X25519 of OpenSSL that would take as long as one second of the client.
//   idle_client [SECONDS] [NYM_CLIENT]
#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "net/clock.h"
#include "testnet/client_process.h"
#include "testnet/network.h"
#include "tests/bench/openssl_x25519.h"
#include "tests/bench/process_figures.h"

namespace nym::testnet {
namespace {

constexpr Duration kWarmUp = Duration::seconds(5);

double seconds(Duration duration) {
  return static_cast<double>(duration.ns()) / 1e9;
}

/// Every cover packet ends at a gateway, which sends its acknowledgement on.
double count_delivered(Network& network) {
  double sum = 0;
  for (const auto& family : network.pages().collect()) {
    if (family.name != "nym_gateway_acks_sent_total") continue;
    for (const auto& metric : family.metric) sum += metric.counter.value;
  }
  return sum;
}

void wait(net::Runtime& runtime, Duration time) {
  runtime.run_until([] { return false; }, net::now() + time);
}

Result<void> measure(Duration time, const std::string& program) {
  net::Runtime runtime;
  NYM_TRY(auto home, TemporaryDirectory::make());
  NYM_TRY(auto network, Network::start(runtime, home.path()));
  ClientProcess::Place place{program, home.path(), network->directory_url()};
  NYM_TRY(auto client, ClientProcess::initialise(runtime, place, "idle", network->gateways()[0].identity_key));
  NYM_TRY_VOID(client.run(runtime));
  wait(runtime, kWarmUp);
  auto pid = client.process().pid();
  auto began = net::now();
  auto used = bench::processor_time(pid);
  auto delivered = count_delivered(*network);
  wait(runtime, time);
  auto took = seconds(net::now() - began);
  auto share = (bench::processor_time(pid) - used) / took;
  nlohmann::json result{{"seconds", took}, {"cpu_percent", share * 100}};
  result["cover_packets_a_s"] = (count_delivered(*network) - delivered) / took;
  result["anonymous_mb"] = bench::memory(pid, "RssAnon:") / 1024;
  result["resident_mb"] = bench::memory(pid, "VmRSS:") / 1024;
  result["units"] = share * bench::OpensslX25519().a_second();
  fmt::print("{}\n", result.dump());
  return {};
}

}  // namespace
}  // namespace nym::testnet

int main(int argc, char** argv) {
  auto self = std::filesystem::read_symlink("/proc/self/exe");
  auto time = nym::Duration::seconds(argc > 1 ? std::atoi(argv[1]) : 30);
  auto done = nym::testnet::measure(time, argc > 2 ? argv[2] : (self.parent_path() / "nym-client").string());
  if (done) return 0;
  fmt::print(stderr, "idle_client: {}\n", done.error().text());
  return 1;
}
