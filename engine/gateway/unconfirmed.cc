#include "engine/gateway/unconfirmed.h"

#include <algorithm>

#include "engine/base/check.h"

namespace nym::gateway {

void Unconfirmed::push_back(const Blob& content) {
  ByteView stored = content.stored();
  auto length = kHead + stored.size();
  if (chunks_.empty() || chunks_.back().bytes.size() + length > kChunk) {
    chunks_.push_back({});
    chunks_.back().bytes.reserve(std::max(kChunk, length));
  }
  auto& bytes = chunks_.back().bytes;
  append(bytes, to_be(std::uint64_t{content.size()}));
  append(bytes, to_be(std::uint64_t{stored.size()}));
  append(bytes, stored);
  ++size_;
}

void Unconfirmed::pop_front() {
  NYM_CHECK(size_ > 0);
  auto& chunk = chunks_.front();
  auto stored = load_be<std::uint64_t>(ByteView(chunk.bytes).subspan(chunk.first + kHead / 2).first<8>());
  chunk.first += kHead + stored;
  if (chunk.first == chunk.bytes.size()) chunks_.pop_front();
  --size_;
}

Blob Unconfirmed::front() const {
  const auto& chunk = chunks_.front();
  auto from = ByteView(chunk.bytes).subspan(chunk.first);
  auto size = load_be<std::uint64_t>(from.first<8>());
  auto stored = load_be<std::uint64_t>(from.subspan<8, 8>());
  return Blob::with_zero_tail(to_bytes(from.subspan(kHead, stored)), size);
}

std::vector<Blob> Unconfirmed::take_all() {
  std::vector<Blob> all;
  for (; !empty(); pop_front()) all.push_back(front());
  return all;
}

}  // namespace nym::gateway
