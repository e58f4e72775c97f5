#include "engine/base/blob.h"

#include <algorithm>

#include "engine/base/check.h"

namespace nym {
namespace {

class MadeBytes final : public BlobSource {
 public:
  explicit MadeBytes(Bytes bytes) : bytes_(std::move(bytes)) {}
  bool is_made() const override { return true; }
  ByteView make() override { return bytes_; }

 private:
  Bytes bytes_;
};

class RegionBytes final : public BlobSource {
 public:
  explicit RegionBytes(std::shared_ptr<SpoolRegion> region) : region_(std::move(region)) {}
  bool is_made() const override { return true; }
  ByteView make() override { return region_->bytes(); }

 private:
  std::shared_ptr<SpoolRegion> region_;
};

class JoinedBytes final : public PendingBytes {
 public:
  JoinedBytes(Blob head, Blob body) : head_(std::move(head)), body_(std::move(body)) {}
  std::optional<Blob> part(std::size_t offset, std::size_t count) const override {
    if (offset + count <= head_.size()) return head_.slice(offset, count);
    if (offset >= head_.size()) return body_.slice(offset - head_.size(), count);
    return std::nullopt;
  }

 protected:
  Bytes compute() override {
    auto joined = head_.to_bytes();
    append(joined, body_.stored());
    return joined;
  }

 private:
  Blob head_;
  Blob body_;
};

}  // namespace

std::optional<Blob> BlobSource::part(std::size_t, std::size_t) const {
  return std::nullopt;
}

Blob::Blob(Bytes stored, std::optional<std::size_t> size) : size_(size.value_or(stored.size())) {
  NYM_CHECK(size_ >= stored.size());
  if (!stored.empty()) source_ = std::make_shared<MadeBytes>(std::move(stored));
}

Blob Blob::over(std::shared_ptr<SpoolRegion> region) {
  Blob blob;
  blob.size_ = region->bytes().size();
  blob.source_ = std::make_shared<RegionBytes>(std::move(region));
  return blob;
}

Blob Blob::pending(std::shared_ptr<BlobSource> source, std::size_t size) {
  Blob blob;
  blob.source_ = std::move(source);
  blob.size_ = size;
  return blob;
}

Blob Blob::joined(Blob head, Blob body) {
  auto size = head.size() + body.size();
  return pending(std::make_shared<JoinedBytes>(std::move(head), std::move(body)), size);
}

Bytes Blob::to_bytes() const {
  Bytes out = nym::to_bytes(stored());
  out.resize(size_);
  return out;
}

Blob Blob::slice(std::size_t offset, std::size_t count) const {
  NYM_CHECK(offset <= size_ && count <= size_ - offset);
  if (is_pending()) {
    if (auto part = source_->part(offset_ + offset, count)) return *std::move(part);
  }
  Blob part;
  part.source_ = source_;
  part.offset_ = offset_ + offset;
  part.size_ = count;
  return part;
}

Blob Blob::trimmed() const {
  constexpr std::size_t kSmallPart = 2;
  if (!source_ || source_->make().size() <= kSmallPart * stored().size()) return *this;
  return with_zero_tail(nym::to_bytes(stored()), size_);
}

std::shared_ptr<const void>& Blob::prepared() const {
  if (!slot_) slot_ = std::make_shared<Slot>();
  return slot_->value;
}

}  // namespace nym
