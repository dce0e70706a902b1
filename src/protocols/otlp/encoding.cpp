#include "protocols/otlp/encoding.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"

namespace clew::otlp {
namespace {

std::string media_type_of(std::string_view content_type) {
  return lower_case(trimmed(content_type.substr(0, content_type.find(';')), " \t"));
}

std::optional<Encoding> declared_encoding(std::optional<std::string_view> content_type) {
  if (!content_type) return std::nullopt;
  const std::string type = media_type_of(*content_type);
  if (type == "application/json") return Encoding::json;
  if (type == "application/x-protobuf" || type == "application/protobuf") return Encoding::protobuf;
  return std::nullopt;
}

bool is_json_object(std::string_view body) {
  const size_t from = body.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos || body[from] != '{') return false;
  return body[body.find_last_not_of(" \t\r\n")] == '}';
}

// Every request that holds anything begins with its field 1, a message.
bool begins_like_protobuf(std::string_view body) {
  return body.starts_with('\x0a');
}

}  // namespace

std::optional<EncodingChoice> choose_encoding(std::optional<std::string_view> content_type,
                                              std::string_view body) {
  const std::optional<Encoding> declared = declared_encoding(content_type);
  if (body.empty()) {
    if (declared) return EncodingChoice{*declared, true};
    return content_type ? std::nullopt : std::optional(EncodingChoice{Encoding::protobuf, true});
  }
  // '{' begins no OTLP protobuf, while a line feed may begin either.
  if (declared == Encoding::protobuf) {
    if (body.front() == '{') return EncodingChoice{Encoding::json, false};
    return EncodingChoice{Encoding::protobuf, true};
  }
  const bool json = is_json_object(body);
  if (declared == Encoding::json) {
    if (!json && begins_like_protobuf(body)) return EncodingChoice{Encoding::protobuf, false};
    return EncodingChoice{Encoding::json, true};
  }
  if (json) return EncodingChoice{Encoding::json, false};
  if (begins_like_protobuf(body)) return EncodingChoice{Encoding::protobuf, false};
  return std::nullopt;
}

}  // namespace clew::otlp
