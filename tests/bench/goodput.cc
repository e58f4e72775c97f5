// How fast one large message gets from one `nym-client` to another, over the network that this runs on:
//   nym-testnet up --processes -- goodput [BYTES] [OPTION OF nym-client run]...
// for which `nym-client` must be beside this program. Prints one JSON object.
#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/bench/openssl_x25519.h"
#include "tests/bench/own_address.h"
#include "tests/bench/process_figures.h"
#include "tests/bench/two_clients.h"

namespace nym::bench {
namespace {

using testnet::AppConnection;
using testnet::ClientProcess;

constexpr Duration kWarmUp = Duration::seconds(1);
constexpr Duration kLimit = Duration::minutes(5);

double seconds(Duration duration) {
  return static_cast<double>(duration.ns()) / 1e9;
}

std::string letters(std::size_t count) {
  std::string text(count, 'a');
  for (std::size_t i = 0; i < count; ++i) text[i] = static_cast<char>('a' + (i * 7 + i / 1'000) % 26);
  return text;
}

Result<void> measure(std::size_t bytes, const std::vector<std::string>& options) {
  net::Runtime runtime;
  NYM_TRY(auto home, testnet::TemporaryDirectory::make());
  NYM_TRY(auto clients, two_clients(runtime, home.path()));
  auto& alice = clients.alice;
  auto& bob = clients.bob;
  NYM_TRY_VOID(alice.run(runtime, options));
  NYM_TRY_VOID(bob.run(runtime, options));
  AppConnection alices_app(runtime, alice.websocket_url());
  AppConnection bobs_app(runtime, bob.websocket_url());
  NYM_TRY(auto to, own_address(runtime, bobs_app));
  runtime.run_until([] { return false; }, net::now() + kWarmUp);
  OpensslX25519 openssl;
  auto speed = openssl.a_second();
  auto message = letters(bytes);
  auto alice_used = processor_time(alice.process().pid());
  auto bob_used = processor_time(bob.process().pid());
  auto began = net::now();
  alices_app.send({{"type", "send"}, {"recipient", to}, {"message", message}});
  bool came = runtime.run_until([&] { return bobs_app.has_message(); }, began + kLimit);
  auto took = seconds(net::now() - began);
  if (!came || bobs_app.take()->value("message", "") != message) {
    return fail(net::NetError::timed_out, fmt::format("the message did not come, or another one, in {:.1f} s", took));
  }
  nlohmann::json result{{"bytes", bytes}, {"seconds", took}, {"mb_s", static_cast<double>(bytes) / took / 1e6}};
  result["sender_cpu_s"] = processor_time(alice.process().pid()) - alice_used;
  result["receiver_cpu_s"] = processor_time(bob.process().pid()) - bob_used;
  result["unit_us"] = 2e6 / (speed + openssl.a_second());
  fmt::print("{}\n", result.dump());
  return {};
}

}  // namespace
}  // namespace nym::bench

int main(int argc, char** argv) {
  auto bytes = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000'000;
  std::vector<std::string> options(argv + std::min(argc, 2), argv + argc);
  auto done = nym::bench::measure(bytes, options);
  if (done) return 0;
  fmt::print(stderr, "goodput: {}\n", done.error().text());
  return 1;
}
