// Who a sender is that did not come so far as to say: the program on this machine that has the other end of
// the connection.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "base/allowance.h"
#include "base/time.h"
#include "net/mistake.h"

namespace clew::app {

class UnnamedSender {
 public:
  // "python3 (process 1234)"; empty when it is on another machine, or the system does not tell. Looking costs
  // milliseconds of an event loop: in a flood most remain unnamed.
  std::string find(const net::Mistake& mistake);

 private:
  bool may_look(Nanoseconds at);

  std::mutex mutex_;
  // So many looks at once, and then one in this time.
  Allowance looks_{20, milliseconds(200)};  // guarded by mutex_
};

}  // namespace clew::app
