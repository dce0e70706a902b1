#include "protocols/rollbar/item_document.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <fmt/format.h>

#include "control/errors/attribute_names.h"
#include "control/errors/frames_json.h"
#include "telemetry/ids.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"

namespace clew::rollbar {
namespace {

namespace names = control::errors::attributes;
using control::errors::Frame;
using control::errors::Language;

constexpr size_t kLongestUuid = 36;
constexpr size_t kLongestVersion = 40;
constexpr size_t kMostPayload = 1 << 20;
constexpr size_t kMostFrames = 500;

std::string text_at(const JsonValue* object, std::string_view name) {
  const JsonValue* value = object ? object->find(name) : nullptr;
  if (!value || value->is_null()) return {};
  return value->string()                     ? *value->string()
         : value->object() || value->array() ? std::string()
                                             : value->text();
}

std::string new_uuid() {
  thread_local std::mt19937_64 random(std::random_device{}());
  return fmt::format("{:016x}{:016x}", random(), random());
}

uint64_t severity_of(std::string_view level) {
  if (level == "debug") return 5;
  if (level == "info") return 9;
  if (level == "warning") return 13;
  if (level == "critical") return 21;
  return 17;
}

class Translation {
 public:
  Translation(JsonValue data, const ItemContext& context) : data_(std::move(data)), context_(context) {}

  Result<ItemDocument> run() {
    CLEW_TRY(check());
    ItemDocument document;
    document.uuid = text_at(&data_, "uuid").substr(0, kLongestUuid);
    if (document.uuid.empty()) document.uuid = new_uuid();
    put_remote_address();
    read_facts();
    read_body();
    document.platform = platform_;
    attribute(names::kUuid, document.uuid);
    document.otlp = request();
    return document;
  }

 private:
  static Status missing(std::string_view what) {
    return {ErrorKind::bad_input, fmt::format("data.{} is missing or of the wrong kind", what)};
  }

  Status check() {
    if (!data_.object()) return {ErrorKind::bad_input, "data is missing, or no object"};
    const JsonValue* environment = data_.find("environment");
    if (!environment || !environment->string() || environment->string()->empty())
      return missing("environment");
    body_ = data_.find("body");
    if (!body_ || !body_->object()) return missing("body");
    size_t kinds = 0;
    for (const std::string_view kind : {"trace", "trace_chain", "message", "crash_report"})
      if (body_->find(kind)) ++kinds;
    if (kinds != 1)
      return {ErrorKind::bad_input,
              "data.body must have exactly one of trace, trace_chain, message, crash_report"};
    if (const JsonValue* trace = body_->find("trace"); trace && !trace->object())
      return missing("body.trace");
    if (const JsonValue* chain = body_->find("trace_chain");
        chain && (!chain->array() || chain->array()->empty() || !chain->array()->front().object()))
      return missing("body.trace_chain");
    if (const JsonValue* message = body_->find("message"); message && !message->find("body"))
      return missing("body.message.body");
    if (const JsonValue* report = body_->find("crash_report"); report && text_at(report, "raw").empty())
      return missing("body.crash_report.raw");
    return {};
  }

  // The client asks for its own address with a word.
  void put_remote_address() {
    JsonValue* request = data_.find("request");
    JsonValue* address = request ? request->find("user_ip") : nullptr;
    if (!address || !address->string()) return;
    const std::string wanted = *address->string();
    if (!wanted.starts_with("$remote_ip")) return;
    std::string peer(context_.peer.substr(0, context_.peer.rfind(':')));
    if (wanted == "$remote_ip_anonymize" && peer.find('.') != std::string::npos)
      peer = peer.substr(0, peer.rfind('.')) + ".0";
    *address = JsonValue(std::move(peer));
    // `body_` stays: no member moved.
  }

  void read_facts() {
    const JsonValue* server = data_.find("server");
    const JsonValue* client = data_.find("client");
    const JsonValue* javascript = client ? client->find("javascript") : nullptr;
    const JsonValue* person = data_.find("person");
    const JsonValue* request = data_.find("request");
    const JsonValue* custom = data_.find("custom");
    const std::string language = text_at(&data_, "language");
    language_ = control::errors::language_named(language);
    const std::string framework = text_at(&data_, "framework");
    platform_ = text_at(&data_, "platform");
    if (language_ == Language::unknown &&
        (platform_ == "browser" || framework.find("-js") != std::string::npos))
      language_ = Language::javascript;
    root_ = text_at(server, "root");
    std::string version = text_at(&data_, "code_version");
    if (version.empty()) version = text_at(server, "code_version");
    if (version.empty()) version = text_at(javascript, "code_version");
    std::string service = text_at(custom, "service.name");
    for (const std::string_view other :
         {std::string_view(framework), std::string_view(platform_), std::string_view(language)})
      if (service.empty() && other != "unknown") service = other.substr(0, other.find(' '));
    resource("service.name", service.empty() ? "rollbar" : service);
    resource("deployment.environment.name", text_at(&data_, "environment"));
    resource("service.version", version.substr(0, kLongestVersion));
    resource("host.name", text_at(server, "host"));
    resource("telemetry.sdk.language", std::string(control::errors::name_of(language_)));

    attribute(names::kPlatform, platform_);
    attribute(names::kFramework, framework);
    attribute(names::kContext, text_at(&data_, "context"));
    attribute(names::kTitle, text_at(&data_, "title"));
    attribute(names::kFingerprint, text_at(&data_, "fingerprint"));
    attribute("user.id", text_at(person, "id"));
    attribute("user.name", text_at(person, "username"));
    attribute("user.email", text_at(person, "email"));
    attribute("url.full", text_at(request, "url"));
    attribute("http.request.method", text_at(request, "method"));
    attribute("client.address", text_at(request, "user_ip"));
    attribute("user_agent.original", text_at(javascript, "browser"));
    find_trace(custom, request);
  }

  // Where applications put the ids of their trace.
  void find_trace(const JsonValue* custom, const JsonValue* request) {
    const auto try_both = [&](std::string_view trace, std::string_view span) {
      if (trace_) return;
      if (const auto id = parse_trace_id(trace); id && !id->is_zero()) trace_ = id;
      if (trace_ && span.size() == 16) span_ = SpanId::from_hex(span);
    };
    if (custom) {
      try_both(text_at(custom, "trace_id"), text_at(custom, "span_id"));
      try_both(text_at(custom, "traceId"), text_at(custom, "spanId"));
    }
    const JsonValue* attributes = data_.find("attributes");
    if (attributes && attributes->array())
      for (const JsonValue& one : *attributes->array())
        if (text_at(&one, "key") == "trace_id") try_both(text_at(&one, "value"), {});
    const JsonValue* headers = request ? request->find("headers") : nullptr;
    if (headers && headers->object())
      for (const auto& [name, value] : *headers->object()) {
        const std::string* text = value.string();
        if (!text || text->size() < 55 || name.size() != 11) continue;
        if (name == "traceparent" || name == "Traceparent")
          try_both(std::string_view(*text).substr(3, 32), std::string_view(*text).substr(36, 16));
      }
  }

  void read_body() {
    std::string level = text_at(&data_, "level");
    if (const JsonValue* message = body_->find("message")) {
      text_ = text_at(message, "body");
      attribute(names::kMessage, text_);
      if (level.empty()) level = "info";
    } else if (const JsonValue* report = body_->find("crash_report")) {
      text_ = text_at(report, "raw");
      attribute(names::kStack, text_);
    } else if (const JsonValue* trace = body_->find("trace")) {
      read_trace(*trace, nullptr);
    } else {
      const JsonValue& chain = *body_->find("trace_chain");
      read_trace(chain.array()->front(), chain.array());
    }
    severity_text_ = level.empty() ? "error" : level;
  }

  void read_trace(const JsonValue& trace, const JsonValue::Array* chain) {
    const JsonValue* exception = trace.find("exception");
    const std::string type = text_at(exception, "class");
    const std::string message = text_at(exception, "message");
    text_ = message.empty() ? type : type + ": " + message;
    attribute(names::kType, type);
    attribute(names::kMessage, message);
    if (type.empty() && message.empty()) attribute(names::kMessage, "(unknown)");
    JsonValue::Array frames = frames_of(trace);
    std::string stack = text_ + "\n" + stack_lines(frames);
    if (chain)
      for (size_t i = 1; i < std::min<size_t>(chain->size(), 20); ++i) {
        const JsonValue* cause = (*chain)[i].find("exception");
        stack += fmt::format("Caused by: {}: {}\n", text_at(cause, "class"), text_at(cause, "message"));
        stack += stack_lines(frames_of((*chain)[i]));
      }
    attribute(names::kStack, stack);
    attribute(names::kFrames, JsonValue(std::move(frames)).text());
  }

  // Rollbar's order is the oldest call first; ours the innermost first.
  JsonValue::Array frames_of(const JsonValue& trace) const {
    JsonValue::Array frames;
    const JsonValue* theirs = trace.find("frames");
    if (!theirs || !theirs->array()) return frames;
    for (auto frame = theirs->array()->rbegin(); frame != theirs->array()->rend(); ++frame) {
      if (!frame->object() || frames.size() == kMostFrames) continue;
      frames.push_back(frame_of(*frame));
    }
    return frames;
  }

  JsonValue frame_of(const JsonValue& theirs) const {
    Frame frame;
    frame.file = text_at(&theirs, "filename");
    frame.method = text_at(&theirs, "method");
    const bool in_root = !root_.empty() && frame.file.starts_with(root_);
    JsonValue ours;
    ours["file"] = frame.file;
    ours["method"] = frame.method;
    for (const auto& [from, to] : {std::pair{"lineno", "line"}, std::pair{"colno", "column"}}) {
      const JsonValue* number = theirs.find(from);
      const auto value = number ? number->number() : std::nullopt;
      ours[to] = value && *value > 0 && *value < 1e9 ? static_cast<int64_t>(*value) : int64_t{0};
    }
    // rollbar.js in Node.js alone counts columns from 0.
    if (theirs.find("runtimePosition"))
      if (const JsonValue* column = theirs.find("colno"); column && column->integer())
        ours["column"] = std::clamp<int64_t>(*column->integer(), -1, 1'000'000'000) + 1;
    ours["in_app"] =
        is_in_app(frame, language_) || (in_root && frame.file.find("/node_modules/") == std::string::npos &&
                                        frame.file.find("-packages/") == std::string::npos);
    if (const std::string code = text_at(&theirs, "code"); !code.empty()) ours["code"] = code;
    if (const JsonValue* around = theirs.find("context"); around && around->object())
      for (const std::string_view side : {"pre", "post"})
        if (const JsonValue* lines = around->find(side); lines && lines->array()) ours[side] = *lines;
    for (const std::string_view kept : {"locals", "args", "kwargs", "argspec"})
      if (const JsonValue* value = theirs.find(kept); value && !value->is_null()) ours[kept] = *value;
    return ours;
  }

  static std::string stack_lines(const JsonValue::Array& frames) {
    std::string lines;
    for (const JsonValue& frame : frames)
      lines += fmt::format("    at {} ({}:{}:{})\n", text_at(&frame, "method"), text_at(&frame, "file"),
                           text_at(&frame, "line"), text_at(&frame, "column"));
    return lines;
  }

  static void write_attribute(std::string& out, uint32_t field, std::string_view key,
                              std::string_view value) {
    if (value.empty()) return;
    ProtobufWriter writer(out);
    const auto key_value = writer.begin_message(field);
    writer.bytes(otlp::key_value::key, key);
    const auto any = writer.begin_message(otlp::key_value::value);
    writer.bytes(otlp::any_value::string, value);
    writer.end_message(any);
    writer.end_message(key_value);
  }
  void resource(std::string_view key, const std::string& value) {
    write_attribute(resource_, otlp::resource::attributes, key, value);
  }
  void attribute(std::string_view key, std::string_view value) {
    write_attribute(attributes_, otlp::log_record::attributes, key, value);
  }

  uint64_t time() const {
    const JsonValue* at = data_.find("timestamp");
    const auto number = at ? at->number() : std::nullopt;
    const bool usable = number && *number > 0 && *number < 9e9;
    return usable ? static_cast<uint64_t>(std::llround(*number * 1e6)) * 1000
                  : static_cast<uint64_t>(context_.now.count);
  }

  std::string request() {
    std::string payload = data_.text();
    // Beyond this the row has everything that is known of by name, but not the whole document.
    if (payload.size() <= kMostPayload) attribute("rollbar.payload", payload);
    std::string out;
    ProtobufWriter writer(out);
    const auto resources = writer.begin_message(otlp::request::resources);
    writer.bytes(otlp::resource_items::resource, resource_);
    const auto scope_logs = writer.begin_message(otlp::resource_items::scopes);
    const auto scope = writer.begin_message(otlp::scope_items::scope);
    writer.bytes(otlp::scope::name, "rollbar");
    writer.end_message(scope);
    const auto record = writer.begin_message(otlp::scope_items::items);
    writer.fixed64(otlp::log_record::time, time());
    writer.fixed64(otlp::log_record::observed_time, static_cast<uint64_t>(context_.now.count));
    writer.varint(otlp::log_record::severity_number, severity_of(severity_text_));
    writer.bytes(otlp::log_record::severity_text, severity_text_);
    const auto body = writer.begin_message(otlp::log_record::body);
    writer.bytes(otlp::any_value::string, text_);
    writer.end_message(body);
    out += attributes_;
    if (trace_) writer.bytes(otlp::log_record::trace_id, trace_->view());
    if (span_) writer.bytes(otlp::log_record::span_id, span_->view());
    writer.end_message(record);
    writer.end_message(scope_logs);
    writer.end_message(resources);
    return out;
  }

  JsonValue data_;
  const ItemContext& context_;
  const JsonValue* body_ = nullptr;
  Language language_ = Language::unknown;
  std::string platform_, root_, text_, severity_text_;
  std::string resource_, attributes_;  // serialized
  std::optional<TraceId> trace_;
  std::optional<SpanId> span_;
};

}  // namespace

Result<ItemDocument> read_item(JsonValue data, const Scrubber& scrubber, const ItemContext& context) {
  scrubber.scrub(data);
  return Translation(std::move(data), context).run();
}

}  // namespace clew::rollbar
