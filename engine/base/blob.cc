#include "engine/base/blob.h"

#include <algorithm>

#include "engine/base/check.h"

namespace nym {
namespace {

class MadeBytes final : public PendingBytes {
 public:
  explicit MadeBytes(Bytes bytes) : PendingBytes(std::move(bytes)) {}

 protected:
  Bytes compute() override { return {}; }
};

class RegionBytes final : public PendingBytes {
 public:
  explicit RegionBytes(std::shared_ptr<SpoolRegion> region)
      : PendingBytes(region->bytes()), region_(std::move(region)) {}

 protected:
  Bytes compute() override { return {}; }

 private:
  std::shared_ptr<SpoolRegion> region_;
};

}  // namespace

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

Blob Blob::pending(std::shared_ptr<PendingBytes> source, std::size_t size) {
  Blob blob;
  blob.source_ = std::move(source);
  blob.size_ = size;
  return blob;
}

Bytes Blob::to_bytes() const {
  Bytes out = nym::to_bytes(stored());
  out.resize(size_);
  return out;
}

Blob Blob::slice(std::size_t offset, std::size_t count) const {
  NYM_CHECK(offset <= size_ && count <= size_ - offset);
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
