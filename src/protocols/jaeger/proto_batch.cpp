#include "protocols/jaeger/proto_batch.h"

#include <algorithm>

#include <fmt/format.h>

#include "protocols/jaeger/span_to_otlp.h"
#include "telemetry/protobuf_reader.h"

namespace clew::jaeger {
namespace {

// Field numbers of collector.proto and model.proto.
namespace post_spans {
enum : uint32_t { batch = 1 };
}
namespace batch_field {
enum : uint32_t { spans = 1, process = 2 };
}
namespace process_field {
enum : uint32_t { service_name = 1, tags = 2 };
}
namespace span_field {
enum : uint32_t {
  trace_id = 1,
  id = 2,
  name = 3,
  references = 4,
  start = 6,
  duration = 7,
  tags = 8,
  logs = 9,
  process = 10
};
}
namespace reference_field {
enum : uint32_t { trace_id = 1, span_id = 2, type = 3 };
}
namespace log_field {
enum : uint32_t { time = 1, fields = 2 };
}
namespace tag_field {
enum : uint32_t { key = 1, type = 2, text = 3, boolean = 4, integer = 5, floating = 6, bytes = 7 };
}
namespace time_field {  // Timestamp and Duration
enum : uint32_t { seconds = 1, nanoseconds = 2 };
}
constexpr uint64_t kFollowsFrom = 1;

std::string_view view_of(ProtobufReader& reader) {
  const protozero::data_view data = reader.get_view();
  return {data.data(), data.size()};
}

template <typename Id>
bool read_id(std::string_view bytes, Id& id) {
  if (bytes.size() > id.bytes.size()) return false;
  std::copy(bytes.begin(), bytes.end(), id.bytes.end() - static_cast<ptrdiff_t>(bytes.size()));
  return true;
}

// By the numbers of model.proto, which are not those of jaeger.thrift.
TagType tag_type(uint64_t number) {
  switch (number) {
    case 1:
      return TagType::boolean;
    case 2:
      return TagType::integer;
    case 3:
      return TagType::floating;
    case 4:
      return TagType::bytes;
    default:
      return TagType::text;
  }
}

// Nothing before 1970, nothing beyond what 64 bits hold.
uint64_t read_time(ProtobufReader fields) {
  constexpr int64_t kMostSeconds = INT64_MAX / 1'000'000'000 - 1;
  int64_t seconds = 0, nanoseconds = 0;
  while (fields.next()) {
    if (fields.tag() == time_field::seconds)
      seconds = fields.get_int64();
    else if (fields.tag() == time_field::nanoseconds)
      nanoseconds = fields.get_int64();
    else
      fields.skip();
  }
  return static_cast<uint64_t>(std::clamp<int64_t>(seconds, 0, kMostSeconds) * 1'000'000'000 +
                               std::clamp<int64_t>(nanoseconds, 0, 999'999'999));
}

Tag read_tag(ProtobufReader fields) {
  Tag tag;
  std::string_view bytes;
  while (fields.next()) {
    switch (fields.tag()) {
      case tag_field::key:
        tag.key = view_of(fields);
        break;
      case tag_field::type:
        tag.type = tag_type(fields.get_uint64());
        break;
      case tag_field::text:
        tag.text = view_of(fields);
        break;
      case tag_field::bytes:
        bytes = view_of(fields);
        break;
      case tag_field::boolean:
        tag.boolean = fields.get_bool();
        break;
      case tag_field::integer:
        tag.integer = fields.get_int64();
        break;
      case tag_field::floating:
        tag.floating = fields.get_double();
        break;
      default:
        fields.skip();
    }
  }
  if (tag.type == TagType::bytes) tag.text = bytes;
  return tag;
}

Process read_process(ProtobufReader fields) {
  Process process;
  while (fields.next()) {
    if (fields.tag() == process_field::service_name)
      process.service_name = view_of(fields);
    else if (fields.tag() == process_field::tags)
      process.tags.push_back(read_tag(fields.get_message()));
    else
      fields.skip();
  }
  return process;
}

class BatchReader {
 public:
  // Of a batch, the process comes behind the spans; a span may have one of its own, when a collector has put
  // spans of several together.
  Status read(std::string_view bytes) {
    std::string_view process_of_batch;
    for (ProtobufReader fields(bytes.data(), bytes.size()); fields.next();) {
      if (fields.tag() == batch_field::process)
        process_of_batch = view_of(fields);
      else
        fields.skip();
    }
    set_process(process_of_batch);
    size_t index = 0;
    for (ProtobufReader fields(bytes.data(), bytes.size()); fields.next();) {
      if (fields.tag() != batch_field::spans) {
        fields.skip();
        continue;
      }
      std::string_view own_process;
      if (!read_span(fields.get_message(), own_process))
        return {ErrorKind::bad_input, fmt::format("span {} has ids of a wrong length", index)};
      set_process(own_process.empty() ? process_of_batch : own_process);
      translation_.take(span_);
      ++index;
    }
    return {};
  }

  std::string take_request() { return translation_.take_request(); }

 private:
  void set_process(std::string_view process) {
    if (has_process_ && process == process_) return;
    has_process_ = true;
    process_ = process;
    translation_.set_process(read_process(ProtobufReader(process.data(), process.size())));
  }

  bool read_span(ProtobufReader fields, std::string_view& process) {
    span_.clear();
    bool good = true;
    while (fields.next()) {
      switch (fields.tag()) {
        case span_field::trace_id:
          good = read_id(view_of(fields), span_.trace_id) && good;
          break;
        case span_field::id:
          good = read_id(view_of(fields), span_.id) && good;
          break;
        case span_field::name:
          span_.name = view_of(fields);
          break;
        case span_field::references:
          good = read_reference(fields.get_message()) && good;
          break;
        case span_field::start:
          span_.start = read_time(fields.get_message());
          break;
        case span_field::duration:
          span_.duration = read_time(fields.get_message());
          break;
        case span_field::tags:
          span_.tags.push_back(read_tag(fields.get_message()));
          break;
        case span_field::logs:
          read_log(fields.get_message());
          break;
        case span_field::process:
          process = view_of(fields);
          break;
        default:
          fields.skip();
      }
    }
    return good;
  }

  bool read_reference(ProtobufReader fields) {
    Reference one;
    bool good = true;
    while (fields.next()) {
      switch (fields.tag()) {
        case reference_field::trace_id:
          good = read_id(view_of(fields), one.trace_id) && good;
          break;
        case reference_field::span_id:
          good = read_id(view_of(fields), one.span_id) && good;
          break;
        case reference_field::type:
          one.follows_from = fields.get_uint64() == kFollowsFrom;
          break;
        default:
          fields.skip();
      }
    }
    span_.references.push_back(one);
    return good;
  }

  void read_log(ProtobufReader fields) {
    Log log;
    while (fields.next()) {
      if (fields.tag() == log_field::time)
        log.time = read_time(fields.get_message());
      else if (fields.tag() == log_field::fields)
        span_.log_fields.push_back(read_tag(fields.get_message()));
      else
        fields.skip();
    }
    log.fields_end = span_.log_fields.size();
    span_.logs.push_back(log);
  }

  OtlpTranslation translation_;
  Span span_;
  std::string_view process_;  // that was set last
  bool has_process_ = false;
};

}  // namespace

Result<std::string> read_post_spans(std::string_view request) {
  try {
    BatchReader reader;
    for (ProtobufReader fields(request.data(), request.size()); fields.next();) {
      if (fields.tag() == post_spans::batch)
        CLEW_TRY(reader.read(view_of(fields)));
      else
        fields.skip();
    }
    return reader.take_request();
  } catch (const protozero::exception& error) {
    return {ErrorKind::bad_input, fmt::format("invalid protobuf ({})", error.what())};
  }
}

}  // namespace clew::jaeger
