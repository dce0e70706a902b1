#include "net/grpc_channel.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <unordered_map>

#include <fmt/format.h>
#include <nghttp2/nghttp2.h>
#include <sys/epoll.h>

#include "net/grpc_framing.h"
#include "net/http2_answer.h"
#include "net/output_queue.h"

namespace clew::net {
namespace {

constexpr int32_t kStreamWindow = 4 << 20;
constexpr int32_t kConnectionWindow = 16 << 20;
constexpr size_t kOutputAhead = 256 << 10;
constexpr size_t kMostAnswerHeaderBytes = 64 << 10;

// What a server's HTTP status means when it says nothing about gRPC.
GrpcCode grpc_code_of_http(int status) {
  switch (status) {
    case 400:
      return GrpcCode::internal;
    case 401:
      return GrpcCode::unauthenticated;
    case 403:
      return GrpcCode::permission_denied;
    case 404:
      return GrpcCode::unimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return GrpcCode::unavailable;
    default:
      return GrpcCode::unknown;
  }
}

struct Call {
  std::unique_ptr<PendingCall> pending;
  size_t sent = 0;
  int http_status = 0;
  std::optional<int> status;
  std::string error;
  std::string status_details;
  std::string encoding;
  std::string data;
  size_t header_bytes = 0;
  std::optional<GrpcFailure> failure;
};

class Http2Channel final : public GrpcChannel,
                           public EventLoop::Watcher,
                           public std::enable_shared_from_this<Http2Channel> {
 public:
  Http2Channel(std::shared_ptr<EventLoop> loop, FileDescriptor socket, std::unique_ptr<Transport> transport,
               Settings settings)
      : loop_(std::move(loop)),
        socket_(std::move(socket)),
        transport_(std::move(transport)),
        settings_(std::move(settings)) {}
  ~Http2Channel() override { nghttp2_session_del(session_); }

  Status start();
  bool is_usable() const override { return socket_.is_open() && !going_away_; }
  void begin(std::unique_ptr<PendingCall> call) override;
  Nanoseconds check_time(Nanoseconds now) override;
  void close(GrpcCode code, const std::string& why) override;
  void on_ready(uint32_t epoll_events) override;

 private:
  static Http2Channel& of(void* user_data) { return *static_cast<Http2Channel*>(user_data); }
  static int on_header(nghttp2_session*, const nghttp2_frame*, const uint8_t*, size_t, const uint8_t*, size_t,
                       uint8_t, void*);
  static int on_data(nghttp2_session*, uint8_t, int32_t, const uint8_t*, size_t, void*);
  static int on_frame_received(nghttp2_session*, const nghttp2_frame*, void*);
  static int on_frame_not_sent(nghttp2_session*, const nghttp2_frame*, int, void*);
  static int on_stream_closed(nghttp2_session*, int32_t, uint32_t, void*);
  static ssize_t read_body(nghttp2_session*, int32_t, uint8_t*, size_t, uint32_t*, nghttp2_data_source*,
                           void*);

  Call* find(int32_t id);
  void take_header(Call& call, std::string_view name, std::string_view value);
  void finish(int32_t id, GrpcAnswer answer);
  GrpcAnswer answer_of(Call& call, uint32_t error_code) const;
  Nanoseconds keep_alive(Nanoseconds now);
  void read_some();
  void write_some();
  void attend();

  const std::shared_ptr<EventLoop> loop_;
  FileDescriptor socket_;
  const std::unique_ptr<Transport> transport_;
  const Settings settings_;
  nghttp2_session* session_ = nullptr;
  OutputQueue output_;
  std::unordered_map<int32_t, Call> calls_;
  uint32_t interest_ = EPOLLIN;
  bool busy_ = false;
  bool attending_ = false;
  bool write_blocked_ = false;
  bool going_away_ = false;
  Nanoseconds last_heard_{};
  Nanoseconds pinged_at_{};
};

Status Http2Channel::start() {
  nghttp2_session_callbacks* callbacks = nullptr;
  if (nghttp2_session_callbacks_new(&callbacks) != 0)
    return {ErrorKind::exhausted, "no memory for a connection"};
  nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame_received);
  nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, on_frame_not_sent);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_closed);
  const int outcome = nghttp2_session_client_new(&session_, callbacks, this);
  nghttp2_session_callbacks_del(callbacks);
  if (outcome != 0) return {ErrorKind::exhausted, "no memory for a connection"};
  const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
                                             {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow}};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, std::size(settings));
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kConnectionWindow);
  CLEW_TRY(loop_->watch(socket_.number(), interest_, this));
  attend();
  return {};
}

void Http2Channel::begin(std::unique_ptr<PendingCall> pending) {
  Headers headers{{":method", "POST"},
                  {":scheme", settings_.tls ? "https" : "http"},
                  {":path", pending->method},
                  {":authority", settings_.authority},
                  {"te", "trailers"},
                  {"content-type", "application/grpc"},
                  {"user-agent", "clew"},
                  {"grpc-accept-encoding", "identity,gzip,zstd"},
                  {"grpc-timeout", format_grpc_timeout({pending->until.count - loop_->now().count})}};
  if (pending->options.compression)
    headers.emplace_back("grpc-encoding", name_of(*pending->options.compression));
  for (const auto& header : pending->options.metadata) headers.push_back(header);
  const std::vector<nghttp2_nv> fields = http2_fields(headers);
  nghttp2_data_provider provider{};
  provider.read_callback = read_body;
  const int32_t id =
      nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(), &provider, nullptr);
  if (id < 0) {
    going_away_ = true;
    return pending->done(
        {.code = GrpcCode::unavailable, .error = nghttp2_strerror(id), .message = {}, .status_details = {}});
  }
  loop_->sweep_before(pending->until);
  calls_[id].pending = std::move(pending);
  attend();
}

Call* Http2Channel::find(int32_t id) {
  const auto it = calls_.find(id);
  return it == calls_.end() ? nullptr : &it->second;
}

ssize_t Http2Channel::read_body(nghttp2_session*, int32_t id, uint8_t* place, size_t room, uint32_t* flags,
                                nghttp2_data_source*, void* self) {
  Call* call = of(self).find(id);
  if (call == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  const std::string_view prefix = call->pending->prefix, message = call->pending->message.view();
  size_t count = 0;
  if (call->sent < prefix.size()) {
    count = std::min(room, prefix.size() - call->sent);
    std::memcpy(place, prefix.data() + call->sent, count);
    call->sent += count;
  }
  if (call->sent >= prefix.size() && count < room) {
    const size_t from = call->sent - prefix.size();
    const size_t more = std::min(room - count, message.size() - from);
    std::memcpy(place + count, message.data() + from, more);
    call->sent += more;
    count += more;
  }
  if (call->sent == prefix.size() + message.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(count);
}

int Http2Channel::on_header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name,
                            size_t name_size, const uint8_t* value, size_t value_size, uint8_t, void* self) {
  if (Call* call = of(self).find(frame->hd.stream_id))
    of(self).take_header(*call, {reinterpret_cast<const char*>(name), name_size},
                         {reinterpret_cast<const char*>(value), value_size});
  return 0;
}

void Http2Channel::take_header(Call& call, std::string_view name, std::string_view value) {
  call.header_bytes += name.size() + value.size();
  if (call.header_bytes > kMostAnswerHeaderBytes) return;
  int number = 0;
  std::from_chars(value.data(), value.data() + value.size(), number);
  if (name == ":status") call.http_status = number;
  if (name == "grpc-status") call.status = number;
  if (name == "grpc-message") call.error = decode_grpc_text(value);
  if (name == "grpc-encoding") call.encoding = value;
  if (name == "grpc-status-details-bin") call.status_details = decode_base64(value).value_or("");
}

int Http2Channel::on_data(nghttp2_session* session, uint8_t, int32_t id, const uint8_t* data, size_t size,
                          void* self) {
  Call* call = of(self).find(id);
  if (call == nullptr || call->failure || call->http_status != 200) return 0;
  call->data.append(reinterpret_cast<const char*>(data), size);
  call->failure = check_grpc_prefix(call->data, of(self).settings_.answer_bytes);
  if (call->failure) nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
  return 0;
}

int Http2Channel::on_frame_received(nghttp2_session*, const nghttp2_frame* frame, void* self) {
  if (frame->hd.type == NGHTTP2_GOAWAY) of(self).going_away_ = true;
  return 0;
}

int Http2Channel::on_frame_not_sent(nghttp2_session*, const nghttp2_frame* frame, int, void* self) {
  // A call that came after the server said that it is going.
  if (frame->hd.type == NGHTTP2_HEADERS)
    on_stream_closed(nullptr, frame->hd.stream_id, NGHTTP2_REFUSED_STREAM, self);
  return 0;
}

int Http2Channel::on_stream_closed(nghttp2_session*, int32_t id, uint32_t error_code, void* self) {
  Http2Channel& channel = of(self);
  Call* call = channel.find(id);
  if (call == nullptr) return 0;
  if (error_code == NGHTTP2_REFUSED_STREAM && !call->pending->tried_before) {
    auto pending = std::move(call->pending);
    channel.calls_.erase(id);
    pending->tried_before = true;
    channel.settings_.try_again(std::move(pending));
    return 0;
  }
  channel.finish(id, channel.answer_of(*call, error_code));
  return 0;
}

GrpcAnswer Http2Channel::answer_of(Call& call, uint32_t error_code) const {
  const auto failed = [](GrpcCode code, std::string why) {
    return GrpcAnswer{.code = code, .error = std::move(why), .message = {}, .status_details = {}};
  };
  if (call.failure) return failed(call.failure->code, std::move(call.failure->why));
  if (!call.status) {
    if (call.http_status != 0 && call.http_status != 200)
      return failed(grpc_code_of_http(call.http_status),
                    fmt::format("the server answered with HTTP status {}", call.http_status));
    return failed(GrpcCode::unavailable,
                  fmt::format("the stream ended without a status ({})", nghttp2_http2_strerror(error_code)));
  }
  GrpcAnswer answer{.code = *call.status >= 0 && *call.status <= 16 ? static_cast<GrpcCode>(*call.status)
                                                                    : GrpcCode::unknown,
                    .error = std::move(call.error),
                    .message = {},
                    .status_details = std::move(call.status_details)};
  if (answer.code != GrpcCode::ok) return answer;
  GrpcMessage decoded = decode_grpc_message(std::move(call.data), call.encoding, settings_.answer_bytes);
  if (decoded.failure) return failed(decoded.failure->code, std::move(decoded.failure->why));
  answer.message = std::move(decoded.message);
  return answer;
}

void Http2Channel::finish(int32_t id, GrpcAnswer answer) {
  const auto it = calls_.find(id);
  if (it == calls_.end()) return;
  const std::unique_ptr<PendingCall> pending = std::move(it->second.pending);
  calls_.erase(it);
  pending->done(std::move(answer));
}

Nanoseconds Http2Channel::check_time(Nanoseconds now) {
  std::vector<int32_t> late;
  Nanoseconds next{INT64_MAX};
  for (const auto& [id, call] : calls_) {
    if (now >= call.pending->until)
      late.push_back(id);
    else
      next = std::min(next, call.pending->until);
  }
  if (settings_.keep_alive.time.count > 0 && !calls_.empty()) next = std::min(next, keep_alive(now));
  for (const int32_t id : late) {
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
    finish(id, {.code = GrpcCode::deadline_exceeded,
                .error = "no answer within the call's time",
                .message = {},
                .status_details = {}});
  }
  if (!late.empty()) attend();
  return next;
}

// Asks a server that has been silent for long whether it is still there. Returns when to look again.
Nanoseconds Http2Channel::keep_alive(Nanoseconds now) {
  if (last_heard_.count == 0) last_heard_ = now;
  if (pinged_at_ < last_heard_) {
    const Nanoseconds due{last_heard_.count + settings_.keep_alive.time.count};
    if (now < due) return due;
    nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
    pinged_at_ = now;
    attend();
  }
  const Nanoseconds due{pinged_at_.count + settings_.keep_alive.timeout.count};
  if (now < due) return due;
  // Later, since calls are being gone through.
  loop_->post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->close(GrpcCode::unavailable, "the server does not answer pings");
  });
  return now;
}

void Http2Channel::on_ready(uint32_t epoll_events) {
  if (!socket_.is_open()) return;
  if ((epoll_events & EPOLLOUT) != 0) write_blocked_ = false;
  read_some();
  if (socket_.is_open()) write_some();
}

void Http2Channel::read_some() {
  std::vector<char>& scratch = loop_->scratch();
  while (socket_.is_open()) {
    const Transfer got = transport_->read({}, scratch);
    if (got.kind == Transfer::Kind::would_block) return;
    if (got.kind == Transfer::Kind::finished)
      return close(GrpcCode::unavailable, "the server closed the connection");
    if (got.kind == Transfer::Kind::failed) {
      const std::string why = transport_->failure();
      return close(GrpcCode::unavailable, why.empty() ? "the connection broke" : why);
    }
    last_heard_ = loop_->now();
    busy_ = true;
    const ssize_t taken =
        nghttp2_session_mem_recv(session_, reinterpret_cast<const uint8_t*>(scratch.data()), got.bytes);
    busy_ = false;
    if (taken < 0) return close(GrpcCode::unavailable, "the server does not speak HTTP/2");
    if (transport_->short_read_is_last() && got.bytes < scratch.size()) return;
  }
}

void Http2Channel::write_some() {
  std::array<iovec, 32> places;
  while (socket_.is_open() && !write_blocked_) {
    while (output_.size() < kOutputAhead) {
      busy_ = true;
      const uint8_t* data = nullptr;
      const ssize_t size = nghttp2_session_mem_send(session_, &data);
      busy_ = false;
      if (size <= 0) break;
      output_.append(std::string_view(reinterpret_cast<const char*>(data), static_cast<size_t>(size)));
    }
    if (output_.empty()) break;
    const Transfer sent = transport_->write({places.data(), output_.peek(places)});
    if (sent.kind == Transfer::Kind::would_block)
      write_blocked_ = true;
    else if (sent.kind == Transfer::Kind::done)
      output_.consume(sent.bytes);
    else
      return close(GrpcCode::unavailable, "the connection broke");
  }
  if (!socket_.is_open()) return;
  if (nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0 &&
      output_.empty())
    return close(GrpcCode::unavailable, "the server closed the connection");
  const uint32_t wanted = EPOLLIN | (write_blocked_ || transport_->read_waits_for_write() ? EPOLLOUT : 0u);
  if (wanted != interest_) loop_->change(socket_.number(), interest_ = wanted, this);
}

void Http2Channel::attend() {
  if (attending_) return;
  attending_ = true;
  loop_->post([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->attending_ = false;
    if (self->socket_.is_open()) self->write_some();
  });
}

void Http2Channel::close(GrpcCode code, const std::string& why) {
  if (!socket_.is_open()) return;
  loop_->forget(socket_.number());
  transport_->say_goodbye();
  socket_.close();
  loop_->keep_until_end_of_turn(shared_from_this());
  std::vector<int32_t> open;
  for (const auto& [id, call] : calls_) open.push_back(id);
  for (const int32_t id : open) finish(id, {.code = code, .error = why, .message = {}, .status_details = {}});
}

}  // namespace

Result<std::shared_ptr<GrpcChannel>> GrpcChannel::open(std::shared_ptr<EventLoop> loop, FileDescriptor socket,
                                                       std::unique_ptr<Transport> transport,
                                                       Settings settings) {
  auto channel = std::make_shared<Http2Channel>(std::move(loop), std::move(socket), std::move(transport),
                                                std::move(settings));
  CLEW_TRY(channel->start());
  return std::shared_ptr<GrpcChannel>(std::move(channel));
}

}  // namespace clew::net
