// Steps of a packet's way for callgrind, which counts the instructions inside the function `measured`.
//   valgrind --tool=callgrind --toggle-collect=measured instructions hop
// Prints how many packets that was. `instructions --list` prints the steps; instructions.py runs them all and compares
// with what is recorded.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "engine/base/check.h"
#include "tests/bench/sample_packets.h"

namespace nym::bench {
namespace {

constexpr std::size_t kPackets = 16;
constexpr std::size_t kBatch = 8;

enum class Work { peel, make_packet, make_chunk };
struct Step {
  std::string_view name;
  Work work;
  std::size_t batch;
};
constexpr Step kSteps[] = {{"hop", Work::peel, 1},           {"hop_batched", Work::peel, kBatch},
                           {"create", Work::make_packet, 1}, {"create_batched", Work::make_packet, kBatch},
                           {"chunk", Work::make_chunk, 1},   {"chunk_batched", Work::make_chunk, kBatch}};

std::vector<Blob> planned(SamplePackets& sample, Work work) {
  std::vector<Blob> blobs;
  if (work == Work::peel) {
    for (auto& packet : sample.at_first_mixnode(kPackets)) blobs.emplace_back(std::move(packet));
    return blobs;
  }
  for (std::size_t i = 0; i < kPackets; ++i) {
    blobs.push_back(work == Work::make_packet ? sample.packet() : sample.chunk());
  }
  return blobs;
}

void do_batch(SamplePackets& sample, Work work, std::span<const Blob> blobs) {
  if (work == Work::peel) {
    if (blobs.size() > 1) sample.suite().prepare_peel(blobs, sample.first_key());
    for (const auto& blob : blobs) NYM_CHECK(sample.suite().peel(blob, sample.first_key()).has_value());
    return;
  }
  if (blobs.size() > 1) sample.suite().prepare(blobs);
  for (const auto& blob : blobs) NYM_CHECK(blob.stored().size() == blob.size());
}

}  // namespace
}  // namespace nym::bench

// By this name callgrind finds it.
extern "C" [[gnu::noinline]] void measured(nym::bench::SamplePackets& sample, const nym::bench::Step& step,
                                           std::span<const nym::Blob> blobs) {
  for (std::size_t i = 0; i < blobs.size(); i += step.batch) {
    nym::bench::do_batch(sample, step.work, blobs.subspan(i, step.batch));
  }
}

int main(int argc, char** argv) {
  using nym::bench::kSteps;
  std::string_view wanted = argc == 2 ? argv[1] : "";
  if (wanted == "--list") {
    for (const auto& step : kSteps) fmt::print("{}\n", step.name);
    return 0;
  }
  const auto* step = std::ranges::find(kSteps, wanted, &nym::bench::Step::name);
  if (step == std::end(kSteps)) {
    fmt::print(stderr, "instructions: no step is called '{}'; --list prints them\n", wanted);
    return 2;
  }
  nym::bench::SamplePackets sample;
  // What libraries do at their first call is done before.
  nym::bench::do_batch(sample, step->work, nym::bench::planned(sample, step->work));
  auto blobs = nym::bench::planned(sample, step->work);
  measured(sample, *step, blobs);
  fmt::print("{}\n", blobs.size());
  return 0;
}
