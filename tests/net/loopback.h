#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "net/clock.h"
#include "net/runtime.h"
#include "net/tcp_link.h"
#include "net/websocket.h"

namespace nym::net::test {

inline const Endpoint kLoopback{Ipv4{{127, 0, 0, 1}}, 0};

/// A test with an event loop, which runs until something has happened: never for a fixed time.
class LoopbackTest : public ::testing::Test {
 protected:
  /// Whether it happened in bounded time.
  bool happens(const std::function<bool()>& done) { return runtime.run_until(done, now() + kPatience); }
  /// Runs everything that is due, so that what must not happen would have.
  void settle() {
    bool is_last = false;
    for (int i = 0; i < 20; ++i) {
      is_last = false;
      runtime.post([&is_last] { is_last = true; });
      happens([&is_last] { return is_last; });
    }
  }

  static constexpr Duration kPatience = Duration::seconds(30);
  Runtime runtime;
};

/// One end of a websocket that remembers what it saw.
struct WebSocketPeer {
  std::unique_ptr<WebSocketConnection> connection;
  bool is_open = false;
  std::deque<std::string> texts;
  std::deque<Bytes> binaries;
  std::size_t written = 0;  ///< messages
  std::function<void()> on_written;
  std::optional<CloseReason> closed;
  std::string detail;

  void start(std::unique_ptr<WebSocketConnection> with) {
    connection = std::move(with);
    connection->start({.on_open = [this] { is_open = true; },
                       .on_text = [this](std::string text) { texts.push_back(std::move(text)); },
                       .on_binary = [this](Bytes bytes) { binaries.push_back(std::move(bytes)); },
                       .on_written =
                           [this](std::size_t messages) {
                             written += messages;
                             if (on_written) on_written();
                           },
                       .on_closed =
                           [this](CloseReason reason, std::string_view why) {
                             EXPECT_FALSE(closed.has_value()) << "closed twice";
                             closed = reason;
                             detail = why;
                           }});
  }
};

/// One end of a TCP stream that remembers what it saw.
struct TcpPeer {
  std::unique_ptr<TcpLink> link;
  bool is_open = false;
  Bytes received;
  std::size_t written = 0;
  std::optional<CloseReason> closed;
  std::string detail;

  void start(std::unique_ptr<TcpLink> with) {
    link = std::move(with);
    link->start({.on_open = [this] { is_open = true; },
                 .on_data = [this](ByteView bytes) { append(received, bytes); },
                 .on_written = [this](std::size_t bytes) { written += bytes; },
                 .on_closed =
                     [this](CloseReason reason, std::string_view why) {
                       EXPECT_FALSE(closed.has_value()) << "closed twice";
                       closed = reason;
                       detail = why;
                     }});
  }
  void say(std::string_view text) { link->send(to_bytes(as_bytes(text))); }
  bool heard(std::string_view text) const { return as_text(received).find(text) != std::string_view::npos; }
};

inline Bytes numbered_bytes(std::size_t size, std::size_t seed = 0) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>((i * 31 + i / 251 + seed) & 0xffU);
  return bytes;
}

}  // namespace nym::net::test
