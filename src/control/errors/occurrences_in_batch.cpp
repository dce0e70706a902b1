#include "control/errors/occurrences_in_batch.h"

#include <algorithm>
#include <limits>

#include "control/errors/attribute_names.h"
#include "control/errors/error_glance.h"
#include "control/errors/frames_json.h"
#include "control/errors/occurrence_ids.h"
#include "telemetry/ids.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_fields.h"

namespace clew::control::errors {
namespace {

constexpr uint64_t kSeverityError = 17;
constexpr uint64_t kSeverityFatal = 21;
constexpr size_t kMostFramesJson = 4 << 20;

std::string_view string_in(std::string_view any_value) {
  ProtobufFields fields(any_value);
  ProtobufField field;
  std::string_view text;
  while (fields.next(field))
    if (field.number == otlp::any_value::string && field.type == WireType::bytes) text = field.bytes;
  return text;
}

struct KeyAndValue {
  std::string_view key, value;  // the value's string; empty for other kinds
};

KeyAndValue key_value_of(std::string_view message) {
  KeyAndValue found;
  ProtobufFields fields(message);
  ProtobufField field;
  while (fields.next(field)) {
    if (field.type != WireType::bytes) continue;
    if (field.number == otlp::key_value::key) found.key = field.bytes;
    if (field.number == otlp::key_value::value) found.value = string_in(field.bytes);
  }
  return found;
}

// What of an error the attributes say, of whatever they are attributes of.
struct Told {
  std::string_view stack, frames, language;
  bool is_exception = false;
};

void tell(const KeyAndValue& attribute, Occurrence& occurrence, Told& told) {
  const auto& [key, value] = attribute;
  namespace names = attributes;
  if (key == names::kType || key == names::kMessage) {
    told.is_exception = true;
    (key == names::kType ? occurrence.type : occurrence.message) = value;
  } else if (key == names::kStack) {
    told.is_exception = true;
    told.stack = value;
  } else if (key == names::kFrames) {
    told.frames = value;
  } else if (key == names::kFingerprint) {
    occurrence.custom_fingerprint = value;
  } else if (key == names::kTitle) {
    occurrence.custom_title = value;
  } else if (key == names::kUuid) {
    occurrence.uuid = value;
  } else if (key == names::kContext) {
    occurrence.context = value;
  } else if (key == names::kPlatform) {
    occurrence.platform = value;
  } else if (key == names::kFramework) {
    occurrence.framework = value;
  } else if (key == "user.id" || key == "enduser.id") {
    occurrence.person.id = value;
  } else if (key == "user.name") {
    occurrence.person.name = value;
  } else if (key == "user.email") {
    occurrence.person.email = value;
  } else if (key == "service.name") {
    occurrence.service = value;
  } else if (key == "service.version") {
    occurrence.version = value;
  } else if (key == "deployment.environment.name" || key == "deployment.environment") {
    occurrence.deployment = value;
  } else if (key == "host.name") {
    occurrence.host = value;
  } else if (key == "telemetry.sdk.language") {
    told.language = value;
  }
}

void tell_attributes(std::string_view message, uint32_t number, Occurrence& occurrence, Told& told) {
  ProtobufFields fields(message);
  ProtobufField field;
  while (fields.next(field))
    if (field.number == number && field.type == WireType::bytes)
      tell(key_value_of(field.bytes), occurrence, told);
}

// Fills in what the stack says; false when it is none and nothing else says that this is an error.
bool complete(Occurrence& occurrence, const Told& told) {
  StackText stack;
  if (!told.stack.empty()) stack = parse_stack(told.stack);
  occurrence.language = stack.language != Language::unknown ? stack.language : language_named(told.language);
  occurrence.frames = std::move(stack.frames);
  occurrence.causes = std::move(stack.causes);
  if (occurrence.type.empty()) occurrence.type = stack.type;
  if (occurrence.message.empty()) occurrence.message = stack.message;
  if (!told.frames.empty() && told.frames.size() <= kMostFramesJson) {
    const Result<JsonValue> json = parse_json(told.frames, 32);
    if (json.ok()) occurrence.frames = frames_from_json(*json, occurrence.language);
  }
  return told.is_exception;
}

class Finder {
 public:
  Finder(const Batch& batch, std::vector<FoundOccurrence>& found)
      : signal_(batch.signal),
        found_(found),
        words_(signal_ == Signal::traces ? batch.otlp.view() : std::string_view()) {}

  bool request(std::string_view message) {
    return each(message, otlp::request::resources, [this](std::string_view one) { return resource(one); });
  }

 private:
  template <typename Visit>
  bool each(std::string_view message, uint32_t number, const Visit& visit) {
    ProtobufFields fields(message);
    ProtobufField field;
    while (fields.next(field))
      if (field.number == number && field.type == WireType::bytes && !visit(field.bytes)) return false;
    return !fields.malformed();
  }

  bool resource(std::string_view message) {
    // Read when the first error is found.
    resource_ = message;
    resource_known_ = false;
    return each(message, otlp::resource_items::scopes, [this](std::string_view scope) {
      return each(scope, otlp::scope_items::items, [this](std::string_view item) {
        return signal_ == Signal::traces ? span(item) : log_record(item);
      });
    });
  }

  Occurrence beginning(Told& told) {
    if (!resource_known_) {
      of_resource_ = {};
      told_by_resource_ = {};
      each(resource_, otlp::resource_items::resource, [this](std::string_view one) {
        tell_attributes(one, otlp::resource::attributes, of_resource_, told_by_resource_);
        return true;
      });
      resource_known_ = true;
    }
    told.language = told_by_resource_.language;
    return of_resource_;
  }

  bool span(std::string_view message) {
    if (!words_.in(message) || !span_may_have_error(message)) return true;
    ProtobufFields fields(message);
    ProtobufField field;
    while (fields.next(field)) {
      if (field.number != otlp::span::events || field.type != WireType::bytes) continue;
      if (event_may_be_error(field.bytes)) event(field.bytes, message);
    }
    return !fields.malformed();
  }

  void event(std::string_view message, std::string_view span) {
    Told told;
    Occurrence occurrence = beginning(told);
    ProtobufFields of_span(span);
    ProtobufField field;
    uint64_t end = 0;
    while (of_span.next(field)) {
      if (field.number == otlp::span::trace_id) take_trace_id(field.bytes, occurrence);
      if (field.number == otlp::span::span_id) take_span_id(field.bytes, occurrence);
      if (field.number == otlp::span::end) end = field.integer;
      if (field.number == otlp::span::name) occurrence.context = field.bytes;
      if (field.number == otlp::span::attributes && field.type == WireType::bytes)
        tell(key_value_of(field.bytes), occurrence, told);
    }
    // Attributes of the span say whose error it is, not what it is.
    told.is_exception = false;
    occurrence.type.clear();
    occurrence.message.clear();
    ProtobufFields of_event(message);
    uint64_t at = 0;
    while (of_event.next(field)) {
      if (field.number == otlp::event::time) at = field.integer;
      if (field.number == otlp::event::attributes && field.type == WireType::bytes)
        tell(key_value_of(field.bytes), occurrence, told);
    }
    keep(std::move(occurrence), told, at != 0 ? at : end, message, false);
  }

  bool log_record(std::string_view message) {
    uint64_t severity = 0;
    std::string_view body;
    ProtobufFields fields(message);
    ProtobufField field;
    while (fields.next(field)) {
      if (field.number == otlp::log_record::severity_number) severity = field.integer;
      if (field.number == otlp::log_record::body) body = field.bytes;
    }
    if (fields.malformed()) return false;
    if (log_record_may_be_error(message))
      read_log_record(message, severity, string_in(body), severity == 0 || severity >= kSeverityError);
    return true;
  }

  void read_log_record(std::string_view message, uint64_t severity, std::string_view body,
                       bool may_be_stack) {
    Told told;
    Occurrence occurrence = beginning(told);
    ProtobufFields fields(message);
    ProtobufField field;
    uint64_t at = 0;
    uint64_t observed = 0;
    while (fields.next(field)) {
      if (field.number == otlp::log_record::time) at = field.integer;
      if (field.number == otlp::log_record::observed_time) observed = field.integer;
      if (field.number == otlp::log_record::trace_id) take_trace_id(field.bytes, occurrence);
      if (field.number == otlp::log_record::span_id) take_span_id(field.bytes, occurrence);
      if (field.number == otlp::log_record::attributes && field.type == WireType::bytes)
        tell(key_value_of(field.bytes), occurrence, told);
    }
    bool from_body = false;
    if (!told.is_exception) {
      if (!may_be_stack) return;
      const StackText stack = parse_stack(body);
      if (stack.frames.empty() || (stack.type.empty() && stack.frames.size() < 2)) return;
      if (severity == 0 && stack.type.empty()) return;
      told.stack = body;
      told.is_exception = true;
      from_body = true;
    }
    if (severity >= kSeverityFatal)
      occurrence.level = Level::critical;
    else if (severity >= kSeverityError || severity == 0)
      occurrence.level = Level::error;
    else if (severity >= 13)
      occurrence.level = Level::warning;
    else
      occurrence.level = severity >= 9 ? Level::info : Level::debug;
    keep(std::move(occurrence), told, at != 0 ? at : observed, message, from_body);
  }

  void keep(Occurrence occurrence, const Told& told, uint64_t at, std::string_view place, bool from_body) {
    if (!complete(occurrence, told)) return;
    const UnixNanos present = now();
    occurrence.at = at == 0 || at > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())
                        ? present
                        : UnixNanos{static_cast<int64_t>(at)};
    occurrence.id = new_occurrence_id();
    found_.push_back({.occurrence = std::move(occurrence),
                      .fingerprint = {},
                      .place = place,
                      .frames = told.frames.size() <= kMostFramesJson ? told.frames : std::string_view(),
                      .mapped = {},
                      .from_body = from_body});
  }

  static void take_trace_id(std::string_view bytes, Occurrence& occurrence) {
    const auto id = TraceId::from_bytes(bytes);
    if (id && !id->is_zero()) occurrence.trace_id = id->to_hex();
  }
  static void take_span_id(std::string_view bytes, Occurrence& occurrence) {
    const auto id = SpanId::from_bytes(bytes);
    if (id && !id->is_zero()) occurrence.span_id = id->to_hex();
  }

  const Signal signal_;
  std::vector<FoundOccurrence>& found_;
  ExceptionWords words_;
  std::string_view resource_;
  bool resource_known_ = false;
  Occurrence of_resource_;
  Told told_by_resource_;
};

// Copies messages down to the places that get something added.
class Rewriter {
 public:
  Rewriter(const Batch& batch, const std::vector<FoundOccurrence>& found, std::string& out)
      : is_trace_(batch.signal == Signal::traces), found_(found), writer_(out), out_(out) {
    // request, resource, scope, (span,) place
    path_ = {otlp::request::resources, otlp::resource_items::scopes, otlp::scope_items::items};
    if (is_trace_) path_.push_back(otlp::span::events);
  }

  void copy(std::string_view message, size_t depth) {
    ProtobufFields fields(message);
    ProtobufField field;
    Untouched untouched(message, out_);
    while (fields.next(field)) {
      const bool leads_on = depth < path_.size() && field.number == path_[depth] &&
                            field.type == WireType::bytes && has_place(field.bytes);
      if (!leads_on) continue;
      untouched.copy_before(field.raw);
      const auto nested = writer_.begin_message(field.number);
      if (depth + 1 == path_.size()) {
        copy_place(field.bytes);
        add();
        ++next_;
      } else {
        copy(field.bytes, depth + 1);
      }
      writer_.end_message(nested);
    }
    untouched.copy_rest();
  }

 private:
  // What stands between the fields that are not copied as they are, taken over in as few pieces as there are.
  class Untouched {
   public:
    Untouched(std::string_view message, std::string& out) : rest_(message), out_(out) {}
    void copy_before(std::string_view field) {
      out_.append(rest_.data(), field.data());
      rest_.remove_prefix(static_cast<size_t>(field.data() + field.size() - rest_.data()));
    }
    void copy_rest() { out_.append(rest_); }

   private:
    std::string_view rest_;
    std::string& out_;
  };

  bool has_place(std::string_view message) const {
    return next_ < found_.size() && found_[next_].place.data() >= message.data() &&
           found_[next_].place.data() + found_[next_].place.size() <= message.data() + message.size();
  }

  // Without what an earlier clew wrote into it.
  void copy_place(std::string_view message) {
    ProtobufFields fields(message);
    ProtobufField field;
    Untouched untouched(message, out_);
    while (fields.next(field)) {
      if (field.number != attributes_number() || field.type != WireType::bytes) continue;
      const std::string_view key = key_value_of(field.bytes).key;
      if (key == attributes::kGroup || key == attributes::kId || key == attributes::kMappedFrames)
        untouched.copy_before(field.raw);
    }
    untouched.copy_rest();
  }

  uint32_t attributes_number() const {
    return is_trace_ ? uint32_t{otlp::event::attributes} : uint32_t{otlp::log_record::attributes};
  }

  void add() {
    const FoundOccurrence& found = found_[next_];
    attribute(attributes::kGroup, found.fingerprint.group);
    attribute(attributes::kId, std::to_string(found.occurrence.id));
    if (!found.mapped.empty()) attribute(attributes::kMappedFrames, found.mapped);
    if (!found.from_body) return;
    if (!found.occurrence.type.empty()) attribute(attributes::kType, found.occurrence.type);
    if (!found.occurrence.message.empty()) attribute(attributes::kMessage, found.occurrence.message);
  }

  void attribute(std::string_view key, std::string_view value) {
    const auto key_value = writer_.begin_message(attributes_number());
    writer_.bytes(otlp::key_value::key, key);
    const auto any = writer_.begin_message(otlp::key_value::value);
    writer_.bytes(otlp::any_value::string, value);
    writer_.end_message(any);
    writer_.end_message(key_value);
  }

  const bool is_trace_;
  const std::vector<FoundOccurrence>& found_;
  ProtobufWriter writer_;
  std::string& out_;
  std::vector<uint32_t> path_;
  size_t next_ = 0;
};

}  // namespace

std::vector<FoundOccurrence> occurrences_in(const Batch& batch) {
  std::vector<FoundOccurrence> found;
  if (!Finder(batch, found).request(batch.otlp.view())) found.clear();
  return found;
}

std::string with_groups(const Batch& batch, const std::vector<FoundOccurrence>& found) {
  std::string out;
  size_t added = 0;
  for (const FoundOccurrence& one : found) added += 160 + one.mapped.size();
  out.reserve(batch.otlp.size() + added);
  Rewriter(batch, found, out).copy(batch.otlp.view(), 0);
  return out;
}

}  // namespace clew::control::errors
