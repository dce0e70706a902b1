#include "protocols/honeycomb/event_to_otlp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include <openssl/evp.h>

#include "base/log.h"
#include "telemetry/ids.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"
#include "telemetry/semantic_names.h"

namespace clew::honeycomb {
namespace {

constexpr size_t kLongestText = 65'535;
constexpr double kLongestMilliseconds = 9e12;
constexpr std::array<std::string_view, 6> kKinds = {"unspecified", "internal", "server",
                                                    "client",      "producer", "consumer"};

std::string_view cut(std::string_view text) {
  if (text.size() <= kLongestText) return text;
  size_t end = kLongestText;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

// Ids of any spelling must fit the model's. What is lost stays an attribute: `exact` tells that nothing was.
template <typename Id>
struct FoundId {
  Id id;
  bool exact = true;
};

template <typename Id>
Id hashed(std::string_view text) {
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    bug("no SHA-256 in OpenSSL");
  Id id;
  std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

template <typename Id>
FoundId<Id> fitting(std::optional<Id> read, std::string_view text) {
  if (!read || read->is_zero()) return {hashed<Id>(text), false};
  return {*read, read->to_hex() == text};
}

FoundId<TraceId> trace_id_of(std::string_view text) {
  return fitting(parse_trace_id(text), text);
}
FoundId<SpanId> span_id_of(std::string_view text) {
  return fitting(SpanId::from_hex(text), text);
}

struct Field {
  std::string name;
  const JsonValue* value;
};

void flatten(const JsonValue::Object& members, const std::string& prefix, size_t depth,
             std::vector<Field>& fields) {
  for (const JsonValue::Member& member : members) {
    if (member.value.is_null()) continue;
    const JsonValue::Object* inner = member.value.object();
    if (inner != nullptr && depth > 0) {
      flatten(*inner, prefix + member.name + ".", depth - 1, fields);
    } else {
      fields.push_back({prefix + member.name, &member.value});
    }
  }
}

void write_value(ProtobufWriter& to, const JsonValue& value) {
  if (const std::string* text = value.string()) {
    to.bytes(otlp::any_value::string, cut(*text));
  } else if (const bool* truth = value.boolean()) {
    to.boolean(otlp::any_value::boolean, *truth);
  } else if (const int64_t* whole = value.integer()) {
    to.varint(otlp::any_value::integer, static_cast<uint64_t>(*whole));
  } else if (const auto number = value.number()) {
    to.floating(otlp::any_value::floating, *number);
  } else {
    const std::string json = value.text();
    to.bytes(otlp::any_value::string, cut(json));
  }
}

void write_attribute(ProtobufWriter& to, uint32_t list, std::string_view name, const JsonValue& value) {
  const auto pair = to.begin_message(list);
  to.bytes(otlp::key_value::key, name);
  const auto any = to.begin_message(otlp::key_value::value);
  write_value(to, value);
  to.end_message(any);
  to.end_message(pair);
}

// The fields of one event, from which those with a place in the model are taken out.
class Fields {
 public:
  Fields(const Event& event, size_t expand_depth) {
    flatten(*event.data.object(), "", expand_depth, fields_);
  }

  const JsonValue* find(std::string_view name) const {
    const auto found =
        std::find_if(fields_.begin(), fields_.end(), [&](const Field& one) { return one.name == name; });
    return found == fields_.end() ? nullptr : found->value;
  }
  const std::string* text(std::string_view name) const {
    const JsonValue* value = find(name);
    const std::string* found = value == nullptr ? nullptr : value->string();
    return found != nullptr && found->size() <= kLongestText ? found : nullptr;
  }
  void drop(std::string_view name) {
    std::erase_if(fields_, [&](const Field& one) { return one.name == name; });
  }
  std::string take_text(std::string_view name) {
    const std::string* found = text(name);
    if (found == nullptr) return {};
    std::string copy = *found;
    drop(name);
    return copy;
  }
  void write_rest(ProtobufWriter& to, uint32_t list) const {
    for (const Field& field : fields_) write_attribute(to, list, field.name, *field.value);
  }

 private:
  std::vector<Field> fields_;
};

bool is_span(const Fields& fields) {
  const JsonValue* duration = fields.find("duration_ms");
  const std::string* annotation = fields.text(names::kAnnotationType);
  const std::string *trace = fields.text(names::kTraceId), *span = fields.text(names::kSpanId);
  return trace != nullptr && !trace->empty() && span != nullptr && !span->empty() && duration != nullptr &&
         duration->number() &&
         !(annotation != nullptr && (*annotation == "span_event" || *annotation == "link"));
}

template <typename Id>
void write_id(Fields& fields, std::string_view name, FoundId<Id> (*read)(std::string_view), uint32_t field,
              ProtobufWriter& to) {
  const std::string* text = fields.text(name);
  if (text == nullptr || text->empty()) return;
  const FoundId<Id> found = read(*text);
  to.bytes(field, found.id.view());
  if (found.exact) fields.drop(name);
}

void write_sample_rate(ProtobufWriter& to, uint32_t list, int64_t rate) {
  if (rate != 1) write_attribute(to, list, "SampleRate", JsonValue(rate));
}

// The end that gives the duration back; the field stays when it says more than nanoseconds can.
UnixNanos take_duration(Fields& fields, UnixNanos start) {
  const double sent = *fields.find("duration_ms")->number();
  if (!std::isfinite(sent) || sent < 0 || sent > kLongestMilliseconds) return start;
  const Nanoseconds duration{std::llround(sent * 1e6)};
  if (duration.to_milliseconds() == sent) fields.drop("duration_ms");
  return start + duration;
}

void write_kind(Fields& fields, ProtobufWriter& to) {
  const std::string* kind = fields.text(names::kSpanKind);
  if (kind == nullptr) return;
  const auto known = std::find(kKinds.begin(), kKinds.end(), *kind);
  if (known == kKinds.end()) return;
  to.varint(otlp::span::kind, static_cast<uint64_t>(known - kKinds.begin()));
  // `type` is another name of the same.
  if (const std::string* type = fields.text("type"); type != nullptr && *type == *kind) fields.drop("type");
  fields.drop(names::kSpanKind);
}

bool says_error(const JsonValue* error) {
  if (error == nullptr) return false;
  if (const bool* truth = error->boolean()) return *truth;
  if (const std::string* text = error->string()) return !text->empty() && *text != "false";
  return error->number().value_or(1) != 0;
}

void write_status(Fields& fields, ProtobufWriter& to) {
  const JsonValue* error = fields.find(names::kError);
  const JsonValue* sent = fields.find(names::kStatusCode);
  const int64_t* code = sent == nullptr ? nullptr : sent->integer();
  const bool code_fits = code != nullptr && *code >= 0 && *code <= 2;
  const bool failed = says_error(error) || (code_fits && *code == 2);
  const int64_t kept = failed ? 2 : code_fits ? *code : 0;
  const std::string message = fields.take_text(names::kStatusMessage);
  if (code_fits && *code == kept) fields.drop(names::kStatusCode);
  if (error != nullptr && error->boolean() != nullptr && *error->boolean()) fields.drop(names::kError);
  if (kept == 0 && message.empty()) return;
  const auto status = to.begin_message(otlp::span::status);
  if (!message.empty()) to.bytes(otlp::status::message, message);
  to.varint(otlp::status::code, static_cast<uint64_t>(kept));
  to.end_message(status);
}

void write_span(Fields& fields, const Event& event, ProtobufWriter& to) {
  write_id(fields, names::kTraceId, trace_id_of, otlp::span::trace_id, to);
  write_id(fields, names::kSpanId, span_id_of, otlp::span::span_id, to);
  write_id(fields, names::kParentId, span_id_of, otlp::span::parent_span_id, to);
  if (const std::string state = fields.take_text(names::kTraceState); !state.empty())
    to.bytes(otlp::span::trace_state, state);
  if (const std::string name = fields.take_text(names::kName); !name.empty())
    to.bytes(otlp::span::name, name);
  write_kind(fields, to);
  const UnixNanos end = take_duration(fields, event.time);
  to.fixed64(otlp::span::start, static_cast<uint64_t>(std::max<int64_t>(event.time.count, 1)));
  to.fixed64(otlp::span::end, static_cast<uint64_t>(std::max<int64_t>(end.count, 1)));
  write_status(fields, to);
  write_sample_rate(to, otlp::span::attributes, event.sample_rate);
  if (const std::string* signal = fields.text("meta.signal_type"); signal != nullptr && *signal == "trace")
    fields.drop("meta.signal_type");
  fields.write_rest(to, otlp::span::attributes);
}

void write_record(Fields& fields, const Event& event, ProtobufWriter& to) {
  to.fixed64(otlp::log_record::time, static_cast<uint64_t>(std::max<int64_t>(event.time.count, 1)));
  write_id(fields, names::kTraceId, trace_id_of, otlp::log_record::trace_id, to);
  write_id(fields, names::kParentId, span_id_of, otlp::log_record::span_id, to);
  const JsonValue* code = fields.find(names::kSeverityCode);
  if (code != nullptr && code->integer() != nullptr && *code->integer() >= 1 && *code->integer() <= 24) {
    to.varint(otlp::log_record::severity_number, static_cast<uint64_t>(*code->integer()));
    fields.drop(names::kSeverityCode);
  }
  if (const std::string text = fields.take_text(names::kSeverityText); !text.empty())
    to.bytes(otlp::log_record::severity_text, text);
  if (const std::string body = fields.take_text(names::kBody); !body.empty()) {
    const auto any = to.begin_message(otlp::log_record::body);
    to.bytes(otlp::any_value::string, body);
    to.end_message(any);
  }
  write_sample_rate(to, otlp::log_record::attributes, event.sample_rate);
  if (const std::string* signal = fields.text("meta.signal_type"); signal != nullptr && *signal == "log")
    fields.drop("meta.signal_type");
  fields.write_rest(to, otlp::log_record::attributes);
}

}  // namespace

EventTranslation::Became EventTranslation::add(const Event& event) {
  Fields fields(event, expand_depth_);
  const bool span = is_span(fields);
  std::string service = fields.take_text("service.name");
  if (service.empty() && span) {
    // A trace is drawn by services: beelines say theirs in service_name, and newer SDKs in the dataset.
    const std::string* legacy = fields.text("service_name");
    service = legacy != nullptr && !legacy->empty() ? *legacy : dataset_;
  }
  std::string library = fields.take_text(names::kLibraryName);
  std::string version = fields.take_text(names::kLibraryVersion);
  const Origin origin(std::move(service), std::move(library), std::move(version));
  std::string& items = (span ? span_items_ : record_items_)[origin];
  ProtobufWriter writer(items);
  const auto item = writer.begin_message(otlp::scope_items::items);
  if (span) {
    write_span(fields, event, writer);
    ++spans_;
  } else {
    write_record(fields, event, writer);
    ++records_;
  }
  writer.end_message(item);
  return span ? Became::span : Became::log_record;
}

std::string EventTranslation::request_of(ItemsByOrigin items) const {
  std::string request;
  ProtobufWriter writer(request);
  for (const auto& [origin, bytes] : items) {
    const auto& [service, library, version] = origin;
    const auto resource_items = writer.begin_message(otlp::request::resources);
    const auto resource = writer.begin_message(otlp::resource_items::resource);
    if (!service.empty())
      write_attribute(writer, otlp::resource::attributes, "service.name", JsonValue(service));
    write_attribute(writer, otlp::resource::attributes, kDatasetAttribute, JsonValue(dataset_));
    writer.end_message(resource);
    const auto scope_items = writer.begin_message(otlp::resource_items::scopes);
    if (!library.empty() || !version.empty()) {
      const auto scope = writer.begin_message(otlp::scope_items::scope);
      writer.bytes(otlp::scope::name, library);
      writer.bytes(otlp::scope::version, version);
      writer.end_message(scope);
    }
    request.append(bytes);
    writer.end_message(scope_items);
    writer.end_message(resource_items);
  }
  return request;
}

std::string EventTranslation::take_traces() {
  return request_of(std::exchange(span_items_, {}));
}

std::string EventTranslation::take_logs() {
  return request_of(std::exchange(record_items_, {}));
}

}  // namespace clew::honeycomb
