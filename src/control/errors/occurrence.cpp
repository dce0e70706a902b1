#include "control/errors/occurrence.h"

namespace clew::control::errors {
namespace {

constexpr size_t kLongestTitle = 255;

}  // namespace

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
    case Level::critical:
      return "critical";
  }
  return "error";
}

Level level_named(std::string_view name, Level otherwise) {
  for (const Level level : {Level::debug, Level::info, Level::warning, Level::error, Level::critical})
    if (name == name_of(level)) return level;
  return otherwise;
}

const Frame* culprit_of(const Occurrence& occurrence) {
  for (const Frame& frame : occurrence.frames)
    if (frame.in_app) return &frame;
  return occurrence.frames.empty() ? nullptr : &occurrence.frames.front();
}

std::string title_of(const Occurrence& occurrence) {
  std::string title = occurrence.custom_title;
  if (title.empty()) {
    title = occurrence.type;
    if (!occurrence.message.empty()) title += (title.empty() ? "" : ": ") + occurrence.message;
  }
  if (const size_t end = title.find('\n'); end != std::string::npos) title.erase(end);
  if (title.size() > kLongestTitle) {
    size_t end = kLongestTitle;
    while (end > 0 && (static_cast<unsigned char>(title[end]) & 0xc0) == 0x80) --end;
    title.erase(end);
  }
  return title.empty() ? "(without a message)" : title;
}

}  // namespace clew::control::errors
