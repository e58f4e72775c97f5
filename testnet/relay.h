#pragma once

#include "engine/wire/framing.h"
#include "net/tcp_link.h"
#include "testnet/lane.h"

namespace nym::testnet {

/// A port in front of another one, through which a link goes whose quality can be changed. Connections to it are
/// connections to what is behind it: one that cannot be made or ends takes the other with it, after what was under way.
/// Frames between nodes are passed whole, and one way; of websockets both directions pass.
class Relay {
 public:
  struct Places {
    Endpoint listen;
    Endpoint target;
  };
  /// The random source outlives the relay. Error: cannot_listen.
  static Result<std::unique_ptr<Relay>> start(net::Runtime& runtime, RandomSource& random, Transport transport,
                                              const Places& places);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  const Endpoint& local_endpoint() const { return listener_->local_endpoint(); }
  void set_quality(const LinkQuality& there, const LinkQuality& back);
  /// Ends all connections at once.
  void cut_connections();
  /// Nothing is connected or under way.
  bool is_idle() const;

 private:
  struct Pair;
  Relay(net::Runtime& runtime, RandomSource& random, Transport transport, const Endpoint& target);
  void on_accept(std::unique_ptr<net::TcpLink> incoming);
  void on_data(Pair& pair, ByteView data);
  void settle(std::uint64_t number);
  void end_later(std::uint64_t number);

  net::Runtime& runtime_;
  RandomSource& random_;
  Transport transport_;
  Endpoint target_;
  LinkQuality there_;
  LinkQuality back_;
  std::map<std::uint64_t, std::unique_ptr<Pair>> pairs_;
  std::uint64_t next_pair_ = 1;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::unique_ptr<net::TcpListener> listener_;
};

}  // namespace nym::testnet
