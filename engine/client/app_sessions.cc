#include "engine/client/app_sessions.h"

namespace nym::client {

void AppSessions::open(AppSessionId session) {
  if (current_) return sink_.close_app(session);
  current_ = Current{session};
  for (auto& message : backlog_) sink_.to_app(session, current_->format, std::move(message));
  backlog_.clear();
  backlog_bytes_ = 0;
}

void AppSessions::close(AppSessionId session) {
  if (is_current(session)) current_.reset();
}

void AppSessions::note_format(AppSessionId session, app_api::Format format) {
  if (is_current(session)) current_->format = format;
}

void AppSessions::answer(AppSessionId session, app_api::Format format, app_api::Response response) {
  if (is_current(session)) sink_.to_app(session, format, std::move(response));
}

void AppSessions::deliver(app_api::Received message) {
  if (current_) return sink_.to_app(current_->id, current_->format, std::move(message));
  backlog_bytes_ += message.data.size();
  backlog_.push_back(std::move(message));
  while (backlog_.size() > limits::kUndeliveredMessages || backlog_bytes_ > limits::kUndeliveredBytes) {
    backlog_bytes_ -= backlog_.front().data.size();
    backlog_.pop_front();
    sink_.dropped(DropReason::backlog_full);
  }
}

}  // namespace nym::client
