#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "engine/topology/directory_documents.h"
#include "engine/topology/version.h"
#include "engine/wire/authentication.h"
#include "engine/wire/control_messages.h"
#include "engine/wire/cover.h"
#include "engine/wire/final_payload.h"
#include "engine/wire/fragment.h"
#include "engine/wire/framing.h"
#include "engine/wire/gateway_details.h"
#include "engine/wire/handshake.h"
#include "engine/wire/message.h"
#include "engine/wire/mix_packet.h"
#include "engine/wire/padding.h"
#include "engine/wire/pem.h"
#include "engine/wire/routing_address.h"
#include "engine/wire/stream_frame.h"

namespace nym::wire {
namespace {

using rc::gen::arbitrary;
using rc::gen::inRange;

std::size_t draw_size(std::size_t end) {
  return *inRange<std::size_t>(0, end);
}
template <class Number>
Number draw_number() {
  return *arbitrary<Number>();
}
Bytes draw_bytes() {
  return *arbitrary<Bytes>();
}
Bytes draw_bytes(std::size_t size) {
  return *rc::gen::container<Bytes>(size, arbitrary<std::uint8_t>());
}
template <std::size_t N>
ByteArray<N> draw_array_of() {
  return to_array<N>(draw_bytes(N));
}
/// Printable, with whatever JSON has to escape.
std::string draw_text() {
  return *rc::gen::container<std::string>(rc::gen::element('a', 'Z', '7', '"', '\\', '\n', '\t', '\x01', '/', ' '));
}

KeyRotation draw_rotation() {
  return *rc::gen::element(KeyRotation::unknown, KeyRotation::odd, KeyRotation::even);
}

// ---- Whole values

Endpoint draw_endpoint() {
  auto port = draw_number<std::uint16_t>();
  if (draw_number<bool>()) return {Ipv4{draw_array_of<4>()}, port};
  return {Ipv6{draw_array_of<16>()}, port};
}

crypto::Ed25519PublicKey draw_identity() {
  return crypto::Ed25519PrivateKey::from_seed(draw_array_of<32>()).public_key();
}

Recipient draw_recipient() {
  auto identity = draw_identity();
  auto encryption = crypto::X25519PublicKey{draw_array_of<32>()};
  auto gateway = draw_identity();
  return {identity, encryption, gateway};
}

Message draw_message() {
  switch (draw_size(4)) {
    case 0:
      return PlainMessage{draw_bytes()};
    case 1:
      return ReplyMessage{draw_bytes(1 + draw_size(50))};
    case 2:
      return SurbRequest{draw_recipient(), draw_number<std::uint32_t>()};
    default:
      break;
  }
  RepliableMessage message{SenderTag{draw_array_of<16>()}, static_cast<RepliableKind>(draw_size(3)), {}, {}};
  message.surbs.resize(draw_size(4));
  message.form = *rc::gen::element(SurbForm::v1, SurbForm::v2);
  std::size_t size = message.form == SurbForm::v1 ? kReplySurbBytes : seed_surb_bytes(1 + draw_size(kMostSurbHops));
  for (auto& surb : message.surbs) {
    surb = ReplySurbBytes(size, draw_number<std::uint8_t>());
    surb[16 + 348] = *rc::gen::element(std::uint8_t{4}, std::uint8_t{6});  // kind of the first hop's address
  }
  bool says_rotation = message.form == SurbForm::v2 && !message.surbs.empty();
  if (says_rotation) message.rotation = draw_rotation();
  if (message.kind == RepliableKind::data) message.data = draw_bytes();
  return message;
}

FragmentHeader draw_header() {
  FragmentHeader header{SetId{1 + *inRange<std::uint32_t>(0, 0x7fffffff)}, 0, 0, {}};
  header.total = static_cast<std::uint8_t>(1 + draw_size(255));
  header.position = static_cast<std::uint8_t>(1 + draw_size(header.total));
  bool may_link = header.position == 1 || header.position == 255;
  if (may_link && header.set.value > 1 && draw_number<bool>()) header.linked = SetId{header.set.value - 1};
  return header;
}

std::optional<std::uint8_t> draw_version() {
  if (draw_number<bool>()) return std::nullopt;
  return draw_number<std::uint8_t>();
}

ClientControl draw_client_control() {
  switch (draw_size(4)) {
    case 0:
      return RegisterRequest{draw_version(), draw_bytes()};
    case 1:
      return BandwidthCredential{draw_bytes(), draw_bytes()};
    case 2:
      return ClaimFreeBandwidth{};
    default:
      return AuthenticateRequest{draw_version(), draw_text(), draw_text(), draw_text()};
  }
}

GatewayControl draw_gateway_control() {
  switch (draw_size(5)) {
    case 0:
      return AuthenticateResponse{draw_version(), draw_number<bool>(), draw_number<std::int64_t>()};
    case 1:
      return RegisterResponse{draw_version(), draw_number<bool>()};
    case 2:
      return BandwidthResponse{draw_number<std::int64_t>()};
    case 3:
      return SendResponse{draw_number<std::int64_t>()};
    default:
      return ErrorResponse{draw_text()};
  }
}

PacketSize draw_packet_size() {
  return *rc::gen::elementOf(kAllPacketSizes);
}

std::vector<topology::MixnodeDetails> draw_mixnodes() {
  std::vector<topology::MixnodeDetails> mixnodes(draw_size(4));
  for (auto& details : mixnodes) {
    details.mix_id = draw_number<std::uint32_t>();
    details.owner = draw_text();
    details.layer = static_cast<std::uint8_t>(1 + draw_size(3));
    details.host = draw_text();
    details.mix_port = draw_number<std::uint16_t>();
    details.version = draw_text();
  }
  return mixnodes;
}

std::vector<topology::GatewayBond> draw_gateways() {
  std::vector<topology::GatewayBond> gateways(draw_size(4));
  for (auto& bond : gateways) {
    bond.owner = draw_text();
    bond.host = draw_text();
    bond.clients_port = draw_number<std::uint16_t>();
    bond.identity_key = draw_text();
  }
  return gateways;
}

// ---- What is written is read back

RC_GTEST_PROP(WireRoundTrips, Messages, ()) {
  Message message = draw_message();
  Bytes bytes = serialise(message);
  RC_ASSERT(bytes.size() == serialised_size(message));
  RC_ASSERT(parse_message(bytes).value() == message);
}

RC_GTEST_PROP(WireRoundTrips, PaddedMessagesFillTheirFragments, ()) {
  Bytes message = draw_bytes();
  auto fragment_size = *inRange<std::size_t>(11, 60);
  Bytes padded = message;
  pad_message(padded, fragment_size);
  RC_ASSERT(to_bytes(strip_padding(padded).value()) == message);
}

RC_GTEST_PROP(WireRoundTrips, Recipients, ()) {
  Recipient recipient = draw_recipient();
  RC_ASSERT(Recipient::parse(recipient.to_string()).value() == recipient);
  RC_ASSERT(Recipient::from_bytes(recipient.to_bytes()).value() == recipient);
}

RC_GTEST_PROP(WireRoundTrips, SenderTags, ()) {
  SenderTag tag{draw_array_of<16>()};
  RC_ASSERT(SenderTag::parse(tag.to_string()).value() == tag);
}

RC_GTEST_PROP(WireRoundTrips, AddressesWhateverFollowsThem, ()) {
  Endpoint endpoint = draw_endpoint();
  Bytes bytes = encode_address(endpoint);
  std::size_t length = bytes.size();
  append(bytes, draw_bytes());
  auto decoded = decode_address(bytes).value();
  RC_ASSERT(decoded.endpoint == endpoint);
  RC_ASSERT(decoded.length == length);
  RC_ASSERT(decode_address(encode_address_19(endpoint)).value().endpoint == endpoint);
  RC_ASSERT(decode_address(encode_address_32(endpoint)).value().endpoint == endpoint);
}

RC_GTEST_PROP(WireRoundTrips, FragmentHeaders, ()) {
  FragmentHeader header = draw_header();
  RC_ASSERT(header.is_well_formed());
  Bytes bytes = header.to_bytes();
  RC_ASSERT(bytes.size() == header.size());
  append(bytes, draw_bytes());
  RC_ASSERT(FragmentHeader::parse(bytes).value() == header);
  RC_ASSERT(FragmentId::from_bytes(header.id().to_bytes()).value() == header.id());
}

RC_GTEST_PROP(WireRoundTrips, ControlMessages, ()) {
  auto request = draw_client_control();
  RC_ASSERT(parse_client_control(to_json(request)).value() == request);
  auto response = draw_gateway_control();
  RC_ASSERT(parse_gateway_control(to_json(response)).value() == response);
  HandshakeControl payload = HandshakePayload{draw_version(), draw_bytes()};
  RC_ASSERT(parse_handshake_control(to_json(payload)).value() == payload);
  HandshakeControl failure = HandshakeFailure{draw_text()};
  RC_ASSERT(parse_handshake_control(to_json(failure)).value() == failure);
}

RC_GTEST_PROP(WireRoundTrips, MixPackets, ()) {
  Endpoint next_hop = draw_endpoint();
  PacketSize size = draw_packet_size();
  auto type = draw_number<bool>() ? PacketType::mix : PacketType::outfox;
  auto form = *rc::gen::element(MixPacketForm::v1, MixPacketForm::v2);
  auto rotation = form == MixPacketForm::v1 ? KeyRotation::unknown : draw_rotation();
  Bytes bytes = form == MixPacketForm::v1 ? encode_mix_packet_head(type, next_hop)
                                          : encode_mix_packet_head(type, rotation, next_hop);
  Bytes packet(packet_bytes(size), draw_number<std::uint8_t>());
  append(bytes, packet);
  auto parsed = parse_mix_packet(Blob(bytes), form).value();
  RC_ASSERT(parsed.rotation == rotation);
  RC_ASSERT(parsed.type == type);
  RC_ASSERT(parsed.next_hop == next_hop);
  RC_ASSERT(parsed.size == size);
  RC_ASSERT(parsed.packet.to_bytes() == packet);
}

RC_GTEST_PROP(WireRoundTrips, FramesOfAMixedNetworkHoweverTheStreamIsCut, ()) {
  Bytes stream;
  std::vector<KeyRotation> sent(draw_size(6));
  for (auto& rotation : sent) {
    auto form = *rc::gen::element(FrameHeaderForm::legacy, FrameHeaderForm::versioned, FrameHeaderForm::with_rotation);
    rotation = form == FrameHeaderForm::with_rotation ? draw_rotation() : KeyRotation::unknown;
    append(stream, encode_frame_header(PacketSize::ack, PacketType::mix, form, rotation));
    stream.resize(stream.size() + packet_bytes(PacketSize::ack), draw_number<std::uint8_t>());
  }
  FrameDecoder decoder(FrameReading::both);
  std::vector<KeyRotation> seen;
  for (std::size_t at = 0; at < stream.size();) {
    std::size_t step = std::min(stream.size() - at, 1 + draw_size(600));
    decoder.feed(ByteView(stream).subspan(at, step));
    at += step;
    while (auto frame = decoder.next().value()) seen.push_back(frame->rotation);
  }
  RC_ASSERT(seen == sent);
  RC_ASSERT(decoder.at_frame_boundary());
}

RC_GTEST_PROP(WireRoundTrips, StreamFrames, ()) {
  StreamFrame frame{draw_number<std::uint64_t>(), draw_number<bool>() ? StreamMessage::open : StreamMessage::data,
                    draw_number<std::uint32_t>(), draw_bytes()};
  RC_ASSERT(std::get<StreamFrame>(parse_stream_frame(encode_stream_frame(frame)).value()) == frame);
}

RC_GTEST_PROP(WireRoundTrips, FramesHoweverTheStreamIsCut, ()) {
  Bytes stream;
  std::vector<std::pair<PacketSize, std::uint8_t>> sent(draw_size(5));
  for (auto& [size, fill] : sent) {
    size = *rc::gen::element(PacketSize::ack, PacketSize::regular, PacketSize::extended8);
    fill = draw_number<std::uint8_t>();
    auto form = draw_number<bool>() ? FrameHeaderForm::legacy : FrameHeaderForm::versioned;
    append(stream, encode_frame_header(size, PacketType::mix, form));
    stream.resize(stream.size() + packet_bytes(size), fill);
  }
  FrameDecoder decoder;
  std::size_t seen = 0;
  for (std::size_t at = 0; at < stream.size();) {
    std::size_t step = std::min(stream.size() - at, 1 + draw_size(3'000));
    decoder.feed(ByteView(stream).subspan(at, step));
    at += step;
    while (auto frame = decoder.next().value()) {
      RC_ASSERT(seen < sent.size());
      RC_ASSERT(frame->size == sent[seen].first);
      RC_ASSERT(frame->packet.to_bytes() == Bytes(packet_bytes(frame->size), sent[seen].second));
      ++seen;
    }
  }
  RC_ASSERT(seen == sent.size());
  RC_ASSERT(decoder.at_frame_boundary());
}

RC_GTEST_PROP(WireRoundTrips, Files, ()) {
  Bytes content = draw_bytes();
  RC_ASSERT(from_pem(to_pem("SOME LABEL", content), "SOME LABEL").value() == content);
  GatewayDetails details{draw_text(), draw_text(), draw_text(), draw_text()};
  RC_ASSERT(parse_gateway_details(to_json(details)).value() == details);
}

RC_GTEST_PROP(WireRoundTrips, DirectoryDocuments, ()) {
  auto mixnodes = draw_mixnodes();
  RC_ASSERT(topology::parse_mixnodes(topology::to_json(mixnodes)).value() == mixnodes);
  auto gateways = draw_gateways();
  RC_ASSERT(topology::parse_gateways(topology::to_json(gateways)).value() == gateways);
}

// ---- Nothing from outside breaks a parser

/// Every parser gets the same bytes; what it accepts it must be able to write so that it reads the same again.
void feed_all_parsers(const Bytes& bytes) {
  std::string_view text = as_text(bytes);
  if (auto message = parse_message(bytes); message && !std::holds_alternative<ReplyMessage>(*message)) {
    RC_ASSERT(parse_message(serialise(*message)).value() == *message);
  }
  if (auto header = FragmentHeader::parse(bytes)) {
    RC_ASSERT(FragmentHeader::parse(header->to_bytes()).value() == *header);
  }
  if (auto address = decode_address(bytes)) {
    RC_ASSERT(encode_address(address->endpoint) == to_bytes(ByteView(bytes).first(address->length)));
  }
  if (auto parsed = parse_client_control(text)) {
    RC_ASSERT(parse_client_control(to_json(*parsed)).value() == *parsed);
  }
  if (auto parsed = parse_gateway_control(text)) {
    RC_ASSERT(parse_gateway_control(to_json(*parsed)).value() == *parsed);
  }
  if (auto parsed = parse_handshake_control(text)) {
    RC_ASSERT(parse_handshake_control(to_json(*parsed)).value() == *parsed);
  }
  if (auto recipient = Recipient::parse(text)) {
    RC_ASSERT(Recipient::parse(recipient->to_string()).value() == *recipient);
  }
  if (auto tag = SenderTag::parse(text)) {
    RC_ASSERT(SenderTag::parse(tag->to_string()).value() == *tag);
  }
  if (auto details = parse_gateway_details(text)) {
    RC_ASSERT(parse_gateway_details(to_json(*details)).value() == *details);
  }
  if (auto list = topology::parse_gateways(text)) {
    RC_ASSERT(topology::parse_gateways(topology::to_json(*list)).value() == *list);
  }
  if (auto list = topology::parse_mixnodes(text)) {
    RC_ASSERT(topology::parse_mixnodes(topology::to_json(*list)).value() == *list);
  }
  if (auto content = from_pem(text, "L")) {
    RC_ASSERT(from_pem(to_pem("L", *content), "L").value() == *content);
  }
  static_cast<void>(parse_mix_packet(Blob(bytes)));
  static_cast<void>(parse_mix_packet(Blob(bytes), MixPacketForm::v2));
  static_cast<void>(parse_message(Blob(bytes), Generation::y2026));
  static_cast<void>(parse_stream_frame(bytes));
  static_cast<void>(check_first_hop(bytes));
  static_cast<void>(split_final_payload(Blob(bytes)));
  static_cast<void>(HandshakeInit::parse(bytes));
  static_cast<void>(HandshakeReply::parse(bytes));
  static_cast<void>(decode_authenticate({1, std::string(text), std::string(text), std::string(text)}));
  static_cast<void>(topology::parse_version(text));
  static_cast<void>(strip_padding(bytes));
  static_cast<void>(is_cover(bytes));
  for (auto reading : {FrameReading::y2023, FrameReading::y2026, FrameReading::both}) {
    FrameDecoder decoder(reading);
    decoder.feed(bytes);
    for (auto frame = decoder.next(); frame && *frame; frame = decoder.next()) {
      RC_ASSERT((*frame)->packet.size() == packet_bytes((*frame)->size));
    }
  }
}

RC_GTEST_PROP(WireParsers, SurviveRandomBytes, ()) {
  feed_all_parsers(draw_bytes());
}

Bytes draw_valid_input() {
  auto text = [](const std::string& written) { return to_bytes(as_bytes(written)); };
  switch (draw_size(11)) {
    case 0:
      return serialise(draw_message());
    case 1:
      return draw_header().to_bytes();
    case 2:
      return encode_address(draw_endpoint());
    case 3:
      return text(to_json(draw_client_control()));
    case 4:
      return text(to_json(draw_gateway_control()));
    case 5:
      return text(draw_recipient().to_string());
    case 6:
      return text(to_pem("L", draw_bytes()));
    case 7:
      return text(topology::to_json(draw_gateways()));
    case 8:
      return text(topology::to_json(draw_mixnodes()));
    case 9:
      return text(to_json(GatewayDetails{draw_text(), draw_text(), draw_text(), draw_text()}));
    default:
      break;
  }
  Bytes frame = encode_frame_header(PacketSize::ack, PacketType::mix, FrameHeaderForm::legacy);
  frame.resize(frame.size() + packet_bytes(PacketSize::ack));
  return frame;
}

void mutate(Bytes& bytes) {
  auto at = bytes.empty() ? bytes.end() : bytes.begin() + static_cast<std::ptrdiff_t>(draw_size(bytes.size()));
  switch (draw_size(4)) {
    case 0:
      bytes.insert(at, draw_number<std::uint8_t>());
      break;
    case 1:
      bytes.erase(at, bytes.end());
      break;
    case 2:
      if (at != bytes.end()) bytes.erase(at);
      break;
    default:
      if (at != bytes.end()) *at = draw_number<std::uint8_t>();
  }
}

RC_GTEST_PROP(WireParsers, SurviveDamagedInput, ()) {
  Bytes bytes = draw_valid_input();
  std::size_t times = 1 + draw_size(4);
  for (std::size_t i = 0; i < times; ++i) mutate(bytes);
  feed_all_parsers(bytes);
}

}  // namespace
}  // namespace nym::wire
