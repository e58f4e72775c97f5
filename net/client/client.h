#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace boost::asio {
class io_context;
}

/// A mixnet client for programs of your own; docs/embedding.md shows how to use it.
namespace nym {

struct ClientOptions {
  /// Base addresses of directories, asked in turn; at least one.
  std::vector<std::string> directories;
  /// Of a client made by `nym-client init`: `~/.nym/clients/ID/data`. Nobody else may use it meanwhile. Empty: a new
  /// identity that lives as long as the Client, registered with a gateway on connecting.
  std::filesystem::path data_directory;
  /// For a new identity: its gateway's key in base58. Empty: one is drawn.
  std::string gateway;
  /// `fast` sends sooner and without loop cover: less anonymity, for tests.
  enum class Traffic : std::uint8_t { standard, fast } traffic = Traffic::standard;
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(60);
};

/// By what an anonymous sender can be answered, without knowing who it is. 16 bytes in base58.
struct ReplyTag {
  std::string text;
  friend auto operator<=>(const ReplyTag&, const ReplyTag&) = default;
};

struct Message {
  std::vector<std::uint8_t> data;
  std::optional<ReplyTag> reply_tag;  ///< of an anonymous message that brought reply blocks; else none

  std::string_view text() const { return {reinterpret_cast<const char*>(data.data()), data.size()}; }
};

/// How a message ended. `acknowledged`: the recipient's gateway has all of it.
struct Delivery {
  enum class Outcome : std::uint8_t { acknowledged, failed, cancelled } outcome{};
  std::string why;  ///< empty when acknowledged
};

/// One client on an io_context of yours. Callbacks come from the thread that runs it, never from inside a call made
/// here, and all calls belong on that thread. The functions that wait run the context themselves: not for callbacks.
/// Every message that was accepted ends in exactly one Delivery, unless the Client is destroyed before.
class Client {
 public:
  using Bytes = std::span<const std::uint8_t>;
  using OnConnected = std::function<void(Result<std::unique_ptr<Client>>)>;
  using OnMessage = std::function<void(Message)>;
  using OnDelivery = std::function<void(Delivery)>;

  /// Reads or makes the identity and connects; `connected` comes once. Later losses of the gateway are repaired
  /// silently. Errors say what to do; codes are those of net::NetError.
  static void connect(boost::asio::io_context& context, ClientOptions options, OnConnected connected);
  /// Waits for it.
  static Result<std::unique_ptr<Client>> connect(boost::asio::io_context& context, ClientOptions options);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  /// Drops the connection at once and without further callbacks; close() is the gentle way. May be called in one.
  ~Client();

  /// Where others reach this client: IDENTITY.ENCRYPTION@GATEWAY.
  const std::string& address() const;
  /// What a person should read: of files that were repaired or readable by others.
  const std::vector<std::string>& notes() const;

  /// Replaces the receiver of messages. Without one they are kept for receive(), 10,000 or 256 MiB of them; then the
  /// oldest goes.
  void on_message(OnMessage receiver);

  // Sending. An error at once: a malformed address or tag, a message that is refused, a client that was closed.
  Result<void> send(std::string_view recipient, Bytes message, OnDelivery on_delivery = {});
  /// The recipient does not learn who sends. Each packet of its answer takes a reply block, of which it keeps ten to
  /// ask for more with; at most 1,000.
  Result<void> send_anonymous(std::string_view recipient, Bytes message, std::uint32_t reply_blocks = 20,
                              OnDelivery on_delivery = {});
  Result<void> reply(const ReplyTag& to, Bytes message, OnDelivery on_delivery = {});

  /// Takes no more messages, lets those accepted leave for at most `flush`, then disconnects and gives the data
  /// directory back; `closed` comes once.
  void close(std::chrono::milliseconds flush, std::function<void()> closed);

  // The same, waiting.
  /// The oldest message not taken. Errors: timed_out, unreachable (closed).
  Result<Message> receive(std::chrono::milliseconds limit);
  /// `cancelled` when `limit` was too short; then it may still arrive.
  Result<Delivery> deliver(std::string_view recipient, Bytes message, std::chrono::milliseconds limit);
  void close(std::chrono::milliseconds flush = std::chrono::seconds(2));

 private:
  class Core;
  class Connecting;
  explicit Client(std::shared_ptr<Core> core);
  std::shared_ptr<Core> core_;
};

}  // namespace nym
