#include "engine/base/check.h"
#include "engine/wire/recipient.h"
#include "engine/wire/routing_address.h"
#include "engine/wire/sender_tag.h"

// Addresses as people and applications give them, and as packets carry them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nym;
  ByteView bytes(data, size);
  std::string_view text = as_text(bytes);
  if (auto recipient = wire::Recipient::parse(text)) {
    NYM_CHECK(recipient->to_string() == text);
    NYM_CHECK(*wire::Recipient::from_bytes(recipient->to_bytes()) == *recipient);
  }
  if (auto tag = wire::SenderTag::parse(text)) NYM_CHECK(tag->to_string() == text);
  if (size >= wire::Recipient::kSize) {
    auto raw = to_array<wire::Recipient::kSize>(bytes);
    if (auto recipient = wire::Recipient::from_bytes(raw)) NYM_CHECK(recipient->to_bytes() == raw);
  }
  if (auto address = wire::decode_address(bytes)) {
    NYM_CHECK(wire::encode_address(address->endpoint) == to_bytes(bytes.first(address->length)));
  }
  return 0;
}
