#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace nym::client {

/// A map of bounded size: what was put in longest ago makes room.
template <class Key, class Value>
class RecentMap {
 public:
  explicit RecentMap(std::size_t limit) : limit_(limit) {}

  void put(const Key& key, Value value) {
    take(key);
    entries_.emplace(key, Entry{std::move(value), next_});
    order_.emplace(next_++, key);
    if (order_.size() <= limit_) return;
    entries_.erase(order_.begin()->second);
    order_.erase(order_.begin());
  }
  std::optional<Value> find(const Key& key) const {
    auto found = entries_.find(key);
    if (found == entries_.end()) return std::nullopt;
    return found->second.value;
  }
  std::optional<Value> take(const Key& key) {
    auto found = entries_.find(key);
    if (found == entries_.end()) return std::nullopt;
    auto value = std::move(found->second.value);
    order_.erase(found->second.number);
    entries_.erase(found);
    return value;
  }
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Value value;
    std::uint64_t number;
  };
  std::size_t limit_;
  std::map<Key, Entry> entries_;
  std::map<std::uint64_t, Key> order_;
  std::uint64_t next_ = 0;
};

}  // namespace nym::client
