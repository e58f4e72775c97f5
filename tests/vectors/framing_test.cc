#include "engine/wire/framing.h"

#include <gtest/gtest.h>

#include "engine/base/text_encoding.h"
#include "engine/crypto/hash.h"
#include "tests/vectors/recorded_network.h"

namespace nym::wire {
namespace {

using test::bytes_of;
using test::cases_of;
using test::Json;
using test::size_named;

const Json& section(const char* name) {
  return test::vectors("framing.json").at(name);
}

PacketType type_named(const Json& name) {
  return name == "Mix" ? PacketType::mix : PacketType::outfox;
}

std::string verdict_of(const Result<std::optional<MixFrame>>& next, std::size_t header) {
  if (!next) return next.error().is(WireError::bad_packet_size) ? "bad size" : "bad type";
  if (!*next) return "need more";
  return "header " + std::to_string(header) + " size " + std::to_string(static_cast<int>((*next)->size)) + " type " +
         std::to_string(static_cast<int>((*next)->type));
}

/// The recorded verdict without the wording of its error.
std::string expected_verdict(const std::string& recorded) {
  if (recorded.starts_with("error: the packet size")) return "bad size";
  if (recorded.starts_with("error: the packet mode")) return "bad type";
  for (std::string_view prefix : {"ok ", "frame: "}) {
    if (recorded.starts_with(prefix)) return recorded.substr(prefix.size());
  }
  return recorded;
}

TEST(FramingVectors, SizesHaveTheirRecordedNamesAndBytes) {
  for (const auto& row : cases_of(section("packet_sizes"))) {
    PacketSize size = size_named(row.at("name"));
    EXPECT_EQ(static_cast<int>(size), row.at("tag").get<int>());
    EXPECT_EQ(packet_bytes(size), row.at("size").get<std::size_t>());
    EXPECT_EQ(header_bytes(size), row.at("header_size").get<std::size_t>());
    EXPECT_EQ(payload_bytes(size), row.at("payload_size").get<std::size_t>());
    EXPECT_EQ(plaintext_bytes(size), row.at("plaintext_size").get<std::size_t>());
    EXPECT_EQ(payload_bytes(size) - plaintext_bytes(size), row.at("payload_overhead").get<std::size_t>());
    EXPECT_EQ(is_extended(size), row.at("extended").get<bool>());
    EXPECT_EQ(is_outfox(size), row.at("packet_type_from_size") == "Outfox");
    EXPECT_EQ(name_of(size), row.at("display").get<std::string>());
    EXPECT_EQ('"' + std::string(name_of(size)) + '"', row.at("json").get<std::string>());
  }
}

TEST(FramingVectors, SizesAreFoundByTheirExactNames) {
  for (const auto& row : cases_of(section("packet_size_from_name"))) {
    auto size = packet_size_from_name(row.at("text").get<std::string>());
    EXPECT_EQ(size.has_value(), row.at("from_str").is_number()) << row;
    EXPECT_EQ(size.has_value(), row.at("json").is_number()) << row;
    if (size) {
      EXPECT_EQ(static_cast<int>(*size), row.at("from_str").get<int>());
    }
  }
}

TEST(FramingVectors, SizesAreFoundByTheirTags) {
  for (const auto& row : cases_of(section("packet_size_from_tag"))) {
    auto size = packet_size_from_tag(row.at("tag").get<std::uint8_t>());
    ASSERT_EQ(size.has_value(), row.at("result").is_string()) << row;
    if (size) {
      EXPECT_EQ(name_of(*size), row.at("result").get<std::string>());
    }
  }
}

TEST(FramingVectors, OnlyTheRecordedLengthsArePackets) {
  std::map<std::size_t, std::string> accepted;
  for (const auto& row : cases_of(section("packet_size_from_length").at("accepted"))) {
    accepted.emplace(row.at("len").get<std::size_t>(), row.at("name").get<std::string>());
  }
  for (std::size_t length = 0; length <= 40'000; ++length) {
    auto size = packet_size_from_length(length);
    auto expected = accepted.find(length);
    ASSERT_EQ(size.has_value(), expected != accepted.end()) << length;
    if (size) {
      EXPECT_EQ(name_of(*size), expected->second);
    }
  }
}

TEST(FramingVectors, SizesAreFoundByTheirPlaintext) {
  constexpr std::size_t kOverhead = 365;
  for (const auto& row : cases_of(section("packet_size_from_plaintext_mix"))) {
    auto size = packet_size_from_length(row.at("plaintext").get<std::size_t>() + kOverhead);
    ASSERT_TRUE(size.has_value()) << row;
    EXPECT_EQ(name_of(*size), row.at("name").get<std::string>());
  }
}

TEST(FramingVectors, SizesInOrderGrow) {
  std::size_t smaller = 0;
  for (const auto& name : cases_of(section("packet_sizes_in_order"))) {
    EXPECT_LT(smaller, packet_bytes(size_named(name)));
    smaller = packet_bytes(size_named(name));
  }
}

TEST(FramingVectors, TypesAreFoundByTheirBytesAndNamesButTheWithdrawnOneIsNot) {
  std::map<int, Json> recorded;
  for (const auto& row : cases_of(section("packet_type_from_byte"))) {
    recorded[row.at("byte").get<int>()] = row.at("result");
  }
  ASSERT_TRUE(section("packet_type_all_other_bytes_rejected").get<bool>());
  for (int byte = 0; byte < 256; ++byte) {
    auto type = packet_type_from_byte(static_cast<std::uint8_t>(byte));
    bool expected = recorded.contains(byte) && recorded[byte].is_string();
    ASSERT_EQ(type.has_value(), expected) << byte;
    if (type) {
      EXPECT_EQ(*type, type_named(recorded[byte]));
    }
  }
  for (const auto& row : cases_of(section("packet_type_json"))) {
    auto type = packet_type_from_name(row.at("text").get<std::string>());
    std::string result = row.at("result").is_string() ? row.at("result").get<std::string>() : "";
    bool is_known = result.starts_with("Mix") || result.starts_with("Outfox");
    ASSERT_EQ(type.has_value(), is_known) << row;
    if (type) {
      EXPECT_EQ(*type, result.starts_with("Mix") ? PacketType::mix : PacketType::outfox);
    }
  }
}

TEST(FramingVectors, HeadersGetTheirRecordedVerdicts) {
  const auto& verdicts = section("header_verdicts");
  EXPECT_EQ(verdict_of(FrameDecoder().next(), 0), expected_verdict(verdicts.at("empty_buffer").get<std::string>()));
  for (const auto& group : cases_of(verdicts.at("classes"))) {
    for (const auto& first : cases_of(group.at("first_bytes"))) {
      for (const auto& row : cases_of(group.at("rows"))) {
        Bytes input = bytes_of(row.at(0));
        input.front() = first.get<std::uint8_t>();
        std::string expected = expected_verdict(row.at(1).get<std::string>());
        FrameDecoder decoder;
        decoder.feed(input);
        if (!expected.starts_with("header")) {
          EXPECT_EQ(verdict_of(decoder.next(), 0), expected) << row << " first " << first;
          continue;
        }
        // A good header: the frame appears as soon as its body is there, and not before.
        auto header = static_cast<std::size_t>(expected[7] - '0');
        auto size = packet_size_from_tag(input[header - 2]).value();
        std::size_t missing = packet_bytes(size) - (input.size() - header);
        decoder.feed(Bytes(missing - 1));
        EXPECT_EQ(verdict_of(decoder.next(), header), "need more");
        decoder.feed(Bytes(1));
        EXPECT_EQ(verdict_of(decoder.next(), header), expected) << row << " first " << first;
        EXPECT_TRUE(decoder.at_frame_boundary());
      }
    }
  }
}

TEST(FramingVectors, FramesAreEncodedAsRecorded) {
  for (const auto& row : cases_of(section("encoded_frames"))) {
    const auto& recorded = row.at("packet");
    const auto& pattern = recorded.at("pattern");
    Bytes packet = bytes_of(Json{{"pattern", pattern}});
    Bytes front = bytes_of(recorded.at("first_bytes_replaced_by"));
    std::copy(front.begin(), front.end(), packet.begin());
    auto form = row.at("use_legacy").get<bool>() ? FrameHeaderForm::legacy : FrameHeaderForm::versioned;
    Bytes frame = encode_frame_header(size_named(row.at("size")), type_named(row.at("type")), form);
    EXPECT_EQ(to_hex(frame), row.at("header").get<std::string>());
    append(frame, packet);
    EXPECT_EQ(frame.size(), row.at("frame_len").get<std::size_t>());
    EXPECT_EQ(to_hex(crypto::sha256(frame)), row.at("frame_sha256").get<std::string>());
  }
}

/// One frame of a stream that is recorded by the hashes of its frames: its body is a pattern with an unknown start.
Bytes frame_with_hash(const Json& part) {
  Bytes head = bytes_of(part.at("header"));
  std::size_t header = head[0] >= 1 && head[0] <= 5 ? 2 : 3;
  std::size_t body = part.at("len").get<std::size_t>() - header;
  for (int start = 0; start < 251; ++start) {
    Bytes frame(head.begin(), head.begin() + static_cast<std::ptrdiff_t>(header));
    append(frame, bytes_of(Json{{"pattern", {{"len", body}, {"mul", 1}, {"add", start}, {"mod", 251}}}}));
    if (to_hex(crypto::sha256(frame)) == part.at("sha256").get<std::string>()) return frame;
  }
  ADD_FAILURE() << "no pattern gives " << part;
  return {};
}

Bytes stream_of(const Json& row) {
  if (row.at("stream").is_string()) return bytes_of(row.at("stream"));
  Bytes stream;
  for (const auto& part : cases_of(row.at("stream_parts"))) append(stream, frame_with_hash(part));
  EXPECT_TRUE(test::matches(row.at("stream"), stream));
  return stream;
}

TEST(FramingVectors, StreamsYieldTheirFramesAtTheRecordedBytesHoweverTheyAreSplit) {
  for (const auto& row : cases_of(section("streams"))) {
    Bytes stream = stream_of(row);
    for (std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{388}, stream.size()}) {
      FrameDecoder decoder;
      std::vector<std::size_t> seen_at;
      for (std::size_t at = 0; at < stream.size(); at += step) {
        decoder.feed(ByteView(stream).subspan(at, std::min(step, stream.size() - at)));
        for (;;) {
          auto frame = decoder.next();
          ASSERT_TRUE(frame.has_value());
          if (!*frame) break;
          seen_at.push_back(std::min(at + step, stream.size()));
        }
      }
      EXPECT_TRUE(decoder.at_frame_boundary());
      const auto& thresholds = cases_of(row.at("thresholds_prefix_len_frames_left"));
      ASSERT_EQ(seen_at.size(), thresholds.back().at(1).get<std::size_t>());
      for (const auto& threshold : thresholds) {
        auto complete = threshold.at(0).get<std::size_t>();
        auto frames = threshold.at(1).get<std::size_t>();
        if (step == 1) {
          EXPECT_EQ(seen_at.at(frames - 1), complete);
        }
      }
    }
  }
}

TEST(FramingVectors, StreamsEndInTheRecordedResults) {
  for (const auto& row : cases_of(section("decode_results"))) {
    FrameDecoder decoder;
    Bytes stream = bytes_of(row.at("stream"));
    decoder.feed(stream);
    for (const auto& result : cases_of(row.at("results"))) {
      std::string expected = expected_verdict(result.get<std::string>());
      std::size_t header = expected.starts_with("header") ? static_cast<std::size_t>(expected[7] - '0') : 0;
      EXPECT_EQ(verdict_of(decoder.next(), header), expected) << row.at("name");
    }
  }
}

}  // namespace
}  // namespace nym::wire
