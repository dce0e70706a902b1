#include "net/answer.h"

namespace clew::net {
namespace {

// How much a streamed answer may be ahead of its reader before write() waits.
constexpr size_t kAhead = 512 << 10;
constexpr std::string_view kForgotten = "the server did not answer this request";

}  // namespace

Responder::Sink::~Sink() {
  if (become(State::unanswered, State::answered)) {
    // Posted even on the loop: the session may be in the middle of something.
    address_.deliver(false, [exchange = address_.exchange](AnswerTarget& to) {
      to.answer(exchange, text_response(500, std::string(kForgotten) + "\n"));
    });
  } else if (become(State::streaming, State::answered)) {
    address_.deliver(false, [exchange = address_.exchange](AnswerTarget& to) { to.end_answer(exchange); });
  }
}

bool Responder::Sink::become(State from, State to) {
  return state_.compare_exchange_strong(from, to);
}

void Responder::Sink::remember_posting() {
  if (!address_.loop->is_current()) posted_.store(true, std::memory_order_relaxed);
}

void Responder::Sink::send(Response response) {
  if (!become(State::unanswered, State::answered)) return;
  address_.deliver(may_be_now(), [exchange = address_.exchange, response = std::move(response)](
                                     AnswerTarget& to) mutable { to.answer(exchange, std::move(response)); });
}

void Responder::Sink::begin(Response head) {
  if (!become(State::unanswered, State::streaming)) return;
  const bool now = may_be_now();
  remember_posting();
  address_.deliver(now, [exchange = address_.exchange, head = std::move(head)](AnswerTarget& to) mutable {
    to.begin_answer(exchange, std::move(head));
  });
}

bool Responder::Sink::write(std::string_view bytes) {
  if (cancelled() || state_ != State::streaming) return false;
  if (bytes.empty()) return true;
  {
    std::unique_lock lock(mutex_);
    // The loop itself cannot wait: it is the one that makes room.
    if (!address_.loop->is_current()) room_.wait(lock, [this] { return buffered_ < kAhead || cancelled(); });
    if (cancelled()) return false;
    buffered_ += bytes.size();
  }
  const bool now = may_be_now();
  remember_posting();
  address_.deliver(now, [exchange = address_.exchange, piece = std::string(bytes)](AnswerTarget& to) mutable {
    to.continue_answer(exchange, std::move(piece));
  });
  return !cancelled();
}

void Responder::Sink::end() {
  if (!become(State::streaming, State::answered)) return;
  address_.deliver(may_be_now(),
                   [exchange = address_.exchange](AnswerTarget& to) { to.end_answer(exchange); });
}

void Responder::Sink::client_left() {
  std::lock_guard lock(mutex_);
  gone_.store(true, std::memory_order_release);
  room_.notify_all();
}

void Responder::Sink::taken(size_t bytes) {
  std::lock_guard lock(mutex_);
  buffered_ -= std::min(bytes, buffered_);
  if (buffered_ < kAhead) room_.notify_all();
}

GrpcCall::~GrpcCall() {
  if (answered_.exchange(true)) return;
  address_.deliver(false, [exchange = address_.exchange](AnswerTarget& to) {
    to.answer_call(
        exchange,
        {.code = GrpcCode::internal, .error = std::string(kForgotten), .message = {}, .status_details = {}});
  });
}

void GrpcCall::answer(GrpcResponse response) {
  if (answered_.exchange(true)) return;
  address_.deliver(true, [exchange = address_.exchange, response = std::move(response)](
                             AnswerTarget& to) mutable { to.answer_call(exchange, std::move(response)); });
}

}  // namespace clew::net
