#pragma once

#include <deque>
#include <map>
#include <memory>

#include "engine/sphinx/suite.h"
#include "sim/network/host.h"

namespace nym::sim {

class WorkerThreads;

/// Does the cryptography of packets in flight before they arrive, many at a time and on several threads. When it is
/// done changes no result: a run is the same with any number of threads, and without it.
class Preparer {
 public:
  /// `threads` counts the calling one.
  Preparer(const sphinx::Suite& suite, unsigned threads);
  ~Preparer();

  void add_node(HostId node, const crypto::X25519KeyPair& key) { nodes_.emplace(node, Node{key, {}}); }
  /// What is on its way to a host.
  void note(HostId to, const HostInput& input);
  /// It has come: it and others with it are done now.
  void before(HostId to, const HostInput& input);

 private:
  struct Node {
    crypto::X25519KeyPair key;
    std::deque<Blob> on_their_way;
  };

  void seal();
  void peel(Node& node);
  template <class Work>
  void share_out(std::vector<Blob>& batch, const Work& work);

  const sphinx::Suite& suite_;
  std::unique_ptr<WorkerThreads> threads_;
  std::size_t batch_;
  std::map<HostId, Node> nodes_;
  std::deque<Blob> uploads_;
};

}  // namespace nym::sim
