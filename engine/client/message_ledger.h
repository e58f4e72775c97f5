#pragma once

#include <map>
#include <vector>

#include "engine/client/io.h"

namespace nym::client {

/// Every message an application handed over, until its one outcome is known.
class MessageLedger {
 public:
  MessageId open(TimePoint now, std::size_t fragments);
  /// One that was open before the program ended.
  void resume(TimePoint now, MessageId id, std::size_t fragments);
  /// Known only once the message is cut up.
  void set_fragments(MessageId id, std::size_t fragments) { open_.at(id).outstanding = fragments; }
  bool is_open(MessageId id) const { return open_.contains(id); }
  /// Whether this was the last fragment outstanding: the message is acknowledged then, and closed.
  bool on_fragment_acknowledged(MessageId id);
  /// Whether it was still open.
  bool close(MessageId id) { return open_.erase(id) > 0; }
  std::vector<MessageId> open_messages() const;
  std::vector<MessageId> opened_until(TimePoint at) const;
  /// When the oldest open message was handed over.
  std::optional<TimePoint> oldest() const;
  std::size_t size() const { return open_.size(); }

 private:
  struct Open {
    std::size_t outstanding = 0;  ///< fragments
    TimePoint since;
  };
  std::map<MessageId, Open> open_;  ///< those resumed, then the others as they came
  std::uint64_t next_ = 1;
};

}  // namespace nym::client
