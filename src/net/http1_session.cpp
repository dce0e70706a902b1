#include "net/http1_session.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/uninitialised.h"
#include "net/first_words.h"
#include "net/http1_answers.h"
#include "net/http1_parser.h"
#include "net/request_body.h"

namespace clew::net {
namespace {

// Requests of one connection that are being answered at the same time; more wait in the socket.
constexpr size_t kMostPipelined = 128;
// How far a body's memory runs ahead of what has come: a sender may announce much and send nothing.
constexpr size_t kReadAhead = 256 << 10;
constexpr size_t kReservedAtOnce = 1 << 20;
// Bodies smaller than this come along with their head in one read anyway.
constexpr size_t kDirectFrom = 8 << 10;
// Enough for a hundred small requests; of a large body little comes along with its head, and the rest goes
// directly to where it belongs.
constexpr size_t kReadSize = 16 << 10;
// With so much waiting to be read by the client, its next requests wait too.
constexpr size_t kMostOutput = 1 << 20;

class Http1Session final : public Session {
 public:
  explicit Http1Session(Connection& connection)
      : connection_(connection),
        limits_(connection.server().limits),
        head_parser_(limits_.header_bytes),
        answers_(connection),
        until_{connection.loop()->now().count + limits_.request.count} {}

  std::span<char> direct_target() override;
  void received_directly(size_t count) override;
  void received(std::string_view bytes) override;
  size_t read_size() const override { return kReadSize; }
  bool wants_input() const override { return state_ != State::stopped && waiting_.empty() && !is_crowded(); }
  void peer_finished() override;
  void output_has_room() override;
  Nanoseconds next_check() const override { return until_; }
  void check_time(Nanoseconds now) override;
  void drain() override;
  void closed() override;

  void answer(uint64_t number, Response response) override {
    answers_.answer(number, std::move(response));
    carry_on();
  }
  void begin_answer(uint64_t number, Response head) override { answers_.begin(number, std::move(head)); }
  void continue_answer(uint64_t number, std::string bytes) override {
    answers_.proceed(number, std::move(bytes));
  }
  void end_answer(uint64_t number) override {
    answers_.end(number);
    carry_on();
  }
  void answer_call(uint64_t, GrpcResponse) override {}

 private:
  enum class State : uint8_t { head, sized_body, chunked_body, stopped };

  size_t take_head(std::string_view bytes);
  size_t take_sized_body(std::string_view bytes);
  size_t take_chunked_body(std::string_view bytes);
  void begin_request();
  bool make_room(size_t size);
  void dispatch();
  void refuse(const Refusal& refusal, std::string_view remedy);
  void refuse_head(std::string_view bytes);
  void refuse_body_too_large();
  void tell_mistake(int status, std::string_view why, std::string_view remedy) const;
  void carry_on();
  void expect_next_request();
  bool is_crowded() const {
    return answers_.size() >= kMostPipelined || connection_.output().size() >= kMostOutput;
  }
  void take_waiting();

  Connection& connection_;
  const Limits& limits_;
  State state_ = State::head;
  HeadParser head_parser_;
  RequestHead head_;
  std::optional<ChunkedParser> chunks_;
  std::string body_;
  size_t body_filled_ = 0;  // of body_; the rest of it is room for direct reads
  std::string waiting_;     // input that came while the pipeline was full

  Http1Answers answers_;
  Nanoseconds until_;             // when the peer has to have done what is awaited from it
  bool reading_request_ = false;  // the last exchange's request has not come completely
  bool taking_waiting_ = false;
};

std::span<char> Http1Session::direct_target() {
  uint64_t rest = 0;
  if (state_ == State::sized_body) rest = *head_.content_length - body_filled_;
  if (state_ == State::chunked_body) rest = chunks_->rest_of_chunk();
  if (rest < kDirectFrom) return {};
  const size_t room = static_cast<size_t>(std::min<uint64_t>(rest, kReadAhead));
  if (body_.size() < body_filled_ + room) {
    if (!make_room(body_filled_ + room)) return {};
    resize_uninitialised(body_, body_filled_ + room);
  }
  return {body_.data() + body_filled_, room};
}

void Http1Session::received_directly(size_t count) {
  body_filled_ += count;
  if (state_ == State::chunked_body)
    chunks_->took_directly(count);
  else if (body_filled_ == *head_.content_length)
    dispatch();
}

void Http1Session::received(std::string_view bytes) {
  while (!bytes.empty() && state_ != State::stopped) {
    if (is_crowded() && state_ == State::head && !head_parser_.begun()) {
      waiting_.append(bytes);
      return;
    }
    size_t taken = 0;
    switch (state_) {
      case State::head:
        taken = take_head(bytes);
        break;
      case State::sized_body:
        taken = take_sized_body(bytes);
        break;
      case State::chunked_body:
        taken = take_chunked_body(bytes);
        break;
      case State::stopped:
        return;
    }
    bytes.remove_prefix(taken);
  }
}

size_t Http1Session::take_head(std::string_view bytes) {
  if (!head_parser_.begun()) until_ = {connection_.loop()->now().count + limits_.request.count};
  const Progress progress = head_parser_.feed(bytes);
  const size_t taken = head_parser_.consumed();
  if (progress == Progress::refused) refuse_head(bytes);
  if (progress == Progress::complete) begin_request();
  return taken;
}

void Http1Session::refuse_head(std::string_view bytes) {
  const Refusal& refusal = head_parser_.refusal();
  head_ = {};
  if (refusal.status != 431 && answers_.none_so_far() && !head_parser_.looked_like_http()) {
    count(Counter::protocol_errors);
    const Speaker speaker = speaker_of(bytes);
    const std::string looks = speaker.what.empty() ? "" : fmt::format("; this looks like {}", speaker.what);
    return refuse({refusal.status, refusal.why + looks}, speaker.remedy);
  }
  const Counter counter = refusal.status == 431 ? Counter::header_too_large : Counter::http_malformed;
  count(counter);
  refuse(refusal, info_of(counter).advice);
}

void Http1Session::begin_request() {
  head_ = head_parser_.take();
  body_.clear();
  body_filled_ = 0;
  reading_request_ = true;
  Http1Exchange& exchange = answers_.open();
  exchange.head_only = head_.method == "HEAD";
  exchange.keep_alive = head_.keep_alive && !connection_.server().draining.load(std::memory_order_relaxed);
  exchange.version = head_.version;
  exchange.share = BodyShare(connection_.server().bodies);
  if (head_.content_length.value_or(0) > limits_.body_bytes) return refuse_body_too_large();
  if (!head_.has_body()) return dispatch();
  if (head_.expects_continue) answers_.ask_for_body();
  if (head_.chunked) {
    chunks_.emplace(limits_.body_bytes, limits_.header_bytes);
    state_ = State::chunked_body;
    return;
  }
  state_ = State::sized_body;
  body_.reserve(static_cast<size_t>(std::min<uint64_t>(*head_.content_length, kReservedAtOnce)));
}

// Takes the body's share of the memory for all bodies; refuses the request when there is none left.
bool Http1Session::make_room(size_t size) {
  if (answers_.last().share.grow_to(size)) return true;
  count(Counter::bodies_in_flight_exceeded);
  refuse({503, fmt::format("too many request bodies at once (over {} bytes): try again",
                           connection_.server().bodies.limit())},
         info_of(Counter::bodies_in_flight_exceeded).advice);
  return false;
}

size_t Http1Session::take_sized_body(std::string_view bytes) {
  const size_t taken =
      static_cast<size_t>(std::min<uint64_t>(bytes.size(), *head_.content_length - body_filled_));
  if (!make_room(body_filled_ + taken)) return bytes.size();
  body_.resize(body_filled_);
  body_.append(bytes.substr(0, taken));
  body_filled_ = body_.size();
  if (body_filled_ == *head_.content_length) dispatch();
  return taken;
}

size_t Http1Session::take_chunked_body(std::string_view bytes) {
  if (!make_room(body_filled_ + bytes.size())) return bytes.size();
  body_.resize(body_filled_);
  const Progress progress = chunks_->feed(bytes, body_);
  body_filled_ = body_.size();
  const size_t taken = chunks_->consumed();
  if (progress == Progress::refused) {
    const Refusal refusal = chunks_->refusal();
    if (refusal.status == 413)
      refuse_body_too_large();
    else {
      const Counter counter = refusal.status == 431 ? Counter::header_too_large : Counter::http_malformed;
      count(counter);
      refuse(refusal, info_of(counter).advice);
    }
  }
  if (progress == Progress::complete) dispatch();
  return taken;
}

void Http1Session::refuse_body_too_large() {
  count(Counter::body_too_large);
  refuse({413, fmt::format("request body over the limit of {} bytes", limits_.body_bytes)},
         info_of(Counter::body_too_large).advice);
}

void Http1Session::tell_mistake(int status, std::string_view why, std::string_view remedy) const {
  connection_.tell_mistake({.protocol = "HTTP",
                            .agent = std::string(find_header(head_.headers, "user-agent").value_or("")),
                            .status = status,
                            .what = what_about(head_.method, head_.target, why),
                            .remedy = std::string(remedy)});
}

// Answers the request under way, in its turn, and stops reading: where the next request begins is not known.
void Http1Session::refuse(const Refusal& refusal, std::string_view remedy) {
  tell_mistake(refusal.status, refusal.why, remedy);
  if (!std::exchange(reading_request_, false)) answers_.open();
  state_ = State::stopped;
  answers_.last().keep_alive = false;
  Response response = text_response(refusal.status, refusal.why + "\n");
  response.reason = refusal.why;
  if (refusal.status == 503) response.headers.emplace_back("retry-after", "1");
  answer(answers_.last_number(), std::move(response));
}

void Http1Session::dispatch() {
  const uint64_t number = answers_.last_number();
  reading_request_ = false;
  state_ = answers_.last().keep_alive ? State::head : State::stopped;
  const auto stop_with = [&](int status, std::string_view why, std::string_view remedy) {
    tell_mistake(status, why, remedy);
    Response response = text_response(status, fmt::format("{}\n", why));
    response.reason = why;
    if (status == 415) response.headers.emplace_back("accept-encoding", "gzip, deflate, zstd");
    answer(number, std::move(response));
  };
  auto target = parse_target(head_.target);
  if (!target.ok()) {
    count(Counter::http_malformed);
    return stop_with(400, target.status().message(), info_of(Counter::http_malformed).advice);
  }
  Request request;
  request.body_bytes_on_wire = body_.size();
  auto body = undo_content_encoding(head_.headers, std::move(body_), limits_.body_bytes);
  body_ = {};
  body_filled_ = 0;
  if (!body.ok()) {
    const Status failure = body.status();
    return stop_with(failure.kind() == ErrorKind::unsupported ? 415 : http_status_of(failure.kind()),
                     failure.message(), remedy_for_body(failure.kind()));
  }
  if (!answers_.last().share.grow_to(body->size())) {
    count(Counter::bodies_in_flight_exceeded);
    return stop_with(503, "too many request bodies at once: try again",
                     info_of(Counter::bodies_in_flight_exceeded).advice);
  }
  request.method = std::move(head_.method);
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  request.headers = std::move(head_.headers);
  request.body = SharedBytes(std::move(*body));
  const Peer& peer = connection_.peer();
  request.peer = peer.address;
  request.peer_is_loopback = peer.is_loopback;
  request.tls = peer.tls;
  request.door = peer.door;
  request.http_version = head_.version;
  auto sink = std::make_shared<Responder::Sink>(AnswerAddress{connection_.loop(), weak_from_this(), number});
  answers_.last().sink = sink;
  connection_.server().http(std::move(request), Responder(std::move(sink)));
}

// Sends what is finished, then goes on with what had to wait for it.
void Http1Session::carry_on() {
  if (!answers_.release_finished()) {
    state_ = State::stopped;
    return connection_.close_after_output();
  }
  if (answers_.empty() && state_ == State::head && !head_parser_.begun()) expect_next_request();
  take_waiting();
}

// Requests that had to wait for room. Their answers may come at once and lead back here.
void Http1Session::take_waiting() {
  if (taking_waiting_) return;
  taking_waiting_ = true;
  while (!waiting_.empty() && answers_.size() < kMostPipelined / 2 && !is_crowded() &&
         state_ != State::stopped) {
    const std::string bytes = std::move(waiting_);
    waiting_.clear();
    received(bytes);
  }
  taking_waiting_ = false;
}

void Http1Session::expect_next_request() {
  until_ = {connection_.loop()->now().count + limits_.idle.count};
  if (connection_.server().draining.load(std::memory_order_relaxed)) connection_.close_after_output();
}

void Http1Session::output_has_room() {
  take_waiting();
  answers_.sent_all();
}

void Http1Session::peer_finished() {
  if (std::exchange(reading_request_, false)) answers_.drop_last();
  state_ = State::stopped;
  if (answers_.empty()) return connection_.close_after_output();
  // A client that closed its writing half may still read: answers are sent, but nobody need hurry for it.
  answers_.client_left();
  answers_.last().keep_alive = false;
}

void Http1Session::check_time(Nanoseconds now) {
  if (state_ == State::stopped || now < until_) return;
  const bool within_request = state_ != State::head || head_parser_.begun();
  if (within_request) {
    count(Counter::request_timeout);
    until_ = {INT64_MAX};
    refuse({408, fmt::format("the request did not arrive completely within {}", to_human(limits_.request))},
           info_of(Counter::request_timeout).advice);
  } else if (answers_.empty()) {
    connection_.close();
  } else {
    until_ = {now.count + limits_.idle.count};  // it is our turn
  }
}

void Http1Session::drain() {
  const bool idle = answers_.empty() && state_ == State::head && !head_parser_.begun();
  if (idle) connection_.close_after_output();
}

void Http1Session::closed() {
  state_ = State::stopped;
  answers_.client_left();
}

}  // namespace

std::shared_ptr<Session> make_http1_session(Connection& connection) {
  return std::make_shared<Http1Session>(connection);
}

}  // namespace clew::net
