// AwaitedSignals: waits for the signals that tell a running program something ("stop", "read your
// configuration again"). Made before any other thread, which all inherit that the signals are held back, so
// that only wait() sees them.
#pragma once

#include <initializer_list>
#include <memory>

namespace clew::app {

class AwaitedSignals {
 public:
  explicit AwaitedSignals(std::initializer_list<int> signals);
  ~AwaitedSignals();
  AwaitedSignals(const AwaitedSignals&) = delete;
  AwaitedSignals& operator=(const AwaitedSignals&) = delete;

  // The number of the signal that came.
  int wait() const;
  // From here on the signals do what they usually do: whoever cannot wait for an orderly end sends a second
  // one.
  void release() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace clew::app
