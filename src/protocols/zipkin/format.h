// The formats in which Zipkin takes lists of spans, and how to tell which one a body is in.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace clew::zipkin {

enum class Format : uint8_t { json_v2, proto, json_v1, thrift };

// "JSON_V2": as Zipkin calls it in its answers.
std::string_view name_of(Format format);

// What the path and the content type promise.
Format promised_format(bool is_v1, std::string_view content_type);

// By the first bytes, and for JSON by the members that only one version has; where these leave it open, as
// promised. Nothing when it is no list at all.
std::optional<Format> detect_format(std::string_view body, Format promised);

}  // namespace clew::zipkin
