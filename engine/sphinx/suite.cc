#include "engine/sphinx/suite.h"

#include "engine/base/check.h"

namespace nym::sphinx {
namespace {

std::size_t size_with_ack(const SurbAck& ack, const Blob& fragment) {
  NYM_CHECK(ack.packet.size() == kPacketOverhead + kAckPlaintext);
  return kSurbAck + kFragmentKeyField + fragment.size();
}

}  // namespace

std::size_t plaintext_size(const AckPayload&) {
  return kAckPlaintext;
}
std::size_t plaintext_size(const FragmentPayload& payload) {
  return size_with_ack(payload.ack, payload.fragment);
}
std::size_t plaintext_size(const ReplyPayload& payload) {
  return size_with_ack(payload.ack, payload.fragment);
}

void check_header_plan(const HeaderPlan& plan) {
  NYM_CHECK(plan.route.size() > 0);
  NYM_CHECK(plan.final_padding.size() == final_padding_size(plan.route.size()));
}

void check_reply_surb_plan(const ReplySurbPlan& plan) {
  check_header_plan(plan.header);
  NYM_CHECK(surb_form_of(plan.header.number) == SurbForm::v2 || plan.header.route.size() == kReplySurbHops);
}

void check_payload_fits(std::size_t plaintext_size, std::size_t payload_size) {
  NYM_CHECK(payload_size > crypto::kLionessMinimum);
  NYM_CHECK(plaintext_size <= payload_size - kPayloadOverhead);
}

Result<void> validate_reply_size(const ReplyPayload& payload, std::size_t payload_size) {
  if (payload_size <= crypto::kLionessMinimum || plaintext_size(payload) + kPayloadOverhead != payload_size) {
    return fail(SphinxError::invalid_payload, "a reply must fill its packet");
  }
  return {};
}

void Suite::prepare_peel(std::span<const Blob> packets, const crypto::X25519KeyPair& node_key, NodeRule rule) const {
  std::vector<PacketAtNode> all;
  all.reserve(packets.size());
  for (const auto& packet : packets) {
    static_cast<void>(packet.prepared());  // its place for a result, which only copies from now on share
    all.push_back({packet, &node_key, rule});
  }
  prepare_peel(all);
}

}  // namespace nym::sphinx
