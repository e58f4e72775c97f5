#include "net/client/client.h"

#include <utility>

#include "engine/base/bytes.h"
#include "net/client/connecting.h"
#include "net/client/core.h"
#include "net/clock.h"
#include "net/error.h"

namespace nym {
namespace {

/// What a connecting attempt may take beyond its own deadline before waiting for it is given up.
constexpr Duration kGrace = Duration::seconds(5);
/// How long closed connections may take to go.
constexpr Duration kClosing = Duration::seconds(5);

Duration duration_of(std::chrono::milliseconds time) {
  return Duration::milliseconds(time.count());
}

}  // namespace

Client::Client(std::shared_ptr<Core> core) : core_(std::move(core)) {}
Client::~Client() {
  core_->abandon();
}

void Client::connect(boost::asio::io_context& context, ClientOptions options, OnConnected connected) {
  std::make_shared<Connecting>(net::Runtime::of(context), std::move(options), std::move(connected))->begin();
}

Result<std::unique_ptr<Client>> Client::connect(boost::asio::io_context& context, ClientOptions options) {
  auto deadline = net::now() + duration_of(options.connect_timeout) + kGrace;
  auto answer = std::make_shared<std::optional<Result<std::unique_ptr<Client>>>>();
  connect(context, std::move(options),
          [answer](Result<std::unique_ptr<Client>> result) { *answer = std::move(result); });
  net::Runtime::of(context).run_until([&] { return answer->has_value(); }, deadline);
  if (!answer->has_value()) return fail(net::NetError::timed_out, "the io_context was stopped while connecting");
  return std::move(**answer);
}

const std::string& Client::address() const {
  return core_->address();
}
const std::vector<std::string>& Client::notes() const {
  return core_->notes();
}
void Client::on_message(OnMessage receiver) {
  core_->receive_with(std::move(receiver));
}

Result<void> Client::send(std::string_view recipient, Bytes message, OnDelivery on_delivery) {
  NYM_TRY(auto parsed, wire::Recipient::parse(recipient));
  return core_->submit(app_api::Send{parsed, to_bytes(message), {}}, std::move(on_delivery));
}

Result<void> Client::send_anonymous(std::string_view recipient, Bytes message, std::uint32_t reply_blocks,
                                    OnDelivery on_delivery) {
  NYM_TRY(auto parsed, wire::Recipient::parse(recipient));
  return core_->submit(app_api::SendAnonymous{parsed, to_bytes(message), reply_blocks, {}}, std::move(on_delivery));
}

Result<void> Client::reply(const ReplyTag& to, Bytes message, OnDelivery on_delivery) {
  NYM_TRY(auto parsed, wire::SenderTag::parse(to.text));
  return core_->submit(app_api::Reply{parsed, to_bytes(message), {}}, std::move(on_delivery));
}

void Client::close(std::chrono::milliseconds flush, std::function<void()> closed) {
  core_->close(duration_of(flush), std::move(closed));
}

Result<Message> Client::receive(std::chrono::milliseconds limit) {
  auto core = core_;
  core->runtime().run_until([&] { return core->has_message() || !core->is_open(); }, net::now() + duration_of(limit));
  if (core->has_message()) return core->take_message();
  if (!core->is_open()) return fail(net::NetError::unreachable, "the client was closed");
  return fail(net::NetError::timed_out, "no message came in time");
}

Result<Delivery> Client::deliver(std::string_view recipient, Bytes message, std::chrono::milliseconds limit) {
  auto delivery = std::make_shared<std::optional<Delivery>>();
  NYM_TRY_VOID(send(recipient, message, [delivery](Delivery ended) { *delivery = std::move(ended); }));
  core_->runtime().run_until([&] { return delivery->has_value(); }, net::now() + duration_of(limit));
  return delivery->value_or(Delivery{Delivery::Outcome::cancelled, "no acknowledgement came in time"});
}

void Client::close(std::chrono::milliseconds flush) {
  auto is_closed = std::make_shared<bool>(false);
  close(flush, [is_closed] { *is_closed = true; });
  core_->runtime().run_until([&] { return *is_closed; }, net::now() + duration_of(flush) + kClosing);
}

}  // namespace nym
