#include "engine/base/check.h"
#include "engine/wire/message.h"
#include "engine/wire/padding.h"

namespace {

using namespace nym;

// What is accepted is written and read back unchanged.
bool parse(ByteView bytes, Generation generation) {
  auto message = wire::parse_message(Blob(to_bytes(bytes)), generation);
  if (!message) return false;
  Bytes written = wire::serialise(*message);
  NYM_CHECK(written.size() == wire::serialised_size(*message));
  auto again = wire::parse_message(Blob(std::move(written)), generation);
  NYM_CHECK(again && *again == *message);
  return true;
}

}  // namespace

// A reassembled message, padded and bare, in both generations: the later one refuses more.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  bool older = parse(bytes, Generation::y2023);
  bool later = parse(bytes, Generation::y2026);
  NYM_CHECK(older || !later);
  if (auto stripped = wire::strip_padding(bytes)) {
    NYM_CHECK(stripped->size() < size);
    static_cast<void>(wire::parse_message(Blob(to_bytes(*stripped))));
  }
  return 0;
}
