#pragma once

#include <deque>
#include <memory>
#include <nlohmann/json.hpp>

#include "net/websocket.h"

namespace nym::testnet {

/// An application's end of a nym-client's local websocket, speaking its JSON (05 §5, §6) and nothing else of ours.
class AppConnection {
 public:
  AppConnection(net::Runtime& runtime, const std::string& url);

  void send(const nlohmann::json& request);
  bool is_open() const { return open_; }
  bool is_closed() const { return closed_; }
  /// The oldest message not taken yet.
  std::optional<nlohmann::json> take();
  bool has_message() const { return !messages_.empty(); }

 private:
  std::unique_ptr<net::WebSocketConnection> websocket_;
  std::deque<nlohmann::json> messages_;
  bool open_ = false;
  bool closed_ = false;
};

}  // namespace nym::testnet
