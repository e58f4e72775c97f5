#include "sim/network/fault_driver.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/overloaded.h"

namespace nym::sim {

FaultDriver::FaultDriver(const Plan& plan, World& world, const Cast& cast, MessageBook& book, RandomSource& random)
    : plan_(plan), world_(world), cast_(cast), book_(book), random_(random.fork("faults")) {
  can_be_silent_ =
      std::any_of(plan.faults.begin(), plan.faults.end(), [](const Fault& fault) { return hides_nodes(fault.action); });
}

void FaultDriver::schedule() {
  for (std::size_t i = 0; i < plan_.faults.size(); ++i) {
    const auto& fault = plan_.faults[i];
    auto times = fault.repeat ? fault.repeat->times : 1;
    for (std::uint32_t n = 0; n < times; ++n) {
      auto every = fault.repeat ? fault.repeat->every : Duration();
      schedule(i, kRunStart + fault.at + every * n);
    }
  }
}

void FaultDriver::schedule(std::size_t fault, TimePoint at) {
  ++coming_;
  world_.schedule_action(at, [this, fault] {
    --coming_;
    if (!is_calm_) begin(fault);
  });
}

void FaultDriver::begin(std::size_t index) {
  const auto& fault = plan_.faults[index];
  tell(index, FaultMoved::Step::began);
  auto length = fault.length.value_or(kRunStart + plan_.time_limit - world_.now());
  auto undo = apply(fault.action, length);
  if (!undo) return tell(index, FaultMoved::Step::ended);
  auto occurrence = next_occurrence_++;
  active_.emplace(occurrence, Active{index, std::move(undo)});
  if (fault.length) {
    world_.schedule_action(world_.now() + *fault.length, [this, occurrence] { end(occurrence); });
  }
}

void FaultDriver::end(std::uint64_t occurrence) {
  auto found = active_.find(occurrence);
  if (found == active_.end()) return;
  auto ended = std::move(found->second);
  active_.erase(found);
  ended.undo();
  tell(ended.fault, FaultMoved::Step::ended);
}

void FaultDriver::heal() {
  is_calm_ = true;
  while (!active_.empty()) end(active_.begin()->first);
}

void FaultDriver::tell(std::size_t fault, FaultMoved::Step step) {
  if (!world_.witnesses().is_anybody_there()) return;
  auto text = to_text(plan_.faults[fault]);
  world_.witnesses().tell([&](Observer& observer) { observer.on_fault(world_.now(), {fault, step, text}); });
}

template <class OnHost>
FaultDriver::Undo FaultDriver::on_each(const NodeSet& nodes, const OnHost& on_host) {
  auto members = resolve(plan_, nodes);
  NYM_CHECK(members);
  std::vector<Undo> undos;
  for (auto node : *members) {
    if (Undo undo = on_host(node)) undos.push_back(std::move(undo));
  }
  if (undos.empty()) return {};
  return [undos = std::move(undos)] {
    for (const auto& undo : undos) undo();
  };
}

FaultDriver::Undo FaultDriver::apply(const FaultAction& action, Duration length) {
  auto id = [this](NodeName node) { return world_.names().id(node); };
  auto each = [&](const NodeSet& nodes, auto on_host) { return on_each(nodes, on_host); };
  return std::visit(Overloaded{
                        [&](const LinkFault& fault) { return apply(fault); },
                        [&](const Partition& fault) { return apply(fault); },
                        [&](const SwizzleClog& fault) { return apply(fault, length); },
                        [&](const Crash& fault) {
                          return each(fault.nodes, [&](NodeName node) { return crash(id(node), fault.disk); });
                        },
                        [&](const Restart& fault) {
                          each(fault.nodes, [&](NodeName node) -> Undo {
                            crash(id(node), fault.disk)();
                            return {};
                          });
                          return Undo();
                        },
                        [&](const Kill& fault) {
                          return each(fault.nodes, [&](NodeName node) -> Undo {
                            world_.kill(id(node));
                            if (node.kind == NodeKind::client) cast_.clients[node.index]->give_up();
                            if (node.kind == NodeKind::gateway) excuse_clients_of(node);
                            if (node.kind == NodeKind::client) book_.excuse(node.index);
                            return {};
                          });
                        },
                        [&](const Pause& fault) {
                          return each(fault.nodes, [&](NodeName node) -> Undo {
                            world_.pause(id(node));
                            return [this, host = id(node)] { world_.resume(host); };
                          });
                        },
                        [&](const Suspend& fault) {
                          return each(fault.nodes, [&](NodeName node) -> Undo {
                            world_.pause(id(node));
                            return [this, host = id(node)] {
                              world_.resume(host);
                              if (world_.is_running(host)) world_.show_wall_clock(host);
                            };
                          });
                        },
                        [&](const Slow& fault) {
                          return each(fault.nodes, [&](NodeName node) -> Undo {
                            world_.slow_down(id(node), fault.factor_thousandths);
                            return [this, host = id(node)] { world_.slow_down(host, 1'000); };
                          });
                        },
                        [&](const ClockJump& fault) {
                          return each(fault.nodes, [&](NodeName node) -> Undo {
                            world_.jump_wall_clock(id(node), fault.by);
                            return {};
                          });
                        },
                        [&](const ClockDrift& fault) {
                          return each(fault.nodes, [&](NodeName node) -> Undo {
                            world_.set_drift(id(node), fault.ppm);
                            return [this, host = id(node)] { world_.set_drift(host, 0); };
                          });
                        },
                        [&](const Silence& fault) {
                          return each(fault.nodes, [&](NodeName node) -> Undo {
                            world_.websockets().silence(id(node));
                            return [this, host = id(node)] { world_.websockets().end_silence(host); };
                          });
                        },
                        [&](const CutSessions& fault) {
                          return each(fault.nodes, [&](NodeName node) -> Undo {
                            world_.cut_sessions(id(node));
                            return {};
                          });
                        },
                        [&](const DiskFull& fault) {
                          return each(fault.nodes, [&](NodeName node) {
                            return on_disk(node, [](Disk& disk) -> Undo {
                              disk.begin_full();
                              return [&disk] { disk.end_full(); };
                            });
                          });
                        },
                        [&](const DiskError& fault) {
                          return each(fault.nodes, [&](NodeName node) {
                            return on_disk(node, [](Disk& disk) -> Undo {
                              disk.begin_error();
                              return [&disk] { disk.end_error(); };
                            });
                          });
                        },
                        [&](const DiskSlow& fault) {
                          return each(fault.nodes, [&](NodeName node) {
                            return on_disk(node, [&](Disk& disk) -> Undo {
                              disk.begin_slow(fault.commit);
                              return [&disk, commit = fault.commit] { disk.end_slow(commit); };
                            });
                          });
                        },
                        [&](const FailNth& fault) { return fail_nth(fault); },
                        [&](const LeaveApp& fault) {
                          return each(fault.nodes, [&](NodeName node) -> Undo {
                            auto* client = cast_.clients[node.index];
                            client->leave_app();
                            return [client] { client->return_app(); };
                          });
                        },
                    },
                    action);
}

FaultDriver::Undo FaultDriver::apply(const LinkFault& fault) {
  auto change = world_.links().change(fault.path, fault.change);
  return [this, change] { world_.links().undo(change); };
}

FaultDriver::Undo FaultDriver::apply(const Partition& fault) {
  std::vector<LinkChangeId> cuts = {world_.links().cut(fault.first, fault.second)};
  if (fault.direction == Direction::both_ways) cuts.push_back(world_.links().cut(fault.second, fault.first));
  return [this, cuts] {
    for (auto cut : cuts) world_.links().undo(cut);
  };
}

// In the first half of its time one node after the other is cut off, in the second they are freed in another order.
FaultDriver::Undo FaultDriver::apply(const SwizzleClog& fault, Duration length) {
  auto nodes = resolve(plan_, fault.nodes);
  NYM_CHECK(nodes);
  auto count = static_cast<std::int64_t>(nodes->size());
  auto order = *nodes;
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[draw_below(*random_, i)]);
  auto clogged = std::make_shared<std::map<NodeName, LinkChangeId>>();
  auto over = std::make_shared<bool>(false);
  auto free = [this, clogged](NodeName node) {
    auto found = clogged->find(node);
    if (found == clogged->end()) return;
    world_.links().undo(found->second);
    clogged->erase(found);
  };
  NodeSet everybody{{{NodeTerm::Kind::all, {}, 0, 0, {}}}};
  for (std::int64_t i = 0; i < count; ++i) {
    auto node = (*nodes)[static_cast<std::size_t>(i)];
    auto freed = order[static_cast<std::size_t>(i)];
    world_.schedule_action(world_.now() + length * i / (2 * count), [this, clogged, over, node, everybody] {
      LinkChange change;
      change.clog = LinkChange::Clog::clogged;
      if (!*over)
        (*clogged)[node] = world_.links().change({NodeSet::one(node), everybody, Direction::both_ways}, change);
    });
    world_.schedule_action(world_.now() + length * (count + i) / (2 * count), [over, free, freed] {
      if (!*over) free(freed);
    });
  }
  return [clogged, over, free] {
    *over = true;
    while (!clogged->empty()) free(clogged->begin()->first);
  };
}

// Crashes of one node that overlap are one crash that lasts until the last of them ends.
void FaultDriver::down(HostId host) {
  ++crashes_[host];
  world_.crash(host);
}

void FaultDriver::up(HostId host) {
  if (--crashes_[host] == 0) world_.restart(host);
}

FaultDriver::Undo FaultDriver::crash(HostId host, DiskState disk) {
  down(host);
  auto node = world_.names().name(host);
  if (disk == DiskState::lost) world_.lose_disk(host);
  if (node.kind == NodeKind::gateway && (disk == DiskState::lost || can_be_silent_)) excuse_clients_of(node);
  return [this, host] { up(host); };
}

void FaultDriver::excuse_clients_of(NodeName gateway) {
  for (std::uint32_t i = 0; i < cast_.clients.size(); ++i) {
    if (gateway_of(plan_, i) == gateway.index) book_.excuse(i);
  }
}

FaultDriver::Undo FaultDriver::on_disk(NodeName node, const std::function<Undo(Disk&)>& fault) {
  if (node.kind == NodeKind::client) return fault(cast_.clients[node.index]->disk());
  if (node.kind == NodeKind::gateway) {
    if (can_be_silent_) excuse_clients_of(node);
    return fault(cast_.gateways[node.index]->disk());
  }
  return {};
}

FaultDriver::Undo FaultDriver::fail_nth(const FailNth& fault) {
  return on_each(fault.nodes, [&](NodeName node) -> Undo {
    switch (fault.operation) {
      case Operation::dial:
        world_.fail_dial(world_.names().id(node), fault.n);
        return {};
      case Operation::fetch:
        cast_.clients[node.index]->fail_fetch(fault.n);
        return {};
      case Operation::persist:
        return on_disk(node, [&](Disk& disk) -> Undo {
          disk.fail(fault.n);
          return {};
        });
    }
    return {};
  });
}

}  // namespace nym::sim
