#include "engine/base/check.h"
#include "engine/wire/final_payload.h"
#include "engine/wire/mix_packet.h"
#include "engine/wire/routing_address.h"

namespace {

using namespace nym;

void parse(const Blob& blob, wire::MixPacketForm form) {
  auto packet = wire::parse_mix_packet(blob, form);
  if (!packet) return;
  bool older = form == wire::MixPacketForm::v1;
  NYM_CHECK(!older || packet->rotation == KeyRotation::unknown);
  Bytes written = older ? wire::encode_mix_packet_head(packet->type, packet->next_hop)
                        : wire::encode_mix_packet_head(packet->type, packet->rotation, packet->next_hop);
  append(written, packet->packet.to_bytes());
  NYM_CHECK(written == blob.to_bytes());
}

}  // namespace

// What a client hands to its gateway, and what a gateway finds inside a packet.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Blob blob(Bytes(data, data + size));
  parse(blob, wire::MixPacketForm::v1);
  parse(blob, wire::MixPacketForm::v2);
  if (auto payload = wire::split_final_payload(blob)) {
    NYM_CHECK(19 + payload->ack_packet.size() + payload->message.size() == size);
  }
  static_cast<void>(wire::parse_surb_ack(blob));
  return 0;
}
