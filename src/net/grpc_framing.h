// How gRPC writes its messages, times and errors into HTTP/2: length-prefixed messages, grpc-timeout,
// grpc-message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/shared_bytes.h"
#include "base/time.h"
#include "net/http.h"

namespace clew::net {

inline constexpr size_t kGrpcPrefix = 5;  // a flag byte and four of length, big-endian
inline constexpr std::string_view kGrpcEncodings = "identity,gzip,deflate,zstd";

// A call that failed before it reached a handler, or a message that does not decode.
struct GrpcFailure {
  GrpcCode code = GrpcCode::internal;
  std::string why;
};

// Whether a content-type means gRPC (not gRPC-Web, which is framed otherwise).
bool is_grpc_content_type(std::string_view content_type);

// What a prefix says about the message behind it; only of kGrpcPrefix bytes or more.
size_t grpc_message_length(std::string_view data);

// Why a message cannot be taken, as soon as its prefix says so: called with whatever has come of a call's
// data.
std::optional<GrpcFailure> check_grpc_prefix(std::string_view data, size_t message_limit);

// The one message of a unary call or answer, decompressed. Takes the data over; an uncompressed message is a
// view of it.
struct GrpcMessage {
  SharedBytes message;
  std::optional<GrpcFailure> failure;
};
GrpcMessage decode_grpc_message(std::string data, std::string_view encoding, size_t message_limit);
std::string encode_grpc_prefix(size_t message_bytes, bool compressed);
// Prefix and message.
std::string encode_grpc_message(std::string_view message, bool compressed = false);

// "20S", "500m", "1H"; nothing when it is not valid.
std::optional<Nanoseconds> parse_grpc_timeout(std::string_view text);
std::string format_grpc_timeout(Nanoseconds timeout);

// grpc-message: percent encoding of everything but printable ASCII, and of '%'.
std::string encode_grpc_text(std::string_view text);
// Never fails: damaged escapes stand for themselves.
std::string decode_grpc_text(std::string_view text);

std::string encode_base64(std::string_view bytes);  // without padding, as gRPC writes binary metadata
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace clew::net
