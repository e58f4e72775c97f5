#pragma once

#include <deque>
#include <memory>
#include <nlohmann/json.hpp>

#include "net/websocket.h"

namespace nym::testnet {

/// An application's end of a nym-client's local websocket, speaking its JSON (05 §5, §6), or
/// whatever binary messages it is given.
class AppConnection {
 public:
  AppConnection(net::Runtime& runtime, const std::string& url);

  void send(const nlohmann::json& request);
  void send_binary(Bytes request) { websocket_->send_binary(std::move(request)); }
  bool is_open() const { return open_; }
  bool is_closed() const { return closed_; }
  /// The oldest message not taken yet.
  std::optional<nlohmann::json> take();
  /// The oldest binary message not taken yet.
  std::optional<Bytes> take_binary();
  bool has_message() const { return !messages_.empty(); }

 private:
  std::unique_ptr<net::WebSocketConnection> websocket_;
  std::deque<nlohmann::json> messages_;
  std::deque<Bytes> binary_;
  bool open_ = false;
  bool closed_ = false;
};

}  // namespace nym::testnet
