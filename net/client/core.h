#pragma once

#include <deque>
#include <map>

#include "net/client/client.h"
#include "net/drivers/client_driver.h"
#include "net/files.h"

namespace nym {

/// What a Client is made of: the driver, and what is to be told to the user. All callbacks of the user are tasks that a
/// timer runs, so that they may call back or destroy the Client.
class Client::Core : public std::enable_shared_from_this<Client::Core> {
 public:
  explicit Core(net::Runtime& runtime) : runtime_(runtime), task_timer_(runtime, [this] { run_tasks(); }) {}
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;
  ~Core() = default;

  /// Errors: those of ClientDriver::start.
  Result<void> start(client::ClientConfig config, const net::ClientDriver::Places& places,
                     net::ClientDriver::OnEvent on_event);
  void hold(net::DirectoryLock lock) { lock_ = std::move(lock); }
  void add_note(std::string note) { notes_.push_back(std::move(note)); }
  void add_task(std::function<void()> task);

  net::Runtime& runtime() { return runtime_; }
  const std::string& address() const { return address_; }
  const std::vector<std::string>& notes() const { return notes_; }
  bool is_open() const { return driver_ != nullptr; }
  client::Status status() const { return driver_->status(); }

  void receive_with(OnMessage receiver);
  bool has_message() const { return !inbox_.empty(); }
  Message take_message();
  Result<void> submit(app_api::Request request, OnDelivery on_delivery);
  void close(Duration flush, std::function<void()> closed);
  /// Nothing is called any more.
  void abandon();

 private:
  void run_tasks();
  void on_response(app_api::Response response);
  void on_received(app_api::Received received);
  void on_delivery(app_api::DeliveryEvent event);
  void hand_over_messages();
  void on_stopped();

  net::Runtime& runtime_;
  std::optional<net::DirectoryLock> lock_;
  std::string address_;
  std::vector<std::string> notes_;
  OnMessage receiver_;
  std::deque<Message> inbox_;
  std::size_t inbox_bytes_ = 0;
  std::uint64_t submitted_ = 0;         ///< messages; their numbers are their names
  std::optional<std::string> refusal_;  ///< of the request that is being made
  std::map<std::string, OnDelivery> deliveries_;
  net::ClientDriver::OnEvent observer_;
  std::vector<std::function<void()>> on_closed_;
  std::deque<std::function<void()>> tasks_;
  bool is_abandoned_ = false;
  std::unique_ptr<net::ClientDriver> driver_;
  net::Timer task_timer_;
};

}  // namespace nym
