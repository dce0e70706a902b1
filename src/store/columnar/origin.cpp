#include "store/columnar/origin.h"

#include "store/columnar/key_value.h"
#include "store/columnar/plain_attribute.h"
#include "telemetry/any_value.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"
#include "telemetry/semantic_names.h"

namespace clew::store {
namespace {

constexpr int kFlattenDepth = 5;

void append_field(std::string& out, uint32_t field, std::string_view bytes) {
  if (bytes.empty()) return;
  out += static_cast<char>(field << 3 | 2);  // all fields here are below 16
  size_t size = bytes.size();
  for (; size >= 128; size >>= 7) out += static_cast<char>(size | 128);
  out += static_cast<char>(size);
  out += bytes;
}

class OriginCollector : public ValueVisitor {
 public:
  OriginCollector(Scope scope, std::vector<OriginValue>& values) : scope_(scope), values_(values) {}
  void string(std::string_view name, ColumnType type, std::string_view value) override {
    values_.push_back({scope_, type, std::string(name), std::string(value)});
  }
  void integer(std::string_view name, int64_t value) override {
    values_.push_back({scope_, ColumnType::int64, std::string(name), value});
  }
  void floating(std::string_view name, double value) override {
    values_.push_back({scope_, ColumnType::float64, std::string(name), value});
  }
  void boolean(std::string_view name, bool value) override {
    values_.push_back({scope_, ColumnType::boolean, std::string(name), value});
  }

 private:
  Scope scope_;
  std::vector<OriginValue>& values_;
};

void add_text(std::vector<OriginValue>& values, std::string_view name, protozero::data_view text) {
  if (text.size() == 0) return;
  values.push_back({Scope::intrinsic, ColumnType::string, std::string(name), std::string(view_of(text))});
}

void parse_resource(ProtobufReader resource, std::vector<OriginValue>& values) {
  OriginCollector collector(Scope::resource, values);
  while (resource.next()) {
    if (resource.tag() == otlp::resource::attributes)
      visit_key_value(view_of(resource.get_view()), collector);
    else
      resource.skip();
  }
}

void parse_scope(ProtobufReader scope, std::vector<OriginValue>& values) {
  OriginCollector collector(Scope::instrumentation, values);
  while (scope.next()) {
    switch (scope.tag()) {
      case otlp::scope::name:
        add_text(values, names::kLibraryName, scope.get_view());
        break;
      case otlp::scope::version:
        add_text(values, names::kLibraryVersion, scope.get_view());
        break;
      case otlp::scope::attributes:
        visit_key_value(view_of(scope.get_view()), collector);
        break;
      default:
        scope.skip();
    }
  }
}

}  // namespace

void append_envelope(std::string& out, std::string_view resource, std::string_view resource_schema,
                     std::string_view scope, std::string_view scope_schema) {
  append_field(out, otlp::resource_items::resource, resource);
  std::string scope_items;
  append_field(scope_items, otlp::scope_items::scope, scope);
  append_field(scope_items, otlp::scope_items::schema_url, scope_schema);
  append_field(out, otlp::resource_items::scopes, scope_items);
  append_field(out, otlp::resource_items::schema_url, resource_schema);
}

std::vector<OriginValue> parse_envelope(std::string_view envelope) {
  std::vector<OriginValue> values;
  ProtobufReader reader(envelope.data(), envelope.size());
  while (reader.next()) {
    switch (reader.tag()) {
      case otlp::resource_items::resource:
        parse_resource(reader.get_message(), values);
        break;
      case otlp::resource_items::schema_url:
        add_text(values, names::kResourceSchema, reader.get_view());
        break;
      case otlp::resource_items::scopes: {
        ProtobufReader scope_items = reader.get_message();
        while (scope_items.next()) {
          if (scope_items.tag() == otlp::scope_items::scope)
            parse_scope(scope_items.get_message(), values);
          else if (scope_items.tag() == otlp::scope_items::schema_url)
            add_text(values, names::kScopeSchema, scope_items.get_view());
          else
            scope_items.skip();
        }
        break;
      }
      default:
        reader.skip();
    }
  }
  return values;
}

void visit_key_value(std::string_view key_value, ValueVisitor& visitor) {
  if (PlainAttribute plain; read_plain_attribute(key_value, plain)) {
    if (plain.text) return visitor.string(plain.key, ColumnType::string, *plain.text);
    return visitor.integer(plain.key, plain.number);
  }
  const KeyValue pair = read_key_value(key_value);
  if (!pair.key.empty()) visit_value(pair.key, pair.value, visitor);
}

void visit_value(std::string_view name, std::string_view any_value, ValueVisitor& visitor, int depth) {
  ProtobufReader value(any_value.data(), any_value.size());
  while (value.next()) {
    switch (value.tag()) {
      case otlp::any_value::string:
        return visitor.string(name, ColumnType::string, view_of(value.get_view()));
      case otlp::any_value::boolean:
        return visitor.boolean(name, value.get_bool());
      case otlp::any_value::integer:
        return visitor.integer(name, value.get_int64());
      case otlp::any_value::floating:
        return visitor.floating(name, value.get_double());
      case otlp::any_value::bytes:
        return visitor.string(name, ColumnType::bytes, view_of(value.get_view()));
      case otlp::any_value::array: {
        std::string json;
        otlp::append_any_value_json(json, any_value);
        return visitor.string(name, ColumnType::json, json);
      }
      case otlp::any_value::map: {
        if (depth == kFlattenDepth) {
          std::string json;
          otlp::append_any_value_json(json, any_value);
          return visitor.string(name, ColumnType::json, json);
        }
        ProtobufReader list = value.get_message();
        bool any = false;
        while (list.next()) {
          if (list.tag() != otlp::array_value::values) {
            list.skip();
            continue;
          }
          any = true;
          const KeyValue child = read_key_value(view_of(list.get_view()));
          if (child.key.empty()) continue;
          std::string path(name);
          path += '.';
          path += child.key;
          visit_value(path, child.value, visitor, depth + 1);
        }
        if (!any) visitor.string(name, ColumnType::json, "{}");
        return;
      }
      default:
        value.skip();
    }
  }
}

}  // namespace clew::store
