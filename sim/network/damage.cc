#include "sim/network/damage.h"

namespace nym::sim {
namespace {

constexpr std::size_t kBits = 8;

const Blob* content_of(const mixnode::Input& input) {
  const auto* frame = std::get_if<relay::FrameReceived>(&input);
  return frame == nullptr ? nullptr : &frame->frame.packet;
}
const Blob* content_of(const gateway::Input& input) {
  const auto* binary = std::get_if<gateway::ClientBinary>(&input);
  return binary == nullptr ? nullptr : &binary->data;
}
const Blob* content_of(const client::Input& input) {
  const auto* binary = std::get_if<client::GatewayBinary>(&input);
  return binary == nullptr ? nullptr : &binary->data;
}

}  // namespace

const Blob* content_of(const HostInput& input) {
  if (const auto* link = std::get_if<mixnode::Input>(&input)) return content_of(*link);
  if (const auto* upload = std::get_if<gateway::Input>(&input)) return content_of(*upload);
  if (const auto* push = std::get_if<client::Input>(&input)) return content_of(*push);
  return nullptr;
}

void flip_bit(HostInput& input, std::uint64_t bit) {
  auto* content = const_cast<Blob*>(content_of(input));  // NOLINT(cppcoreguidelines-pro-type-const-cast): of our input
  if (content == nullptr || content->empty()) return;
  auto bytes = content->to_bytes();
  auto at = bit % (bytes.size() * kBits);
  bytes[at / kBits] ^= static_cast<std::uint8_t>(1U << (at % kBits));
  *content = Blob(std::move(bytes));
}

void damage(HostInput& input, RandomSource& random) {
  const auto* content = content_of(std::as_const(input));
  if (content == nullptr || content->empty()) return;
  flip_bit(input, draw_below(random, content->size() * kBits));
}

}  // namespace nym::sim
