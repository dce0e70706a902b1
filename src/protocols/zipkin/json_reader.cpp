#include "protocols/zipkin/json_reader.h"

#include <array>
#include <memory>
#include <simdjson.h>
#include <string>

#include <fmt/format.h>

namespace clew::zipkin {
namespace {

namespace ondemand = simdjson::ondemand;

// A parser kept for the next request holds up to 5 bytes for each byte of the largest document it has seen.
constexpr size_t kKeepParserBelow = 1 << 20;
constexpr std::array<std::string_view, 5> kKinds = {"", "CLIENT", "SERVER", "PRODUCER", "CONSUMER"};

class Reader {
 public:
  virtual ~Reader() = default;

  Status read(ondemand::document& document) {
    ondemand::json_type type;
    if (const auto error = document.type().get(type)) return fail(error);
    if (type == ondemand::json_type::object) {
      ondemand::object object;
      if (const auto error = document.get_object().get(object)) return fail(error);
      CLEW_TRY(read_span(object));
    } else {
      ondemand::array array;
      if (const auto error = document.get_array().get(array)) return fail(error);
      for (auto element : array) {
        ondemand::object object;
        if (const auto error = element.get_object().get(object)) return fail(error);
        CLEW_TRY(read_span(object));
        ++index_;
      }
    }
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
      return fail("more text after the list");
    return {};
  }

 protected:
  virtual Status read_span(ondemand::object& object) = 0;

  Status fail(std::string_view problem) const {
    return {ErrorKind::bad_input, member_.empty()
                                      ? fmt::format("{} at path $[{}]", problem, index_)
                                      : fmt::format("{} at path $[{}].{}", problem, index_, member_)};
  }
  Status fail(simdjson::error_code error) const { return fail(simdjson::error_message(error)); }

  // Calls `each(name, value)` for the members that are not null.
  template <typename Each>
  Status members(ondemand::object& object, Each each) {
    for (auto member : object) {
      std::string_view name;
      if (const auto error = member.unescaped_key().get(name)) return fail(error);
      ondemand::value value;
      if (const auto error = member.value().get(value)) return fail(error);
      bool null = false;
      if (const auto error = value.is_null().get(null)) return fail(error);
      if (!null) CLEW_TRY(each(name, value));
    }
    return {};
  }
  template <typename Each>
  Status objects(ondemand::value& value, Each each) {
    ondemand::array array;
    if (value.get_array().get(array)) return fail("Expected a list");
    for (auto element : array) {
      ondemand::object object;
      if (const auto error = element.get_object().get(object)) return fail(error);
      CLEW_TRY(each(object));
    }
    return {};
  }

  Status read_text(ondemand::value& value, std::string_view& text) {
    const auto error = value.get_string().get(text);
    if (error == simdjson::INCORRECT_TYPE) return fail("Expected a string");
    return error ? fail(error) : Status();
  }
  // Also what somebody wrote as a number, a truth or even an object.
  Status read_any_text(ondemand::value& value, std::string_view& text) {
    ondemand::json_type type;
    if (const auto error = value.type().get(type)) return fail(error);
    if (type == ondemand::json_type::string) return read_text(value, text);
    if (type == ondemand::json_type::object || type == ondemand::json_type::array) {
      ondemand::object object;
      ondemand::array array;
      const auto error =
          type == ondemand::json_type::object ? value.get_object().get(object) : value.get_array().get(array);
      if (error) return fail(error);
      const auto raw = type == ondemand::json_type::object ? object.raw_json() : array.raw_json();
      if (raw.error()) return fail(raw.error());
      text = raw.value_unsafe();
    } else {
      text = value.raw_json_token();
    }
    while (!text.empty() && static_cast<uint8_t>(text.back()) <= ' ') text.remove_suffix(1);
    return {};
  }
  Status read_number(ondemand::value& value, uint64_t& number) {
    if (!value.get_uint64().get(number)) return {};
    double floating = 0;
    if (value.get_double().get(floating) || !(floating >= 0) || floating >= 1.8e19)
      return fail("Expected a whole number that is not negative");
    number = static_cast<uint64_t>(floating);
    return {};
  }
  Status read_flag(ondemand::value& value, bool& flag) {
    return value.get_bool().get(flag) ? fail("Expected a boolean") : Status();
  }
  Status read_trace_id(ondemand::value& value, TraceId& id) {
    std::string_view hex;
    CLEW_TRY(read_text(value, hex));
    id = zipkin::read_trace_id(hex);
    return id.is_zero() ? fail("expected 1 to 32 hex digits that are not all zero") : Status();
  }
  Status read_id(ondemand::value& value, SpanId& id, bool may_be_zero) {
    std::string_view hex;
    CLEW_TRY(read_text(value, hex));
    id = read_span_id(hex);
    if (!id.is_zero()) return {};
    if (may_be_zero && hex.find_first_not_of('0') == std::string_view::npos) return {};
    return fail("expected 1 to 16 hex digits that are not all zero");
  }
  Status read_endpoint(ondemand::value& value, Endpoint& endpoint) {
    ondemand::object object;
    if (value.get_object().get(object)) return fail("Expected an object");
    return members(object, [&](std::string_view name, ondemand::value& part) -> Status {
      if (name == "serviceName") return read_text(part, endpoint.service_name);
      if (name == "ipv4" || name == "ipv6") {
        std::string_view address;
        CLEW_TRY(read_text(part, address));
        // An address in the wrong member is still one.
        (address.find(':') == std::string_view::npos ? endpoint.ipv4 : endpoint.ipv6) = address;
        return {};
      }
      if (name == "port") {
        uint64_t port = 0;
        CLEW_TRY(read_number(part, port));
        if (port > 65535) return fail("Expected a port");
        endpoint.port = static_cast<int32_t>(port);
      }
      return {};
    });
  }
  // The members that both versions have.
  template <typename Either>
  Status read_common(std::string_view name, ondemand::value& value, Either& span) {
    if (name == "traceId") return read_trace_id(value, span.trace_id);
    if (name == "id") return read_id(value, span.id, false);
    if (name == "parentId") return read_id(value, span.parent_id, true);
    if (name == "name") return read_text(value, span.name);
    if (name == "timestamp") return read_number(value, span.timestamp);
    if (name == "duration") return read_number(value, span.duration);
    if (name == "debug") return read_flag(value, span.debug);
    if (name == "annotations")
      return objects(value, [&](ondemand::object& one) {
        return read_annotation(one, span.annotations.emplace_back());
      });
    return {};
  }
  // Those of version 1 have an endpoint.
  template <typename Either>
  Status read_annotation(ondemand::object& object, Either& one) {
    bool has_time = false, has_value = false;
    const auto read_member = [&](std::string_view name, ondemand::value& part) -> Status {
      if constexpr (requires { one.endpoint; }) {
        if (name == "endpoint") return read_endpoint(part, one.endpoint);
      }
      if (name == "timestamp") {
        has_time = true;
        return read_number(part, one.timestamp);
      }
      if (name != "value") return {};
      has_value = true;
      return read_text(part, one.value);
    };
    CLEW_TRY(members(object, read_member));
    return has_time && has_value ? Status() : fail("Incomplete annotation");
  }
  template <typename Either>
  Status check_ids(Either& span) {
    member_ = {};
    if (span.trace_id.is_zero()) return fail("traceId is missing");
    if (span.id.is_zero()) return fail("id is missing");
    if (span.parent_id == span.id) span.parent_id = {};
    return {};
  }

  size_t index_ = 0;
  std::string_view member_;  // of the span that is being read
};

class V2Reader final : public Reader {
 public:
  explicit V2Reader(SpanSink& sink) : sink_(sink) {}

 private:
  Status read_span(ondemand::object& object) override {
    span_.clear();
    const auto read_member = [&](std::string_view name, ondemand::value& value) -> Status {
      member_ = name;
      if (name == "kind") return read_kind(value);
      if (name == "localEndpoint") return read_endpoint(value, span_.local);
      if (name == "remoteEndpoint") return read_endpoint(value, span_.remote);
      if (name == "tags") return read_tags(value);
      if (name == "shared") return read_flag(value, span_.shared);
      return read_common(name, value, span_);
    };
    CLEW_TRY(members(object, read_member));
    CLEW_TRY(check_ids(span_));
    sink_.take(span_);
    return {};
  }

  Status read_kind(ondemand::value& value) {
    std::string_view text;
    CLEW_TRY(read_text(value, text));
    for (size_t kind = 1; kind < kKinds.size(); ++kind) {
      if (text == kKinds[kind]) {
        span_.kind = static_cast<Kind>(kind);
        return {};
      }
    }
    return fail("Expected CLIENT, SERVER, PRODUCER or CONSUMER");
  }

  Status read_tags(ondemand::value& value) {
    ondemand::object object;
    if (value.get_object().get(object)) return fail("Expected an object");
    for (auto member : object) {
      Tag tag;
      if (const auto error = member.unescaped_key().get(tag.key)) return fail(error);
      ondemand::value part;
      if (const auto error = member.value().get(part)) return fail(error);
      bool null = false;
      if (const auto error = part.is_null().get(null)) return fail(error);
      if (null) return fail("No value");
      CLEW_TRY(read_any_text(part, tag.value));
      span_.tags.push_back(tag);
    }
    return {};
  }

  SpanSink& sink_;
  Span span_;
};

class V1Reader final : public Reader {
 public:
  explicit V1Reader(V1Converter& converter) : converter_(converter) {}

 private:
  Status read_span(ondemand::object& object) override {
    span_.clear();
    const auto read_member = [&](std::string_view name, ondemand::value& value) -> Status {
      member_ = name;
      if (name == "binaryAnnotations")
        return objects(value, [&](ondemand::object& one) { return read_binary_annotation(one); });
      return read_common(name, value, span_);
    };
    CLEW_TRY(members(object, read_member));
    CLEW_TRY(check_ids(span_));
    converter_.take(span_);
    return {};
  }

  Status read_binary_annotation(ondemand::object& object) {
    V1BinaryAnnotation one;
    bool is_true = false, has_value = false;
    const auto read_member = [&](std::string_view name, ondemand::value& part) -> Status {
      if (name == "endpoint") return read_endpoint(part, one.endpoint);
      if (name == "key") return read_text(part, one.key);
      if (name != "value") return {};
      has_value = true;
      ondemand::json_type type;
      if (const auto error = part.type().get(type)) return fail(error);
      CLEW_TRY(read_any_text(part, one.value));
      is_true = type == ondemand::json_type::boolean && one.value == "true";
      return {};
    };
    CLEW_TRY(members(object, read_member));
    if (one.key.empty()) return fail("No key");
    if (!has_value) return {};
    one.is_address = is_true && is_address_key(one.key) && !one.endpoint.empty();
    span_.binary_annotations.push_back(one);
    return {};
  }

  V1Converter& converter_;
  V1Span span_;
};

// Parses `json` and hands it to `reader`.
Status read_document(std::string_view json, Reader& reader) {
  struct Parser {
    ondemand::parser parser;
    std::string padded;
  };
  thread_local Parser kept;
  std::unique_ptr<Parser> large;
  if (json.size() > kKeepParserBelow) large = std::make_unique<Parser>();
  Parser& chosen = large ? *large : kept;
  chosen.padded.assign(json);
  chosen.padded.append(simdjson::SIMDJSON_PADDING, ' ');
  ondemand::document document;
  const simdjson::padded_string_view view(chosen.padded.data(), json.size(), chosen.padded.size());
  if (const auto error = chosen.parser.iterate(view).get(document))
    return {ErrorKind::bad_input, simdjson::error_message(error)};
  return reader.read(document);
}

}  // namespace

Status read_json_v2(std::string_view json, SpanSink& sink) {
  V2Reader reader(sink);
  return read_document(json, reader);
}

Status read_json_v1(std::string_view json, V1Converter& converter) {
  V1Reader reader(converter);
  return read_document(json, reader);
}

}  // namespace clew::zipkin
