// Our Sphinx as a program that others ask: frames of a 4-byte length and content on stdin, one answer each on stdout.
//
//   m  payload size 4 · plan · plaintext                          → 0 · packet
//   s  plan                                                       → 0 · reply block
//   u  payload size 4 · reply block's size 4 · it · plaintext     → 0 · first hop 32 · packet
//   p  private key 32 · packet                                    → 0 f · next hop 32 · delay 8 · packet
//                                                              or → 0 d · destination 32 · identifier 16 · plaintext
//
// plan: initial secret 32 · hops 1 · (address 32 · key 32 · delay 8) a hop · destination 32 · identifier 16.
// What fails is answered with one byte: 1 packet, 2 header, 3 routing, 4 payload, 5 reply block, 255 anything else.

#include <cstdio>

#include "engine/sphinx/packet.h"
#include "engine/sphinx/payload.h"
#include "engine/sphinx/surb.h"
#include "sim/kernel/seeded_random.h"

namespace nym::interop {
namespace {

using sphinx::SphinxError;

constexpr std::size_t kMaxFrame = std::size_t{1} << 20U;

std::unexpected<Error> not_understood() {
  return fail(SphinxError::too_short, "a request that is none");
}

std::uint8_t code_of(const Error& error) {
  for (auto known : {SphinxError::invalid_packet, SphinxError::invalid_header, SphinxError::invalid_routing,
                     SphinxError::invalid_payload, SphinxError::invalid_surb}) {
    if (error.is(known)) return static_cast<std::uint8_t>(known);
  }
  return 255;
}

Result<sphinx::HeaderPlan> read_plan(ByteReader& request, RandomSource& random) {
  auto secret = request.take_array<32>();
  auto hops = request.take_be<std::uint8_t>();
  if (!secret || !hops || *hops == 0 || *hops > sphinx::kMaxHops) return not_understood();
  sphinx::HeaderPlan plan{.initial_secret = Secret<32>(*secret)};
  for (std::uint8_t i = 0; i < *hops; ++i) {
    auto address = request.take_array<32>();
    auto key = request.take_array<32>();
    auto delay = request.take_be<std::uint64_t>();
    if (!address || !key || !delay) return not_understood();
    plan.route.push_back({{*address}, {*key}, {*delay}});
  }
  auto destination = request.take_array<32>();
  auto identifier = request.take_array<16>();
  if (!destination || !identifier) return not_understood();
  plan.destination = {*destination};
  plan.identifier = {*identifier};
  plan.final_padding.resize(sphinx::final_padding_size(*hops));
  random.fill(plan.final_padding);
  return plan;
}

Result<Bytes> make(ByteReader& request, RandomSource& random) {
  auto payload_size = request.take_be<std::uint32_t>();
  if (!payload_size) return not_understood();
  NYM_TRY(auto plan, read_plan(request, random));
  return sphinx::make_packet(plan, request.rest(), *payload_size);
}

Result<Bytes> make_reply_block(ByteReader& request, RandomSource& random) {
  NYM_TRY(auto plan, read_plan(request, random));
  NYM_TRY(auto surb, sphinx::Surb::make(plan));
  return surb.serialise();
}

Result<Bytes> use_reply_block(ByteReader& request) {
  auto payload_size = request.take_be<std::uint32_t>();
  auto size = request.take_be<std::uint32_t>();
  auto block = size ? request.take(*size) : std::nullopt;
  if (!payload_size || !block) return not_understood();
  NYM_TRY(auto surb, sphinx::Surb::parse(*block));
  NYM_TRY(auto packet, sphinx::use_surb(surb, request.rest(), *payload_size));
  return ByteWriter().put(surb.first_hop.bytes).put(packet).finish();
}

Result<Bytes> peel(ByteReader& request) {
  auto key = request.take_array<32>();
  if (!key) return not_understood();
  NYM_TRY(auto peeled, sphinx::peel_packet(request.rest(), crypto::X25519PrivateKey::from_bytes(*key)));
  ByteWriter out;
  if (const auto* forward = std::get_if<sphinx::ForwardHeader>(&peeled.hop)) {
    out.put_be<std::uint8_t>('f').put(forward->next.bytes).put_be(forward->delay.ns);
    return out.put(forward->header).put(peeled.payload).finish();
  }
  const auto& last = std::get<sphinx::FinalHeader>(peeled.hop);
  NYM_TRY(auto plaintext, sphinx::recover_plaintext(peeled.payload));
  out.put_be<std::uint8_t>('d').put(last.destination.bytes).put(last.identifier.bytes);
  return out.put(plaintext).finish();
}

Result<Bytes> answer(ByteView frame, RandomSource& random) {
  ByteReader request(frame);
  switch (request.take_be<std::uint8_t>().value_or(0)) {
    case 'm':
      return make(request, random);
    case 's':
      return make_reply_block(request, random);
    case 'u':
      return use_reply_block(request);
    case 'p':
      return peel(request);
    default:
      return not_understood();
  }
}

// Empty at the end of the input.
std::optional<Bytes> read_frame() {
  ByteArray<4> size{};
  if (std::fread(size.data(), 1, size.size(), stdin) != size.size()) return std::nullopt;
  Bytes frame(load_be<std::uint32_t>(size));
  if (frame.size() > kMaxFrame || std::fread(frame.data(), 1, frame.size(), stdin) != frame.size()) return std::nullopt;
  return frame;
}

void write_frame(const Result<Bytes>& content) {
  ByteWriter out;
  if (content) {
    out.put_be(static_cast<std::uint32_t>(content->size() + 1)).put_be<std::uint8_t>(0).put(*content);
  } else {
    out.put_be(std::uint32_t{1}).put_be(code_of(content.error()));
  }
  auto bytes = out.finish();
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  std::fflush(stdout);
}

}  // namespace
}  // namespace nym::interop

int main() {
  nym::sim::SeededRandom random(1);
  while (auto frame = nym::interop::read_frame()) nym::interop::write_frame(nym::interop::answer(*frame, random));
}
