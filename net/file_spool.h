#pragma once

#include <filesystem>

#include "engine/base/spool.h"

namespace nym::net {

/// Regions are files without a name in one folder, mapped into memory: what is settled costs no main memory, and all of
/// it is gone with the process. The room on the disk is reserved when a region is made.
class FileSpool final : public Spool {
 public:
  explicit FileSpool(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::shared_ptr<SpoolRegion> make(std::size_t size) override;

 private:
  std::filesystem::path folder_;
};

}  // namespace nym::net
