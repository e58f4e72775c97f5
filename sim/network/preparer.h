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

  void add_node(HostId node, const crypto::X25519KeyPair& key) { nodes_.emplace(node, key); }
  /// What is on its way to a host.
  void note(HostId to, const HostInput& input);
  /// It has come: it and others with it are done now.
  void before(HostId to, const HostInput& input);

 private:
  void seal();
  void peel();
  template <class Item, class Work>
  void share_out(std::vector<Item>& batch, const Work& work);

  const sphinx::Suite& suite_;
  std::unique_ptr<WorkerThreads> threads_;
  std::size_t batch_;
  std::map<HostId, crypto::X25519KeyPair> nodes_;
  std::deque<Blob> uploads_;
  std::deque<sphinx::PacketAtNode> frames_;  ///< of all nodes, as they were sent
};

}  // namespace nym::sim
