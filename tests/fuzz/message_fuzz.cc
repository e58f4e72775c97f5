#include "engine/base/check.h"
#include "engine/wire/message.h"
#include "engine/wire/padding.h"

// A reassembled message, padded and bare: what is accepted is written and read back unchanged.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nym;
  const ByteView bytes(data, size);
  if (auto message = wire::parse_message(Blob(to_bytes(bytes)))) {
    Bytes written = wire::serialise(*message);
    NYM_CHECK(written.size() == wire::serialised_size(*message));
    auto again = wire::parse_message(Blob(std::move(written)));
    NYM_CHECK(again && *again == *message);
  }
  if (auto stripped = wire::strip_padding(bytes)) {
    NYM_CHECK(stripped->size() < size);
    static_cast<void>(wire::parse_message(Blob(to_bytes(*stripped))));
  }
  return 0;
}
