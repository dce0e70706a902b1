#include "net/http2_answer.h"

#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "net/grpc_framing.h"
#include "net/request_body.h"

namespace clew::net {
namespace {

// What has been taken is kept until it is this much, so that a stream of small pieces does not move its rest
// each time.
constexpr size_t kCompactFrom = 64 << 10;

}  // namespace

void Http2Answer::append(std::string&& bytes) {
  if (offset_ == bytes_.size()) {
    bytes_ = std::move(bytes);
    offset_ = 0;
    return;
  }
  if (offset_ >= kCompactFrom) {
    bytes_.erase(0, offset_);
    offset_ = 0;
  }
  bytes_ += bytes;
}

size_t Http2Answer::take(std::span<char> place) {
  const size_t count = std::min(place.size(), bytes_.size() - offset_);
  std::memcpy(place.data(), bytes_.data() + offset_, count);
  offset_ += count;
  return count;
}

bool http2_answer_has_body(std::string_view method, int status) {
  return method != "HEAD" && status != 204 && status != 304;
}

Headers http2_headers(const Response& response, std::optional<size_t> length, std::string_view date) {
  Headers headers;
  headers.reserve(response.headers.size() + 3);
  headers.emplace_back(":status", std::to_string(response.status));
  for (const auto& [name, value] : response.headers) {
    std::string lower = lower_case(name);
    const bool only_http1 = lower == "connection" || lower == "transfer-encoding" || lower == "keep-alive" ||
                            lower == "upgrade" || lower == "content-length" || lower == "date";
    if (only_http1 || !is_safe_header_value(value)) continue;
    headers.emplace_back(std::move(lower), value);
  }
  if (length && response.status != 204 && response.status != 304)
    headers.emplace_back("content-length", std::to_string(*length));
  headers.emplace_back("date", date);
  return headers;
}

Headers grpc_headers() {
  return {{":status", "200"},
          {"content-type", "application/grpc"},
          {"grpc-accept-encoding", std::string(kGrpcEncodings)}};
}

Headers grpc_trailers(const GrpcResponse& response) {
  Headers trailers{{"grpc-status", std::to_string(static_cast<int>(response.code))}};
  if (!response.error.empty()) trailers.emplace_back("grpc-message", encode_grpc_text(response.error));
  if (!response.status_details.empty())
    trailers.emplace_back("grpc-status-details-bin", encode_base64(response.status_details));
  return trailers;
}

std::vector<nghttp2_nv> http2_fields(const Headers& headers) {
  std::vector<nghttp2_nv> fields;
  fields.reserve(headers.size());
  for (const auto& [name, value] : headers)
    fields.push_back({reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
                      reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(),
                      NGHTTP2_NV_FLAG_NONE});
  return fields;
}

}  // namespace clew::net
