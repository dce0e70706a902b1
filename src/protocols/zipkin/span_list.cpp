#include "protocols/zipkin/span_list.h"

#include <fmt/format.h>

#include "base/counters.h"
#include "protocols/zipkin/json_reader.h"
#include "protocols/zipkin/proto_reader.h"
#include "protocols/zipkin/thrift_reader.h"

namespace clew::zipkin {
namespace {

Status read(std::string_view list, Format format, OtlpTranslation& translation) {
  V1Converter converter(translation);
  switch (format) {
    case Format::json_v2:
      return read_json_v2(list, translation);
    case Format::proto:
      return read_proto(list, translation);
    case Format::json_v1:
      return read_json_v1(list, converter);
    case Format::thrift:
      return read_thrift(list, converter);
  }
  return {};
}

std::string_view encoding_of(Format format) {
  switch (format) {
    case Format::proto:
      return "proto3";
    case Format::thrift:
      return "TBinary";
    default:
      return "json";
  }
}

}  // namespace

Result<std::string> spans_to_otlp(std::string_view list, Format format, const TranslationOptions& options) {
  OtlpTranslation translation(options);
  if (const Status read_all = read(list, format, translation); !read_all.ok()) {
    count(Counter::zipkin_malformed);
    return {read_all.kind(),
            fmt::format("{} reading List<Span> from {}", read_all.message(), encoding_of(format))};
  }
  return translation.take_request();
}

}  // namespace clew::zipkin
