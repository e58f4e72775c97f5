#include "engine/base/check.h"
#include "engine/wire/stream_frame.h"

// One message of a stream of the later SDK: what is accepted is written back unchanged, but for the unused byte.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nym;
  const ByteView bytes(data, size);
  auto frame = wire::parse_stream_frame(bytes);
  if (!frame) return 0;
  if (const auto* stream = std::get_if<wire::StreamFrame>(&*frame)) {
    Bytes written = wire::encode_stream_frame(*stream);
    written[15] = bytes[15];
    NYM_CHECK(written == to_bytes(bytes));
  }
  return 0;
}
