#include "sim/network/preparer.h"

#include <algorithm>

#include "sim/network/damage.h"
#include "sim/network/worker_threads.h"

namespace nym::sim {
namespace {

/// For each thread: enough for full vectors of the curve's lanes, few enough to stay in the cache.
constexpr std::size_t kBatch = 32;

template <class Item>
std::vector<Item> take_front(std::deque<Item>& queue, std::size_t most) {
  std::vector<Item> taken;
  while (!queue.empty() && taken.size() < most) {
    taken.push_back(std::move(queue.front()));
    queue.pop_front();
  }
  return taken;
}

bool is_frame(const HostInput& input) {
  const auto* link = std::get_if<mixnode::Input>(&input);
  return link != nullptr && std::holds_alternative<relay::FrameReceived>(*link);
}
bool is_upload(const HostInput& input) {
  const auto* gateway = std::get_if<gateway::Input>(&input);
  return gateway != nullptr && std::holds_alternative<gateway::ClientBinary>(*gateway);
}

}  // namespace

Preparer::Preparer(const sphinx::Suite& suite, unsigned threads)
    : suite_(suite), threads_(std::make_unique<WorkerThreads>(threads)), batch_(kBatch * threads_->size()) {}
Preparer::~Preparer() = default;

void Preparer::note(HostId to, const HostInput& input) {
  if (is_upload(input) && content_of(input)->is_pending()) uploads_.push_back(*content_of(input));
  if (!is_frame(input)) return;
  auto node = nodes_.find(to);
  if (node == nodes_.end()) return;
  const Blob& packet = *content_of(input);
  packet.prepared();  // so that what is found out about the copy is known of this one
  frames_.push_back({packet, &node->second});
}

void Preparer::before(HostId to, const HostInput& input) {
  if (is_upload(input)) {
    while (content_of(input)->is_pending() && !uploads_.empty()) seal();
  }
  if (!is_frame(input) || !nodes_.contains(to)) return;
  while (content_of(input)->prepared() == nullptr && !frames_.empty()) peel();
}

template <class Item, class Work>
void Preparer::share_out(std::vector<Item>& batch, const Work& work) {
  auto each = (batch.size() + threads_->size() - 1) / threads_->size();
  if (threads_->size() == 1 || batch.size() < 2 * kBatch) return work(std::span(batch));
  threads_->run([&](std::size_t index) {
    auto begin = std::min(batch.size(), index * each);
    auto end = std::min(batch.size(), begin + each);
    if (begin < end) work(std::span(batch).subspan(begin, end - begin));
  });
}

void Preparer::seal() {
  auto batch = take_front(uploads_, batch_);
  share_out(batch, [this](std::span<const Blob> blobs) { suite_.prepare(blobs); });
}

// Copies of one packet share the place of the result: only one of them may be worked on.
void Preparer::peel() {
  auto batch = take_front(frames_, batch_);
  auto place = [](const sphinx::PacketAtNode& one) { return &one.packet.prepared(); };
  std::ranges::sort(batch, std::less(), place);
  auto copies = std::ranges::unique(batch, std::equal_to(), place);
  batch.erase(copies.begin(), copies.end());
  std::erase_if(batch, [](const auto& one) { return one.packet.prepared() != nullptr; });
  share_out(batch, [&](std::span<const sphinx::PacketAtNode> packets) { suite_.prepare_peel(packets); });
}

}  // namespace nym::sim
