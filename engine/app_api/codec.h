#pragma once

#include <expected>

#include "engine/app_api/response.h"

namespace nym::app_api {

/// Requests of v1.1.29 exactly (05 §5, §6b), with the error to answer. Total over any bytes.
std::expected<Request, RequestError> parse_text_request(std::string_view text);
std::expected<Request, RequestError> parse_binary_request(ByteView bytes);

/// Responses exactly as the original writes them (05 §6, §6c).
std::string to_text(const Response& response);
Bytes to_binary(const Response& response);

/// For programs that talk to a client (tests, demo): the other direction (05 §7.3).
Bytes to_binary(const Request& request);
std::expected<Response, RequestError> parse_binary_response(ByteView bytes);

}  // namespace nym::app_api
