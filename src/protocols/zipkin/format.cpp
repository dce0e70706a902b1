#include "protocols/zipkin/format.h"

namespace clew::zipkin {
namespace {

constexpr char kThriftStruct = 12;

bool has(std::string_view body, std::string_view text) {
  return body.find(text) != std::string_view::npos;
}

}  // namespace

std::string_view name_of(Format format) {
  switch (format) {
    case Format::json_v2:
      return "JSON_V2";
    case Format::proto:
      return "PROTO3";
    case Format::json_v1:
      return "JSON_V1";
    case Format::thrift:
      return "THRIFT";
  }
  return "";
}

Format promised_format(bool is_v1, std::string_view content_type) {
  if (is_v1) return content_type.starts_with("application/x-thrift") ? Format::thrift : Format::json_v1;
  const bool is_proto =
      content_type.starts_with("application/x-protobuf") || content_type.starts_with("application/protobuf");
  return is_proto ? Format::proto : Format::json_v2;
}

std::optional<Format> detect_format(std::string_view body, Format promised) {
  const size_t text = body.find_first_not_of("\r\n\t ");
  const bool may_be_json = text != std::string_view::npos && (body[text] == '[' || body[text] == '{');
  // A line feed before JSON and the first field of protobuf are the same byte, so the promise decides.
  const bool may_be_proto = body.size() > 1 && body[0] == '\x0a' && body[1] != 0;
  if (may_be_proto && (promised == Format::proto || !may_be_json)) return Format::proto;
  if (body.starts_with(kThriftStruct)) return Format::thrift;
  if (!may_be_json) return std::nullopt;
  if (has(body, "yAnnotations\"")) return Format::json_v1;
  if (promised == Format::json_v1 && !has(body, "Endpoint\"") && !has(body, "\"tags\"")) return promised;
  return Format::json_v2;
}

}  // namespace clew::zipkin
