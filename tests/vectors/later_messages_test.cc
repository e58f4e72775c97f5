// later_messages.json: reply SURBs, their containers, what a client hands to its gateway, key rotations, stream frames.

#include "tests/vectors/later_messages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/sphinx/real_suite.h"
#include "engine/sphinx/surb.h"
#include "engine/wire/message.h"
#include "engine/wire/padding.h"
#include "engine/wire/stream_frame.h"

namespace nym::wire {
namespace {

using test::array_of;
using test::bytes_of;
using test::cases_of;
using test::Json;
using test::later_messages;
using test::LaterSetting;
using test::matches;
using test::rotation_of;
using test::size_named;

TEST(LaterMessageVectors, KeyRotationsAreTheParityOfTheirIds) {
  for (const auto& row : cases_of(later_messages("key_rotation_from_id"))) {
    EXPECT_EQ(key_rotation_of(row.at("rotation_id").get<std::uint32_t>()), rotation_of(row.at("value"))) << row;
  }
  const Json& accepted = cases_of(later_messages("key_rotation_from_byte").at("accepted"));
  for (int byte = 0; byte < 256; ++byte) {
    bool expected = std::ranges::find(accepted, Json(byte)) != accepted.end();
    EXPECT_EQ(key_rotation_from_byte(static_cast<std::uint8_t>(byte)).has_value(), expected) << byte;
  }
}

// --- reply SURBs -------------------------------------------------------------

const Json& recorded_surb(const std::string& name) {
  for (const auto& row : cases_of(later_messages("reply_surbs"))) {
    if (row.at("name") == name) return row;
  }
  throw std::runtime_error("no reply surb " + name);
}

Bytes surb_bytes(const std::string& name) {
  return bytes_of(recorded_surb(name).at("reply_surb"));
}

TEST(LaterMessageVectors, ReplySurbsOfBothFormsAreMadeToTheByte) {
  for (const auto& row : cases_of(later_messages("reply_surbs"))) {
    SCOPED_TRACE(row.at("name").get<std::string>());
    LaterSetting setting(row.at("network").get<std::string>());
    const auto& owner = row.at("owner") == "recipient" ? setting.recipient : setting.sender;
    auto way = setting.way_to(owner, row.at("mix_hops_disabled"));
    auto plan = test::header_plan(way, owner.address, row.at("sphinx_inputs"));
    auto key = Secret<16>(array_of<16>(row.at("encryption_key")));
    Bytes surb = to_bytes(key.expose());
    append(surb, sphinx::Surb::make(plan).value().serialise());
    EXPECT_TRUE(matches(row.at("reply_surb"), surb));
    EXPECT_EQ(surb.size(), row.at("len").get<std::size_t>());
    EXPECT_EQ(sphinx::digest_of(key).bytes, array_of<32>(row.at("digest")));
    EXPECT_TRUE(check_first_hop(surb).has_value());
    if (sphinx::surb_form_of(plan.number) == SurbForm::v1) {
      EXPECT_EQ(surb.size(), kReplySurbBytes);
    } else {
      EXPECT_EQ(surb.size(), seed_surb_bytes(way.size()));
    }
  }
}

/// As the later generation takes one that stands alone.
bool is_reply_surb(ByteView bytes) {
  return bytes.size() > 16 && sphinx::Surb::parse(bytes.subspan(16)).has_value() && check_first_hop(bytes).has_value();
}

TEST(LaterMessageVectors, ReplySurbsHaveTheRecordedLengths) {
  const Json& lengths = later_messages("reply_surb_lengths");
  std::set<std::size_t> accepted;
  for (const auto& row : cases_of(lengths.at("accepted"))) {
    accepted.insert(row.at("len").get<std::size_t>());
    EXPECT_EQ(row.at("back"), row.at("len"));
  }
  Bytes surb = surb_bytes(cases_of(later_messages("reply_surbs")).at(0).at("name"));
  for (std::size_t length = 0; length <= *accepted.rbegin(); ++length) {
    Bytes bytes = surb;
    bytes.resize(length, 3);
    EXPECT_EQ(is_reply_surb(bytes), accepted.contains(length)) << length;
  }
  surb[16 + sphinx::kHeader] = 5;
  EXPECT_TRUE(lengths.at("first_hop_version_5").contains("error"));
  EXPECT_TRUE(check_first_hop(surb).error().is(WireError::bad_surb));
}

TEST(LaterMessageVectors, ReplySurbsCarryAsMuchAsRecorded) {
  std::vector<std::size_t> most;
  for (auto size : {PacketSize::regular, PacketSize::extended8, PacketSize::extended16, PacketSize::extended32}) {
    most.push_back(fragment_bytes(size) - 1);
  }
  EXPECT_EQ(Json(most), cases_of(later_messages("reply_surb_max_msg_len")));
}

TEST(LaterMessageVectors, ReplySurbsAreUsedAsRecorded) {
  for (const auto& row : cases_of(later_messages("apply_surb"))) {
    SCOPED_TRACE(row.at("surb").get<std::string>() + row.at("packet_size").get<std::string>());
    Bytes bytes = surb_bytes(row.at("surb"));
    auto surb = sphinx::Surb::parse(ByteView(bytes).subspan(16)).value();
    auto first_hop = decode_address(surb.first_hop.bytes).value().endpoint;
    EXPECT_EQ(first_hop, parse_endpoint(row.at("first_hop").get<std::string>()).value());
    auto packet = sphinx::use_surb(surb, bytes_of(row.at("message")), payload_bytes(size_named(row.at("packet_size"))));
    EXPECT_TRUE(matches(row.at("packet"), packet.value()));
  }
  EXPECT_EQ(later_messages("apply_surb").at("wrong_length").at("error"), "UnpaddedMessageError");
}

// --- containers --------------------------------------------------------------

RepliableKind kind_named(const Json& name) {
  if (name == "data") return RepliableKind::data;
  return name == "additional" ? RepliableKind::additional_surbs : RepliableKind::heartbeat;
}

std::string shown_kind(const RepliableMessage& message) {
  std::string form = message.form == SurbForm::v1 ? " v1" : " v2";
  switch (message.kind) {
    case RepliableKind::data:
      return "data" + form;
    case RepliableKind::additional_surbs:
      return "additional" + form;
    case RepliableKind::heartbeat:
      return "heartbeat" + form;
  }
  return "unknown";
}

WireError code_of(const std::string& text) {
  if (text.starts_with("Received empty message") || text.starts_with("Did not provide")) return WireError::too_short;
  if (text.find("content tag") != std::string::npos) return WireError::bad_content_tag;
  if (text.starts_with("failed to deserialise sphinx key rotation")) return WireError::bad_key_rotation;
  EXPECT_TRUE(text.starts_with("failed to deserialise replySURB")) << text;
  return WireError::bad_surb;
}

void expect_outcome(const Json& outcome, const Bytes& bytes) {
  auto parsed = parse_message(bytes, Generation::y2026);
  ASSERT_EQ(parsed.has_value(), !outcome.contains("error")) << outcome;
  if (!parsed) {
    EXPECT_TRUE(parsed.error().is(code_of(outcome.at("error").get<std::string>()))) << outcome << parsed.error().text();
    return;
  }
  const auto& message = std::get<RepliableMessage>(*parsed);
  EXPECT_EQ(outcome.at("type"), "repliable");
  EXPECT_EQ(shown_kind(message), outcome.at("kind").get<std::string>());
  EXPECT_EQ(message.surbs.size(), outcome.at("surbs").get<std::size_t>());
  if (!message.surbs.empty()) {
    EXPECT_EQ(message.rotation, rotation_of(outcome.at("key_rotation")));
    EXPECT_EQ(message.surbs.front().size(), outcome.at("surb_len").get<std::size_t>());
  }
  if (outcome.contains("sender_tag")) EXPECT_EQ(message.sender.bytes, array_of<16>(outcome.at("sender_tag")));
  if (outcome.contains("data_len") && message.kind == RepliableKind::data) {
    EXPECT_EQ(message.data.size(), outcome.at("data_len").get<std::size_t>());
  }
}

RepliableMessage recorded_container(const Json& row) {
  RepliableMessage message;
  message.sender = {array_of<16>(later_messages("containers").at("sender_tag"))};
  message.kind = kind_named(row.at("kind"));
  message.form = row.at("legacy").get<bool>() ? SurbForm::v1 : SurbForm::v2;
  message.rotation = rotation_of(row.at("key_rotation"));
  for (const auto& name : row.at("surbs")) message.surbs.push_back(surb_bytes(name));
  message.data = bytes_of(row.at("data"));
  return message;
}

TEST(LaterMessageVectors, ContainersAreSerialisedAndParsedAsRecorded) {
  for (const auto& row : cases_of(later_messages("containers"))) {
    SCOPED_TRACE(row.at("name").get<std::string>());
    auto message = recorded_container(row);
    Bytes bytes = serialise(message);
    EXPECT_EQ(bytes.size(), row.at("len").get<std::size_t>());
    EXPECT_EQ(serialised_size(message), bytes.size());
    EXPECT_EQ(to_hex(crypto::sha256(bytes)), row.at("sha256").get<std::string>());
    EXPECT_TRUE(to_hex(bytes).starts_with(row.at("head").get<std::string>()));
    expect_outcome(row.at("parsed"), bytes);
    auto parsed = parse_message(bytes, Generation::y2026).value();
    EXPECT_EQ(serialise(parsed), bytes);
    EXPECT_EQ(parse_message(bytes).value(), parsed) << "both generations read all containers";
  }
}

TEST(LaterMessageVectors, EveryTruncationOfAContainerGivesItsRecordedOutcome) {
  std::map<std::string, Bytes> whole;
  for (const auto& row : cases_of(later_messages("containers"))) {
    whole[row.at("name")] = serialise(recorded_container(row));
  }
  for (const auto& row : cases_of(later_messages("container_truncations"))) {
    auto name = row.at("name").get<std::string>();
    SCOPED_TRACE(name);
    if (row.contains("trailing")) {
      auto surplus = row.at("trailing").get<std::size_t>();
      Bytes bytes = whole.at(name.substr(0, name.rfind(" + ")));
      bytes.resize(bytes.size() + surplus, 0xaa);
      expect_outcome(row.at("outcome"), bytes);
      continue;
    }
    const Bytes& bytes = whole.at(name);
    std::size_t next = 0;
    for (const auto& range : cases_of(row.at("outcomes_by_length"))) {
      EXPECT_EQ(range.at("from_len").get<std::size_t>(), next);
      for (; next <= range.at("to_len").get<std::size_t>(); ++next) {
        expect_outcome(range.at("outcome"), to_bytes(ByteView(bytes).first(next)));
      }
    }
    EXPECT_EQ(next, bytes.size() + 1);
  }
}

/// Refused by ours and taken by the reference: SURBs with seeds for more than five hops, or with whole payload keys.
bool is_refused_on_purpose(const Bytes& bytes, const Json& outcome) {
  bool seeds = bytes[17] >= 3;
  return seeds && !outcome.contains("error") && outcome.at("surbs") != 0 && bytes[20] > kMostSurbHops;
}

TEST(LaterMessageVectors, MalformedContainersGetTheirRecordedOutcomes) {
  const Json& malformed = later_messages("container_malformed");
  Bytes base = bytes_of(malformed.at("base"));
  for (const auto& row : cases_of(malformed)) {
    SCOPED_TRACE(row.at("name").get<std::string>());
    Bytes bytes = base;
    for (const auto& change : row.at("change")) {
      bytes.at(change.at(0).get<std::size_t>()) = change.at(1).get<std::uint8_t>();
    }
    if (is_refused_on_purpose(bytes, row.at("outcome"))) {
      EXPECT_TRUE(parse_message(bytes, Generation::y2026).error().is(WireError::bad_surb));
    } else {
      expect_outcome(row.at("outcome"), bytes);
    }
  }
}

TEST(LaterMessageVectors, SurbsOfImpossiblyManyHopsAreRefused) {
  for (const auto& row : cases_of(later_messages("container_malformed").at("big_hop_bytes"))) {
    auto whose = row.at("body").at("surb_first_396").get<std::string>();
    ASSERT_TRUE(whose.starts_with("of "));
    Bytes surb = surb_bytes(whose.substr(3));
    auto hops = row.at("hops").get<std::uint8_t>();
    Bytes bytes{1};
    append(bytes, array_of<16>(later_messages("containers").at("sender_tag")));
    append(bytes, Bytes{3, 0, 1, hops, 1});
    append(bytes, ByteView(surb).first(seed_surb_bytes(0)));
    bytes.resize(bytes.size() + std::size_t{16} * hops, 3);
    bytes.resize(row.at("len").get<std::size_t>(), 3);
    EXPECT_TRUE(is_refused_on_purpose(bytes, row.at("outcome")) || row.at("outcome").contains("error")) << row;
    EXPECT_TRUE(parse_message(bytes, Generation::y2026).error().is(WireError::bad_surb)) << row;
  }
}

TEST(LaterMessageVectors, SurbRequestsAreUnchanged) {
  const Json& row = later_messages("surb_request_padded");
  auto recipient = Recipient::from_bytes(array_of<96>(row.at("recipient"))).value();
  SurbRequest request{recipient, row.at("amount").get<std::uint32_t>()};
  Bytes padded = serialise(request);
  pad_message(padded, fragment_bytes(PacketSize::regular));
  EXPECT_TRUE(to_hex(padded).starts_with(row.at("first_103").get<std::string>()));
  EXPECT_EQ(padded.size(), row.at("len").get<std::size_t>());
  EXPECT_EQ(to_hex(crypto::sha256(padded)), row.at("sha256").get<std::string>());
  auto parsed = parse_message(to_bytes(strip_padding(padded).value()), Generation::y2026).value();
  EXPECT_EQ(parsed, Message(request));
}

TEST(LaterMessageVectors, NothingElseChanged) {
  EXPECT_TRUE(later_messages("serialised_differences").empty());
  for (const auto& row : cases_of(later_messages("unchanged_against_v1_1_29")))
    EXPECT_EQ(row.at("different"), 0) << row;
}

// --- acknowledgements --------------------------------------------------------

TEST(LaterMessageVectors, OnlyTwentyOneBytesAreAnAcknowledgement) {
  const Json& row = later_messages("ack_recovery_lengths");
  sphinx::AckKey key(array_of<16>(row.at("ack_key")));
  sphinx::RealSuite suite;
  for (const auto& range : cases_of(row.at("outcomes"))) {
    for (auto length = range.at("from_len").get<std::size_t>(); length <= range.at("to_len").get<std::size_t>();
         ++length) {
      auto id = suite.open_ack(key, Blob(Bytes(length, 7)));
      bool opens = range.at("outcome") != "none" && range.at("outcome") != "reference panics";
      ASSERT_EQ(id.has_value(), opens) << length;
      if (id) EXPECT_EQ(to_hex(*id), range.at("outcome").get<std::string>());
    }
  }
  const Json& sealed = later_messages("ack_identifier");
  auto made = sphinx::seal_ack(sphinx::AckKey(array_of<16>(sealed.at("ack_key"))), array_of<16>(sealed.at("iv")),
                               array_of<5>(sealed.at("id")));
  EXPECT_TRUE(matches(sealed.at("ack_plaintext"), made));
}

// --- what a client hands to its gateway ---------------------------------------

WireError mix_packet_code(const Json& outcome) {
  auto error = outcome.at("error").get<std::string>();
  if (error == "TooFewBytesProvided") return WireError::too_short;
  if (error == "InvalidPacketType") return WireError::bad_packet_type;
  if (error == "InvalidKeyRotation") return WireError::bad_key_rotation;
  if (error == "InvalidAddress") return WireError::bad_address;
  EXPECT_EQ(error, "InvalidPacketSize");
  return WireError::bad_packet_size;
}

void expect_mix_packet(const Json& outcome, const Bytes& bytes, MixPacketForm form) {
  auto parsed = parse_mix_packet(bytes, form);
  ASSERT_EQ(parsed.has_value(), outcome.contains("ok")) << outcome;
  if (!parsed) {
    // One byte of the older form is an address that was cut off: only none at all is too short for ours.
    bool cut_off = form == MixPacketForm::v1 && bytes.size() == 1;
    if (cut_off) {
      EXPECT_TRUE(parsed.error().is(WireError::bad_address));
      return;
    }
    EXPECT_TRUE(parsed.error().is(mix_packet_code(outcome))) << outcome << parsed.error().text();
    return;
  }
  EXPECT_EQ(parsed->next_hop, parse_endpoint(outcome.at("ok").get<std::string>()).value());
  EXPECT_EQ(static_cast<int>(parsed->type), outcome.at("type").get<int>());
  EXPECT_EQ(parsed->rotation, rotation_of(outcome.at("rotation")));
  EXPECT_EQ(parsed->packet.size(), outcome.at("packet_len").get<std::size_t>());
}

Bytes counting_packet(std::size_t size) {
  return bytes_of(Json{{"pattern", {{"len", size}, {"mul", 1}, {"add", 0}, {"mod", 253}}}});
}

TEST(LaterMessageVectors, MixPacketsOfBothFormsAreParsedAsRecorded) {
  for (const auto& row : cases_of(later_messages("mix_packet"))) {
    for (auto form : {MixPacketForm::v1, MixPacketForm::v2}) {
      Bytes bytes = form == MixPacketForm::v1 ? Bytes{0} : Bytes{0, 2};
      append(bytes, bytes_of(row.at("address")));
      append(bytes, counting_packet(row.at("packet_len").get<std::size_t>()));
      expect_mix_packet(row.at(form == MixPacketForm::v1 ? "v1" : "v2"), bytes, form);
    }
  }
}

TEST(LaterMessageVectors, BytesOfMixPacketsAreJudgedAsRecorded) {
  for (const auto& row : cases_of(later_messages("mix_packet").at("bytes"))) {
    std::size_t place = row.at("byte") == "type" ? 0 : 1;
    const Json& accepted = row.at("accepted_or_reached_packet");
    for (int byte = 0; byte < 256; ++byte) {
      Bytes bytes{0, 0, 4, 6, 253, 1, 2, 3, 4};
      bytes[place] = static_cast<std::uint8_t>(byte);
      auto parsed = parse_mix_packet(bytes, MixPacketForm::v2);
      ASSERT_FALSE(parsed.has_value());
      bool reaches_packet = std::ranges::find(accepted, Json(byte)) != accepted.end();
      EXPECT_TRUE(
          parsed.error().is(reaches_packet ? WireError::bad_packet_size : mix_packet_code(row.at("error_for_3"))))
          << row << byte;
    }
  }
}

TEST(LaterMessageVectors, ShortMixPacketsAreRefusedAsRecorded) {
  for (const auto& row : cases_of(later_messages("mix_packet").at("short"))) {
    Bytes bytes(row.at("len").get<std::size_t>());
    expect_mix_packet(row.at("v1"), bytes, MixPacketForm::v1);
    expect_mix_packet(row.at("v2"), bytes, MixPacketForm::v2);
  }
}

// --- stream frames -------------------------------------------------------------

TEST(LaterMessageVectors, StreamFramesAreWrittenAsRecorded) {
  for (const auto& row : cases_of(later_messages("stream_frames").at("encoded"))) {
    StreamFrame frame{.stream = test::u64_of(row.at("stream_id")),
                      .message = static_cast<StreamMessage>(row.at("msg_type").get<std::uint8_t>()),
                      .sequence = row.at("sequence").get<std::uint32_t>(),
                      .payload = bytes_of(row.at("data"))};
    Bytes bytes = encode_stream_frame(frame);
    EXPECT_TRUE(matches(row.at("frame"), bytes)) << row;
    EXPECT_EQ(std::get<StreamFrame>(parse_stream_frame(bytes).value()), frame);
  }
}

TEST(LaterMessageVectors, StreamFramesAreParsedAsRecorded) {
  for (const auto& row : cases_of(later_messages("stream_frames").at("parsing"))) {
    auto frame = parse_stream_frame(bytes_of(row.at("bytes")));
    const Json& expected = row.at("parsed");
    ASSERT_EQ(frame.has_value(), !expected.contains("error")) << row;
    if (!frame) continue;
    const auto* stream = std::get_if<StreamFrame>(&*frame);
    ASSERT_EQ(stream == nullptr, expected.contains("not_a_stream")) << row;
    if (stream == nullptr) {
      EXPECT_EQ(static_cast<int>(std::get<OtherFrame>(*frame)), expected.at("kind").get<int>());
      continue;
    }
    EXPECT_EQ(stream->stream, test::u64_of(expected.at("stream_id")));
    EXPECT_EQ(static_cast<int>(stream->message), expected.at("msg_type").get<int>());
    EXPECT_EQ(stream->sequence, expected.at("sequence").get<std::uint32_t>());
    EXPECT_TRUE(matches(expected.at("data"), stream->payload));
  }
}

}  // namespace
}  // namespace nym::wire
