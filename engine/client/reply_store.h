#pragma once

#include <deque>
#include <map>
#include <vector>

#include "engine/base/limits.h"
#include "engine/client/config.h"
#include "engine/client/io.h"

namespace nym::client {

/// SURBs received, keys of SURBs given out, and our tags towards recipients (04 §3.11); in memory as on disk. Its
/// callers persist what they change.
class ReplyStore {
 public:
  explicit ReplyStore(StoredReplies stored);

  // Keys of SURBs that we made.
  void add_key(const sphinx::SurbKey& key, UnixSeconds sent_at);
  /// Removes and returns the key a reply was sealed with: each serves once.
  std::optional<sphinx::SurbKey> take_key(const sphinx::SurbKeyDigest& digest);

  // SURBs of anonymous senders.
  /// Adds to the sender's stock, which is made if need be (also for none). What exceeds the limits is not added;
  /// returns what was.
  std::vector<sphinx::ReplySurb> add_surbs(const wire::SenderTag& sender, std::vector<sphinx::ReplySurb> surbs,
                                           UnixSeconds now);
  bool knows(const wire::SenderTag& sender) const { return senders_.contains(sender); }
  std::size_t available(const wire::SenderTag& sender) const;
  /// The oldest `count`, of which there must be enough. Each is handed out once.
  std::vector<sphinx::ReplySurb> take_surbs(const wire::SenderTag& sender, std::size_t count);

  // Our tags.
  const wire::SenderTag* find_tag(const wire::Recipient& recipient) const;
  void set_tag(const wire::Recipient& recipient, const wire::SenderTag& tag);

  struct Invalidated {
    std::vector<std::pair<wire::SenderTag, std::vector<sphinx::ReplySurb>>> surbs;
    std::vector<sphinx::SurbKeyDigest> keys;
  };
  /// Forgets SURBs and keys that are too old (04 §3.11).
  Invalidated invalidate(UnixSeconds now, const ReplyConfig& config);

  std::size_t key_count() const { return keys_.size(); }
  std::size_t sender_count() const { return senders_.size(); }
  /// Of all senders.
  std::size_t surb_count() const;

 private:
  struct Key {
    sphinx::SurbKey key;
    UnixSeconds sent_at;
  };
  struct Sender {
    std::deque<sphinx::ReplySurb> surbs;
    UnixSeconds last_received;
  };
  std::map<sphinx::SurbKeyDigest, Key> keys_;
  std::map<wire::SenderTag, Sender> senders_;
  std::map<wire::Recipient, wire::SenderTag> own_tags_;
};

}  // namespace nym::client
