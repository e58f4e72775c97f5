#pragma once

#include "net/client/core.h"
#include "net/drivers/client_identity.h"
#include "net/drivers/registration_driver.h"
#include "net/os_random.h"

namespace nym {

/// The way to a connected Client. Its runtime keeps it until it has reported.
///
///   begin ─► (load identity | list gateways ─► register) ─► start ─► ready | failed | timed out
class Client::Connecting : public std::enable_shared_from_this<Client::Connecting> {
 public:
  Connecting(net::Runtime& runtime, ClientOptions options, OnConnected connected);
  Connecting(const Connecting&) = delete;
  Connecting& operator=(const Connecting&) = delete;
  ~Connecting() = default;

  void begin();

 private:
  void later(std::function<void()> step);
  Result<void> check_options();
  Result<void> load_identity();
  void list_gateways();
  void choose_gateway(const std::vector<topology::Gateway>& gateways);
  void register_with(const topology::Gateway& gateway);
  Result<void> start(net::ClientIdentity identity, std::string reply_store);
  void on_event(const client::Event& event);
  void time_is_up();
  void fail_with(const Error& error);
  void report(Result<std::unique_ptr<Client>> result);

  net::Runtime& runtime_;
  ClientOptions options_;
  OnConnected connected_;
  std::shared_ptr<Core> core_;
  net::OsRandom random_;
  std::unique_ptr<net::DirectoryClient> directory_;
  std::unique_ptr<net::RegistrationDriver> registration_;
  std::size_t directory_failures_ = 0;
  std::string doing_ = "reading the directory";
  std::string trouble_;  ///< the last one, told if it was not overcome in time
  bool is_done_ = false;
  net::Timer deadline_;
};

}  // namespace nym
