#include "engine/app_api/codec.h"
#include "engine/base/check.h"

// Requests of an application in both forms: reading never fails otherwise than with an error, and what was read from a
// binary request is written and read back unchanged.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nym;
  using namespace nym::app_api;
  ByteView bytes(data, size);

  if (auto request = parse_binary_request(bytes)) {
    auto again = parse_binary_request(to_binary(*request));
    NYM_CHECK(again && *again == *request);
  }
  auto text_request = parse_text_request(as_text(bytes));
  if (!text_request) NYM_CHECK(text_request.error().kind == ErrorKind::malformed_request);
  if (auto response = parse_binary_response(bytes)) {
    auto again = parse_binary_response(to_binary(*response));
    NYM_CHECK(again && *again == *response);
    NYM_CHECK(!to_text(*response).empty());
  }
  return 0;
}
