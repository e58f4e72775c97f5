#include <gtest/gtest.h>

#include "engine/base/text_encoding.h"
#include "engine/client/fragmenter.h"
#include "engine/crypto/hash.h"
#include "engine/wire/final_payload.h"
#include "engine/wire/message.h"
#include "engine/wire/padding.h"
#include "tests/vectors/recorded_network.h"

namespace nym::wire {
namespace {

using test::array_of;
using test::bytes_of;
using test::cases_of;
using test::Json;
using test::length_of;
using test::matches;
using test::size_named;

const Json& section(const char* name) {
  return test::vectors("messages.json").at(name);
}

/// SURB i of the file: byte j is (j + 37 i) mod 256.
ReplySurbBytes recorded_surb(std::size_t i) {
  ReplySurbBytes surb(kReplySurbBytes);
  for (std::size_t j = 0; j < surb.size(); ++j) surb[j] = static_cast<std::uint8_t>(j + 37 * i);
  return surb;
}

std::string kind_name(const Message& message) {
  if (std::holds_alternative<PlainMessage>(message)) return "plain";
  if (std::holds_alternative<ReplyMessage>(message)) return "reply/data";
  if (std::holds_alternative<SurbRequest>(message)) return "reply/surb_request";
  switch (std::get<RepliableMessage>(message).kind) {
    case RepliableKind::data:
      return "repliable/data";
    case RepliableKind::additional_surbs:
      return "repliable/additional_surbs";
    case RepliableKind::heartbeat:
      return "repliable/heartbeat";
  }
  return "unknown";
}

const Blob* data_of(const Message& message) {
  if (const auto* plain = std::get_if<PlainMessage>(&message)) return &plain->data;
  if (const auto* reply = std::get_if<ReplyMessage>(&message)) return &reply->data;
  if (const auto* repliable = std::get_if<RepliableMessage>(&message)) return &repliable->data;
  return nullptr;
}

WireError code_of(const std::string& error) {
  if (error == "InvalidMessagePadding") return WireError::bad_padding;
  if (error == "EmptyMessage") return WireError::too_short;
  if (error.starts_with("InvalidMessageType")) return WireError::bad_message_type;
  if (error.ends_with("ContentTag")) return WireError::bad_content_tag;
  if (error.ends_with("MalformedRecipient")) return WireError::bad_recipient;
  if (error.ends_with("MalformedReplySurb")) return WireError::bad_surb;
  EXPECT_TRUE(error.ends_with("RequestTooShortToDeserialize")) << error;
  return WireError::too_short;
}

/// `outcome` names an error, or a message of which it shows some fields.
void expect_outcome(const Json& outcome, const Result<Message>& parsed, const Json& name) {
  ASSERT_EQ(parsed.has_value(), !outcome.contains("error")) << name << " " << outcome;
  if (!parsed) {
    EXPECT_TRUE(parsed.error().is(code_of(outcome.at("error").get<std::string>()))) << name << " " << outcome;
    return;
  }
  EXPECT_EQ(kind_name(*parsed), outcome.at("type").get<std::string>()) << name;
  if (outcome.contains("data")) {
    ASSERT_NE(data_of(*parsed), nullptr);
    EXPECT_TRUE(matches(outcome.at("data"), data_of(*parsed)->stored())) << name;
  }
  if (outcome.contains("sender_tag")) {
    const auto& repliable = std::get<RepliableMessage>(*parsed);
    EXPECT_EQ(repliable.sender.bytes, array_of<16>(outcome.at("sender_tag"))) << name;
    ASSERT_EQ(repliable.surbs.size(), outcome.at("surbs").get<std::size_t>()) << name;
    for (std::size_t i = 0; i < repliable.surbs.size(); ++i) EXPECT_EQ(repliable.surbs[i], recorded_surb(i));
  }
  if (outcome.contains("recipient")) {
    const auto& request = std::get<SurbRequest>(*parsed);
    EXPECT_EQ(request.recipient.to_bytes(), array_of<96>(outcome.at("recipient"))) << name;
    EXPECT_EQ(request.amount, outcome.at("amount").get<std::uint32_t>()) << name;
  }
}

/// The message that a recorded outcome shows; the reply without data, which nobody parses, is known by its name.
Message message_shown(const Json& parsed, ByteView serialised) {
  if (parsed.contains("error")) return ReplyMessage{};
  auto type = parsed.at("type").get<std::string>();
  if (type == "reply/surb_request") {
    return SurbRequest{Recipient::from_bytes(array_of<96>(parsed.at("recipient"))).value(),
                       parsed.at("amount").get<std::uint32_t>()};
  }
  std::size_t data_length = parsed.contains("data") ? length_of(parsed.at("data")) : 0;
  Bytes data = to_bytes(serialised.last(data_length));
  if (type == "plain") return PlainMessage{data};
  if (type == "reply/data") return ReplyMessage{data};
  RepliableMessage repliable{SenderTag{array_of<16>(parsed.at("sender_tag"))}, RepliableKind::data, {}, data};
  if (type == "repliable/additional_surbs") repliable.kind = RepliableKind::additional_surbs;
  if (type == "repliable/heartbeat") repliable.kind = RepliableKind::heartbeat;
  for (std::size_t i = 0; i < parsed.at("surbs").get<std::size_t>(); ++i) repliable.surbs.push_back(recorded_surb(i));
  return repliable;
}

/// The user data of the messages that the file shows by their hashes only.
Bytes tail_of_hidden(const Json& row) {
  const auto& shown = row.at("parsed").contains("data") ? row.at("parsed").at("data") : Json();
  return shown.is_string() ? bytes_of(shown) : Bytes();
}

Message recorded_message(const Json& row) {
  if (row.at("bytes").is_string()) return message_shown(row.at("parsed"), bytes_of(row.at("bytes")));
  return message_shown(row.at("parsed"), tail_of_hidden(row));
}

TEST(MessageVectors, InputsAreConsistent) {
  const auto& inputs = section("inputs");
  EXPECT_EQ(SenderTag{array_of<16>(inputs.at("sender_tag"))}.to_string(),
            inputs.at("sender_tag_text").get<std::string>());
  auto recipient = Recipient::from_bytes(array_of<96>(inputs.at("recipient"))).value();
  EXPECT_EQ(recipient.to_string(), inputs.at("recipient_text").get<std::string>());
}

TEST(MessageVectors, MessagesAreSerialisedAndParsedAsRecorded) {
  for (const auto& row : cases_of(section("serialised"))) {
    Message message = recorded_message(row);
    Bytes bytes = serialise(message);
    EXPECT_TRUE(matches(row.at("bytes"), bytes)) << row.at("name");
    EXPECT_EQ(to_hex(crypto::sha256(bytes)), row.at("sha256").get<std::string>()) << row.at("name");
    EXPECT_EQ(bytes.size(), row.at("len").get<std::size_t>());
    EXPECT_EQ(serialised_size(message), bytes.size());
    auto parsed = parse_message(bytes);
    expect_outcome(row.at("parsed"), parsed, row.at("name"));
    if (parsed) {
      EXPECT_EQ(*parsed, message);
    }
  }
}

TEST(MessageVectors, EveryTruncationGivesItsRecordedOutcome) {
  std::map<std::string, Bytes> whole;
  for (const auto& row : cases_of(section("serialised"))) whole[row.at("name")] = serialise(recorded_message(row));
  for (const auto& row : cases_of(section("truncations"))) {
    ByteView bytes = whole.at(row.at("name"));
    std::size_t next = 0;
    for (const auto& range : cases_of(row.at("outcomes_by_length"))) {
      EXPECT_EQ(range.at("from_len").get<std::size_t>(), next);
      for (; next <= range.at("to_len").get<std::size_t>(); ++next) {
        expect_outcome(range.at("outcome"), parse_message(to_bytes(bytes.first(next))), row.at("name"));
      }
    }
    EXPECT_EQ(next, bytes.size() + 1);
  }
}

/// Messages too long for the file are put together from their description: head, SURBs, then what their name says.
Bytes hidden_bytes(const Json& row) {
  Bytes first = bytes_of(row.at("bytes").at("first32"));
  std::size_t size = length_of(row.at("bytes"));
  constexpr std::size_t kHead = 22;
  Bytes bytes(first.begin(), first.begin() + kHead);
  for (std::size_t i = 0; bytes.size() + kReplySurbBytes <= size; ++i) append(bytes, recorded_surb(i));
  std::size_t missing = size - bytes.size();
  Bytes tail = bytes_of(section("inputs").at("user_40"));
  if (missing < tail.size()) {
    Bytes last = bytes_of(row.at("bytes").at("last32"));
    tail.assign(last.end() - static_cast<std::ptrdiff_t>(missing), last.end());
  }
  append(bytes, tail);
  EXPECT_TRUE(matches(row.at("bytes"), bytes)) << row.at("name");
  return bytes;
}

/// SURBs of form V2 are read in both generations (12 §1); v1.1.29 did not know their containers.
bool holds_seed_surbs(ByteView message) {
  return message.size() > 17 && message[0] == 1 && message[17] >= 3 && message[17] <= 5;
}

TEST(MessageVectors, MalformedMessagesGetTheirRecordedOutcomes) {
  for (const auto& row : cases_of(section("malformed"))) {
    Bytes bytes = row.at("bytes").is_string() ? bytes_of(row.at("bytes")) : hidden_bytes(row);
    EXPECT_EQ(to_hex(crypto::sha256(bytes)), row.at("sha256").get<std::string>());
    Json outcome = row.at("outcome");
    if (holds_seed_surbs(bytes)) continue;
    expect_outcome(outcome, parse_message(bytes), row.at("name"));
  }
}

TEST(MessageVectors, PacketsOfEachSizeCarryWhatIsRecorded) {
  std::vector<std::size_t> usable;
  for (const auto& row : cases_of(section("available_plaintext_per_packet"))) {
    std::size_t fragment = fragment_bytes(size_named(row.at("packet_size")));
    EXPECT_EQ(fragment, row.at("plain_or_repliable").get<std::size_t>());
    EXPECT_EQ(fragment, row.at("reply").get<std::size_t>());
    EXPECT_EQ(fragment - 1, row.at("true_available").get<std::size_t>());
    usable.push_back(fragment - 1);
  }
  EXPECT_EQ(Json(usable), cases_of(section("reply_surb_max_msg_len")));
}

TEST(MessageVectors, PaddingFillsTheFragmentsAsRecorded) {
  for (const auto& row : cases_of(section("padding"))) {
    Bytes data(row.at("plain_data_len").get<std::size_t>());
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>((3 * i + 7) % 251);
    Bytes serialised = serialise(PlainMessage{data});
    EXPECT_EQ(serialised.size(), row.at("serialised_len").get<std::size_t>());
    Bytes padded = serialised;
    pad_message(padded, fragment_bytes(size_named(row.at("packet_size"))));
    EXPECT_EQ(padded.size(), row.at("padded_len").get<std::size_t>()) << row;
    EXPECT_EQ(padded.size() - serialised.size() - 1, row.at("zeros").get<std::size_t>());
    EXPECT_EQ(to_hex(crypto::sha256(padded)), row.at("padded_sha256").get<std::string>());
    auto stripped = strip_padding(padded);
    ASSERT_TRUE(stripped.has_value());
    EXPECT_EQ(to_bytes(*stripped), serialised);
  }
}

TEST(MessageVectors, PaddingIsRemovedOrRefusedAsRecorded) {
  for (const auto& row : cases_of(section("remove_padding"))) {
    const auto& recorded = row.at("padded");
    Bytes padded;
    if (recorded.is_string()) {
      padded = bytes_of(recorded);
    } else {
      padded = bytes_of(recorded.at("first32"));
      padded.resize(length_of(recorded));
      EXPECT_TRUE(matches(recorded, padded)) << row;
    }
    auto stripped = strip_padding(padded);
    if (row.at("outcome").contains("error") && row.at("outcome").at("error") == "InvalidMessagePadding") {
      ASSERT_FALSE(stripped.has_value()) << row;
      EXPECT_TRUE(stripped.error().is(WireError::bad_padding));
      continue;
    }
    ASSERT_TRUE(stripped.has_value()) << row;
    expect_outcome(row.at("outcome"), parse_message(to_bytes(*stripped)), row.at("name"));
  }
}

TEST(MessageVectors, PacketsAreEstimatedAndCountedAsRecorded) {
  constexpr std::array kSizes = {PacketSize::regular, PacketSize::extended8, PacketSize::extended16,
                                 PacketSize::extended32};
  for (const auto& row : cases_of(section("required_packets"))) {
    std::size_t serialised = serialised_size(PlainMessage{Bytes(row.at("plain_data_len").get<std::size_t>())});
    const auto& estimates = row.at("estimate_regular_ext8_ext16_ext32");
    ASSERT_EQ(estimates.size(), kSizes.size());
    for (std::size_t i = 0; i < kSizes.size(); ++i) {
      EXPECT_EQ(client::estimated_packets(serialised, kSizes[i]), estimates.at(i).get<std::size_t>()) << row;
      EXPECT_EQ(required_fragments(serialised + 1, fragment_bytes(kSizes[i])).fragments,
                row.at("true_count").at(i).get<std::size_t>())
          << row;
      for (std::size_t k = 0; k < kSizes.size(); ++k) {
        auto chosen = client::choose_packet_size(serialised, kSizes[i], kSizes[k]);
        bool secondary = estimates.at(i).get<int>() > estimates.at(k).get<int>();
        EXPECT_EQ(chosen, secondary ? kSizes[k] : kSizes[i]) << row;
      }
    }
  }
}

TEST(MessageVectors, ReplySurbTextIsBase58OfItsBytes) {
  const auto& row = section("reply_surb_text");
  Bytes surb = bytes_of(row.at("bytes"));
  EXPECT_EQ(surb.size(), kReplySurbBytes);
  EXPECT_EQ(to_base58(surb), row.at("base58").get<std::string>());
  EXPECT_EQ(from_base58(row.at("base58").get<std::string>()).value(), surb);
}

TEST(MessageVectors, PushedPayloadsAreRoutedByLengthAsRecorded) {
  for (const auto& row : cases_of(section("pushed_payload_routing_by_rule"))) {
    auto expected = row.at("goes_to") == "ack" ? PushedKind::ack : PushedKind::message;
    EXPECT_EQ(classify_pushed(row.at("len").get<std::size_t>()), expected) << row;
  }
}

}  // namespace
}  // namespace nym::wire
