#include <array>

#include "engine/app_api/dialogue.h"
#include "engine/app_api/utf8.h"
#include "engine/base/check.h"
#include "sim/kernel/seeded_random.h"

// Applications of every dialect: the first byte chooses dialect and form, the rest is what they say, in pieces. What is
// answered is well-formed, what was read in binary is written and read back unchanged, and what `strict` understands
// `auto` understands in the same way.
namespace {

using namespace nym;
using namespace nym::app_api;

wire::Recipient own_address() {
  sim::SeededRandom random(1);
  auto identity = crypto::Ed25519PrivateKey::generate(random).public_key();
  auto encryption = crypto::X25519PrivateKey::generate(random).public_key();
  auto gateway = crypto::Ed25519PrivateKey::generate(random).public_key();
  return {identity, encryption, gateway};
}

void check_answer(const Frame& frame) {
  bool is_text = frame.format == Format::text;
  NYM_CHECK(is_text ? !frame.data.empty() && !utf8_fault(frame.data) : parse_binary_response(frame.data).has_value());
}

void check(Dialogue& dialogue, Format format, ByteView piece) {
  auto read = dialogue.read(format, piece);
  if (const auto* frame = std::get_if<Frame>(&read)) return check_answer(*frame);
  const auto& asked = std::get<AppRequest>(read);
  if (asked.message_id) NYM_CHECK(!asked.message_id->empty() && asked.message_id->size() <= AppRequest::kMaxMessageId);
  (void)to_binary(asked);
  (void)dialogue.push(Received{to_bytes(piece), wire::SenderTag{}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const AddressBook book(own_address());
  constexpr std::array kDialects{Dialect::automatic, Dialect::strict, Dialect::v0_7};
  Dialogue dialogue(kDialects[data[0] % kDialects.size()], book);
  dialogue.expect_message_ids((data[0] & 0x80U) != 0);
  auto format = (data[0] & 0x40U) != 0 ? Format::text : Format::binary;
  ByteView rest(data + 1, size - 1);
  bool is_text = format == Format::text;
  if (is_text && utf8_fault(rest)) return 0;  // a websocket does not let it through
  check(dialogue, format, rest);
  check(dialogue, format, is_text ? ByteView{} : rest.subspan(rest.size() / 2));

  auto strict = is_text ? parse_text_request(as_text(rest)) : parse_binary_request(rest);
  Dialogue automatic(Dialect::automatic, book);
  auto read = automatic.read(format, rest);
  bool names_surb = as_text(rest).find("withReplySurb") != std::string_view::npos ||
                    as_text(rest).find("\\u") != std::string_view::npos;
  if (strict && !names_surb) NYM_CHECK(std::get<AppRequest>(read).request == *strict);
  return 0;
}
