// The attributes by which errors are told, beside those of OpenTelemetry (exception.type, exception.message,
// exception.stacktrace).
#pragma once

#include <string_view>

namespace clew::control::errors::attributes {

// Written by clew on every row that is an occurrence.
inline constexpr std::string_view kGroup = "error.group";    // 32 hex digits, see fingerprint.h
inline constexpr std::string_view kId = "error.occurrence";  // decimal digits, as a string
// Written where a source map led frames back to their sources (mapped_frame.h); JSON like kFrames.
inline constexpr std::string_view kMappedFrames = "error.frames";

// Read by clew; any sender may set them.
inline constexpr std::string_view kFingerprint = "error.fingerprint";  // groups as the sender wants it
inline constexpr std::string_view kTitle = "error.title";
inline constexpr std::string_view kUuid = "error.uuid";
inline constexpr std::string_view kContext = "error.context";      // route, controller
inline constexpr std::string_view kPlatform = "error.platform";    // browser, linux, …
inline constexpr std::string_view kFramework = "error.framework";  // django, node-js, …
// JSON: frames with all that is known of them, the innermost first (frames.h).
inline constexpr std::string_view kFrames = "exception.frames";

inline constexpr std::string_view kType = "exception.type";
inline constexpr std::string_view kMessage = "exception.message";
inline constexpr std::string_view kStack = "exception.stacktrace";

}  // namespace clew::control::errors::attributes
