// later_framing.json: frames of versions 7 and 8.

#include <gtest/gtest.h>

#include "engine/base/text_encoding.h"
#include "engine/crypto/hash.h"
#include "engine/wire/framing.h"
#include "tests/vectors/recorded_network.h"

namespace nym::wire {
namespace {

using test::bytes_of;
using test::cases_of;
using test::Json;
using test::size_named;

const Json& section(const char* name) {
  return test::vectors("later_framing.json").at(name);
}

KeyRotation rotation_of(const Json& byte) {
  return key_rotation_from_byte(byte.get<std::uint8_t>()).value();
}

TEST(LaterFramingVectors, VersionsAreOurs) {
  const Json& constants = section("constants");
  EXPECT_EQ(constants.at("initial_version"), kFrameVersion);
  EXPECT_EQ(constants.at("key_rotation_version"), kRotationFrameVersion);
  EXPECT_EQ(constants.at("current_version"), kRotationFrameVersion);
}

TEST(LaterFramingVectors, FramesAreEncodedAndDecodedAsRecorded) {
  for (const auto& row : cases_of(section("encoded_frames"))) {
    auto size = size_named(row.at("size"));
    auto form =
        row.at("use_legacy_packet_encoding").get<bool>() ? FrameHeaderForm::versioned : FrameHeaderForm::with_rotation;
    Bytes frame = encode_frame_header(size, PacketType::mix, form, rotation_of(row.at("key_rotation")));
    EXPECT_EQ(to_hex(frame), row.at("header").get<std::string>());
    Bytes packet = bytes_of(row.at("packet"));
    append(frame, packet);
    EXPECT_EQ(frame.size(), row.at("frame_len").get<std::size_t>());
    EXPECT_EQ(to_hex(crypto::sha256(frame)), row.at("frame_sha256").get<std::string>());
    for (auto reading : {FrameReading::y2026, FrameReading::both}) {
      FrameDecoder decoder(reading);
      decoder.feed(frame);
      auto decoded = decoder.next().value();
      ASSERT_TRUE(decoded.has_value());
      EXPECT_EQ(decoded->size, size_named(row.at("decoded").at("size")));
      EXPECT_EQ(static_cast<int>(decoded->type), row.at("decoded").at("type").get<int>());
      EXPECT_EQ(decoded->rotation, rotation_of(row.at("decoded").at("key_rotation")));
      EXPECT_EQ(decoded->packet.to_bytes(), packet);
      EXPECT_TRUE(decoder.at_frame_boundary());
    }
  }
}

std::string verdict_of(const Result<std::optional<MixFrame>>& next, std::size_t header) {
  if (!next) {
    if (next.error().is(WireError::bad_frame_version)) return "bad version";
    if (next.error().is(WireError::bad_key_rotation)) return "bad rotation";
    return next.error().is(WireError::bad_packet_size) ? "bad size" : "bad type";
  }
  if (!*next) return "need more";
  return "size " + std::to_string(static_cast<int>((*next)->size)) + " type " +
         std::to_string(static_cast<int>((*next)->type)) + " rotation " +
         std::to_string(static_cast<int>((*next)->rotation)) + " header " + std::to_string(header);
}

/// The recorded verdict without the wording of its error, and without the version, which the first byte says.
std::string expected_verdict(const std::string& recorded) {
  if (recorded.starts_with("error: the packet version")) return "bad version";
  if (recorded.starts_with("error: received unsupported packet version")) return "bad version";
  if (recorded.starts_with("error: the sphinx key rotation")) return "bad rotation";
  if (recorded.starts_with("error: the packet size")) return "bad size";
  if (recorded.starts_with("error: the packet mode")) return "bad type";
  if (auto at = recorded.find("size "); recorded.starts_with("frame version") && at != std::string::npos) {
    return recorded.substr(at);
  }
  return recorded;
}

TEST(LaterFramingVectors, HeadersGetTheirRecordedVerdicts) {
  constexpr std::size_t kFiller = 34'000;
  Bytes filler(kFiller);
  for (std::size_t i = 0; i < filler.size(); ++i) filler[i] = static_cast<std::uint8_t>(i % 250);
  const auto& verdicts = section("header_verdicts");
  EXPECT_EQ(verdict_of(FrameDecoder(FrameReading::y2026).next(), 0), verdicts.at("empty_buffer").get<std::string>());
  for (const auto& group : cases_of(verdicts.at("classes"))) {
    for (const auto& first : cases_of(group.at("first_bytes"))) {
      for (const auto& row : cases_of(group.at("rows"))) {
        Bytes input{first.get<std::uint8_t>()};
        append(input, bytes_of(row.at(0)));
        std::size_t length = input[0] == kRotationFrameVersion ? 4 : 3;
        if (row.at(1) == "then filler") append(input, filler);
        FrameDecoder decoder(FrameReading::y2026);
        decoder.feed(input);
        ASSERT_EQ(verdict_of(decoder.next(), length), expected_verdict(row.at(2).get<std::string>()))
            << row << " first " << first;
      }
    }
  }
}

/// A frame whose body counts from `start` modulo 251. Its length tells its version and size.
Bytes counting_frame(std::size_t length, KeyRotation rotation, std::size_t start) {
  auto size = packet_size_from_length(length - 4);
  auto form = size ? FrameHeaderForm::with_rotation : FrameHeaderForm::versioned;
  if (!size) size = packet_size_from_length(length - 3);
  Bytes frame = encode_frame_header(size.value(), PacketType::mix, form, rotation);
  append(frame, bytes_of(Json{{"pattern", {{"len", packet_bytes(*size)}, {"mul", 1}, {"add", start}, {"mod", 251}}}}));
  return frame;
}

/// Recorded by its hash and ends: the bodies count, each from another start, of which only the outer ones show.
Bytes stream_of(const Json& row) {
  if (row.at("stream").is_string()) return bytes_of(row.at("stream"));
  const auto& lengths = cases_of(row.at("frame_lengths"));
  const auto& rotations = row.at("thresholds").back().at("rotations");
  if (lengths.size() > 3) throw std::runtime_error("more than one frame inside: " + row.at("name").dump());
  std::size_t first_header = counting_frame(lengths[0], rotation_of(rotations[0]), 0)[0] == kFrameVersion ? 3 : 4;
  std::size_t first_start = bytes_of(row.at("stream").at("first32"))[first_header];
  std::size_t last_value = bytes_of(row.at("stream").at("last32")).back();
  for (std::size_t middle = 0; middle < 251; ++middle) {
    Bytes stream;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      auto length = lengths[i].get<std::size_t>();
      std::size_t start = i == 0 ? first_start : middle;
      Bytes frame = counting_frame(length, rotation_of(rotations[i]), start);
      if (i + 1 == lengths.size()) {
        start = (251 + last_value - (frame.back() + 251 - start) % 251) % 251;
        frame = counting_frame(length, rotation_of(rotations[i]), start);
      }
      append(stream, frame);
    }
    if (test::matches(row.at("stream"), stream)) return stream;
  }
  throw std::runtime_error("no stream has this hash: " + row.at("name").dump());
}

void expect_stream(const Json& row) {
  Bytes stream = stream_of(row);
  FrameDecoder decoder(FrameReading::y2026);
  std::vector<int> rotations;
  auto threshold = row.at("thresholds").begin();
  for (std::size_t at = 0; at < stream.size(); ++at) {
    decoder.feed(ByteView(stream).subspan(at, 1));
    while (auto frame = decoder.next().value()) rotations.push_back(static_cast<int>(frame->rotation));
    if (at + 1 != threshold->at("prefix").get<std::size_t>()) continue;
    EXPECT_EQ(Json(rotations), threshold->at("rotations")) << *threshold;
    EXPECT_EQ(rotations.size(), threshold->at("frames").get<std::size_t>());
    EXPECT_EQ(decoder.at_frame_boundary(), threshold->at("left") == 0);
    ++threshold;
  }
  EXPECT_EQ(threshold, row.at("thresholds").end());
}

TEST(LaterFramingVectors, StreamsYieldTheirFramesAtTheRecordedBytes) {
  for (const auto& row : cases_of(section("streams"))) {
    SCOPED_TRACE(row.at("name").get<std::string>());
    if (row.contains("stream")) {
      expect_stream(row);
      continue;
    }
    // What these two are is told by their names.
    FrameDecoder decoder(FrameReading::y2026);
    if (row.contains("first")) {
      decoder.feed(counting_frame(4 + packet_bytes(PacketSize::ack), KeyRotation::odd, 0));
      decoder.feed(Bytes{6, 1, 0, 1});
      EXPECT_EQ(row.at("first"), "Ok(true)");
      EXPECT_TRUE(decoder.next().value().has_value());
      EXPECT_TRUE(row.at("second").get<std::string>().starts_with("Err(\"the packet version"));
    } else {
      decoder.feed(Bytes{2, 0});
      decoder.feed(Bytes(packet_bytes(PacketSize::ack)));
      EXPECT_EQ(expected_verdict(row.at("verdict").get<std::string>()), "bad version");
    }
    EXPECT_TRUE(decoder.next().error().is(WireError::bad_frame_version));
  }
}

}  // namespace
}  // namespace nym::wire
