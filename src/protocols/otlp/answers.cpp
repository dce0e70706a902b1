#include "protocols/otlp/answers.h"

#include <limits>

#include "telemetry/otlp_fields.h"
#include "telemetry/otlp_json.h"
#include "telemetry/protobuf_writer.h"

namespace clew::otlp {
namespace {

// Senders hold answers in small buffers and write them to their logs.
constexpr size_t kMostMessageBytes = 2000;
constexpr size_t kMostReasonBytes = 120;  // some clients refuse status lines beyond 128 bytes or so
// How long a sender should wait when the store is behind: a sync takes milliseconds, a full queue empties
// within that.
constexpr uint64_t kRetryAfterSeconds = 1;

bool may_be_over_soon(ErrorKind kind) {
  return kind == ErrorKind::exhausted || kind == ErrorKind::unavailable;
}

std::string_view shortened(std::string_view message) {
  if (message.size() <= kMostMessageBytes) return message;
  size_t end = kMostMessageBytes;
  while (end > 0 && (static_cast<uint8_t>(message[end]) & 0xc0) == 0x80) --end;
  return message.substr(0, end);
}

std::string response_message(const pipeline::Outcome& outcome) {
  std::string message;
  if (outcome.rejected == 0 && outcome.rejection.empty()) return message;
  ProtobufWriter writer(message);
  const auto partial = writer.begin_message(response::partial_success);
  if (outcome.rejected > 0) {
    constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
    writer.varint(partial_success::rejected, std::min(outcome.rejected, kMost));
  }
  if (!outcome.rejection.empty()) writer.bytes(partial_success::message, shortened(outcome.rejection));
  writer.end_message(partial);
  return message;
}

std::string status_message(const Status& failure) {
  std::string message;
  ProtobufWriter writer(message);
  writer.int32(rpc_status::code, static_cast<int32_t>(net::grpc_code_of(failure.kind())));
  writer.bytes(rpc_status::message, shortened(failure.message()));
  return message;
}

// google.rpc.RetryInfo within an Any: without it clients take RESOURCE_EXHAUSTED as final.
void append_retry_info(std::string& status) {
  enum : uint32_t { type_url = 1, value = 2, retry_delay = 1, seconds = 1 };
  ProtobufWriter writer(status);
  const auto any = writer.begin_message(rpc_status::details);
  writer.bytes(type_url, "type.googleapis.com/google.rpc.RetryInfo");
  const auto info = writer.begin_message(value);
  const auto delay = writer.begin_message(retry_delay);
  writer.varint(seconds, kRetryAfterSeconds);
  writer.end_message(delay);
  writer.end_message(info);
  writer.end_message(any);
}

std::string encoded(Encoding encoding, const Message& message, std::string protobuf) {
  if (encoding == Encoding::protobuf) return protobuf;
  Result<std::string> json = protobuf_to_json(message, protobuf);
  return json.ok() ? std::move(*json) : "{}";
}

}  // namespace

std::string reason_phrase_of(std::string_view text) {
  std::string reason(text.substr(0, kMostReasonBytes));
  for (char& c : reason) {
    if (c < ' ' || c > '~') c = '?';
  }
  return reason;
}

net::Response http_success(Signal signal, Encoding encoding, const pipeline::Outcome& outcome) {
  return {.status = 200,
          .reason = {},
          .headers = {{"content-type", std::string(content_type_of(encoding))}},
          .body = encoded(encoding, export_response(signal), response_message(outcome))};
}

net::GrpcResponse grpc_success(Signal, const pipeline::Outcome& outcome) {
  return {.code = net::GrpcCode::ok, .error = {}, .message = response_message(outcome), .status_details = {}};
}

net::Response http_failure(Encoding encoding, const Status& failure) {
  net::Response response{.status = net::http_status_of(failure.kind()),
                         .reason = reason_phrase_of(failure.message()),
                         .headers = {{"content-type", std::string(content_type_of(encoding))}},
                         .body = encoded(encoding, messages::rpc_status, status_message(failure))};
  if (may_be_over_soon(failure.kind())) {
    response.headers.emplace_back("retry-after", std::to_string(kRetryAfterSeconds));
  }
  return response;
}

net::GrpcResponse grpc_failure(const Status& failure) {
  net::GrpcResponse response{.code = net::grpc_code_of(failure.kind()),
                             .error = std::string(shortened(failure.message())),
                             .message = {},
                             .status_details = {}};
  if (may_be_over_soon(failure.kind())) {
    response.status_details = status_message(failure);
    append_retry_info(response.status_details);
  }
  return response;
}

}  // namespace clew::otlp
