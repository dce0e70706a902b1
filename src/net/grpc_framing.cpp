#include "net/grpc_framing.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "base/compression.h"
#include "base/counters.h"

namespace clew::net {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

GrpcMessage failed(GrpcCode code, std::string why) {
  return {{}, GrpcFailure{code, std::move(why)}};
}

}  // namespace

size_t grpc_message_length(std::string_view data) {
  size_t length = 0;
  for (size_t i = 1; i < kGrpcPrefix; ++i) length = length << 8 | static_cast<uint8_t>(data[i]);
  return length;
}

bool is_grpc_content_type(std::string_view content_type) {
  constexpr std::string_view kType = "application/grpc";
  if (!content_type.starts_with(kType)) return false;
  content_type.remove_prefix(kType.size());
  return content_type.empty() || content_type.front() == '+' || content_type.front() == ';' ||
         content_type.front() == ' ';
}

std::optional<GrpcFailure> check_grpc_prefix(std::string_view data, size_t message_limit) {
  if (data.empty()) return std::nullopt;
  if (static_cast<uint8_t>(data[0]) > 1)
    return GrpcFailure{GrpcCode::internal, fmt::format("expected a gRPC message prefix (0 or 1), got byte {}",
                                                       static_cast<uint8_t>(data[0]))};
  if (data.size() < kGrpcPrefix) return std::nullopt;
  const size_t length = grpc_message_length(data);
  if (length > message_limit)
    return GrpcFailure{GrpcCode::resource_exhausted,
                       fmt::format("received message larger than max ({} vs. {})", length, message_limit)};
  if (data.size() - kGrpcPrefix > length)
    return GrpcFailure{GrpcCode::internal, "expected one message in a unary call, got more"};
  return std::nullopt;
}

GrpcMessage decode_grpc_message(std::string data, std::string_view encoding, size_t message_limit) {
  if (auto failure = check_grpc_prefix(data, message_limit)) return {{}, std::move(failure)};
  if (data.size() < kGrpcPrefix || grpc_message_length(data) != data.size() - kGrpcPrefix)
    return failed(GrpcCode::internal, data.empty() ? "expected a message in a unary call, got none"
                                                   : "the call ended in the middle of its message");
  const bool compressed = data[0] == 1;
  if (!compressed) {
    const SharedBytes bytes(std::move(data));
    return {bytes.slice(kGrpcPrefix, bytes.size() - kGrpcPrefix), std::nullopt};
  }
  if (encoding.empty() || encoding == "identity")
    return failed(GrpcCode::internal, "the message is marked as compressed, but there is no grpc-encoding");
  const auto compression = compression_named(encoding);
  if (!compression)
    return failed(GrpcCode::unimplemented, fmt::format("grpc-encoding \"{}\" is not offered: {} are",
                                                       encoding.substr(0, 40), kGrpcEncodings));
  auto message = decompress(*compression, std::string_view(data).substr(kGrpcPrefix), message_limit);
  if (message.ok()) return {SharedBytes(std::move(*message)), std::nullopt};
  const Status status = message.status();
  const bool bomb = status.kind() == ErrorKind::too_large;
  count(bomb ? Counter::decompression_bomb : Counter::decompression_failed);
  return failed(bomb ? GrpcCode::resource_exhausted : GrpcCode::internal, std::string(status.message()));
}

std::string encode_grpc_prefix(size_t message_bytes, bool compressed) {
  std::string prefix;
  prefix += static_cast<char>(compressed ? 1 : 0);
  for (int shift = 24; shift >= 0; shift -= 8) prefix += static_cast<char>(message_bytes >> shift & 0xff);
  return prefix;
}

std::string encode_grpc_message(std::string_view message, bool compressed) {
  std::string framed;
  framed.reserve(kGrpcPrefix + message.size());
  framed += encode_grpc_prefix(message.size(), compressed);
  framed += message;
  return framed;
}

std::optional<Nanoseconds> parse_grpc_timeout(std::string_view text) {
  if (text.size() < 2 || text.size() > 9) return std::nullopt;  // at most eight digits and the unit
  int64_t amount = 0;
  const char* const unit = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data(), unit, amount);
  if (error != std::errc() || end != unit || amount < 0) return std::nullopt;
  switch (*unit) {
    case 'H':
      return Nanoseconds{std::min<int64_t>(amount, 1'000'000) * 3'600'000'000'000};
    case 'M':
      return Nanoseconds{amount * 60'000'000'000};
    case 'S':
      return seconds(amount);
    case 'm':
      return milliseconds(amount);
    case 'u':
      return Nanoseconds{amount * 1000};
    case 'n':
      return Nanoseconds{amount};
    default:
      return std::nullopt;
  }
}

std::string format_grpc_timeout(Nanoseconds timeout) {
  const int64_t count = std::max<int64_t>(timeout.count, 1);
  if (count < 100'000'000) return fmt::format("{}n", count);
  if (count / 1000 < 100'000'000) return fmt::format("{}u", count / 1000);
  if (count / 1'000'000 < 100'000'000) return fmt::format("{}m", count / 1'000'000);
  return fmt::format("{}S", std::min<int64_t>(count / 1'000'000'000, 99'999'999));
}

std::string encode_grpc_text(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  for (const char character : text) {
    const auto byte = static_cast<uint8_t>(character);
    if (byte >= 0x20 && byte <= 0x7e && byte != '%')
      encoded += character;
    else
      encoded += fmt::format("%{:02X}", byte);
  }
  return encoded;
}

std::string decode_grpc_text(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && text.size() - i > 2 && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      decoded += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

std::string encode_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  uint32_t bits = 0;
  int held = 0;
  for (const char character : bytes) {
    bits = (bits << 8 | static_cast<uint8_t>(character)) & 0xffffff;
    held += 8;
    for (; held >= 6; held -= 6) text += kBase64[bits >> (held - 6) & 63];
  }
  if (held > 0) text += kBase64[bits << (6 - held) & 63];
  return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string bytes;
  uint32_t bits = 0;
  int held = 0;
  for (const char character : text) {
    const size_t value = kBase64.find(character);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6 | static_cast<uint32_t>(value)) & 0xffffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(bits >> held & 0xff);
  }
  return bytes;
}

}  // namespace clew::net
