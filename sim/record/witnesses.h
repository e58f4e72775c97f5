#pragma once

#include <algorithm>
#include <vector>

#include "sim/record/interceptor.h"

namespace nym::sim {

/// All who look on, in the order in which they came.
class Witnesses {
 public:
  void add(Observer& observer) {
    observers_.push_back(&observer);
    wants_peeled_from_ = wants_peeled_from_ || observer.wants_peeled_from();
  }
  void add(Interceptor& interceptor) {
    interceptors_.push_back(&interceptor);
    add(static_cast<Observer&>(interceptor));
  }

  bool is_anybody_there() const { return !observers_.empty(); }
  bool wants_peeled_from() const { return wants_peeled_from_; }
  const std::vector<Interceptor*>& interceptors() const { return interceptors_; }

  template <class Tell>
  void tell(const Tell& tell) {
    for (auto* observer : observers_) tell(*observer);
  }

 private:
  std::vector<Observer*> observers_;
  std::vector<Interceptor*> interceptors_;
  bool wants_peeled_from_ = false;
};

}  // namespace nym::sim
