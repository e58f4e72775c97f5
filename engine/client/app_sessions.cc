#include "engine/client/app_sessions.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/probe.h"

namespace nym::client {
namespace {

using app_api::Dialect;

app_api::LinkState link_state_of(GatewayState state) {
  if (state == GatewayState::ready) return app_api::LinkState::ready;
  return state == GatewayState::waiting ? app_api::LinkState::waiting : app_api::LinkState::connecting;
}

app_api::DeliveryOutcome delivery_outcome_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::acknowledged:
      return app_api::DeliveryOutcome::acknowledged;
    case Outcome::failed:
      return app_api::DeliveryOutcome::failed;
    case Outcome::cancelled:
      break;
  }
  return app_api::DeliveryOutcome::cancelled;
}

}  // namespace

AppSessions::AppSessions(const AppConfig& config, const wire::Recipient& own, Sink& sink)
    : config_(config), sink_(sink), book_(own) {}

void AppSessions::open(TimePoint now, AppSessionId id) {
  if (config_.dialect == Dialect::strict && !sessions_.empty()) return sink_.close_app(id, AppEnd::turned_away);
  if (sessions_.size() >= limits::kApps) return sink_.close_app(id, AppEnd::too_many);
  Session fresh{.dialogue = app_api::Dialogue(config_.dialect, book_), .formed_at = now + limits::kAppGrace};
  auto session = sessions_.emplace(id, std::move(fresh)).first;
  if (!kept_.empty()) reach(Probe::apps_kept_handed_over);
  hand_over(session, std::exchange(kept_, {}));
  kept_bytes_ = 0;
  // The original flushes what it kept at once, in binary; a text application would not expect that (05 §3).
  if (config_.dialect != Dialect::automatic) form(session);
}

void AppSessions::close(AppSessionId id) {
  auto session = sessions_.find(id);
  if (session != sessions_.end()) leave(session);
}

// What was not written goes to the others, except to those who have it already.
void AppSessions::leave(Sessions::iterator session) {
  Fifo<app_api::Received> left;
  for (auto& frame : session->second.in_flight) {
    if (frame.message) left.push_back(*std::move(frame.message));
  }
  std::move(session->second.waiting.begin(), session->second.waiting.end(), std::back_inserter(left));
  std::erase_if(named_, [id = session->first](const auto& entry) { return entry.second.session == id; });
  sessions_.erase(session);
  if (sessions_.empty()) {
    for (auto& message : left) keep(std::move(message));
  } else if (config_.deliver_to != DeliverTo::all) {
    hand_over(std::prev(sessions_.end()), std::move(left));
  }
}

void AppSessions::turn_out(Sessions::iterator session, AppEnd why) {
  sink_.close_app(session->first, why);
  leave(session);
}

std::optional<app_api::AppRequest> AppSessions::read(AppSessionId id, const app_api::Frame& frame) {
  auto session = sessions_.find(id);
  if (session == sessions_.end()) return std::nullopt;
  auto read = session->second.dialogue.read(frame.format, frame.data);
  if (auto* answered = std::get_if<app_api::Frame>(&read)) {
    reach(Probe::apps_request_refused);
    say(session, std::move(*answered));
    return std::nullopt;
  }
  auto& asked = std::get<app_api::AppRequest>(read);
  if (!is_allowed(id, asked, frame.format)) return std::nullopt;
  if (const auto* wish = std::get_if<app_api::Subscribe>(&asked.request)) {
    subscribe(id, frame.format, wish->events);
    return std::nullopt;
  }
  note_peer(id, asked.request);
  return std::move(asked);
}

bool AppSessions::is_allowed(AppSessionId id, const app_api::AppRequest& asked, app_api::Format format) {
  const auto* anonymous = std::get_if<app_api::SendAnonymous>(&asked.request);
  if (anonymous != nullptr && config_.dialect != Dialect::strict && anonymous->reply_surbs > config_.max_reply_surbs) {
    auto text = fmt::format("{} reply surbs asked for, at most {} are allowed in one message", anonymous->reply_surbs,
                            config_.max_reply_surbs);
    answer(id, format, app_api::RequestError{app_api::ErrorKind::malformed_request, std::move(text)});
    return false;
  }
  if (asked.message_id && named_.size() >= limits::kNamedMessages) {
    answer(id, format,
           app_api::RequestError{app_api::ErrorKind::other,
                                 "too many messages with a message id are on their way; wait for their outcomes"});
    return false;
  }
  return true;
}

void AppSessions::note_peer(AppSessionId id, const app_api::Request& request) {
  if (const auto* plain = std::get_if<app_api::Send>(&request)) {
    book_.learn(plain->recipient);
  } else if (const auto* anonymous = std::get_if<app_api::SendAnonymous>(&request)) {
    book_.learn(anonymous->recipient);
    writers_.put(anonymous->recipient, id);
  } else if (const auto* reply = std::get_if<app_api::Reply>(&request)) {
    repliers_.put(reply->to, id);
  }
}

void AppSessions::subscribe(AppSessionId id, app_api::Format format, const app_api::EventKinds& events) {
  auto& session = sessions_.at(id);
  session.events = events;
  session.dialogue.expect_message_ids(events.delivery);
  answer(id, format, app_api::Subscribed{events});
}

void AppSessions::finish(AppSessionId id) {
  auto session = sessions_.find(id);
  if (session != sessions_.end() && !session->second.is_formed) form(session);
}

void AppSessions::answer(AppSessionId id, app_api::Format asked, const app_api::Response& response) {
  auto session = sessions_.find(id);
  if (session != sessions_.end()) say(session, session->second.dialogue.answer(asked, response));
}

void AppSessions::confirm(AppSessionId id) {
  auto session = sessions_.find(id);
  if (session == sessions_.end()) return;
  if (auto frame = session->second.dialogue.confirmation()) say(session, *std::move(frame));
  if (congestion_ == Congestion::none) return;
  session->second.must_wait = true;
  update_pause(session);
}

void AppSessions::refuse_long(AppSessionId id, app_api::Format format, std::uint64_t bytes) {
  auto session = sessions_.find(id);
  if (session == sessions_.end()) return;
  auto text = fmt::format("a message of {} bytes is longer than the {} bytes allowed", bytes, config_.max_message);
  answer(id, format, app_api::RequestError{app_api::ErrorKind::malformed_request, std::move(text)});
  turn_out(session, AppEnd::too_long);
}

void AppSessions::say(Sessions::iterator session, app_api::Frame frame, std::optional<app_api::Received> message) {
  auto& [id, state] = *session;
  state.in_flight.push_back({frame.data.size(), std::move(message)});
  state.bytes_in_flight += frame.data.size();
  sink_.to_app(id, std::move(frame));
  update_pause(session);
}

void AppSessions::on_written(AppSessionId id, std::size_t frames) {
  auto session = sessions_.find(id);
  if (session == sessions_.end()) return;
  auto& state = session->second;
  for (; frames > 0 && !state.in_flight.empty(); --frames) {
    state.bytes_in_flight -= state.in_flight.front().bytes;
    state.in_flight.pop_front();
  }
  flush(session);
  update_pause(session);
}

// An application that does not read its answers, or sends more than can leave, is read no further.
void AppSessions::update_pause(Sessions::iterator session) {
  auto& [id, state] = *session;
  bool pause = state.must_wait || state.bytes_in_flight > limits::kAppBytesInFlight;
  if (pause == state.is_paused) return;
  state.is_paused = pause;
  if (pause) {
    reach(Probe::apps_paused);
    sink_.pause_app(id);
  } else {
    sink_.resume_app(id);
  }
}

void AppSessions::set_congestion(Congestion congestion) {
  if (congestion == congestion_) return;
  congestion_ = congestion;
  if (congestion == Congestion::present) return;
  for (auto session = sessions_.begin(); session != sessions_.end(); ++session) {
    session->second.must_wait = false;
    update_pause(session);
  }
}

AppSessionId AppSessions::lane_owner(AppSessionId session) const {
  return config_.dialect == Dialect::strict ? AppSessionId{} : session;
}

void AppSessions::deliver(app_api::Received message, std::optional<AppSessionId> owner) {
  if (sessions_.empty()) return keep(std::move(message));
  if (config_.deliver_to == DeliverTo::all) {
    std::vector<AppSessionId> everybody;
    for (const auto& [id, session] : sessions_) everybody.push_back(id);
    for (auto id : everybody) offer(sessions_.find(id), message);
    return;
  }
  auto receiver = receiver_of(message, owner);
  offer(receiver ? sessions_.find(*receiver) : std::prev(sessions_.end()), std::move(message));
}

// A reply belongs to who sent the message it answers; what an anonymous peer says more, to who answered it last.
std::optional<AppSessionId> AppSessions::receiver_of(const app_api::Received& message,
                                                     std::optional<AppSessionId> owner) const {
  if (config_.deliver_to == DeliverTo::newest) return std::nullopt;
  if (!owner && message.sender) owner = repliers_.find(*message.sender);
  return owner && sessions_.contains(*owner) ? owner : std::nullopt;
}

bool AppSessions::can_push(const Session& session) {
  return session.is_formed && session.bytes_in_flight < limits::kAppBytesInFlight;
}

void AppSessions::offer(Sessions::iterator session, app_api::Received message) {
  auto& state = session->second;
  state.waiting_bytes += message.data.size();
  state.waiting.push_back(std::move(message));
  flush(session);
  if (state.waiting.size() > state.allowed_messages || state.waiting_bytes > state.allowed_bytes) {
    reach(Probe::apps_too_slow);
    turn_out(session, AppEnd::too_slow);
  }
}

// More at once than it may have waiting: that is not its fault.
void AppSessions::hand_over(Sessions::iterator session, Fifo<app_api::Received> messages) {
  auto& state = session->second;
  for (auto& message : messages) {
    state.waiting_bytes += message.data.size();
    state.waiting.push_back(std::move(message));
  }
  while (state.waiting.size() > limits::kUndeliveredMessages || state.waiting_bytes > limits::kUndeliveredBytes) {
    state.waiting_bytes -= state.waiting.front().data.size();
    state.waiting.pop_front();
    sink_.dropped(DropReason::backlog_full);
  }
  state.allowed_messages = std::max(state.allowed_messages, state.waiting.size() + limits::kAppWaitingMessages);
  state.allowed_bytes = std::max(state.allowed_bytes, state.waiting_bytes + limits::kAppWaitingBytes);
  flush(session);
}

void AppSessions::form(Sessions::iterator session) {
  session->second.is_formed = true;
  flush(session);
}

void AppSessions::flush(Sessions::iterator session) {
  auto& state = session->second;
  if (state.is_link_event_due && can_push(state)) {
    state.is_link_event_due = false;
    say(session, state.dialogue.push(link_));
  }
  while (!state.waiting.empty() && can_push(state)) {
    auto message = std::move(state.waiting.front());
    state.waiting.pop_front();
    state.waiting_bytes -= message.data.size();
    auto frame = state.dialogue.push(message);
    say(session, std::move(frame), std::move(message));
  }
  if (!state.waiting.empty()) return;
  state.allowed_messages = limits::kAppWaitingMessages;
  state.allowed_bytes = limits::kAppWaitingBytes;
}

void AppSessions::keep(app_api::Received message) {
  reach(Probe::apps_kept_without_app);
  kept_bytes_ += message.data.size();
  kept_.push_back(std::move(message));
  while (kept_.size() > limits::kUndeliveredMessages || kept_bytes_ > limits::kUndeliveredBytes) {
    kept_bytes_ -= kept_.front().data.size();
    kept_.pop_front();
    reach(Probe::apps_backlog_full);
    sink_.dropped(DropReason::backlog_full);
  }
}

std::size_t AppSessions::undelivered_bytes() const {
  std::size_t bytes = kept_bytes_;
  for (const auto& [id, session] : sessions_) bytes += session.waiting_bytes;
  return bytes;
}

std::size_t AppSessions::undelivered() const {
  std::size_t count = kept_.size();
  for (const auto& [id, session] : sessions_) count += session.waiting.size();
  return count;
}

void AppSessions::note_accepted(MessageId message, AppSessionId id, const std::optional<std::string>& name) {
  auto session = sessions_.find(id);
  if (!name || session == sessions_.end() || !session->second.events.delivery) return;
  named_.emplace(message, Named{id, *name});
}

void AppSessions::on_message_ended(const MessageEnded& ended) {
  auto found = named_.find(ended.id);
  if (found == named_.end()) return;
  auto named = std::move(found->second);
  named_.erase(found);
  auto session = sessions_.find(named.session);
  if (session == sessions_.end() || !session->second.events.delivery) return;
  app_api::DeliveryEvent event{std::move(named.name), delivery_outcome_of(ended.outcome), ended.why};
  say(session, session->second.dialogue.push(event));
}

// Only the newest state matters to who reads slowly.
void AppSessions::on_gateway_state(const GatewayStateChanged& changed) {
  auto state = link_state_of(changed.state);
  bool is_news = state != link_.state;
  link_ = {state, changed.why};
  if (!is_news) return;
  for (auto session = sessions_.begin(); session != sessions_.end(); ++session) {
    if (!session->second.events.gateway) continue;
    session->second.is_link_event_due = true;
    flush(session);
  }
}

void AppSessions::on_timeout(TimePoint now) {
  for (auto session = sessions_.begin(); session != sessions_.end(); ++session) {
    if (!session->second.is_formed && session->second.formed_at <= now) form(session);
  }
}

std::optional<TimePoint> AppSessions::next_deadline() const {
  std::optional<TimePoint> earliest;
  for (const auto& [id, session] : sessions_) {
    if (session.is_formed || (earliest && *earliest <= session.formed_at)) continue;
    earliest = session.formed_at;
  }
  return earliest;
}

}  // namespace nym::client
