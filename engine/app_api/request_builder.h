#pragma once

#include "engine/app_api/address_book.h"
#include "engine/app_api/text_grammar.h"

// Private to this folder: the second stage of reading a text request (05 §5).
namespace nym::app_api {

/// Of the strict or the extended grammar. Two-part addresses are looked up in `book` if there is one.
Scan<Request> build_request(TextRequest&& scanned, const AddressBook* book);

}  // namespace nym::app_api
