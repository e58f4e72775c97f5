#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "sim/record/interceptor.h"

namespace nym::sim {

/// All who look on, in the order in which they came.
class Witnesses {
 public:
  void add(Observer& observer) {
    observers_.push_back(&observer);
    for (std::size_t i = 0; i < kFrequents; ++i) {
      if (observer.wants(static_cast<Frequent>(i))) of_frequent_[i].push_back(&observer);
    }
    wants_peeled_from_ = wants_peeled_from_ || observer.wants_peeled_from();
  }
  void add(Interceptor& interceptor) {
    interceptors_.push_back(&interceptor);
    add(static_cast<Observer&>(interceptor));
  }

  bool wants(Frequent what) const { return !of_frequent_[static_cast<std::size_t>(what)].empty(); }
  bool is_anybody_there() const { return !observers_.empty(); }
  bool wants_peeled_from() const { return wants_peeled_from_; }
  const std::vector<Interceptor*>& interceptors() const { return interceptors_; }

  template <class Tell>
  void tell(const Tell& tell) {
    for (auto* observer : observers_) tell(*observer);
  }
  template <class Tell>
  void tell(Frequent what, const Tell& tell) {
    for (auto* observer : of_frequent_[static_cast<std::size_t>(what)]) tell(*observer);
  }

 private:
  std::vector<Observer*> observers_;
  std::array<std::vector<Observer*>, kFrequents> of_frequent_;
  std::vector<Interceptor*> interceptors_;
  bool wants_peeled_from_ = false;
};

}  // namespace nym::sim
