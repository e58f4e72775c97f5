#include "engine/base/check.h"
#include "engine/wire/authentication.h"
#include "engine/wire/control_messages.h"
#include "engine/wire/gateway_details.h"

namespace {

template <class Message, class Parse>
void check_parser(std::string_view text, Parse parse) {
  nym::Result<Message> message = parse(text);
  if (!message) return;
  auto again = parse(to_json(*message));
  NYM_CHECK(again && *again == *message);
}

}  // namespace

// The JSON between client and gateway: what is accepted is written and read back unchanged.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nym::wire;
  std::string_view text = nym::as_text({data, size});
  check_parser<ClientControl>(text, parse_client_control);
  check_parser<GatewayControl>(text, parse_gateway_control);
  check_parser<HandshakeControl>(text, parse_handshake_control);
  check_parser<GatewayDetails>(text, parse_gateway_details);
  if (auto request = parse_client_control(text)) {
    if (const auto* fields = std::get_if<AuthenticateRequest>(&*request))
      static_cast<void>(decode_authenticate(*fields));
  }
  return 0;
}
