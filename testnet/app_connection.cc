#include "testnet/app_connection.h"

#include "engine/base/check.h"

namespace nym::testnet {

AppConnection::AppConnection(net::Runtime& runtime, const std::string& url) {
  auto parsed = net::parse_url(url);
  NYM_CHECK(parsed.has_value());
  constexpr std::size_t kMessageMax = std::size_t{512} << 20U;  // as large as a client may be told to take
  websocket_ = net::WebSocketConnection::connect(runtime, *parsed,
                                                 {.read_message_max = kMessageMax, .send_queue_max = kMessageMax});
  websocket_->start({[this] { open_ = true; },
                     [this](std::string text) {
                       auto message = nlohmann::json::parse(text, nullptr, false);
                       if (message.is_object()) messages_.push_back(std::move(message));
                     },
                     [this](Bytes bytes) { binary_.push_back(std::move(bytes)); }, [](std::size_t) {},
                     [this](CloseReason, std::string_view) { closed_ = true; }});
}

void AppConnection::send(const nlohmann::json& request) {
  websocket_->send_text(request.dump());
}

std::optional<nlohmann::json> AppConnection::take() {
  if (messages_.empty()) return std::nullopt;
  auto message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

std::optional<Bytes> AppConnection::take_binary() {
  if (binary_.empty()) return std::nullopt;
  auto bytes = std::move(binary_.front());
  binary_.pop_front();
  return bytes;
}

}  // namespace nym::testnet
