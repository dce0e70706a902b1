// Event stream: the frames in which AWS sends events over one HTTP answer
// (application/vnd.amazon.eventstream).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clew::cloudwatch_logs {

using FrameHeaders = std::vector<std::pair<std::string_view, std::string_view>>;

// Lengths and checksums in front, headers of texts, the payload, a checksum behind.
std::string event_stream_frame(const FrameHeaders& headers, std::string_view payload);
// With JSON as its payload: "initial-response", "sessionStart", ….
std::string event_frame(std::string_view type, std::string_view json);

}  // namespace clew::cloudwatch_logs
