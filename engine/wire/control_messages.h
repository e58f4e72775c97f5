#pragma once

#include <string>
#include <variant>

#include "engine/base/bytes.h"
#include "engine/wire/error.h"

namespace nym::wire {

inline constexpr std::uint8_t kGatewayProtocolVersion = 1;

// The JSON text messages between client and gateway (03 §4), in the order of that clause.
struct HandshakePayload {
  std::optional<std::uint8_t> protocol_version = kGatewayProtocolVersion;
  Bytes data;
  friend bool operator==(const HandshakePayload&, const HandshakePayload&) = default;
};
struct HandshakeFailure {
  std::string message;
  friend bool operator==(const HandshakeFailure&, const HandshakeFailure&) = default;
};

/// Fields as texts: what is wrong with each is decided, and answered, one by one (03 §6).
struct AuthenticateRequest {
  std::optional<std::uint8_t> protocol_version = kGatewayProtocolVersion;
  std::string address;      ///< base58 of 32 bytes
  std::string enc_address;  ///< base58 of 32 bytes
  std::string iv;           ///< base58 of 16 bytes
  friend bool operator==(const AuthenticateRequest&, const AuthenticateRequest&) = default;
};
/// Registration: handshake message 1; also accepted under its other name `registerHandshakeInitRequest`.
struct RegisterRequest {
  std::optional<std::uint8_t> protocol_version = kGatewayProtocolVersion;
  Bytes data;
  friend bool operator==(const RegisterRequest&, const RegisterRequest&) = default;
};
struct BandwidthCredential {
  Bytes enc_credential;
  Bytes iv;
  friend bool operator==(const BandwidthCredential&, const BandwidthCredential&) = default;
};
struct ClaimFreeBandwidth {
  friend bool operator==(const ClaimFreeBandwidth&, const ClaimFreeBandwidth&) = default;
};
using ClientControl = std::variant<AuthenticateRequest, RegisterRequest, BandwidthCredential, ClaimFreeBandwidth>;

struct AuthenticateResponse {
  std::optional<std::uint8_t> protocol_version = kGatewayProtocolVersion;
  bool status = false;
  std::int64_t bandwidth_remaining = 0;
  friend bool operator==(const AuthenticateResponse&, const AuthenticateResponse&) = default;
};
struct RegisterResponse {
  std::optional<std::uint8_t> protocol_version = kGatewayProtocolVersion;
  bool status = false;
  friend bool operator==(const RegisterResponse&, const RegisterResponse&) = default;
};
struct BandwidthResponse {
  std::int64_t available_total = 0;
  friend bool operator==(const BandwidthResponse&, const BandwidthResponse&) = default;
};
struct SendResponse {
  std::int64_t remaining_bandwidth = 0;
  friend bool operator==(const SendResponse&, const SendResponse&) = default;
};
struct ErrorResponse {
  std::string message;
  friend bool operator==(const ErrorResponse&, const ErrorResponse&) = default;
};
using GatewayControl =
    std::variant<AuthenticateResponse, RegisterResponse, BandwidthResponse, SendResponse, ErrorResponse>;

using HandshakeControl = std::variant<HandshakePayload, HandshakeFailure>;

std::string to_json(const ClientControl& message);
std::string to_json(const GatewayControl& message);
std::string to_json(const HandshakeControl& message);

/// Errors: bad_json. Unknown keys are ignored, `protocol_version` may be absent or null (03 §4).
Result<ClientControl> parse_client_control(std::string_view json);
Result<GatewayControl> parse_gateway_control(std::string_view json);
Result<HandshakeControl> parse_handshake_control(std::string_view json);

}  // namespace nym::wire
