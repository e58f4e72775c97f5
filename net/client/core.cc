#include "net/client/core.h"

#include <utility>

#include "engine/base/limits.h"
#include "engine/base/overloaded.h"
#include "net/error.h"

namespace nym {
namespace {

Delivery delivery_of(app_api::DeliveryEvent event) {
  switch (event.outcome) {
    case app_api::DeliveryOutcome::acknowledged:
      return {Delivery::Outcome::acknowledged, {}};
    case app_api::DeliveryOutcome::failed:
      return {Delivery::Outcome::failed, std::move(event.why)};
    case app_api::DeliveryOutcome::cancelled:
      break;
  }
  return {Delivery::Outcome::cancelled, std::move(event.why)};
}

}  // namespace

Result<void> Client::Core::start(client::ClientConfig config, const net::ClientDriver::Places& places,
                                 net::ClientDriver::OnEvent on_event) {
  address_ = config.address().to_string();
  observer_ = std::move(on_event);
  NYM_TRY(auto started,
          net::ClientDriver::start(runtime_, std::move(config), places, [this](const client::Event& event) {
            if (observer_) observer_(event);
          }));
  driver_ = std::move(started.driver);
  if (!started.note.empty()) add_note(std::move(started.note));
  driver_->open_inner_app([this](app_api::Response response) { on_response(std::move(response)); });
  driver_->request({app_api::Subscribe{{.delivery = true}}});
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

void Client::Core::on_response(app_api::Response response) {
  if (auto* received = std::get_if<app_api::Received>(&response)) return on_received(std::move(*received));
  if (auto* event = std::get_if<app_api::DeliveryEvent>(&response)) return on_delivery(std::move(*event));
  if (auto* error = std::get_if<app_api::RequestError>(&response)) refusal_ = std::move(error->detail);
}

void Client::Core::on_delivery(app_api::DeliveryEvent event) {
  auto found = deliveries_.extract(event.message_id);
  if (found.empty() || !found.mapped()) return;
  add_task([tell = std::move(found.mapped()), delivery = delivery_of(std::move(event))] { tell(delivery); });
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
  auto name = std::to_string(++submitted_);
  deliveries_.emplace(name, std::move(on_delivery));
  refusal_.reset();
  driver_->request({std::move(request), name});
  if (!refusal_) return {};
  deliveries_.erase(name);
  return fail(net::NetError::unreachable, *std::exchange(refusal_, {}));
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
