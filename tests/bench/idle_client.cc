// What a client costs that sends nothing but its cover traffic: processor time and memory of `nym-client run` at
// default rates on a private mixnet, and the speed of this machine's Curve25519 to compare them with.
//   idle_client [SECONDS] [NYM_CLIENT]
#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <sstream>

#include "net/clock.h"
#include "testnet/client_process.h"
#include "testnet/network.h"

namespace nym::testnet {
namespace {

constexpr Duration kWarmUp = Duration::seconds(5);
constexpr Duration kCalibration = Duration::seconds(2);

double seconds(Duration duration) {
  return static_cast<double>(duration.ns()) / 1e9;
}

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};

/// OpenSSL's X25519 key agreements in a second of this thread's processor time.
double measure_x25519() {
  std::unique_ptr<EVP_PKEY, Free> own(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
  std::unique_ptr<EVP_PKEY, Free> other(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
  std::unique_ptr<EVP_PKEY_CTX, Free> context(EVP_PKEY_CTX_new(own.get(), nullptr));
  std::array<unsigned char, 32> shared{};
  std::size_t count = 0;
  auto deadline = net::now() + kCalibration;
  auto began = std::clock();
  while (net::now() < deadline) {
    std::size_t size = shared.size();
    bool good = EVP_PKEY_derive_init(context.get()) == 1 && EVP_PKEY_derive_set_peer(context.get(), other.get()) == 1 &&
                EVP_PKEY_derive(context.get(), shared.data(), &size) == 1;
    if (!good) return 0;
    ++count;
  }
  return static_cast<double>(count) * CLOCKS_PER_SEC / static_cast<double>(std::clock() - began);
}

/// User and system time, in seconds.
double processor_time(pid_t pid) {
  std::ifstream stat(fmt::format("/proc/{}/stat", pid));
  std::string line;
  std::getline(stat, line);
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// Kibibytes, by name: `RssAnon:`.
double memory(pid_t pid, const std::string& wanted) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(wanted)) return std::strtod(line.c_str() + wanted.size(), nullptr);
  }
  return 0;
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
  auto used = processor_time(pid);
  auto delivered = count_delivered(*network);
  wait(runtime, time);
  auto share = (processor_time(pid) - used) / seconds(net::now() - began);
  auto rate = (count_delivered(*network) - delivered) / seconds(net::now() - began);
  auto anonymous = memory(pid, "RssAnon:");
  auto resident = memory(pid, "VmRSS:");
  auto speed = measure_x25519();
  fmt::print("processor    {:6.2f} % of one core, over {:.0f} s\n", share * 100, seconds(net::now() - began));
  fmt::print("rate         {:6.2f} cover packets a second came back\n", rate);
  fmt::print("memory       {:6.2f} MB anonymous, {:.2f} MB resident\n", anonymous / 1024, resident / 1024);
  fmt::print("calibration  {:6.0f} X25519 a second\n", speed);
  fmt::print("ratio        {:6.0f} X25519 would take as long as one second of the client\n", share * speed);
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
