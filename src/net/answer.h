// The way of an answer from any thread back to the connection that asked.
//
// A handler holds a Responder (or a GrpcResponder), which holds one of these; they find their Session, if it
// still is there, on its event loop. A Session outlives none of its loop's tasks, and is only ever locked on
// the loop.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "net/event_loop.h"
#include "net/http.h"

namespace clew::net {

std::string_view reason_phrase(int status);

// What answers call, on the loop. `exchange` is the number the session gave to the request.
class AnswerTarget {
 public:
  virtual void answer(uint64_t exchange, Response response) = 0;
  virtual void begin_answer(uint64_t exchange, Response head) = 0;
  virtual void continue_answer(uint64_t exchange, std::string bytes) = 0;
  virtual void end_answer(uint64_t exchange) = 0;
  virtual void answer_call(uint64_t exchange, GrpcResponse response) = 0;

 protected:
  ~AnswerTarget() = default;
};

struct AnswerAddress {
  std::shared_ptr<EventLoop> loop;
  std::weak_ptr<AnswerTarget> target;
  uint64_t exchange = 0;

  // Runs `act` on the loop with the target, if that still exists: at once when this is the loop (and
  // `may_be_now`).
  template <typename Act>
  void deliver(bool may_be_now, Act act) const {
    if (may_be_now && loop->is_current()) {
      if (const auto to = target.lock()) act(*to);
      return;
    }
    loop->post([weak = target, act = std::move(act)]() mutable {
      if (const auto to = weak.lock()) act(*to);
    });
  }
};

class Responder::Sink {
 public:
  explicit Sink(AnswerAddress address) : address_(std::move(address)) {}
  // A request that nobody answered is answered here.
  ~Sink();
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  void send(Response response);
  void begin(Response head);
  bool write(std::string_view bytes);
  void end();
  bool cancelled() const { return gone_.load(std::memory_order_acquire); }

  // From the connection's side, on the loop.
  void client_left();
  void taken(size_t bytes);  // so much of what was written has gone towards the client

 private:
  enum class State : uint8_t { unanswered, streaming, answered };
  bool become(State from, State to);
  bool may_be_now() const { return !posted_.load(std::memory_order_relaxed); }
  void remember_posting();

  const AnswerAddress address_;
  std::atomic<State> state_{State::unanswered};
  std::atomic<bool> gone_{false};
  // Once one step went by post, all later ones do, to keep their order.
  std::atomic<bool> posted_{false};

  std::mutex mutex_;
  std::condition_variable room_;
  size_t buffered_ = 0;  // guarded by mutex_
};

// One gRPC call's answer.
class GrpcCall {
 public:
  explicit GrpcCall(AnswerAddress address) : address_(std::move(address)) {}
  ~GrpcCall();
  GrpcCall(const GrpcCall&) = delete;
  GrpcCall& operator=(const GrpcCall&) = delete;
  void answer(GrpcResponse response);

 private:
  const AnswerAddress address_;
  std::atomic<bool> answered_{false};
};

}  // namespace clew::net
