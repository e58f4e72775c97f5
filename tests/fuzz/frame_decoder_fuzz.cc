#include <algorithm>

#include "engine/base/check.h"
#include "engine/wire/framing.h"

namespace {

struct Outcome {
  std::size_t frames = 0;
  std::size_t packet_bytes = 0;
  bool failed = false;
  bool operator==(const Outcome&) const = default;
};

Outcome decode(nym::ByteView stream, std::size_t step, nym::wire::FrameReading reading) {
  nym::wire::FrameDecoder decoder(reading);
  Outcome outcome;
  for (std::size_t at = 0; at < stream.size() && !outcome.failed; at += step) {
    decoder.feed(stream.subspan(at, std::min(step, stream.size() - at)));
    for (;;) {
      auto frame = decoder.next();
      outcome.failed = !frame.has_value();
      if (!frame || !*frame) break;
      NYM_CHECK((*frame)->packet.size() == nym::wire::packet_bytes((*frame)->size));
      outcome.packet_bytes += (*frame)->packet.size();
      ++outcome.frames;
    }
  }
  return outcome;
}

}  // namespace

// A stream between nodes: however it is cut, the same frames come out, or the same failure.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nym::ByteView stream(data, size);
  using nym::wire::FrameReading;
  for (auto reading : {FrameReading::y2023, FrameReading::y2026, FrameReading::both}) {
    auto whole = decode(stream, std::max<std::size_t>(size, 1), reading);
    NYM_CHECK(decode(stream, 1, reading) == whole);
    NYM_CHECK(decode(stream, 389, reading) == whole);
  }
  return 0;
}
