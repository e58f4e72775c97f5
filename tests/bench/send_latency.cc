// What a short message takes on its way besides what is drawn for it: one-way time from application to application less
// the wait for the send slot, over the network that this runs on:
//   nym-testnet up --processes -- send_latency [SECONDS] [MESSAGES_A_SECOND]
// The sender is a client in this process, so that its events tell when a message was accepted and when its packet took
// a slot of the main stream; its packets are drawn a delay of zero in each mixnode, all else is default. The receiver
// is a `nym-client run`, which must be beside this program. Prints one JSON object; times in milliseconds.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/base/text_encoding.h"
#include "net/drivers/client_driver.h"
#include "net/key_files.h"
#include "net/os_random.h"
#include "tests/bench/own_address.h"
#include "tests/bench/two_clients.h"

namespace nym::bench {
namespace {

using testnet::AppConnection;
using testnet::ClientProcess;

constexpr Duration kWarmUp = Duration::seconds(2);
constexpr Duration kStepLimit = Duration::seconds(30);

double milliseconds(Duration duration) {
  return static_cast<double>(duration.ns()) / 1e6;
}

/// The client that `nym-client init` made, with no delays in mixnodes.
Result<client::ClientConfig> config_of(const std::filesystem::path& data) {
  NYM_TRY(auto loaded, net::load_client_keys(net::ClientKeyPaths::in(data)));
  NYM_TRY(auto gateway, net::load_gateway_details(data / "gateway_details.json"));
  auto& keys = loaded.keys;
  NYM_TRY(auto identity_bytes, from_base58(gateway.gateway_id));
  NYM_TRY(auto identity, crypto::Ed25519PublicKey::parse(identity_bytes));
  client::ClientConfig config{{std::move(keys.identity.secret), std::move(keys.encryption), std::move(keys.ack_key),
                               sphinx::GatewaySharedKeys::from_bytes(keys.gateway_shared.expose())},
                              identity,
                              gateway.gateway_listener};
  config.traffic.average_packet_delay = Duration();
  return config;
}

/// When what happened to each message; one packet each, and they leave in order.
class Exchange {
 public:
  void on_event(const client::Event& event) {
    if (std::holds_alternative<client::MessageAccepted>(event)) accepted_.push_back(net::now());
    const auto* packet = std::get_if<client::PacketSent>(&event);
    if (packet != nullptr && packet->kind == client::PacketKind::real) slots_.push_back(net::now());
  }

  void run(net::Runtime& runtime, AppConnection& sender, AppConnection& receiver, const std::string& to,
           Duration length, Duration between) {
    net::OsRandom random;
    auto end = net::now() + length;
    auto next = net::now();
    while (next < end) {
      runtime.run_until([&] { return note_arrivals(receiver); }, next);
      auto text = std::to_string(sent_.size());
      sent_.push_back(net::now());
      sender.send({{"type", "send"}, {"recipient", to}, {"message", text}});
      next = next + draw_exponential(random, between);
    }
    runtime.run_until([&] { return note_arrivals(receiver) || arrived_.size() == sent_.size(); },
                      net::now() + kStepLimit);
  }

  /// Of those that came: the time on the way less the wait for the slot, and that wait.
  nlohmann::json result() const {
    auto beyond = nlohmann::json::array();
    auto waits = nlohmann::json::array();
    for (const auto& [number, at] : arrived_) {
      auto wait = slots_.at(number) - accepted_.at(number);
      beyond.push_back(milliseconds(at - sent_.at(number) - wait));
      waits.push_back(milliseconds(wait));
    }
    return {{"messages", sent_.size()}, {"beyond_ms", beyond}, {"slot_waits_ms", waits}};
  }

 private:
  /// Never enough: it is asked again after every event.
  bool note_arrivals(AppConnection& receiver) {
    while (auto message = receiver.take()) {
      auto number = std::strtoul(message->value("message", "").c_str(), nullptr, 10);
      if (number < sent_.size()) arrived_.emplace(number, net::now());
    }
    return false;
  }

  std::vector<TimePoint> sent_;
  std::vector<TimePoint> accepted_;
  std::vector<TimePoint> slots_;
  std::map<std::size_t, TimePoint> arrived_;
};

Result<void> measure(Duration length, Duration between) {
  net::Runtime runtime;
  NYM_TRY(auto home, testnet::TemporaryDirectory::make());
  NYM_TRY(auto clients, two_clients(runtime, home.path()));
  auto& bob = clients.bob;
  NYM_TRY_VOID(bob.run(runtime));
  NYM_TRY(auto config, config_of(home.path() / ".nym/clients/alice/data"));
  net::ClientDriver::Places places{.app = Endpoint{Ipv4{{127, 0, 0, 1}}, 0},
                                   .directories = {clients.directory_url},
                                   .store = {":memory:", std::nullopt}};
  Exchange exchange;
  NYM_TRY(auto sender, net::ClientDriver::start(runtime, std::move(config), places,
                                                [&](const client::Event& event) { exchange.on_event(event); }));
  AppConnection alices_app(runtime, "ws://" + to_string(sender.driver->app_endpoint()));
  AppConnection bobs_app(runtime, bob.websocket_url());
  NYM_TRY(auto to, own_address(runtime, bobs_app));
  runtime.run_until([] { return false; }, net::now() + kWarmUp);
  exchange.run(runtime, alices_app, bobs_app, to, length, between);
  fmt::print("{}\n", exchange.result().dump());
  return {};
}

}  // namespace
}  // namespace nym::bench

int main(int argc, char** argv) {
  auto length = nym::Duration::seconds(argc > 1 ? std::atoi(argv[1]) : 30);
  auto rate = std::max(argc > 2 ? std::atoi(argv[2]) : 10, 1);
  auto done = nym::bench::measure(length, nym::Duration::seconds(1) / rate);
  if (done) return 0;
  fmt::print(stderr, "send_latency: {}\n", done.error().text());
  return 1;
}
