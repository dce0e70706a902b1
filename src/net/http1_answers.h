// The answers of one HTTP/1 connection: they may come in any order, and leave in the order of the requests.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "net/answer.h"
#include "net/body_budget.h"
#include "net/connection.h"
#include "net/output_queue.h"

namespace clew::net {

// A request and its answer, until the answer has been handed to the connection.
struct Http1Exchange {
  // Of the request.
  bool head_only = false;
  bool keep_alive = true;
  int version = 11;
  BodyShare share;
  std::weak_ptr<Responder::Sink> sink;

  // Of the answer.
  bool streaming = false;
  bool chunked = false;
  bool done = false;
  size_t streamed = 0;  // bytes handed on since the client's reading was last noted
  OutputQueue held;     // output, while answers of earlier requests are missing
};

class Http1Answers {
 public:
  explicit Http1Answers(Connection& connection) : connection_(connection) {}

  // Room for the answer to a request that begins.
  Http1Exchange& open() { return pipeline_.emplace_back(); }
  // Forgets the last one: its request will never be complete.
  void drop_last() { pipeline_.pop_back(); }
  Http1Exchange& last() { return pipeline_.back(); }
  uint64_t last_number() const { return first_number_ + pipeline_.size() - 1; }
  size_t size() const { return pipeline_.size(); }
  bool empty() const { return pipeline_.empty(); }
  bool none_so_far() const { return first_number_ == 0 && pipeline_.empty(); }

  // Asks the last request's client for the body it announced.
  void ask_for_body();
  // Each does nothing for a number whose answer is complete already.
  void answer(uint64_t number, Response response);
  void begin(uint64_t number, Response head);
  void proceed(uint64_t number, std::string bytes);
  void end(uint64_t number);
  // Hands finished answers to the connection, and what is ready of the next one. False when the connection
  // has to end after what it was handed.
  bool release_finished();

  // What was handed on has been sent.
  void sent_all();
  void client_left();

 private:
  Http1Exchange* find(uint64_t number);
  OutputQueue& output_of(uint64_t number);
  void write_head(uint64_t number, Http1Exchange& exchange, const Response& response,
                  std::optional<size_t> length);

  Connection& connection_;
  std::deque<Http1Exchange> pipeline_;
  uint64_t first_number_ = 0;  // of the exchange at the front
};

}  // namespace clew::net
