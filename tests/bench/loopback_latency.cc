// What scripts/validate holds against a simulation of the same: two `nym-client run` at default rates on a private
// mixnet on loopback; one sends short messages to the other at the times of a Poisson process. Prints one JSON object:
// the seconds measured, the latency of each message in seconds, and what the nodes counted meanwhile.
//   loopback_latency [SECONDS] [MESSAGES_A_SECOND] [NYM_CLIENT]
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "engine/base/random.h"
#include "net/os_random.h"
#include "testnet/client_process.h"
#include "testnet/network.h"
#include "tests/bench/own_address.h"

namespace nym::testnet {
namespace {

constexpr Duration kWarmUp = Duration::seconds(3);
constexpr Duration kStepLimit = Duration::seconds(30);

double seconds(Duration duration) {
  return static_cast<double>(duration.ns()) / 1e9;
}

/// Sends, and notes when each message came.
class Exchange {
 public:
  Exchange(net::Runtime& runtime, AppConnection& sender, AppConnection& receiver, std::string to)
      : runtime_(runtime), sender_(sender), receiver_(receiver), to_(std::move(to)) {}

  void run(Duration length, Duration between) {
    auto end = net::now() + length;
    auto next = net::now();
    while (next < end) {
      runtime_.run_until([&] { return note_arrivals(); }, next);
      send();
      next = next + draw_exponential(random_, between);
    }
    runtime_.run_until([&] { return note_arrivals() || open_.empty(); }, net::now() + kStepLimit);
  }
  const std::vector<double>& latencies() const { return latencies_; }

 private:
  void send() {
    auto text = std::to_string(next_++);
    open_[text] = net::now();
    sender_.send({{"type", "send"}, {"recipient", to_}, {"message", text}});
  }
  /// Never enough: it is asked again after every event.
  bool note_arrivals() {
    while (auto message = receiver_.take()) {
      auto sent = open_.find(message->value("message", ""));
      if (sent == open_.end()) continue;
      latencies_.push_back(seconds(net::now() - sent->second));
      open_.erase(sent);
    }
    return false;
  }

  net::Runtime& runtime_;
  AppConnection& sender_;
  AppConnection& receiver_;
  std::string to_;
  net::OsRandom random_;
  std::map<std::string, TimePoint> open_;
  std::uint64_t next_ = 0;
  std::vector<double> latencies_;
};

/// By all mixnodes.
double packets_received(Network& network) {
  double sum = 0;
  for (const auto& family : network.pages().collect()) {
    if (family.name != "nym_mixnode_packets_received_total") continue;
    for (const auto& metric : family.metric) sum += metric.counter.value;
  }
  return sum;
}

Result<void> measure(Duration length, Duration between, const std::string& program) {
  net::Runtime runtime;
  NYM_TRY(auto home, TemporaryDirectory::make());
  NYM_TRY(auto network, Network::start(runtime, home.path()));
  ClientProcess::Place place{program, home.path(), network->directory_url()};
  NYM_TRY(auto alice, ClientProcess::initialise(runtime, place, "alice", network->gateways()[0].identity_key));
  NYM_TRY(auto bob, ClientProcess::initialise(runtime, place, "bob", network->gateways()[1].identity_key));
  NYM_TRY_VOID(alice.run(runtime));
  NYM_TRY_VOID(bob.run(runtime));
  AppConnection alices_app(runtime, alice.websocket_url());
  AppConnection bobs_app(runtime, bob.websocket_url());
  NYM_TRY(auto to, bench::own_address(runtime, bobs_app));
  runtime.run_until([] { return false; }, net::now() + kWarmUp);
  auto before = packets_received(*network);
  auto began = net::now();
  Exchange exchange(runtime, alices_app, bobs_app, to);
  exchange.run(length, between);
  nlohmann::json result{{"seconds", seconds(net::now() - began)}, {"latencies", exchange.latencies()}};
  result["mixnodes_received"] = packets_received(*network) - before;
  fmt::print("{}\n", result.dump());
  return {};
}

}  // namespace
}  // namespace nym::testnet

int main(int argc, char** argv) {
  auto self = std::filesystem::read_symlink("/proc/self/exe");
  auto length = nym::Duration::seconds(argc > 1 ? std::atoi(argv[1]) : 30);
  auto rate = argc > 2 ? std::atoi(argv[2]) : 10;
  auto program = argc > 3 ? argv[3] : (self.parent_path() / "nym-client").string();
  auto done = nym::testnet::measure(length, nym::Duration::seconds(1) / std::max(rate, 1), program);
  if (done) return 0;
  fmt::print(stderr, "loopback_latency: {}\n", done.error().text());
  return 1;
}
