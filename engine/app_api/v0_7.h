#pragma once

#include "engine/app_api/address_book.h"
#include "engine/app_api/codec.h"

/// Private to this folder: requests and answers of v0.7.0 (05 §9.2). Every answer is text. Addresses have two parts, of
/// which the book knows the third.
namespace nym::app_api::v0_7 {

/// What follows every accepted message.
inline constexpr std::string_view kConfirmation = R"({"type":"send"})";

/// A request, or the text that answers it.
std::variant<Request, std::string> read_text(std::string_view text, const AddressBook& book);
std::variant<Request, std::string> read_binary(ByteView bytes, const AddressBook& book);
std::string to_text(const Response& response);

}  // namespace nym::app_api::v0_7
