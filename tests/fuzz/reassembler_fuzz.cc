#include <algorithm>

#include "engine/base/check.h"
#include "engine/client/reassembler.h"

// Fragments that a stranger sends, one after the other: the input is cut into pieces of a length byte and that many
// bytes. Bounds hold at every step, and nothing is left once everything has expired.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nym;
  client::ReassemblyLimits limits{
      .max_buffered_bytes = 30'000, .max_sets = 20, .max_finished_sets = 10, .time_to_live = Duration::seconds(10)};
  MemorySpool spool;
  client::Reassembler reassembler{limits, spool};
  TimePoint now;
  ByteReader reader({data, size});
  while (auto length = reader.take_be<std::uint8_t>()) {
    auto fragment = reader.take(std::min<std::size_t>(*length, reader.remaining()));
    static_cast<void>(reassembler.insert(now, *fragment));
    NYM_CHECK(reassembler.buffered_bytes() <= limits.max_buffered_bytes);
    NYM_CHECK(reassembler.open_sets() <= limits.max_sets);
    now = now + Duration::milliseconds(100);
    reassembler.expire(now);
  }
  reassembler.expire(now + Duration::minutes(1));
  NYM_CHECK(reassembler.open_sets() == 0 && reassembler.buffered_bytes() == 0);
  return 0;
}
