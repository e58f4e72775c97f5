#pragma once

#include <expected>

#include "engine/app_api/address_book.h"
#include "engine/app_api/response.h"

namespace nym::app_api {

/// Requests of v1.1.29 exactly (05 §5, §6b), with the error to answer. Total over any bytes.
std::expected<Request, RequestError> parse_text_request(std::string_view text);
/// `known`: addresses whose keys need not be looked at again.
std::expected<Request, RequestError> parse_binary_request(ByteView bytes, const AddressBook* known = nullptr);

/// Responses exactly as the original writes them (05 §6, §6c), and our additions.
std::string to_text(const Response& response);
Bytes to_binary(const Response& response);

/// Whether a binary request is one of our additions, by its tag; what it says.
bool is_added_request(ByteView bytes);
std::expected<AppRequest, RequestError> parse_added_request(ByteView bytes);

/// For programs that talk to a client (tests, demo): the other direction (05 §7.3).
Bytes to_binary(const Request& request);
/// `asked.message_id` of 1 to 64 bytes, and only with what sends a message.
Bytes to_binary(const AppRequest& asked);
std::expected<Response, RequestError> parse_binary_response(ByteView bytes);

/// In double quotes, escaped as in responses. `text` must be UTF-8.
std::string json_string(std::string_view text);

}  // namespace nym::app_api
