#include "protocols/clew/pointed_error.h"

#include <string>

namespace clew::api {

PointedError point_out(const Status& status, std::string_view text, size_t added) {
  // "sentence\n  the line\n     ^"
  constexpr size_t kIndent = 2;
  const std::string_view message = status.message();
  const size_t line_begin = message.find('\n');
  const size_t caret_begin = message.rfind('\n');
  const bool points =
      line_begin != std::string_view::npos && caret_begin > line_begin && message.ends_with('^');
  if (!points) return {status, std::nullopt};
  PointedError error{Status(status.kind(), std::string(message.substr(0, line_begin))), std::nullopt};

  const std::string_view line =
      message.substr(line_begin + 1 + kIndent, caret_begin - line_begin - 1 - kIndent);
  const size_t caret = message.size() - 1 - (caret_begin + 1);
  const size_t begin = text.find(line);
  if (begin == std::string_view::npos || caret < kIndent) return error;
  const size_t position = begin + caret - kIndent;
  error.position = position < added ? 0 : position - added;
  return error;
}

}  // namespace clew::api
