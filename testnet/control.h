#pragma once

#include <deque>
#include <map>
#include <nlohmann/json.hpp>

#include "net/tcp_link.h"
#include "testnet/limits.h"

namespace nym::testnet {

// The control socket: `control.sock` in the directory of a network or of a node, for its owner only. One line of JSON a
// request, `{"command":"status", ...}`, one line an answer: `{"ok":true,"result":...}` or `{"ok":false,"error":"..."}`;
// an "id" in a request stands in its answer too, which may come after those of later requests.

/// Where it is.
std::filesystem::path control_socket(const std::filesystem::path& directory);

using ControlAnswer = std::function<void(Result<nlohmann::ordered_json>)>;
/// Answers once, now or later. Errors of it are for people.
using ControlHandler = std::function<void(const nlohmann::json& request, ControlAnswer answer)>;

class ControlServer {
 public:
  /// Error: cannot_listen.
  static Result<std::unique_ptr<ControlServer>> start(net::Runtime& runtime, const std::filesystem::path& directory,
                                                      ControlHandler handler);

 private:
  struct Connection {
    std::unique_ptr<net::TcpLink> link;
    std::string line;
  };
  using Connections = std::map<std::uint64_t, Connection>;
  explicit ControlServer(ControlHandler handler) : handler_(std::move(handler)) {}
  void on_accept(std::unique_ptr<net::TcpLink> link);
  void on_data(std::uint64_t number, ByteView data);
  void on_line(std::uint64_t number, std::string_view line);

  ControlHandler handler_;
  std::shared_ptr<Connections> connections_ = std::make_shared<Connections>();
  std::uint64_t next_ = 1;
  std::unique_ptr<net::TcpListener> listener_;
};

/// The other end. Answers come in the order of the requests' ids; when the connection ends, the rest are errors.
class ControlLink {
 public:
  /// Error: no_network, when nobody listens there.
  static Result<std::unique_ptr<ControlLink>> connect(net::Runtime& runtime, const std::filesystem::path& directory);
  ~ControlLink();

  void ask(nlohmann::json request, ControlAnswer answer);
  bool is_open() const { return is_open_; }

 private:
  ControlLink() = default;
  void on_data(ByteView data);
  void on_line(std::string_view line);
  void on_closed();

  std::unique_ptr<net::TcpLink> link_;
  std::string line_;
  std::map<std::uint64_t, ControlAnswer> waiting_;
  std::uint64_t next_ = 1;
  bool is_open_ = true;
};

/// For programs that do nothing else: asks and waits. Errors: no_network, control_failed, or what the network says.
Result<nlohmann::ordered_json> ask_network(const std::filesystem::path& directory, const nlohmann::json& request);

}  // namespace nym::testnet
