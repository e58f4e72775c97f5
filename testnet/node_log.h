#pragma once

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string_view>

#include "engine/gateway/io.h"
#include "engine/mixnode/io.h"

namespace nym::testnet {

/// A node's log: one line an event that somebody may want to know of, with the wall clock's time. Reasons for drops are
/// written once a second at most.
class NodeLog {
 public:
  /// Appends to the file; where that is not possible nothing is logged.
  explicit NodeLog(const std::filesystem::path& file);
  /// To stderr.
  NodeLog();

  void line(std::string_view text);
  void event(const mixnode::Event& event);
  void event(const gateway::Event& event);

 private:
  struct Close {
    void operator()(std::FILE* file) const;
  };
  void dropped(DropReason reason);

  std::unique_ptr<std::FILE, Close> file_;
  struct Drops {
    std::int64_t second = 0;
    std::uint64_t unsaid = 0;
  };
  std::map<DropReason, Drops> drops_;
};

}  // namespace nym::testnet
