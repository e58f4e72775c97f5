#pragma once

#include <expected>

#include "engine/app_api/response.h"

namespace nym::app_api {

/// SURBs that a message gets whose application only says that it wants an answer: more than the reserve of 10 that its
/// receiver keeps, so that a first short answer needs no further ones (05 §9.5).
inline constexpr std::uint32_t kImpliedReplySurbs = 20;

/// Whether a binary request has exactly one of the forms of v0.8.0 to v1.1.3 (05 §9.3, §9.4).
bool is_legacy_binary_request(ByteView bytes);
/// Those forms and their errors. In place of a SURB stands the 16-byte sender tag. Total over any bytes.
std::expected<Request, RequestError> parse_legacy_binary_request(ByteView bytes);
/// As to_binary, but a sender tag takes the place of a SURB, with its length before it.
Bytes to_legacy_binary(const Response& response);

}  // namespace nym::app_api
