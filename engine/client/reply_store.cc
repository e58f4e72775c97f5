#include "engine/client/reply_store.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/probe.h"

namespace nym::client {

ReplyStore::ReplyStore(StoredReplies stored) {
  for (auto& key : stored.keys) add_key(key.key, key.sent_at);
  for (auto& sender : stored.senders) add_surbs(sender.tag, std::move(sender.surbs), sender.last_received);
  for (auto& tag : stored.own_tags) set_tag(tag.recipient, tag.tag);
}

void ReplyStore::add_key(const sphinx::SurbKey& key, UnixSeconds sent_at) {
  if (keys_.size() >= limits::kReplyKeys) {
    reach(Probe::reply_store_key_evicted);
    keys_.erase(std::min_element(keys_.begin(), keys_.end(),
                                 [](const auto& a, const auto& b) { return a.second.sent_at < b.second.sent_at; }));
  }
  keys_.insert_or_assign(sphinx::digest_of(key), Key{key, sent_at});
}

std::optional<sphinx::SurbKey> ReplyStore::take_key(const sphinx::SurbKeyDigest& digest) {
  auto found = keys_.find(digest);
  if (found == keys_.end()) return std::nullopt;
  auto key = std::move(found->second.key);
  keys_.erase(found);
  return key;
}

std::vector<sphinx::ReplySurb> ReplyStore::add_surbs(const wire::SenderTag& tag, std::vector<sphinx::ReplySurb> surbs,
                                                     UnixSeconds now) {
  if (!senders_.contains(tag) && senders_.size() >= limits::kSenderTags) {
    reach(Probe::reply_store_sender_evicted);
    senders_.erase(std::min_element(senders_.begin(), senders_.end(), [](const auto& a, const auto& b) {
      return a.second.last_received < b.second.last_received;
    }));
  }
  Sender& sender = senders_[tag];
  sender.last_received = now;
  if (sender.surbs.size() + surbs.size() > limits::kSurbsPerSender) reach(Probe::reply_store_surbs_discarded);
  surbs.resize(
      std::min(surbs.size(), limits::kSurbsPerSender - std::min(limits::kSurbsPerSender, sender.surbs.size())));
  sender.surbs.insert(sender.surbs.end(), surbs.begin(), surbs.end());
  return surbs;
}

std::size_t ReplyStore::available(const wire::SenderTag& sender) const {
  auto found = senders_.find(sender);
  return found == senders_.end() ? 0 : found->second.surbs.size();
}

std::size_t ReplyStore::surb_count() const {
  std::size_t count = 0;
  for (const auto& [tag, sender] : senders_) count += sender.surbs.size();
  return count;
}

std::vector<sphinx::ReplySurb> ReplyStore::take_surbs(const wire::SenderTag& sender, std::size_t count) {
  NYM_CHECK(available(sender) >= count);
  if (count == 0) return {};
  auto& surbs = senders_.at(sender).surbs;
  auto end = surbs.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<sphinx::ReplySurb> taken(surbs.begin(), end);
  surbs.erase(surbs.begin(), end);
  return taken;
}

const wire::SenderTag* ReplyStore::find_tag(const wire::Recipient& recipient) const {
  auto found = own_tags_.find(recipient);
  return found == own_tags_.end() ? nullptr : &found->second;
}

void ReplyStore::set_tag(const wire::Recipient& recipient, const wire::SenderTag& tag) {
  own_tags_.insert_or_assign(recipient, tag);
}

ReplyStore::Invalidated ReplyStore::invalidate(UnixSeconds now, const ReplyConfig& config) {
  Invalidated gone;
  std::erase_if(senders_, [&](auto& sender) {
    if (now.value - sender.second.last_received.value <= config.max_surb_age.whole_seconds()) return false;
    reach(Probe::reply_store_surbs_expired);
    gone.surbs.emplace_back(sender.first, std::vector(sender.second.surbs.begin(), sender.second.surbs.end()));
    return true;
  });
  std::erase_if(keys_, [&](auto& key) {
    if (now.value - key.second.sent_at.value <= config.max_key_age.whole_seconds()) return false;
    reach(Probe::reply_store_keys_expired);
    gone.keys.push_back(key.first);
    return true;
  });
  return gone;
}

}  // namespace nym::client
