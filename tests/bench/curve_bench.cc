// What a multiplication on Curve25519 costs in each way that the engine has, and in OpenSSL and libsodium. All of them
// take turns within one run, and the fastest of many short rounds counts, so that a busy machine changes little.
//   curve_bench [ROUNDS]
#include <fmt/format.h>
#include <sodium.h>

#include <chrono>
#include <cstdlib>
#include <functional>

#include "engine/crypto/curve25519_lanes.h"
#include "sim/kernel/seeded_random.h"
#include "tests/bench/openssl_x25519.h"

namespace nym::crypto {
namespace {

constexpr int kCallsPerRound = 5;
constexpr std::size_t kMostJobs = 32;

struct Way {
  std::string name;
  std::size_t jobs;
  std::function<void()> run;
  double fastest = 1e9;  ///< microseconds a call
};

void measure(std::vector<Way>& ways, int rounds) {
  using Clock = std::chrono::steady_clock;
  for (int round = 0; round < rounds; ++round) {
    for (auto& way : ways) {
      auto began = Clock::now();
      for (int i = 0; i < kCallsPerRound; ++i) way.run();
      std::chrono::duration<double, std::micro> took = Clock::now() - began;
      way.fastest = std::min(way.fastest, took.count() / kCallsPerRound);
    }
  }
}

struct Samples {
  std::vector<ByteArray<32>> scalars;
  std::vector<ByteArray<32>> points;
  std::vector<Multiplication> jobs;
  ByteArray<32> out{};

  Samples() : scalars(kMostJobs), points(kMostJobs) {
    sim::SeededRandom random(1);
    for (std::size_t i = 0; i < kMostJobs; ++i) {
      scalars[i] = draw_array<32>(random);
      scalars[i][31] &= 0x7fU;
      points[i] = draw_array<32>(random);
      jobs.push_back({.scalar = scalars[i], .point = points[i]});
    }
  }
};

void run(int rounds) {
  bench::OpensslX25519 openssl;
  Samples samples;
  std::vector<Way> ways{{"OpenSSL X25519", 1, [&] { openssl.agree(); }}};
  ways.push_back({"libsodium X25519", 1, [&] {
                    const auto& scalar = samples.scalars[0];
                    if (crypto_scalarmult_curve25519(samples.out.data(), scalar.data(), samples.points[0].data()) !=
                        0) {
                      std::abort();
                    }
                  }});
  ways.push_back({"libsodium base point", 1,
                  [&] { crypto_scalarmult_curve25519_base(samples.out.data(), samples.scalars[0].data()); }});
  Multiplication base{.scalar = samples.scalars[0], .point = kBasePoint};
  ways.push_back({"ours, no vectors", 1, [&] { multiply_all_with(nullptr, std::span(samples.jobs).first(1)); }});
  ways.push_back({"ours, no vectors, base", 1, [&] { multiply_all_with(nullptr, {&base, 1}); }});
  for (std::size_t count : {1U, 2U, 3U, 4U, 5U, 6U, 8U, 10U, 16U, 32U}) {
    ways.push_back({fmt::format("ours, {} at once", count), count,
                    [&samples, count] { multiply_all(std::span(samples.jobs).first(count)); }});
  }
  measure(ways, rounds);
  fmt::print("vectors: {}\n", vector_ladders() != nullptr ? "yes" : "no");
  for (const auto& way : ways) {
    double each = way.fastest / static_cast<double>(way.jobs);
    fmt::print("{:24} {:8.2f} us, each {:6.2f} us, {:5.2f} times as fast as OpenSSL\n", way.name, way.fastest, each,
               ways[0].fastest / each);
  }
}

}  // namespace
}  // namespace nym::crypto

int main(int argc, char** argv) {
  if (sodium_init() < 0) return 1;
  nym::crypto::run(argc > 1 ? std::atoi(argv[1]) : 300);
  return 0;
}
