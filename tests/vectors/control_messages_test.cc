#include "engine/wire/control_messages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "tests/vectors/recorded_network.h"

namespace nym::wire {
namespace {

using test::cases_of;
using test::Json;

const Json& section(const char* name) {
  return test::vectors("gateway_requests.json").at(name);
}

// The notation in which the file shows parsed values.
std::string shown(const std::optional<std::uint8_t>& version) {
  return version ? fmt::format("Some({})", *version) : "None";
}
std::string shown(const HandshakePayload& m) {
  return fmt::format("HandshakePayload {{ protocol_version: {}, data: {} }}", shown(m.protocol_version), m.data);
}
std::string shown(const HandshakeFailure& m) {
  return fmt::format("HandshakeError {{ message: \"{}\" }}", m.message);
}
std::string shown(const AuthenticateRequest& m) {
  return fmt::format("Authenticate {{ protocol_version: {}, address: \"{}\", enc_address: \"{}\", iv: \"{}\" }}",
                     shown(m.protocol_version), m.address, m.enc_address, m.iv);
}
std::string shown(const RegisterRequest& m) {
  return fmt::format("RegisterHandshakeInitRequest {{ protocol_version: {}, data: {} }}", shown(m.protocol_version),
                     m.data);
}
std::string shown(const BandwidthCredential& m) {
  return fmt::format("BandwidthCredential {{ enc_credential: {}, iv: {} }}", m.enc_credential, m.iv);
}
std::string shown(const ClaimFreeBandwidth&) {
  return "ClaimFreeTestnetBandwidth";
}
std::string shown(const AuthenticateResponse& m) {
  return fmt::format("Authenticate {{ protocol_version: {}, status: {}, bandwidth_remaining: {} }}",
                     shown(m.protocol_version), m.status, m.bandwidth_remaining);
}
std::string shown(const RegisterResponse& m) {
  return fmt::format("Register {{ protocol_version: {}, status: {} }}", shown(m.protocol_version), m.status);
}
std::string shown(const BandwidthResponse& m) {
  return fmt::format("Bandwidth {{ available_total: {} }}", m.available_total);
}
std::string shown(const SendResponse& m) {
  return fmt::format("Send {{ remaining_bandwidth: {} }}", m.remaining_bandwidth);
}
std::string shown(const ErrorResponse& m) {
  return fmt::format("Error {{ message: \"{}\" }}", m.message);
}

template <class Variant>
void expect_verdict(const Json& expected, const Result<Variant>& parsed, const std::string& text) {
  ASSERT_EQ(parsed.has_value(), expected.contains("ok")) << text;
  if (!parsed) {
    EXPECT_TRUE(parsed.error().is(WireError::bad_json));
    return;
  }
  EXPECT_EQ(std::visit([](const auto& kind) { return shown(kind); }, *parsed), expected.at("ok").get<std::string>());
}

TEST(ControlMessageVectors, TextsGetTheirRecordedVerdictsFromAllThreeParsers) {
  for (const auto& row : cases_of(section("control_messages_parsing"))) {
    std::string text = row.at("text").get<std::string>();
    expect_verdict(row.at("as_registration_handshake"), parse_handshake_control(text), text);
    expect_verdict(row.at("as_client_control_request"), parse_client_control(text), text);
    expect_verdict(row.at("as_server_response"), parse_gateway_control(text), text);
  }
}

/// Reads the text by whatever parser knows it, and writes it again.
std::optional<std::string> written_again(const std::string& text) {
  if (auto parsed = parse_handshake_control(text)) return to_json(*parsed);
  if (auto parsed = parse_gateway_control(text)) return to_json(*parsed);
  if (auto parsed = parse_client_control(text)) return to_json(*parsed);
  return std::nullopt;
}

TEST(ControlMessageVectors, MessagesAreSerialisedAsRecorded) {
  constexpr std::string_view kOtherName = R"("type":"registerHandshakeInitRequest")";
  for (const auto& row : cases_of(section("control_messages_serialised"))) {
    std::string json = row.at("json").get<std::string>();
    auto again = written_again(json);
    ASSERT_TRUE(again.has_value()) << json;
    // A client never writes that name (the file says so too); it is only read.
    if (auto at = json.find(kOtherName); at != std::string::npos) {
      json.replace(at, kOtherName.size(), R"("type":"handshakePayload")");
    }
    EXPECT_EQ(*again, json) << row.at("name");
  }
}

}  // namespace
}  // namespace nym::wire
