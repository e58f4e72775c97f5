#pragma once

#include <memory>
#include <span>

#include "engine/base/bytes.h"

namespace nym {

/// A fixed run of writable bytes that need not stay in main memory.
class SpoolRegion {
 public:
  SpoolRegion() = default;
  SpoolRegion(const SpoolRegion&) = delete;
  SpoolRegion& operator=(const SpoolRegion&) = delete;
  virtual ~SpoolRegion() = default;

  virtual std::span<std::uint8_t> bytes() = 0;
  /// Written for now: may leave main memory until it is read again.
  virtual void settle() = 0;
};

/// Where large contents wait: in files, if the driver has some. It outlives whoever was given it; regions may outlive
/// the spool.
class Spool {
 public:
  Spool() = default;
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  virtual ~Spool() = default;

  /// Zero-filled. Null when there is no room.
  virtual std::shared_ptr<SpoolRegion> make(std::size_t size) = 0;
};

/// In main memory after all: for simulations and for hosts without a disk.
class MemorySpool final : public Spool {
 public:
  std::shared_ptr<SpoolRegion> make(std::size_t size) override { return std::make_shared<Region>(size); }

 private:
  class Region final : public SpoolRegion {
   public:
    explicit Region(std::size_t size) : content_(size) {}
    std::span<std::uint8_t> bytes() override { return content_; }
    void settle() override {}

   private:
    Bytes content_;
  };
};

}  // namespace nym
