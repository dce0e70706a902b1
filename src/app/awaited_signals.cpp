#include "app/awaited_signals.h"

#include <pthread.h>
#include <signal.h>

namespace clew::app {

struct AwaitedSignals::State {
  sigset_t signals{};
  sigset_t before{};
  sighandler_t before_pipe = nullptr;
};

AwaitedSignals::AwaitedSignals(std::initializer_list<int> signals) : state_(std::make_unique<State>()) {
  sigemptyset(&state_->signals);
  for (const int one : signals) sigaddset(&state_->signals, one);
  pthread_sigmask(SIG_BLOCK, &state_->signals, &state_->before);
  // A client that goes away is an error of one write, not the end of the program.
  state_->before_pipe = signal(SIGPIPE, SIG_IGN);
}

AwaitedSignals::~AwaitedSignals() {
  signal(SIGPIPE, state_->before_pipe);
  pthread_sigmask(SIG_SETMASK, &state_->before, nullptr);
}

int AwaitedSignals::wait() const {
  int received = 0;
  while (sigwait(&state_->signals, &received) != 0) {
  }
  return received;
}

void AwaitedSignals::release() const {
  pthread_sigmask(SIG_UNBLOCK, &state_->signals, nullptr);
}

}  // namespace clew::app
