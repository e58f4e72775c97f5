#include "engine/base/check.h"
#include "engine/sphinx/real_suite.h"
#include "engine/sphinx/surb.h"
#include "engine/wire/reply_surb.h"

// A reply SURB from outside, of either form: what is accepted is written back unchanged and can be used.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nym;
  const ByteView bytes(data, size);
  static_cast<void>(wire::check_first_hop(bytes));
  auto surb = sphinx::Surb::parse(bytes);
  NYM_CHECK(surb.has_value() == sphinx::surb_form(size).has_value());
  if (surb) {
    NYM_CHECK(surb->serialise() == to_bytes(bytes));
    NYM_CHECK(sphinx::use_surb(*surb, Bytes(5), 40).has_value());
  }
  sphinx::ReplyPayload payload;
  payload.ack.packet = Blob(Bytes(sphinx::kPacketOverhead + sphinx::kAckPlaintext));
  std::size_t payload_size = sphinx::kPayloadOverhead + sphinx::plaintext_size(payload);
  auto reply = sphinx::RealSuite().seal_reply({to_bytes(bytes)}, payload, payload_size);
  if (reply) NYM_CHECK(reply->packet.to_bytes().size() == sphinx::kHeader + payload_size);
  return 0;
}
