#include "net/acceptor.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <deque>

#include "net/error.h"

namespace nym::net {
namespace {

constexpr mode_t kUnixSocketUmask = 0177;
const Endpoint kNoEndpoint{Ipv4{}, 0};

std::string advice(const error_code& error) {
  if (error == asio::error::address_in_use) {
    return "address already in use; stop the other program or choose another port";
  }
  if (error == asio::error::access_denied) return "permission denied; choose a port from 1024 on";
  if (error == boost::system::errc::address_not_available) return "this machine does not have that address";
  return describe(error);
}

Result<tcp::acceptor> open(asio::io_context& context, const Endpoint& where) {
  tcp::acceptor acceptor(context);
  auto endpoint = to_asio(where);
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(limits::kListenBacklog, error);
  if (error)
    return fail(NetError::cannot_listen, fmt::format("cannot listen on {}: {}", to_string(where), advice(error)));
  return acceptor;
}

std::unexpected<Error> cannot_listen(const std::filesystem::path& where, std::string_view why) {
  return fail(NetError::cannot_listen, fmt::format("cannot listen on {}: {}", where.string(), why));
}

std::unexpected<Error> cannot_listen(const std::filesystem::path& where) {
  return cannot_listen(where, describe(error_code(errno, boost::system::system_category())));
}

// A descriptor that closes itself.
class UnixSocket {
 public:
  explicit UnixSocket(int number) : number_(number) {}
  UnixSocket(const UnixSocket&) = delete;
  UnixSocket& operator=(const UnixSocket&) = delete;
  ~UnixSocket() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

UnixSocket make_unix_socket() {
  return UnixSocket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

std::optional<sockaddr_un> unix_address(const std::filesystem::path& where) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  auto path = where.string();
  if (path.empty() || path.size() >= sizeof(address.sun_path)) return std::nullopt;
  std::copy(path.begin(), path.end(), address.sun_path);
  return address;
}
constexpr const char* kLongPath = "a path of 1 to 107 bytes is needed";

// A socket that a process left behind is removed; one that answers, and any other file, is not.
Result<void> make_way(const std::filesystem::path& where, const sockaddr_un& address) {
  std::error_code error;
  auto status = std::filesystem::symlink_status(where, error);
  if (!std::filesystem::exists(status)) return {};
  if (!std::filesystem::is_socket(status)) return cannot_listen(where, "there is a file of that name already");
  auto probe = make_unix_socket();
  bool is_answered = ::connect(probe.number(), generic(address), sizeof(address)) == 0 || errno == EAGAIN;
  if (is_answered) return cannot_listen(where, "another program listens there; stop it or choose another path");
  std::filesystem::remove(where, error);
  return {};
}

Result<tcp::acceptor> open(asio::io_context& context, const std::filesystem::path& where) {
  auto address = unix_address(where);
  if (!address) return cannot_listen(where, kLongPath);
  NYM_TRY_VOID(make_way(where, *address));
  auto listening = make_unix_socket();
  auto previous = ::umask(kUnixSocketUmask);
  bool is_bound = ::bind(listening.number(), generic(*address), sizeof(*address)) == 0;
  int bind_error = errno;
  ::umask(previous);
  errno = bind_error;
  if (!is_bound || ::listen(listening.number(), limits::kListenBacklog) != 0) return cannot_listen(where);
  tcp::acceptor acceptor(context);
  error_code error;
  acceptor.assign(tcp::v4(), listening.number(), error);
  if (error) return cannot_listen(where, describe(error));
  listening.release();
  return acceptor;
}

bool is_shortage(const error_code& error) {
  return error == asio::error::no_descriptors || error == asio::error::no_buffer_space ||
         error == asio::error::no_memory || error == boost::system::errc::too_many_files_open_in_system;
}

}  // namespace

struct Acceptor::State : std::enable_shared_from_this<Acceptor::State> {
  State(Runtime& running, tcp::acceptor accepting, Options limits, OnSocket callback)
      : runtime(running),
        acceptor(std::move(accepting)),
        options(std::move(limits)),
        on_socket(std::move(callback)),
        pause(running, [this] { accept_next(); }),
        impatience(running, [this] { give_up_oldest(); }) {}

  void accept_next() {
    acceptor.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
      if (self->is_closed) return;
      if (!error) self->take(std::move(socket));
      if (is_shortage(error)) {
        self->pause.arm_after(limits::kAcceptPause);
      } else if (!self->is_closed) {
        self->accept_next();
      }
    });
  }

  void take(tcp::socket socket) {
    error_code error;
    auto peer = unix_path.empty() ? socket.remote_endpoint(error) : tcp::endpoint();
    if (error) return;
    set_no_delay(socket);
    if (*open_connections < options.max_connections) return admit(std::move(socket), from_asio(peer));
    if (options.patience == Duration() || waiting.size() >= limits::kPatientConnections) return refused();
    waiting.emplace_back(std::move(socket), from_asio(peer));
    if (waiting.size() == 1) impatience.arm_after(options.patience);
  }

  void admit(tcp::socket socket, const Endpoint& peer) {
    ++*open_connections;
    ConnectionSlot slot(this, [count = open_connections, state = weak_from_this()](const void*) {
      --*count;
      auto self = state.lock();
      if (self && !self->waiting.empty()) self->runtime.post([self] { self->admit_waiting(); });
    });
    on_socket(std::move(socket), peer, std::move(slot));
  }

  void admit_waiting() {
    while (!is_closed && !waiting.empty() && *open_connections < options.max_connections) {
      auto [socket, peer] = std::move(waiting.front());
      waiting.pop_front();
      admit(std::move(socket), peer);
    }
    if (waiting.empty()) impatience.cancel();
  }

  void give_up_oldest() {
    if (!waiting.empty()) {
      waiting.pop_front();
      refused();
    }
    if (!waiting.empty()) impatience.arm_after(options.patience);
  }

  void refused() const {
    if (!is_closed && options.on_refused) options.on_refused();
  }

  void close() {
    is_closed = true;
    pause.cancel();
    impatience.cancel();
    waiting.clear();
    error_code ignored;
    acceptor.close(ignored);
    std::error_code also_ignored;
    if (!unix_path.empty()) std::filesystem::remove(unix_path, also_ignored);
  }

  Runtime& runtime;
  tcp::acceptor acceptor;
  Options options;
  OnSocket on_socket;
  Timer pause;
  Timer impatience;
  Endpoint local = kNoEndpoint;
  std::filesystem::path unix_path;  ///< empty for TCP
  std::shared_ptr<std::size_t> open_connections = std::make_shared<std::size_t>(0);
  std::deque<std::pair<tcp::socket, Endpoint>> waiting;
  bool is_closed = false;
};

Result<std::unique_ptr<Acceptor>> Acceptor::listen(Runtime& runtime, const Endpoint& where, Options options,
                                                   OnSocket on_socket) {
  NYM_TRY(auto acceptor, open(runtime.context(), where));
  auto state = std::make_shared<State>(runtime, std::move(acceptor), std::move(options), std::move(on_socket));
  error_code error;
  state->local = from_asio(state->acceptor.local_endpoint(error));
  state->accept_next();
  return std::unique_ptr<Acceptor>(new Acceptor(std::move(state)));
}

Result<std::unique_ptr<Acceptor>> Acceptor::listen(Runtime& runtime, const std::filesystem::path& where,
                                                   Options options, OnSocket on_socket) {
  NYM_TRY(auto acceptor, open(runtime.context(), where));
  auto state = std::make_shared<State>(runtime, std::move(acceptor), std::move(options), std::move(on_socket));
  state->unix_path = where;
  state->accept_next();
  return std::unique_ptr<Acceptor>(new Acceptor(std::move(state)));
}

Acceptor::~Acceptor() {
  state_->close();
}

const Endpoint& Acceptor::local_endpoint() const {
  return state_->local;
}

Result<tcp::socket> connect_unix(asio::io_context& context, const std::filesystem::path& where) {
  auto unreachable = [&](std::string_view why) {
    return fail(NetError::unreachable, fmt::format("cannot connect to {}: {}", where.string(), why));
  };
  auto address = unix_address(where);
  if (!address) return unreachable(kLongPath);
  auto connecting = make_unix_socket();
  if (::connect(connecting.number(), generic(*address), sizeof(*address)) != 0) {
    return unreachable(describe(error_code(errno, boost::system::system_category())));
  }
  tcp::socket socket(context);
  error_code error;
  socket.assign(tcp::v4(), connecting.number(), error);
  if (error) return unreachable(describe(error));
  connecting.release();
  return socket;
}

}  // namespace nym::net
