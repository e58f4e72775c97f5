#include "sim/bench/bench.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/resource.h>

#include <ctime>
#include <memory>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "sim/grammar/error.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/seeded_random.h"
#include "sim/network/host.h"
#include "sim/network/links.h"
#include "sim/plan/load.h"
#include "sim/run/run.h"

namespace nym::sim {
namespace {

/// Of links on the way of a data packet, and of its acknowledgement back.
constexpr std::uint64_t kLinksOfPair = 5 + 4;

class CpuClock {
 public:
  double seconds() const { return static_cast<double>(std::clock() - started_) / CLOCKS_PER_SEC; }

 private:
  std::clock_t started_ = std::clock();
};

std::uint64_t peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1'024;
}

Result<Plan> plan_of(const std::string& text) {
  return parse_plan(text, "bench", Syntax::toml);
}

Result<RunResult> run(const std::string& text, Fidelity fidelity) {
  NYM_TRY(auto plan, plan_of(text));
  auto result = run_plan(plan, {.fidelity = fidelity, .measuring = client::Switch::off});
  if (result.violations.empty()) return result;
  return fail(SimError::harness, "a run of the benchmark failed: " + result.violations.front().text);
}

/// Half of what the main streams send is messages, the rest cover. Nothing is lost, so that every packet comes back as
/// its acknowledgement.
std::string load(std::uint32_t clients, Duration length) {
  return fmt::format(R"toml(
[network]
mixnodes = 12
gateways = 4
clients = {}
[[workload]]
kind = "messages"
arrivals = "poisson({}/s)"
sizes = "1kB"
length = "{}ms"
)toml",
                     clients, clients * 20, length.whole_ms());
}

Result<LoadSpeed> measure_load(std::uint32_t clients, Duration length, Fidelity fidelity) {
  CpuClock clock;
  NYM_TRY(auto result, run(load(clients, length), fidelity));
  return LoadSpeed{result.packets * 2 / kLinksOfPair, result.packets, result.events, clock.seconds()};
}

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};

}  // namespace

Result<LoadSpeed> measure_model(Duration length) {
  return measure_load(100, length, Fidelity::model);
}

Result<LoadSpeed> measure_real(Duration length) {
  return measure_load(20, length, Fidelity::real);
}

double measure_event_queue(std::size_t pending, std::size_t pairs) {
  struct Event {
    HostId to;
    std::uint32_t incarnation = 0;
    InputBox input;
    FrameOrigin origin;
  };
  EventQueue<Event> queue;
  SeededRandom random(1);
  auto later = [&] { return Duration::nanoseconds(static_cast<std::int64_t>(draw_u64(random) >> 36U)); };
  for (std::size_t i = 0; i < pending; ++i) queue.push(TimePoint() + later(), {});
  CpuClock clock;
  for (std::size_t i = 0; i < pairs; ++i) {
    auto entry = queue.pop();
    queue.push(entry.at + later(), std::move(entry.event));
  }
  return static_cast<double>(pairs) / clock.seconds();
}

double measure_key_agreements(std::size_t rounds) {
  std::unique_ptr<EVP_PKEY, Free> own(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
  std::unique_ptr<EVP_PKEY, Free> other(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
  std::unique_ptr<EVP_PKEY_CTX, Free> context(EVP_PKEY_CTX_new(own.get(), nullptr));
  ByteArray<32> shared{};
  CpuClock clock;
  for (std::size_t i = 0; i < rounds; ++i) {
    std::size_t size = shared.size();
    bool good = EVP_PKEY_derive_init(context.get()) == 1 && EVP_PKEY_derive_set_peer(context.get(), other.get()) == 1 &&
                EVP_PKEY_derive(context.get(), shared.data(), &size) == 1;
    NYM_CHECK(good);
  }
  return static_cast<double>(rounds) / clock.seconds();
}

Result<IdleClients> measure_idle_clients(std::uint32_t clients, Duration length) {
  auto before = peak_bytes();
  CpuClock clock;
  constexpr auto kForOthers = limits::kGatewaySessions / 5;
  auto text = fmt::format("time_limit = \"{}ms\"\n[network]\nmixnodes = 30\ngateways = {}\nclients = {}\n",
                          length.whole_ms(), clients / (limits::kGatewaySessions - kForOthers) + 1, clients);
  NYM_TRY(auto result, run(text, Fidelity::model));
  return IdleClients{clients, result.events, peak_bytes() - before, clock.seconds()};
}

}  // namespace nym::sim
