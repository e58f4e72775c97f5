#include "engine/base/check.h"
#include "engine/wire/fragment.h"

// The front of a decrypted fragment, and the identifier inside an acknowledgement: what is accepted is written back
// alike.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nym;
  ByteView bytes(data, size);
  if (auto header = wire::FragmentHeader::parse(bytes)) {
    NYM_CHECK(header->is_well_formed());
    NYM_CHECK(header->to_bytes() == to_bytes(bytes.first(header->size())));
  }
  if (size >= wire::FragmentId::kSize) {
    auto raw = to_array<wire::FragmentId::kSize>(bytes);
    if (auto id = wire::FragmentId::from_bytes(raw)) NYM_CHECK(id->to_bytes() == raw);
  }
  return 0;
}
