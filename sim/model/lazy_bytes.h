#pragma once

#include <typeinfo>

#include "sim/model/model_header.h"

// What the model has seen to already when it meets it again. Who wants the bytes (damage on a link, a trace) gets them,
// and makes something of them that the model does not know.
namespace nym::sim {

/// The source of a blob if it is a Source and the blob is all of what it makes; null otherwise.
template <class Source>
const Source* whole(const Blob& blob) {
  const auto* source = blob.source().get();
  if (source == nullptr) return nullptr;
  if (typeid(*source) != typeid(Source)) return nullptr;
  const auto* own = static_cast<const Source*>(source);
  return blob.size() == own->size() ? own : nullptr;
}

/// A packet that some node has found sound, and how far it is.
class PacketUnderWay final : public PendingBytes {
 public:
  /// `checked`: as it came to that node; at least its header is stored.
  PacketUnderWay(Blob checked, Progress progress) : checked_(std::move(checked)), progress_(progress) {}

  const Blob& checked() const { return checked_; }
  Progress progress() const { return progress_; }
  std::size_t size() const { return checked_.size(); }

 protected:
  Bytes compute() override;

 private:
  Blob checked_;
  Progress progress_;
};

/// An envelope between a client and its gateway.
class SealedEnvelope final : public PendingBytes {
 public:
  /// `key`: a number for the key of the MAC.
  SealedEnvelope(std::uint64_t key, Blob content) : key_(key), content_(std::move(content)) {}

  std::uint64_t key() const { return key_; }
  const Blob& content() const { return content_; }
  std::size_t size() const { return sphinx::kEnvelopeMac + content_.size(); }

 protected:
  Bytes compute() override;

 private:
  std::uint64_t key_;
  Blob content_;
};

using EnvelopeTag = ByteArray<sphinx::kEnvelopeMac>;
EnvelopeTag envelope_tag(std::uint64_t key, const Blob& content);

}  // namespace nym::sim
