// What each step of a packet's way costs, and what its parts cost, beside one X25519 of OpenSSL (`unit`). Made for
// scripts/bench, which runs it with --benchmark_enable_random_interleaving and divides by the unit; an item is one
// packet (hop, create, chunk, reply_surb, envelope), one multiplication (curve) or one call (part). What begins with
// `later` is of number 259 at a node of ours.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "engine/crypto/curve25519_lanes.h"
#include "engine/crypto/hash.h"
#include "engine/crypto/hkdf.h"
#include "engine/crypto/hmac.h"
#include "tests/bench/openssl_x25519.h"
#include "tests/bench/sample_packets.h"

namespace nym::bench {
namespace {

using benchmark::State;

constexpr std::size_t kDistinct = 64;                            // packets that take turns
constexpr std::size_t kPayload = 2065;                           // of a regular packet
constexpr std::size_t kRest = kPayload - 32;                     // what LIONESS hashes and encrypts four times over
constexpr std::size_t kFrame = 19 + sphinx::kHeader + kPayload;  // what an envelope of a client holds

void count_items(State& state, std::size_t each) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(each));
}
std::size_t batch_of(const State& state) {
  return static_cast<std::size_t>(state.range(0));
}

void unit(State& state) {
  OpensslX25519 openssl;
  for (auto _ : state) openssl.agree();
  count_items(state, 1);
}

// --- packets ----------------------------------------------------------------

template <Generation generation = Generation::y2023>
SamplePackets& sample() {
  static SamplePackets packets(generation);
  return packets;
}

template <Generation generation>
const std::vector<Bytes>& arriving() {
  static const std::vector<Bytes> packets = sample<generation>().at_first_mixnode(kDistinct);
  return packets;
}

// As a mixnode's driver: blobs of what was read, prepared together, then peeled one by one.
template <Generation generation>
void peel_all(State& state) {
  auto batch = batch_of(state);
  auto& suite = sample<generation>().suite();
  const auto& key = sample<generation>().first_key();
  auto rule = sample<generation>().rule();
  std::size_t next = 0;
  for (auto _ : state) {
    std::vector<Blob> blobs;
    for (std::size_t i = 0; i < batch; ++i) blobs.emplace_back(arriving<generation>()[next++ % kDistinct]);
    if (batch > 1) suite.prepare_peel(blobs, key, rule);
    for (const auto& blob : blobs) {
      auto peeled = suite.peel(blob, key, rule);
      if (!peeled) state.SkipWithError("a good packet was refused");
      benchmark::DoNotOptimize(peeled);
    }
  }
  count_items(state, batch);
}

void hop(State& state) {
  peel_all<Generation::y2023>(state);
}
void later_hop(State& state) {
  peel_all<Generation::y2026>(state);
}

// From the decision to the bytes.
void make_all(State& state, SamplePackets& sample, Blob (SamplePackets::*plan)()) {
  auto batch = batch_of(state);
  for (auto _ : state) {
    std::vector<Blob> blobs;
    for (std::size_t i = 0; i < batch; ++i) blobs.push_back((sample.*plan)());
    if (batch > 1) sample.suite().prepare(blobs);
    for (const auto& blob : blobs) benchmark::DoNotOptimize(blob.stored().data());
  }
  count_items(state, batch);
}
void create(State& state) {
  make_all(state, sample(), &SamplePackets::packet);
}
void later_create(State& state) {
  make_all(state, sample<Generation::y2026>(), &SamplePackets::packet);
}
void chunk(State& state) {
  make_all(state, sample(), &SamplePackets::chunk);
}
void later_chunk(State& state) {
  make_all(state, sample<Generation::y2026>(), &SamplePackets::chunk);
}

void reply_surb(State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(sample().suite().make_reply_surb(sample().reply_surb()));
  count_items(state, 1);
}

void seal_envelope(State& state) {
  auto keys = sphinx::GatewaySharedKeys::from_bytes(draw_array<32>(sample().random()));
  Bytes frame(kFrame, 7);
  for (auto _ : state) benchmark::DoNotOptimize(sphinx::seal_envelope(keys, frame));
  count_items(state, 1);
}

void open_envelope(State& state) {
  auto keys = sphinx::GatewaySharedKeys::from_bytes(draw_array<32>(sample().random()));
  auto sealed = sphinx::seal_envelope(keys, Bytes(kFrame, 7));
  for (auto _ : state) benchmark::DoNotOptimize(sphinx::open_envelope(keys, sealed));
  count_items(state, 1);
}

// --- the curve --------------------------------------------------------------

void multiply(State& state, const crypto::VectorLadders* vectors) {
  auto batch = batch_of(state);
  std::vector<ByteArray<32>> numbers(2 * batch);
  std::vector<crypto::Multiplication> jobs;
  for (std::size_t i = 0; i < batch; ++i) {
    for (auto* number : {&numbers[2 * i], &numbers[2 * i + 1]}) sample().random().fill(*number);
    numbers[2 * i][31] &= 0x7fU;
    jobs.push_back({.scalar = numbers[2 * i], .point = numbers[2 * i + 1]});
  }
  for (auto _ : state) {
    crypto::multiply_all_with(vectors, jobs);
    benchmark::ClobberMemory();
  }
  count_items(state, batch);
}
void curve(State& state) {
  multiply(state, crypto::vector_ladders());
}
void curve_without_vectors(State& state) {
  multiply(state, nullptr);
}

// --- what is left beside the curve ------------------------------------------

void part_lioness(State& state) {
  auto key = draw_secret<192>(sample().random());
  Bytes block(kPayload, 7);
  for (auto _ : state) crypto::lioness_decrypt(key, block);
  count_items(state, 1);
}
void part_blake2b(State& state) {
  auto key = draw_array<64>(sample().random());
  Bytes block(kRest, 7);
  for (auto _ : state) benchmark::DoNotOptimize(crypto::blake2b_keyed(key, block));
  count_items(state, 1);
}
void part_chacha20(State& state) {
  auto key = draw_array<32>(sample().random());
  Bytes block(kRest, 7);
  for (auto _ : state) crypto::chacha20(key, block);
  count_items(state, 1);
}
void part_routing_keys(State& state) {
  auto secret = draw_array<32>(sample().random());
  for (auto _ : state) benchmark::DoNotOptimize(sphinx::derive_routing_keys(secret));
  count_items(state, 1);
}
void part_header_mac(State& state) {
  auto key = draw_secret<16>(sample().random());
  auto beta = draw_array<sphinx::kRoutingInfo>(sample().random());
  for (auto _ : state) benchmark::DoNotOptimize(sphinx::header_mac(key, beta));
  count_items(state, 1);
}
void part_aes_ctr(State& state) {
  auto key = draw_secret<16>(sample().random());
  Bytes stream(sphinx::kKeystream, 7);
  for (auto _ : state) crypto::aes128_ctr(key, {}, stream);
  count_items(state, 1);
}
void part_blake3_of_frame(State& state) {
  Bytes frame(kFrame, 7);
  for (auto _ : state) benchmark::DoNotOptimize(crypto::blake3(frame));
  count_items(state, 1);
}
void part_hkdf_blake3(State& state) {
  auto secret = draw_array<32>(sample().random());
  ByteArray<16> out{};
  for (auto _ : state) {
    crypto::hkdf_blake3({}, secret, {}, out);
    benchmark::ClobberMemory();
  }
  count_items(state, 1);
}
void part_scalar_product(State& state) {
  auto a = draw_array<32>(sample().random());
  auto b = draw_array<32>(sample().random());
  for (auto _ : state) benchmark::DoNotOptimize(crypto::Scalar::product(a, b));
  count_items(state, 1);
}

BENCHMARK(unit);
BENCHMARK(hop)->Arg(1)->Arg(8)->Arg(16)->Arg(32);
BENCHMARK(create)->Arg(1)->Arg(8)->Arg(16)->Arg(32);
BENCHMARK(chunk)->Arg(1)->Arg(8)->Arg(16)->Arg(32);
BENCHMARK(later_hop)->Arg(1)->Arg(32);
BENCHMARK(later_create)->Arg(1)->Arg(32);
BENCHMARK(later_chunk)->Arg(1)->Arg(32);
BENCHMARK(reply_surb);
BENCHMARK(seal_envelope);
BENCHMARK(open_envelope);
BENCHMARK(curve)->Arg(1)->Arg(2)->Arg(8)->Arg(32);
BENCHMARK(curve_without_vectors)->Arg(1)->Arg(8);
BENCHMARK(part_lioness);
BENCHMARK(part_blake2b);
BENCHMARK(part_chacha20);
BENCHMARK(part_routing_keys);
BENCHMARK(part_header_mac);
BENCHMARK(part_aes_ctr);
BENCHMARK(part_blake3_of_frame);
BENCHMARK(part_hkdf_blake3);
BENCHMARK(part_scalar_product);

}  // namespace
}  // namespace nym::bench

BENCHMARK_MAIN();
