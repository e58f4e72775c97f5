#include "engine/app_api/codec.h"
#include "engine/app_api/request_builder.h"
#include "engine/base/result.h"

namespace nym::app_api {

std::expected<Request, RequestError> parse_text_request(std::string_view text) {
  auto scanned = scan_text_request(text, Grammar::strict);
  auto request = scanned ? build_request(*std::move(scanned), nullptr)
                         : Scan<Request>(std::unexpected(std::move(scanned.error())));
  if (!request) return std::unexpected(RequestError{ErrorKind::malformed_request, std::move(request.error())});
  return *std::move(request);
}

}  // namespace nym::app_api
