#pragma once

#include "net/drivers/directory_client.h"
#include "testnet/node.h"

namespace nym::testnet {

/// Tells a node of its own process which addresses the directory lists, again and again. Until the directory answers
/// there are none.
class ListedHops {
 public:
  /// `node` outlives it.
  ListedHops(net::Runtime& runtime, const std::string& directory_url, Node& node);

 private:
  void ask();
  void on_answer(const Result<topology::BuiltSnapshot>& listed);

  Node& node_;
  net::DirectoryClient directory_;
  net::Timer timer_;
};

}  // namespace nym::testnet
