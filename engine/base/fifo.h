#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace nym {

/// What comes first leaves first. Takes no memory before it is used, unlike std::deque, whose first half kilobyte
/// counts where there are very many of them.
template <class T>
class Fifo {
 public:
  using value_type = T;

  bool empty() const { return first_ == items_.size(); }
  std::size_t size() const { return items_.size() - first_; }
  T& front() { return items_[first_]; }
  const T& front() const { return items_[first_]; }
  T& back() { return items_.back(); }
  auto begin() { return items_.begin() + static_cast<std::ptrdiff_t>(first_); }
  auto end() { return items_.end(); }
  auto begin() const { return items_.begin() + static_cast<std::ptrdiff_t>(first_); }
  auto end() const { return items_.end(); }

  void push_back(T item) { items_.push_back(std::move(item)); }
  template <class... Parts>
  void emplace_back(Parts&&... parts) {
    items_.emplace_back(std::forward<Parts>(parts)...);
  }
  void pop_front() {
    items_[first_] = T();
    advance();
  }
  T take_front() {
    T taken = std::move(items_[first_]);
    advance();
    return taken;
  }

 private:
  static constexpr std::size_t kWorthMoving = 8;

  // Moves what is left at most once for each that left.
  void advance() {
    ++first_;
    if (first_ == items_.size()) {
      items_.clear();
    } else if (first_ >= kWorthMoving && 2 * first_ >= items_.size()) {
      items_.erase(items_.begin(), begin());
    } else {
      return;
    }
    first_ = 0;
  }

  std::vector<T> items_;
  std::size_t first_ = 0;  ///< of those before it nothing is left
};

}  // namespace nym
