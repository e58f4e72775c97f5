#include "net/client/core.h"

#include <utility>

#include "engine/base/limits.h"
#include "engine/base/overloaded.h"
#include "net/error.h"

namespace nym {
namespace {

Delivery delivery_of(const client::MessageEnded& ended) {
  switch (ended.outcome) {
    case client::Outcome::acknowledged:
      return {Delivery::Outcome::acknowledged, {}};
    case client::Outcome::failed:
      return {Delivery::Outcome::failed, ended.why};
    case client::Outcome::cancelled:
      break;
  }
  return {Delivery::Outcome::cancelled, ended.why};
}

}  // namespace

Result<void> Client::Core::start(client::ClientConfig config, const net::ClientDriver::Places& places,
                                 net::ClientDriver::OnEvent on_event) {
  address_ = config.address().to_string();
  observer_ = std::move(on_event);
  NYM_TRY(auto started, net::ClientDriver::start(runtime_, std::move(config), places,
                                                 [this](const client::Event& event) { this->on_event(event); }));
  driver_ = std::move(started.driver);
  if (!started.note.empty()) add_note(std::move(started.note));
  driver_->open_inner_app([this](app_api::Response response) { on_response(std::move(response)); });
  return {};
}

void Client::Core::add_task(std::function<void()> task) {
  tasks_.push_back(std::move(task));
  task_timer_.arm_after(Duration());
}

void Client::Core::run_tasks() {
  auto self = shared_from_this();
  for (std::size_t left = tasks_.size(); left > 0 && !is_abandoned_; --left) {
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
    task();
  }
  if (!is_abandoned_ && !tasks_.empty()) task_timer_.arm_after(Duration());
}

void Client::Core::on_event(const client::Event& event) {
  if (const auto* accepted = std::get_if<client::MessageAccepted>(&event); accepted != nullptr && submitted_) {
    deliveries_.emplace(accepted->id, std::move(*submitted_));
    submitted_.reset();
  }
  if (const auto* ended = std::get_if<client::MessageEnded>(&event)) {
    auto found = deliveries_.extract(ended->id);
    if (!found.empty() && found.mapped()) {
      add_task([tell = std::move(found.mapped()), delivery = delivery_of(*ended)] { tell(delivery); });
    }
  }
  if (observer_) observer_(event);
}

void Client::Core::on_response(app_api::Response response) {
  if (auto* received = std::get_if<app_api::Received>(&response)) return on_received(std::move(*received));
  if (auto* error = std::get_if<app_api::RequestError>(&response)) refusal_ = std::move(error->detail);
}

void Client::Core::on_received(app_api::Received received) {
  Message message{received.data.to_bytes(), std::nullopt};
  if (received.sender) message.reply_tag = ReplyTag{received.sender->to_string()};
  inbox_bytes_ += message.data.size();
  inbox_.push_back(std::move(message));
  while (inbox_.size() > limits::kUndeliveredMessages || inbox_bytes_ > limits::kUndeliveredBytes) take_message();
  if (receiver_) add_task([this] { hand_over_messages(); });
}

Message Client::Core::take_message() {
  Message message = std::move(inbox_.front());
  inbox_.pop_front();
  inbox_bytes_ -= message.data.size();
  return message;
}

void Client::Core::receive_with(OnMessage receiver) {
  receiver_ = std::move(receiver);
  if (receiver_) add_task([this] { hand_over_messages(); });
}

// The receiver may replace or take away itself.
void Client::Core::hand_over_messages() {
  while (!is_abandoned_ && receiver_ && !inbox_.empty()) {
    auto receiver = receiver_;
    receiver(take_message());
  }
}

Result<void> Client::Core::submit(app_api::Request request, OnDelivery on_delivery) {
  if (!driver_) return fail(net::NetError::unreachable, "the client was closed");
  submitted_ = std::move(on_delivery);
  refusal_.reset();
  driver_->request(std::move(request));
  bool is_accepted = !std::exchange(submitted_, {}).has_value();
  if (is_accepted) return {};
  return fail(net::NetError::unreachable, refusal_.value_or("the message was not accepted"));
}

void Client::Core::close(Duration flush, std::function<void()> closed) {
  if (!driver_) return add_task(std::move(closed));
  on_closed_.push_back(std::move(closed));
  driver_->shut_down(flush, [this] { on_stopped(); });
}

void Client::Core::on_stopped() {
  driver_.reset();
  lock_.reset();
  for (auto& closed : std::exchange(on_closed_, {})) add_task(std::move(closed));
}

void Client::Core::abandon() {
  is_abandoned_ = true;
  tasks_.clear();
  task_timer_.cancel();
  driver_.reset();
  lock_.reset();
}

}  // namespace nym
