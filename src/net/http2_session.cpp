#include "net/http2_session.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>
#include <nghttp2/nghttp2.h>

#include "base/counters.h"
#include "net/grpc_framing.h"
#include "net/http2_answer.h"
#include "net/http2_request.h"
#include "net/request_body.h"

namespace clew::net {
namespace {

// Windows that a bulk sender on a fast network does not wait for.
constexpr int32_t kStreamWindow = 4 << 20;
constexpr int32_t kConnectionWindow = 16 << 20;
constexpr uint32_t kMostStreams = 512;
constexpr uint32_t kLargestFrame = 256 << 10;
// A client may cancel this many streams at once, and so many a second on average (CVE-2023-44487, "rapid
// reset").
constexpr uint64_t kResetBurst = 1000, kResetsASecond = 100;
constexpr size_t kOutputAhead = 256 << 10;

struct Stream {
  Stream(const Limits& limits, BodyBudget& budget) : request(limits, budget) {}

  Http2Request request;
  bool complete = false;         // the request
  Nanoseconds until{INT64_MAX};  // the request's arrival, then the call's deadline
  bool has_deadline = false;

  bool answered = false;
  std::weak_ptr<Responder::Sink> sink;
  Http2Answer answer;
};

class Http2Session final : public Session {
 public:
  explicit Http2Session(Connection& connection)
      : connection_(connection), limits_(connection.server().limits) {}
  ~Http2Session() override { nghttp2_session_del(session_); }
  bool open();

  void received(std::string_view bytes) override;
  bool wants_input() const override { return !stopped_; }
  void peer_finished() override { connection_.close_after_output(); }
  void output_has_room() override { pump(); }
  Nanoseconds next_check() const override;
  void check_time(Nanoseconds now) override;
  void drain() override;
  void closed() override;

  void answer(uint64_t exchange, Response response) override;
  void begin_answer(uint64_t exchange, Response head) override;
  void continue_answer(uint64_t exchange, std::string bytes) override;
  void end_answer(uint64_t exchange) override;
  void answer_call(uint64_t exchange, GrpcResponse response) override;

 private:
  static Http2Session& of(void* user_data) { return *static_cast<Http2Session*>(user_data); }
  static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* self);
  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
                       const uint8_t* value, size_t value_size, uint8_t, void* self);
  static int on_frame_received(nghttp2_session*, const nghttp2_frame* frame, void* self);
  static int on_data(nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size, void* self);
  static int on_frame_sent(nghttp2_session*, const nghttp2_frame* frame, void* self);
  static int on_stream_closed(nghttp2_session*, int32_t id, uint32_t, void* self);
  static ssize_t read_answer(nghttp2_session*, int32_t id, uint8_t* place, size_t room, uint32_t* flags,
                             nghttp2_data_source*, void* self);

  Stream* find(uint64_t id);
  Stream* find_unanswered(uint64_t id);
  void take_head(int32_t id, Stream& stream);
  void take_end(int32_t id, Stream& stream);
  template <typename AnyRequest>
  void set_peer(AnyRequest& request) const;
  void refuse(int32_t id, const Http2Refusal& refusal);
  void tell_abuse(const char* why) const;
  void submit(int32_t id, Stream& stream, const Headers& headers, bool with_body);
  void resume(int32_t id);
  void pump();

  Connection& connection_;
  const Limits& limits_;
  nghttp2_session* session_ = nullptr;
  std::unordered_map<int32_t, std::unique_ptr<Stream>> streams_;
  Nanoseconds idle_until_{};
  bool busy_ = false;  // within a call to nghttp2, which must not be entered again
  bool draining_ = false;
  bool stopped_ = false;
};

bool Http2Session::open() {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_option* options = nullptr;
  if (nghttp2_session_callbacks_new(&callbacks) != 0) return false;
  if (nghttp2_option_new(&options) != 0) {
    nghttp2_session_callbacks_del(callbacks);
    return false;
  }
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame_received);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
  nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_frame_sent);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_closed);
  nghttp2_option_set_no_closed_streams(options, 1);
  nghttp2_option_set_stream_reset_rate_limit(options, kResetBurst, kResetsASecond);
  const int outcome = nghttp2_session_server_new2(&session_, callbacks, this, options);
  nghttp2_option_del(options);
  nghttp2_session_callbacks_del(callbacks);
  if (outcome != 0) return false;
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kMostStreams},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
      {NGHTTP2_SETTINGS_MAX_FRAME_SIZE, kLargestFrame},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE,
       static_cast<uint32_t>(std::min<size_t>(limits_.header_bytes, UINT32_MAX))},
      {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
  };
  if (nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, std::size(settings)) != 0) return false;
  if (nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kConnectionWindow) != 0)
    return false;
  idle_until_ = {connection_.loop()->now().count + limits_.idle.count};
  return true;
}

void Http2Session::received(std::string_view bytes) {
  busy_ = true;
  const ssize_t taken =
      nghttp2_session_mem_recv(session_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  busy_ = false;
  if (taken < 0) {
    tell_abuse(nghttp2_strerror(static_cast<int>(taken)));
    nghttp2_session_terminate_session(session_, NGHTTP2_PROTOCOL_ERROR);
    stopped_ = true;
  }
  pump();
}

int Http2Session::on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* self) {
  if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
  Http2Session& session = of(self);
  auto stream = std::make_unique<Stream>(session.limits_, session.connection_.server().bodies);
  stream->until = {session.connection_.loop()->now().count + session.limits_.request.count};
  session.streams_[frame->hd.stream_id] = std::move(stream);
  return 0;
}

int Http2Session::on_header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name,
                            size_t name_size, const uint8_t* value, size_t value_size, uint8_t, void* self) {
  if (Stream* stream = of(self).find(static_cast<uint64_t>(frame->hd.stream_id)))
    stream->request.add_header({reinterpret_cast<const char*>(name), name_size},
                               {reinterpret_cast<const char*>(value), value_size});
  return 0;
}

int Http2Session::on_frame_received(nghttp2_session*, const nghttp2_frame* frame, void* self) {
  Http2Session& session = of(self);
  if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
  Stream* stream = session.find(static_cast<uint64_t>(frame->hd.stream_id));
  if (stream == nullptr) return 0;
  if (frame->hd.type == NGHTTP2_HEADERS && !stream->request.head_is_complete())
    session.take_head(frame->hd.stream_id, *stream);
  if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) session.take_end(frame->hd.stream_id, *stream);
  return 0;
}

void Http2Session::take_head(int32_t id, Stream& stream) {
  if (const auto refusal = stream.request.finish_head()) return refuse(id, *refusal);
  if (!stream.request.is_grpc()) return;
  const auto timeout = stream.request.timeout();
  if (!timeout) return;
  stream.has_deadline = true;
  stream.until = std::min(stream.until, {connection_.loop()->now().count + timeout->count});
  connection_.loop()->sweep_before(stream.until);
}

int Http2Session::on_data(nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size,
                          void* self) {
  Http2Session& session = of(self);
  if (Stream* stream = session.find_unanswered(static_cast<uint64_t>(id)))
    if (const auto refusal = stream->request.add_data({reinterpret_cast<const char*>(data), size}))
      session.refuse(id, *refusal);
  return 0;
}

void Http2Session::take_end(int32_t id, Stream& stream) {
  stream.complete = true;
  if (stream.answered) return;
  if (!stream.has_deadline) stream.until = {INT64_MAX};
  Http2Request::Complete request = stream.request.take();
  if (request.refusal) return refuse(id, *request.refusal);
  const AnswerAddress address{connection_.loop(), weak_from_this(), static_cast<uint64_t>(id)};
  ServerContext& server = connection_.server();
  if (stream.request.is_grpc()) {
    set_peer(request.grpc);
    server.grpc(std::move(request.grpc), [call = std::make_shared<GrpcCall>(address)](GrpcResponse response) {
      call->answer(std::move(response));
    });
  } else {
    set_peer(request.http);
    auto sink = std::make_shared<Responder::Sink>(address);
    stream.sink = sink;
    server.http(std::move(request.http), Responder(std::move(sink)));
  }
}

// Where a request came from.
template <typename AnyRequest>
void Http2Session::set_peer(AnyRequest& request) const {
  const Peer& peer = connection_.peer();
  request.peer = peer.address;
  request.peer_is_loopback = peer.is_loopback;
  request.tls = peer.tls;
  request.door = peer.door;
}

void Http2Session::refuse(int32_t id, const Http2Refusal& refusal) {
  const auto exchange = static_cast<uint64_t>(id);
  if (const Stream* stream = find(exchange))
    connection_.tell_mistake(
        {.protocol = refusal.grpc_code ? "gRPC" : "HTTP",
         .agent = std::string(stream->request.agent()),
         .status = refusal.status,
         .what = what_about(stream->request.method(), stream->request.path(), refusal.why),
         .remedy = std::string(refusal.remedy)});
  if (refusal.grpc_code)
    return answer_call(
        exchange, {.code = *refusal.grpc_code, .error = refusal.why, .message = {}, .status_details = {}});
  Response response = text_response(refusal.status, fmt::format("{}\n", refusal.why));
  if (refusal.status == 415) response.headers.emplace_back("accept-encoding", "gzip, deflate, zstd");
  if (refusal.status == 503) response.headers.emplace_back("retry-after", "1");
  answer(exchange, std::move(response));
}

void Http2Session::tell_abuse(const char* why) const {
  count(Counter::http2_abuse);
  connection_.tell_mistake({.protocol = "HTTP/2",
                            .what = fmt::format("an HTTP/2 connection was closed: {}", why),
                            .remedy = std::string(info_of(Counter::http2_abuse).advice)});
}

Stream* Http2Session::find(uint64_t id) {
  const auto it = streams_.find(static_cast<int32_t>(id));
  return it == streams_.end() ? nullptr : it->second.get();
}

Stream* Http2Session::find_unanswered(uint64_t id) {
  Stream* stream = find(id);
  return stream == nullptr || stream->answered ? nullptr : stream;
}

void Http2Session::answer(uint64_t exchange, Response response) {
  Stream* stream = find_unanswered(exchange);
  if (stream == nullptr) return;
  count(Counter::requests_http);
  const bool with_body =
      http2_answer_has_body(stream->request.method(), response.status) && !response.body.empty();
  const Headers headers = http2_headers(response, response.body.size(), connection_.loop()->http_date());
  if (with_body) stream->answer.append(std::move(response.body));
  stream->answer.end();
  submit(static_cast<int32_t>(exchange), *stream, headers, with_body);
}

void Http2Session::begin_answer(uint64_t exchange, Response head) {
  Stream* stream = find_unanswered(exchange);
  if (stream == nullptr) return;
  count(Counter::requests_http);
  const bool with_body = http2_answer_has_body(stream->request.method(), head.status);
  const Headers headers = http2_headers(head, std::nullopt, connection_.loop()->http_date());
  if (with_body)
    stream->answer.append(std::move(head.body));
  else
    stream->answer.end();
  submit(static_cast<int32_t>(exchange), *stream, headers, with_body);
}

void Http2Session::continue_answer(uint64_t exchange, std::string bytes) {
  Stream* stream = find(exchange);
  if (stream == nullptr) return;
  if (stream->answer.ended()) {
    if (const auto sink = stream->sink.lock()) sink->taken(bytes.size());
    return;
  }
  stream->answer.append(std::move(bytes));
  resume(static_cast<int32_t>(exchange));
}

void Http2Session::end_answer(uint64_t exchange) {
  Stream* stream = find(exchange);
  if (stream == nullptr || stream->answer.ended()) return;
  stream->answer.end();
  resume(static_cast<int32_t>(exchange));
}

void Http2Session::answer_call(uint64_t exchange, GrpcResponse response) {
  Stream* stream = find_unanswered(exchange);
  if (stream == nullptr) return;
  count(Counter::requests_grpc);
  Headers trailers = grpc_trailers(response);
  Headers headers = grpc_headers();
  const bool with_body = response.code == GrpcCode::ok;
  if (with_body) {
    stream->answer.append(encode_grpc_message(response.message));
    stream->answer.end_with(std::move(trailers));
  } else {
    // An error alone is one frame: headers that are trailers at once.
    for (auto& trailer : trailers) headers.push_back(std::move(trailer));
    stream->answer.end();
  }
  submit(static_cast<int32_t>(exchange), *stream, headers, with_body);
}

void Http2Session::submit(int32_t id, Stream& stream, const Headers& headers, bool with_body) {
  stream.answered = true;
  stream.until = {INT64_MAX};
  nghttp2_data_provider provider{};
  provider.read_callback = read_answer;
  const std::vector<nghttp2_nv> fields = http2_fields(headers);
  nghttp2_submit_response(session_, id, fields.data(), fields.size(), with_body ? &provider : nullptr);
  pump();
}

void Http2Session::resume(int32_t id) {
  nghttp2_session_resume_data(session_, id);
  pump();
}

ssize_t Http2Session::read_answer(nghttp2_session* session, int32_t id, uint8_t* place, size_t room,
                                  uint32_t* flags, nghttp2_data_source*, void* self) {
  Stream* stream = of(self).find(static_cast<uint64_t>(id));
  if (stream == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  const size_t moved = stream->answer.take({reinterpret_cast<char*>(place), room});
  if (moved > 0)
    if (const auto sink = stream->sink.lock()) sink->taken(moved);
  if (stream->answer.finished()) {
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (const Headers& trailers = stream->answer.trailers(); !trailers.empty()) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      const std::vector<nghttp2_nv> fields = http2_fields(trailers);
      nghttp2_submit_trailer(session, id, fields.data(), fields.size());
    }
  } else if (moved == 0) {
    return NGHTTP2_ERR_DEFERRED;
  }
  return static_cast<ssize_t>(moved);
}

int Http2Session::on_frame_sent(nghttp2_session* session, const nghttp2_frame* frame, void* self) {
  if (frame->hd.type == NGHTTP2_GOAWAY && frame->goaway.error_code != NGHTTP2_NO_ERROR)
    of(self).tell_abuse(nghttp2_http2_strerror(frame->goaway.error_code));
  if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
  if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return 0;
  // Answered before the request was complete: its rest is not wanted.
  const Stream* stream = of(self).find(static_cast<uint64_t>(frame->hd.stream_id));
  if (stream != nullptr && !stream->complete)
    nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_NO_ERROR);
  return 0;
}

int Http2Session::on_stream_closed(nghttp2_session*, int32_t id, uint32_t, void* self) {
  Http2Session& session = of(self);
  if (Stream* stream = session.find(static_cast<uint64_t>(id)))
    if (const auto sink = stream->sink.lock()) sink->client_left();
  session.streams_.erase(id);
  session.idle_until_ = {session.connection_.loop()->now().count + session.limits_.idle.count};
  return 0;
}

// Moves what nghttp2 has to send to the connection's output.
void Http2Session::pump() {
  if (busy_) return;
  busy_ = true;
  while (connection_.output().size() < kOutputAhead) {
    const uint8_t* data = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &data);
    if (size < 0) stopped_ = true;
    if (size <= 0) break;
    connection_.output().append(
        std::string_view(reinterpret_cast<const char*>(data), static_cast<size_t>(size)));
  }
  busy_ = false;
  const bool nothing_to_send = nghttp2_session_want_write(session_) == 0;
  const bool over =
      nothing_to_send && (nghttp2_session_want_read(session_) == 0 || (draining_ && streams_.empty()));
  if (over || stopped_) connection_.close_after_output();
  connection_.attend();
}

Nanoseconds Http2Session::next_check() const {
  if (streams_.empty()) return idle_until_;
  Nanoseconds next{INT64_MAX};
  for (const auto& [id, stream] : streams_) next = std::min(next, stream->until);
  return next;
}

void Http2Session::check_time(Nanoseconds now) {
  if (stopped_) return;
  if (streams_.empty() && now >= idle_until_) return drain();
  std::vector<int32_t> late;
  for (const auto& [id, stream] : streams_)
    if (now >= stream->until && !stream->answered) late.push_back(id);
  for (const int32_t id : late) {
    Stream* stream = find(static_cast<uint64_t>(id));
    if (stream == nullptr) continue;
    count(Counter::request_timeout);
    const std::string_view remedy = info_of(Counter::request_timeout).advice;
    if (stream->request.is_grpc()) {
      const char* const why =
          stream->complete ? "deadline exceeded" : "the call did not arrive within its time";
      refuse(id, {408, why, remedy, GrpcCode::deadline_exceeded});
    } else {
      refuse(id,
             {408, fmt::format("the request did not arrive completely within {}", to_human(limits_.request)),
              remedy});
    }
  }
}

void Http2Session::drain() {
  if (std::exchange(draining_, true)) return;
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(session_),
                        NGHTTP2_NO_ERROR, nullptr, 0);
  pump();
}

void Http2Session::closed() {
  stopped_ = true;
  for (const auto& [id, stream] : streams_)
    if (const auto sink = stream->sink.lock()) sink->client_left();
}

}  // namespace

std::shared_ptr<Session> make_http2_session(Connection& connection) {
  auto session = std::make_shared<Http2Session>(connection);
  return session->open() ? session : nullptr;
}

}  // namespace clew::net
