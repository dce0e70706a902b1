#include "protocols/xray/datagram.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/json_value.h"

namespace clew::xray {
namespace {

constexpr size_t kLongestHeader = 1024;
// What nearly all of them send; comparing is quicker than parsing.
constexpr std::string_view kUsual = R"({"format":"json","version":1})";

bool is_header(std::string_view text) {
  if (text == kUsual) return true;
  if (text.size() > kLongestHeader) return false;
  const Result<JsonValue> header = parse_json(text, 4);
  if (!header.ok()) return false;
  const JsonValue* format = header->find("format");
  const JsonValue* version = header->find("version");
  if (format == nullptr || format->string() == nullptr || version == nullptr || version->number() != 1.0)
    return false;
  return equal_ignoring_case(*format->string(), "json");
}

}  // namespace

Result<std::string_view> document_in_datagram(std::string_view datagram) {
  constexpr size_t kShown = 100;
  const size_t end = datagram.find('\n');
  if (end == std::string_view::npos || datagram.find_first_not_of(" \t\r\n", end) == std::string_view::npos)
    return Status(ErrorKind::bad_input,
                  fmt::format("Missing header or segment: {}", datagram.substr(0, kShown)));
  if (!is_header(datagram.substr(0, end)))
    return Status(ErrorKind::bad_input,
                  fmt::format("Invalid header: {}", datagram.substr(0, std::min(end, kShown))));
  return datagram.substr(end + 1);
}

}  // namespace clew::xray
