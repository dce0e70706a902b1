// The two encodings of OTLP over HTTP, and how to tell which one a request is in.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace clew::otlp {

enum class Encoding : uint8_t { protobuf, json };

constexpr std::string_view content_type_of(Encoding encoding) {
  return encoding == Encoding::json ? "application/json" : "application/x-protobuf";
}

struct EncodingChoice {
  Encoding encoding;
  bool as_declared;  // false: the content type says otherwise, but the body leaves no doubt
};

// By the content type (its parameters do not matter) and the first bytes of the body: the body wins when it
// is plainly in the other encoding, or when the content type is of neither. Nothing when the body tells
// nothing either.
std::optional<EncodingChoice> choose_encoding(std::optional<std::string_view> content_type,
                                              std::string_view body);

}  // namespace clew::otlp
