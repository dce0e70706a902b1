#include "protocols/jaeger/thrift_batch.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "protocols/jaeger/span_to_otlp.h"
#include "protocols/thrift/reader.h"

namespace clew::jaeger {
namespace {

using thrift::Field;
using thrift::Type;

// Field numbers of jaeger.thrift.
namespace batch_field {
enum : int32_t { process = 1, spans = 2 };
}
namespace process_field {
enum : int32_t { service_name = 1, tags = 2 };
}
namespace span_field {
enum : int32_t {
  trace_id_low = 1,
  trace_id_high = 2,
  id = 3,
  parent_id = 4,
  name = 5,
  references = 6,
  start = 8,
  duration = 9,
  tags = 10,
  logs = 11
};
}
namespace reference_field {
enum : int32_t { type = 1, trace_id_low = 2, trace_id_high = 3, span_id = 4 };
}
namespace log_field {
enum : int32_t { time = 1, fields = 2 };
}
namespace tag_field {
enum : int32_t { key = 1, type = 2, text = 3, floating = 4, boolean = 5, integer = 6, bytes = 7 };
}
constexpr int64_t kFollowsFrom = 1;

// By the numbers of jaeger.thrift, which are not those of model.proto.
TagType tag_type(int64_t number) {
  switch (number) {
    case 1:
      return TagType::floating;
    case 2:
      return TagType::boolean;
    case 3:
      return TagType::integer;
    case 4:
      return TagType::bytes;
    default:
      return TagType::text;
  }
}

class BatchReader {
 public:
  explicit BatchReader(thrift::Reader& reader) : reader_(reader) {}

  std::string read() {
    // The process comes before the spans, where clients put it; else it is looked for first.
    bool has_process = false;
    thrift::Reader begin = reader_;
    reader_.structure([&](const Field& field) {
      if (field.is(batch_field::process, Type::structure) && !has_process) {
        has_process = true;
        read_process();
        return true;
      }
      if (!field.is(batch_field::spans, Type::list)) return false;
      if (!std::exchange(has_process, true)) BatchReader(begin, translation_).find_process();
      reader_.structures([&] {
        read_span();
        if (!reader_.failed()) translation_.take(span_);
      });
      return true;
    });
    return translation_.take_request();
  }

 private:
  BatchReader(thrift::Reader& reader, OtlpTranslation& translation) : reader_(reader), outer_(&translation) {}

  void find_process() {
    reader_.structure([&](const Field& field) {
      if (!field.is(batch_field::process, Type::structure)) return false;
      read_process();
      return true;
    });
  }

  void read_process() {
    Process process;
    reader_.structure([&](const Field& field) {
      if (field.is(process_field::service_name, Type::text)) {
        process.service_name = reader_.text();
        return true;
      }
      return field.is(process_field::tags, Type::list) && read_tags(process.tags);
    });
    (outer_ != nullptr ? *outer_ : translation_).set_process(process);
  }

  void read_span() {
    span_.clear();
    reader_.structure([&](const Field& field) {
      switch (field.id) {
        case span_field::trace_id_low:
          return reader_.take_id(field, std::span(span_.trace_id.bytes).last<8>());
        case span_field::trace_id_high:
          return reader_.take_id(field, std::span(span_.trace_id.bytes).first<8>());
        case span_field::id:
          return reader_.take_id(field, span_.id.bytes);
        case span_field::parent_id:
          return reader_.take_id(field, span_.parent_id.bytes);
        case span_field::name:
          return reader_.take_text(field, span_.name);
        case span_field::start:
          return take_time(field, span_.start);
        case span_field::duration:
          return take_time(field, span_.duration);
        case span_field::references:
          if (field.type != Type::list) return false;
          reader_.structures([&] { read_reference(); });
          return true;
        case span_field::tags:
          return field.type == Type::list && read_tags(span_.tags);
        case span_field::logs:
          if (field.type != Type::list) return false;
          reader_.structures([&] { read_log(); });
          return true;
        default:
          return false;
      }
    });
  }

  // Microseconds become nanoseconds.
  bool take_time(const Field& field, uint64_t& time) {
    if (!reader_.take_time(field, time)) return false;
    time = std::min<uint64_t>(time, INT64_MAX / 1000) * 1000;
    return true;
  }

  void read_reference() {
    Reference one;
    reader_.structure([&](const Field& field) {
      switch (field.id) {
        case reference_field::type:
          if (field.type != Type::int32) return false;
          one.follows_from = reader_.integer(field.type) == kFollowsFrom;
          return true;
        case reference_field::trace_id_low:
          return reader_.take_id(field, std::span(one.trace_id.bytes).last<8>());
        case reference_field::trace_id_high:
          return reader_.take_id(field, std::span(one.trace_id.bytes).first<8>());
        case reference_field::span_id:
          return reader_.take_id(field, one.span_id.bytes);
        default:
          return false;
      }
    });
    span_.references.push_back(one);
  }

  void read_log() {
    Log log;
    reader_.structure([&](const Field& field) {
      if (field.id == log_field::time) return take_time(field, log.time);
      return field.is(log_field::fields, Type::list) && read_tags(span_.log_fields);
    });
    log.fields_end = span_.log_fields.size();
    span_.logs.push_back(log);
  }

  bool read_tags(std::vector<Tag>& tags) {
    reader_.structures([&] {
      Tag& tag = tags.emplace_back();
      std::string_view bytes;
      reader_.structure([&](const Field& field) {
        if (field.is(tag_field::key, Type::text)) {
          tag.key = reader_.text();
        } else if (field.is(tag_field::type, Type::int32)) {
          tag.type = tag_type(reader_.integer(field.type));
        } else if (field.is(tag_field::text, Type::text)) {
          tag.text = reader_.text();
        } else if (field.is(tag_field::bytes, Type::text)) {
          bytes = reader_.text();
        } else if (field.is(tag_field::floating, Type::floating)) {
          tag.floating = reader_.floating();
        } else if (field.is(tag_field::boolean, Type::boolean)) {
          tag.boolean = reader_.boolean();
        } else if (field.is(tag_field::integer, Type::int64)) {
          tag.integer = reader_.integer(field.type);
        } else {
          return false;
        }
        return true;
      });
      // Some clients fill in every kind of value; only the one that the type names counts.
      if (tag.type == TagType::bytes) tag.text = bytes;
    });
    return true;
  }

  thrift::Reader& reader_;
  OtlpTranslation translation_;
  OtlpTranslation* outer_ = nullptr;  // instead of translation_, if set
  Span span_;
};

}  // namespace

Result<std::string> read_batch(std::string_view bytes) {
  thrift::Reader reader(bytes, thrift::Protocol::binary);
  std::string otlp = BatchReader(reader).read();
  if (reader.failed()) return reader.status();
  return otlp;
}

Result<std::string> read_emit_batch(std::string_view datagram) {
  const bool is_compact = datagram.starts_with(thrift::kCompactMark);
  const auto protocol = is_compact ? thrift::Protocol::compact : thrift::Protocol::binary;
  thrift::Reader reader(datagram, protocol);
  const thrift::MessageHead head = reader.message_head();
  if (reader.failed()) return reader.status();
  if (head.name != "emitBatch")
    return {ErrorKind::unsupported,
            fmt::format("the call '{}', where emitBatch is taken", head.name.substr(0, 40))};
  std::string otlp;
  reader.structure([&](const Field& field) {
    if (!field.is(1, Type::structure)) return false;
    otlp = BatchReader(reader).read();
    return true;
  });
  if (reader.failed()) return reader.status();
  return otlp;
}

}  // namespace clew::jaeger
