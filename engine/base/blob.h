#pragma once

#include <algorithm>
#include <memory>
#include <optional>

#include "engine/base/bytes.h"
#include "engine/base/spool.h"

namespace nym {

class Blob;

/// Where the bytes of blobs are. One thread at a time.
class BlobSource {
 public:
  BlobSource() = default;
  BlobSource(const BlobSource&) = delete;
  BlobSource& operator=(const BlobSource&) = delete;
  virtual ~BlobSource() = default;

  virtual bool is_made() const = 0;
  /// Valid as long as the source lives.
  virtual ByteView make() = 0;
  /// Those of its bytes alone, of a source that has them ready without making the others.
  virtual std::optional<Blob> part(std::size_t offset, std::size_t count) const;
};

/// Bytes that are made on first use (a sealed packet, say). Its size is known before.
/// Making is pure: when and on which thread it happens never changes the result.
class PendingBytes : public BlobSource {
 public:
  bool is_made() const final { return made_ != nullptr; }
  ByteView make() final {
    if (!made_) made_ = std::make_unique<const Bytes>(compute());
    return *made_;
  }

 protected:
  virtual Bytes compute() = 0;

 private:
  std::unique_ptr<const Bytes> made_;
};

/// An immutable run of bytes, cheap to copy and to slice. Content may still be pending, and a long zero tail need not
/// be stored: `stored()` may be shorter than `size()`, all bytes after it are zero.
class Blob {
 public:
  Blob() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): all bytes can be taken for a blob
  Blob(Bytes bytes) : Blob(std::move(bytes), std::nullopt) {}
  /// The region's bytes, which nobody writes to from now on.
  static Blob over(std::shared_ptr<SpoolRegion> region);
  /// `size` zero-filled after `stored`; size >= stored.size().
  static Blob with_zero_tail(Bytes stored, std::size_t size) { return Blob(std::move(stored), size); }
  /// `size` is what `pending` will announce; the bytes that it makes may be a stored prefix of that.
  static Blob pending(std::shared_ptr<BlobSource> source, std::size_t size);
  /// One behind the other, without copying: slices of one of them share its storage.
  static Blob joined(Blob head, Blob body);

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool is_pending() const { return source_ && !source_->is_made(); }

  /// Bytes up to a possible zero tail. Forces pending content.
  ByteView stored() const {
    if (!source_) return {};
    ByteView all = source_->make();
    if (offset_ >= all.size()) return {};
    ByteView from_offset = all.subspan(offset_);
    return from_offset.first(std::min(from_offset.size(), size_));
  }
  /// All size() bytes.
  Bytes to_bytes() const;
  /// The bytes from `offset` on; shares storage. offset <= size().
  Blob slice(std::size_t offset) const { return slice(offset, size_ - offset); }
  Blob slice(std::size_t offset, std::size_t count) const;
  /// The same bytes, copied if they are but a small part of what their source keeps in memory.
  Blob trimmed() const;
  /// Copies the first N bytes; nothing when there are fewer.
  template <std::size_t N>
  std::optional<ByteArray<N>> first() const {
    if (size_ < N) return std::nullopt;
    ByteArray<N> out{};
    ByteView from = stored();
    std::copy_n(from.begin(), std::min(N, from.size()), out.begin());
    return out;
  }
  /// Where in its source it begins.
  std::size_t offset() const { return offset_; }
  /// What makes the bytes, for a suite that prepares many at once; null when there is nothing to make.
  const std::shared_ptr<BlobSource>& source() const { return source_; }
  /// A slot for a result computed ahead from these very bytes (a peeled packet): made by the first call, shared by
  /// copies from then on, not by slices.
  std::shared_ptr<const void>& prepared() const;

  friend bool operator==(const Blob& a, const Blob& b) { return a.size_ == b.size_ && a.to_bytes() == b.to_bytes(); }

 private:
  struct Slot {
    std::shared_ptr<const void> value;
  };
  Blob(Bytes stored, std::optional<std::size_t> size);

  std::shared_ptr<BlobSource> source_;  ///< null: nothing stored, all zero
  mutable std::shared_ptr<Slot> slot_;
  std::size_t offset_ = 0;
  std::size_t size_ = 0;
};

}  // namespace nym
