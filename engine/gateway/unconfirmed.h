#pragma once

#include <vector>

#include "engine/base/blob.h"
#include "engine/base/fifo.h"

namespace nym::gateway {

/// Written messages that a dead connection may have swallowed, oldest first. Every client has some, so they are packed
/// one behind the other into chunks; of each only what is stored of it.
class Unconfirmed {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  void push_back(const Blob& content);
  /// Of those that there are.
  void pop_front();
  /// All, and none is left.
  std::vector<Blob> take_all();

 private:
  struct Chunk {
    Bytes bytes;  ///< each message: size 8, stored bytes 8, those bytes
    std::size_t first = 0;
  };
  static constexpr std::size_t kHead = 16;
  static constexpr std::size_t kChunk = 512;  ///< bytes, unless one message alone is longer

  Blob front() const;

  Fifo<Chunk> chunks_;
  std::size_t size_ = 0;
};

}  // namespace nym::gateway
