// The text of a stack, as a language's runtime prints it, taken apart: Python, JavaScript, Java (and Kotlin,
// Scala), Go, Ruby, .NET, PHP, Rust, and C++ as gdb, the sanitizers, Boost and std::stacktrace write it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"

namespace clew::control::errors {

enum class Language : uint8_t { unknown, python, javascript, java, go, ruby, dotnet, php, cpp, rust };
std::string_view name_of(Language language);

struct Frame {
  std::string file;  // path or URL; Java has the file's name alone
  std::string method;
  int64_t line = 0;  // 0: unknown
  int64_t column = 0;
  bool in_app = true;  // not a library's, not the runtime's
  std::string code;    // the line itself, where the text has it
  bool operator==(const Frame&) const = default;
};

struct StackText {
  Language language = Language::unknown;
  std::string type;                 // of the exception reported; empty when the text does not say
  std::string message;              // may have several lines
  std::vector<Frame> frames;        // the innermost call first
  std::vector<std::string> causes;  // types of the exceptions it came from, the nearest first
};

constexpr size_t kMostFrames = 500;
constexpr size_t kMostStackBytes = 1 << 20;

// Never fails: a text without frames has none. What is beyond the limits is left out.
StackText parse_stack(std::string_view text);

// "file:12" or "file:12:5". False, and the frame as it was, for anything else.
bool parse_place(std::string_view text, Frame& frame);
// One line, when it is a frame of some language; `language` is told then.
bool parse_frame(std::string_view line, Frame& frame, Language& language);

// Whether a file or method belongs to the application rather than to a library or the runtime.
bool is_in_app(const Frame& frame, Language language);

}  // namespace clew::control::errors
