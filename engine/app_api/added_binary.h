#pragma once

#include <expected>

#include "engine/app_api/response.h"

// Private to this folder: the binary forms of our additions (docs/api.md). Their tags begin at 0x40.
namespace nym::app_api {

Bytes to_added_binary(const Subscribe& request);
Bytes to_added_binary(const GetStatus& request);

Bytes to_added_binary(const Subscribed& response);
Bytes to_added_binary(const Status& response);
Bytes to_added_binary(const DeliveryEvent& response);
Bytes to_added_binary(const GatewayEvent& response);

bool is_added_response(std::uint8_t tag);
/// `bytes` begin with such a tag.
std::expected<Response, RequestError> parse_added_response(ByteView bytes);

}  // namespace nym::app_api
