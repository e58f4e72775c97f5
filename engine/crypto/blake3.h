#pragma once

#include "engine/base/secret.h"

namespace nym::crypto {

/// Incremental BLAKE3, default hash mode, portable. 64-byte blocks, 1024-byte chunks.
class Blake3 {
 public:
  static constexpr std::size_t kBlock = 64;
  static constexpr std::size_t kDigest = 32;

  Blake3();
  Blake3(const Blake3&) = default;
  Blake3& operator=(const Blake3&) = default;
  ~Blake3();

  void update(ByteView message);
  /// The object may not be updated afterwards.
  ByteArray<kDigest> finish();

 private:
  using Words = std::array<std::uint32_t, 8>;
  // The chunk being read. Its last block stays in the buffer, because it is compressed with other flags.
  struct Chunk {
    Words chaining_value{};
    std::uint64_t counter = 0;
    std::size_t blocks_compressed = 0;
    std::size_t buffered = 0;
    ByteArray<kBlock> buffer{};
  };
  void start_chunk(std::uint64_t counter);
  void compress_block(FixedView<kBlock> block);
  /// Reads as much as belongs to this chunk; returns the rest.
  ByteView fill_chunk(ByteView message);
  void finish_chunk();
  Words last_block_value(std::uint32_t extra_flags) const;

  Chunk chunk_;
  std::array<Words, 54> stack_{};  ///< values of finished subtrees; 2^54 chunks are the limit of the format
  std::size_t stack_size_ = 0;
};

}  // namespace nym::crypto
