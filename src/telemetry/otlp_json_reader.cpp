#include <memory>
#include <simdjson.h>
#include <vector>

#include "base/ascii.h"
#include "base/base64.h"
#include "telemetry/ids.h"
#include "telemetry/otlp_json.h"
#include "telemetry/otlp_json_numbers.h"
#include "telemetry/protobuf_writer.h"

namespace clew {
namespace {

namespace ondemand = simdjson::ondemand;
using otlp::Field;
using otlp::FieldKind;
using otlp::Message;
using otlp::parse_double;
using otlp::parse_integer;
using otlp::Presence;

// Messages within messages. Protobuf's own libraries stop at 100; honest telemetry stays below 20.
constexpr size_t kMaxDepth = 100;
// A parser kept for the next request holds up to 5 bytes for each byte of the largest document it has seen.
constexpr size_t kKeepParserBelow = 1 << 20;

std::string_view name_of(ondemand::json_type type) {
  switch (type) {
    case ondemand::json_type::array:
      return "an array";
    case ondemand::json_type::object:
      return "an object";
    case ondemand::json_type::number:
      return "a number";
    case ondemand::json_type::string:
      return "a string";
    case ondemand::json_type::boolean:
      return "a boolean";
    case ondemand::json_type::null:
      return "null";
  }
  return "something else";
}

std::string shortened(std::string_view text) {
  constexpr size_t kMost = 60;
  if (text.size() <= kMost) return std::string(text);
  size_t cut = kMost;
  while (cut > 0 && (static_cast<uint8_t>(text[cut]) & 0xc0) == 0x80) --cut;
  return std::string(text.substr(0, cut)) + "…";
}

class Reader {
 public:
  explicit Reader(std::string& out) : out_(out), writer_(out) {}

  Status read(ondemand::document& document, const Message& message) {
    ondemand::object object;
    if (const auto error = document.get_object().get(object)) {
      return error == simdjson::INCORRECT_TYPE ? fail("expected a JSON object") : fail(error);
    }
    CLEW_TRY(read_message(object, message));
    // Whatever follows the object would otherwise be lost in silence.
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
      return fail("invalid JSON: text after the end of the request");
    }
    return Status();
  }

 private:
  struct Step {
    std::string_view name;
    int64_t index;  // kNoIndex: not in an array
  };
  static constexpr int64_t kNoIndex = -1;

  Status fail(std::string_view problem) const {
    // Enough to find the place; a deeper one is within a value.
    constexpr size_t kMostSteps = 10;
    std::string message;
    for (size_t at = 0; at < path_.size(); ++at) {
      const Step& step = path_[at];
      if (at == kMostSteps) {
        message += ".…";
        break;
      }
      if (!message.empty()) message += '.';
      message += step.name;
      if (step.index != kNoIndex) message += '[' + std::to_string(step.index) + ']';
    }
    if (!message.empty()) message += ": ";
    return Status(ErrorKind::bad_input, message += problem);
  }
  Status fail(simdjson::error_code error) const {
    return fail(std::string("invalid JSON: ") + simdjson::error_message(error));
  }
  Status fail_type(ondemand::value& value, std::string_view expected) const {
    ondemand::json_type type;
    if (const auto error = value.type().get(type)) return fail(error);
    return fail(std::string("expected ").append(expected).append(", got ").append(name_of(type)));
  }

  Status read_message(ondemand::object& object, const Message& message) {
    if (path_.size() > kMaxDepth) return fail("nested too deeply");
    for (auto member : object) {
      std::string_view key;
      if (const auto error = member.unescaped_key().get(key)) return fail(error);
      const Field* field = message.field(key);
      if (field == nullptr) continue;
      ondemand::value value;
      if (const auto error = member.value().get(value)) return fail(error);
      path_.push_back({field->json_name, kNoIndex});
      CLEW_TRY(read_field(value, *field));
      path_.pop_back();
    }
    return Status();
  }

  Status read_field(ondemand::value& value, const Field& field) {
    bool null = false;
    if (const auto error = value.is_null().get(null)) return fail(error);
    if (null) return Status();
    return field.presence == Presence::repeated ? read_array(value, field) : read_value(value, field);
  }

  Status read_array(ondemand::value& value, const Field& field) {
    ondemand::array array;
    if (value.get_array().get(array)) return fail_type(value, "an array");
    const bool packed = field.kind != FieldKind::message && field.kind != FieldKind::string;
    const size_t before = out_.size();
    const ProtobufWriter::Nested nested =
        packed ? writer_.begin_message(field.number) : ProtobufWriter::Nested{};
    packed_ = packed;
    path_.back().index = 0;
    for (auto element : array) {
      ondemand::value item;
      if (const auto error = element.get(item)) return fail(error);
      bool null = false;
      if (const auto error = item.is_null().get(null)) return fail(error);
      if (!null) {
        CLEW_TRY(read_value(item, field));
      } else if (field.message == &otlp::messages::any_value) {
        writer_.bytes(field.number, {});  // a value that is null keeps its place among the others
      }
      ++path_.back().index;
    }
    packed_ = false;
    if (!packed) return Status();
    if (out_.size() == nested.begin) {
      out_.resize(before);  // nothing in it: not even the field
    } else {
      writer_.end_message(nested);
    }
    return Status();
  }

  Status read_value(ondemand::value& value, const Field& field) {
    switch (field.kind) {
      case FieldKind::message: {
        ondemand::object object;
        if (value.get_object().get(object)) {
          return fail_type(value, field.message == &otlp::messages::any_value
                                      ? "an object such as {\"stringValue\":\"…\"}"
                                      : "an object");
        }
        const auto nested = writer_.begin_message(field.number);
        CLEW_TRY(read_message(object, *field.message));
        writer_.end_message(nested);
        return Status();
      }
      case FieldKind::string:
      case FieldKind::bytes:
      case FieldKind::trace_id:
      case FieldKind::span_id:
        return read_text(value, field);
      case FieldKind::boolean: {
        bool flag = false;
        if (value.get_bool().get(flag)) return fail_type(value, "true or false");
        if (flag || field.keeps_default()) writer_.boolean(field.number, flag);
        return Status();
      }
      default:
        return read_number(value, field);
    }
  }

  Status read_text(ondemand::value& value, const Field& field) {
    std::string_view text;
    if (const auto error = value.get_string().get(text)) {
      return error == simdjson::INCORRECT_TYPE ? fail_type(value, "a string") : fail(error);
    }
    if (text.empty() && !field.keeps_default() && field.presence != Presence::repeated) return Status();
    switch (field.kind) {
      case FieldKind::trace_id:
        return write_id(text, field, sizeof(TraceId::bytes));
      case FieldKind::span_id:
        return write_id(text, field, sizeof(SpanId::bytes));
      case FieldKind::bytes: {
        const std::optional<std::string> bytes = base64_decode(text);
        if (!bytes) return fail("expected base64, got \"" + shortened(text) + '"');
        writer_.bytes(field.number, *bytes);
        return Status();
      }
      default:
        writer_.bytes(field.number, text);
        return Status();
    }
  }

  // Hex, as OTLP wants it, or the base64 of generic protobuf-to-JSON printers, told apart by length.
  Status write_id(std::string_view text, const Field& field, size_t size) {
    if (text.size() == 2 * size) {
      char id[sizeof(TraceId::bytes)];
      for (size_t half = 0; half < size; half += sizeof(SpanId::bytes)) {
        const std::optional<SpanId> part = SpanId::from_hex(text.substr(2 * half, 2 * sizeof(SpanId::bytes)));
        if (!part) return fail("not hex digits: \"" + shortened(text) + '"');
        part->view().copy(id + half, part->view().size());
      }
      writer_.bytes(field.number, {id, size});
      return Status();
    }
    if (const auto bytes = base64_decode(text); bytes && bytes->size() == size) {
      writer_.bytes(field.number, *bytes);
      return Status();
    }
    return fail("expected " + std::to_string(2 * size) + " hex digits, got " + std::to_string(text.size()) +
                " characters: \"" + shortened(text) + '"');
  }

  Status read_number(ondemand::value& value, const Field& field) {
    ondemand::json_type type;
    if (const auto error = value.type().get(type)) return fail(error);
    std::string_view text;
    if (type == ondemand::json_type::string) {
      if (const auto error = value.get_string().get(text)) return fail(error);
      if (text.empty() && !field.keeps_default() && field.presence != Presence::repeated) return Status();
    } else if (type == ondemand::json_type::number) {
      text = trimmed(value.raw_json_token());
    } else {
      return fail_type(value, "a number");
    }
    switch (field.kind) {
      case FieldKind::floating: {
        const std::optional<double> number = parse_double(text);
        if (!number) return fail_number("a number", text);
        write_fixed(field, std::bit_cast<uint64_t>(*number));
        return Status();
      }
      case FieldKind::int64:
      case FieldKind::sfixed64: {
        const std::optional<int64_t> number = parse_integer<int64_t>(text);
        if (!number) return fail_number("a whole number of 64 bits", text);
        if (field.kind == FieldKind::sfixed64) {
          write_fixed(field, static_cast<uint64_t>(*number));
        } else {
          write_varint(field, static_cast<uint64_t>(*number));
        }
        return Status();
      }
      case FieldKind::uint64:
      case FieldKind::fixed64: {
        const std::optional<uint64_t> number = parse_integer<uint64_t>(text);
        if (!number) return fail_number("a whole number of 64 bits, not negative", text);
        if (field.kind == FieldKind::fixed64) {
          write_fixed(field, *number);
        } else {
          write_varint(field, *number);
        }
        return Status();
      }
      case FieldKind::uint32:
      case FieldKind::fixed32: {
        const std::optional<uint32_t> number = parse_integer<uint32_t>(text);
        if (!number) return fail_number("a whole number of 32 bits, not negative", text);
        if (field.kind == FieldKind::fixed32) {
          write_fixed(field, *number);
        } else {
          write_varint(field, *number);
        }
        return Status();
      }
      case FieldKind::enumeration:
        for (const otlp::EnumValue& candidate : field.enum_values) {
          if (candidate.name == text) {
            write_varint(field, static_cast<uint64_t>(candidate.number));
            return Status();
          }
        }
        [[fallthrough]];
      default: {
        const std::optional<int32_t> number = parse_integer<int32_t>(text);
        if (!number) {
          return fail_number(field.kind == FieldKind::enumeration
                                 ? "the number or the name of the enumeration"
                                 : "a whole number of 32 bits",
                             text);
        }
        write_varint(field, field.kind == FieldKind::sint32 ? ProtobufWriter::zigzag(*number)
                                                            : static_cast<uint64_t>(int64_t{*number}));
        return Status();
      }
    }
  }
  Status fail_number(std::string_view expected, std::string_view text) const {
    return fail(std::string("expected ").append(expected) + ", got \"" + shortened(text) + '"');
  }

  void write_varint(const Field& field, uint64_t value) {
    if (packed_) {
      writer_.raw_varint(value);
    } else if (value != 0 || field.keeps_default()) {
      writer_.varint(field.number, value);
    }
  }
  void write_fixed(const Field& field, uint64_t value) {
    if (packed_) {
      writer_.raw_fixed(value);
    } else if (value != 0 || field.keeps_default()) {
      writer_.fixed64(field.number, value);
    }
  }
  void write_fixed(const Field& field, uint32_t value) {
    if (packed_) {
      writer_.raw_fixed(value);
    } else if (value != 0 || field.keeps_default()) {
      writer_.fixed32(field.number, value);
    }
  }

  std::string& out_;
  ProtobufWriter writer_;
  std::vector<Step> path_;
  bool packed_ = false;  // within an array of numbers
};

// Parses `json` and calls `use` with the document.
template <typename Use>
Status with_document(std::string_view json, Use use) {
  struct Parser {
    ondemand::parser parser;
    std::string padded;
  };
  thread_local Parser kept;
  std::unique_ptr<Parser> large;
  if (json.size() > kKeepParserBelow) large = std::make_unique<Parser>();
  Parser& chosen = large ? *large : kept;
  if (json.starts_with("\xef\xbb\xbf")) json.remove_prefix(3);  // a byte order mark
  chosen.padded.assign(json);
  chosen.padded.append(simdjson::SIMDJSON_PADDING, ' ');
  ondemand::document document;
  const simdjson::padded_string_view view(chosen.padded.data(), json.size(), chosen.padded.size());
  if (const auto error = chosen.parser.iterate(view).get(document)) {
    return Status(ErrorKind::bad_input, std::string("invalid JSON: ") + simdjson::error_message(error));
  }
  return use(document);
}

}  // namespace

Result<std::string> json_to_protobuf(const Message& message, std::string_view json) {
  std::string protobuf;
  protobuf.reserve(json.size() / 2);
  CLEW_TRY(with_document(
      json, [&](ondemand::document& document) { return Reader(protobuf).read(document, message); }));
  return protobuf;
}

Result<std::string> json_to_protobuf(Signal signal, std::string_view json) {
  return json_to_protobuf(otlp::export_request(signal), json);
}

std::optional<Signal> signal_of_json(std::string_view json) {
  std::optional<Signal> signal;
  const Status status = with_document(json, [&](ondemand::document& document) {
    ondemand::object object;
    if (document.get_object().get(object)) return Status(ErrorKind::bad_input, "not an object");
    for (auto member : object) {
      std::string_view key;
      if (member.unescaped_key().get(key)) return Status(ErrorKind::bad_input, "not JSON");
      for (const Signal candidate : {Signal::traces, Signal::logs, Signal::metrics}) {
        if (otlp::export_request(candidate).field(key) == nullptr) continue;
        signal = candidate;
        return Status();
      }
    }
    return Status();
  });
  return status.ok() ? signal : std::nullopt;
}

}  // namespace clew
