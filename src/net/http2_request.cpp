#include "net/http2_request.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/counters.h"
#include "net/request_body.h"

namespace clew::net {
namespace {

constexpr size_t kFieldOverhead = 32;  // as RFC 9113 counts the size of a header list
constexpr size_t kMostFields = 256;
constexpr size_t kReservedAtOnce = 1 << 20;

Http2Refusal as_http(int status, std::string why, Counter counted) {
  return {status, std::move(why), info_of(counted).advice};
}
Http2Refusal as_grpc(GrpcCode code, std::string why, Counter counted) {
  const int status = code == GrpcCode::unavailable ? 503 : code == GrpcCode::resource_exhausted ? 413 : 400;
  return {status, std::move(why), info_of(counted).advice, code};
}

}  // namespace

void Http2Request::add_header(std::string_view name, std::string_view value) {
  header_bytes_ += name.size() + value.size() + kFieldOverhead;
  if (header_bytes_ > limits_.header_bytes || request_.headers.size() >= kMostFields)
    header_too_large_ = true;
  // Trailer fields are counted, but mean nothing here.
  if (header_too_large_ || head_complete_) return;
  if (name == ":method") {
    request_.method = value;
  } else if (name == ":path") {
    request_.path = value;  // taken apart when the request is complete
  } else if (name == ":authority") {
    request_.headers.emplace_back("host", value);
  } else if (!name.starts_with(':')) {
    if (name == "host" && request_.header("host")) return;
    if (name == "content-type" && is_grpc_content_type(value)) is_grpc_ = true;
    if (name == "content-length") {
      uint64_t length = 0;
      std::from_chars(value.data(), value.data() + value.size(), length);
      content_length_ = length;
    }
    request_.headers.emplace_back(name, value);
  }
}

Http2Refusal Http2Request::refuse_size(size_t size) const {
  count(Counter::body_too_large);
  if (!is_grpc_)
    return as_http(413, fmt::format("request body over the limit of {} bytes", limits_.body_bytes),
                   Counter::body_too_large);
  return as_grpc(GrpcCode::resource_exhausted,
                 fmt::format("received message larger than max ({} vs. {})", size, limits_.body_bytes),
                 Counter::body_too_large);
}

Http2Refusal Http2Request::refuse_for_now() const {
  count(Counter::bodies_in_flight_exceeded);
  const std::string why = "too many request bodies at once: try again";
  return is_grpc_ ? as_grpc(GrpcCode::unavailable, why, Counter::bodies_in_flight_exceeded)
                  : as_http(503, why, Counter::bodies_in_flight_exceeded);
}

std::optional<Nanoseconds> Http2Request::timeout() const {
  const auto text = request_.header("grpc-timeout");
  return text ? parse_grpc_timeout(*text) : std::nullopt;
}

std::optional<Http2Refusal> Http2Request::finish_head() {
  head_complete_ = true;
  if (header_too_large_) {
    count(Counter::header_too_large);
    return as_http(431, fmt::format("request header over the limit of {} bytes", limits_.header_bytes),
                   Counter::header_too_large);
  }
  // The data of a gRPC call is five bytes longer than its message.
  const size_t most = limits_.body_bytes + (is_grpc_ ? kGrpcPrefix : 0);
  if (content_length_.value_or(0) > most) return refuse_size(*content_length_);
  if (content_length_)
    body_.reserve(static_cast<size_t>(std::min<uint64_t>(*content_length_, kReservedAtOnce)));
  if (!is_grpc_) return std::nullopt;
  if (request_.method != "POST") return as_http(405, "gRPC calls are POST requests", Counter::http_malformed);
  const auto timeout_text = request_.header("grpc-timeout");
  if (timeout_text && !timeout())
    return as_grpc(GrpcCode::internal, fmt::format("not a grpc-timeout: \"{}\"", timeout_text->substr(0, 20)),
                   Counter::http_malformed);
  return std::nullopt;
}

std::optional<Http2Refusal> Http2Request::add_data(std::string_view data) {
  if (!is_grpc_ && data.size() > limits_.body_bytes - std::min(body_.size(), limits_.body_bytes))
    return refuse_size(body_.size() + data.size());
  if (!share_.grow_to(body_.size() + data.size())) return refuse_for_now();
  const bool had_prefix = body_.size() >= kGrpcPrefix;
  body_.append(data);
  if (!is_grpc_) return std::nullopt;
  if (auto failure = check_grpc_prefix(body_, limits_.body_bytes)) {
    const Counter counter =
        failure->code == GrpcCode::resource_exhausted ? Counter::body_too_large : Counter::http_malformed;
    count(counter);
    return as_grpc(failure->code, std::move(failure->why), counter);
  }
  if (!had_prefix && body_.size() >= kGrpcPrefix)
    body_.reserve(std::min(kGrpcPrefix + grpc_message_length(body_), kReservedAtOnce));
  return std::nullopt;
}

Http2Request::Complete Http2Request::take() {
  return is_grpc_ ? take_grpc() : take_http();
}

Http2Request::Complete Http2Request::take_http() {
  auto target = parse_target(request_.path);
  if (!target.ok()) {
    count(Counter::http_malformed);
    return {as_http(400, std::string(target.status().message()), Counter::http_malformed), {}, {}};
  }
  Request request = std::move(request_);
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  request.body_bytes_on_wire = body_.size();
  request.http_version = 20;
  auto body = undo_content_encoding(request.headers, std::move(body_), limits_.body_bytes);
  // What follows here still asks for the method: HEAD has no body.
  request_.method = request.method;
  if (!body.ok()) {
    const Status failure = body.status();
    const bool unknown = failure.kind() == ErrorKind::unsupported;
    request_ = std::move(request);  // whoever tells of it asks for the path and the agent
    return {Http2Refusal{unknown ? 415 : http_status_of(failure.kind()), std::string(failure.message()),
                         remedy_for_body(failure.kind())},
            {},
            {}};
  }
  if (!share_.grow_to(body->size())) return {refuse_for_now(), {}, {}};
  request.body = SharedBytes(std::move(*body));
  return {std::nullopt, std::move(request), {}};
}

Http2Request::Complete Http2Request::take_grpc() {
  const std::string encoding(request_.header("grpc-encoding").value_or(""));
  GrpcMessage decoded = decode_grpc_message(std::move(body_), encoding, limits_.body_bytes);
  if (decoded.failure) {
    const GrpcCode code = decoded.failure->code;
    const Counter counter = code == GrpcCode::unimplemented        ? Counter::unsupported_encoding
                            : code == GrpcCode::resource_exhausted ? Counter::decompression_bomb
                                                                   : Counter::decompression_failed;
    if (code == GrpcCode::unimplemented) count(counter);
    return {as_grpc(code, std::move(decoded.failure->why), counter), {}, {}};
  }
  if (!share_.grow_to(decoded.message.size())) return {refuse_for_now(), {}, {}};
  GrpcRequest call;
  call.method = std::move(request_.path);
  call.metadata = std::move(request_.headers);
  call.message = std::move(decoded.message);
  return {std::nullopt, {}, std::move(call)};
}

}  // namespace clew::net
