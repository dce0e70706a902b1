#include "net/multipart_form.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace clew::net {
namespace {

constexpr size_t kLongestBoundary = 200;  // RFC 2046 has 70
constexpr size_t kLongestHead = 16 << 10;

Status wrong(std::string what) {
  return {ErrorKind::bad_input, "multipart/form-data: " + std::move(what)};
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool begins_with(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i)
    if (lower(text[i]) != word[i]) return false;
  return true;
}

// `name` of `form-data; name="source_map"; filename="app.js.map"`.
std::optional<std::string> parameter(std::string_view text, std::string_view name) {
  while (true) {
    const size_t semicolon = text.find(';');
    if (semicolon == std::string_view::npos) return std::nullopt;
    text.remove_prefix(semicolon + 1);
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    const bool is_it = begins_with(text, name) && text.size() > name.size() && text[name.size()] == '=';
    const size_t equals = text.find_first_of("=;");
    if (equals == std::string_view::npos || text[equals] == ';') continue;
    text.remove_prefix(equals + 1);
    std::string value;
    if (text.starts_with('"')) {
      size_t at = 1;
      for (; at < text.size() && text[at] != '"'; ++at) {
        // Quotes are escaped; of Windows' paths the backslashes are not.
        if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '"') ++at;
        value += text[at];
      }
      text.remove_prefix(std::min(at + 1, text.size()));
    } else {
      value = text.substr(0, text.find_first_of("; \t"));
    }
    if (is_it) return value;
  }
}

}  // namespace

bool is_multipart_form(std::string_view content_type) {
  return begins_with(content_type, "multipart/form-data");
}

Result<std::vector<FormPart>> parse_multipart_form(std::string_view content_type, std::string_view body) {
  const std::optional<std::string> boundary = parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > kLongestBoundary)
    return wrong("the content type names no boundary");
  const std::string delimiter = "--" + *boundary;
  const size_t begin = body.starts_with(delimiter) ? 0 : body.find("\r\n" + delimiter);
  if (begin == std::string_view::npos) return wrong("the boundary is nowhere in the body");
  body.remove_prefix(begin == 0 ? delimiter.size() : begin + 2 + delimiter.size());
  std::vector<FormPart> parts;
  const std::string end_of_part = "\r\n" + delimiter;
  while (!body.starts_with("--")) {
    if (parts.size() == kMostFormParts)
      return Status(ErrorKind::too_large, fmt::format("the form has more than {} parts", kMostFormParts));
    if (!body.starts_with("\r\n"))
      return wrong(fmt::format("part {} does not begin with a line", parts.size()));
    const size_t head_end = body.substr(0, kLongestHead).find("\r\n\r\n");
    if (head_end == std::string_view::npos) return wrong(fmt::format("part {} has no head", parts.size()));
    std::string_view head = body.substr(0, head_end);
    body.remove_prefix(head_end + 4);
    FormPart part;
    while (head.starts_with("\r\n")) {
      head.remove_prefix(2);
      const std::string_view line = head.substr(0, head.find("\r\n"));
      if (begins_with(line, "content-disposition:")) {
        part.name = parameter(line, "name").value_or("");
        part.filename = parameter(line, "filename").value_or("");
      }
      head.remove_prefix(line.size());
    }
    const size_t end = body.find(end_of_part);
    if (end == std::string_view::npos) return wrong(fmt::format("part {} has no end", parts.size()));
    part.body = body.substr(0, end);
    body.remove_prefix(end + end_of_part.size());
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace clew::net
