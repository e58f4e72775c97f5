#pragma once

#include <optional>
#include <string>
#include <variant>

#include "engine/app_api/request.h"
#include "engine/base/blob.h"

namespace nym::app_api {

/// Codes of 05 §7.1; the upper half is for client libraries.
enum class ErrorKind : std::uint8_t {
  empty_request = 0x01,
  too_short_request = 0x02,
  unknown_request = 0x03,
  malformed_request = 0x04,
  empty_response = 0x80,
  too_short_response = 0x81,
  unknown_response = 0x82,
  malformed_response = 0x83,
  other = 0xff,
};
/// `malformed request`, ... as text errors begin.
std::string_view text_of(ErrorKind kind);

// What an application gets (05 §6, §6c).
struct Received {
  Blob data;
  std::optional<wire::SenderTag> sender;
  friend bool operator==(const Received&, const Received&) = default;
};
struct OwnAddress {
  wire::Recipient address;
  friend bool operator==(const OwnAddress&, const OwnAddress&) = default;
};
struct LaneQueueLength {
  LaneId lane;
  std::uint64_t length = 0;
  friend bool operator==(const LaneQueueLength&, const LaneQueueLength&) = default;
};
struct RequestError {
  ErrorKind kind = ErrorKind::other;
  std::string detail;
  friend bool operator==(const RequestError&, const RequestError&) = default;
};
using Response = std::variant<Received, OwnAddress, LaneQueueLength, RequestError>;

}  // namespace nym::app_api
