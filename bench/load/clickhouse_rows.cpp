#include "clickhouse_rows.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include <protozero/pbf_reader.hpp>

namespace clew::load {
namespace {

// RowBinary: strings and lists begin with their size as a varint, numbers have a fixed width.
class RowWriter {
 public:
  explicit RowWriter(std::string& out) : out_(out) {}
  void size(size_t value) {
    for (; value >= 128; value >>= 7) out_ += static_cast<char>(value | 128);
    out_ += static_cast<char>(value);
  }
  void string(std::string_view text) {
    size(text.size());
    out_ += text;
  }
  void number(uint64_t value) {
    std::array<char, 8> bytes;
    std::memcpy(bytes.data(), &value, bytes.size());
    out_.append(bytes.data(), bytes.size());
  }

 private:
  std::string& out_;
};

std::string hex_of(std::string_view bytes) {
  std::string hex;
  for (const unsigned char byte : bytes) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

std::string_view view_of(protozero::data_view view) {
  return {view.data(), view.size()};
}

using Attributes = std::vector<std::pair<std::string_view, std::string>>;

// The exporter turns every value into text. The traffic has strings and integers only.
void add_attribute(Attributes& attributes, protozero::pbf_reader pair) {
  std::string_view key;
  std::string text;
  while (pair.next()) {
    if (pair.tag() == 1) {
      key = view_of(pair.get_view());
    } else if (pair.tag() == 2) {
      protozero::pbf_reader value = pair.get_message();
      while (value.next()) {
        if (value.tag() == 1)
          text = value.get_string();
        else if (value.tag() == 3)
          text = std::to_string(value.get_int64());
        else
          value.skip();
      }
    } else {
      pair.skip();
    }
  }
  attributes.emplace_back(key, std::move(text));
}

void write_map(RowWriter& row, const Attributes& attributes) {
  row.size(attributes.size());
  for (const auto& [key, text] : attributes) {
    row.string(key);
    row.string(text);
  }
}

struct Event {
  uint64_t time = 0;
  std::string_view name;
  Attributes attributes;
};

Event read_event(protozero::pbf_reader message) {
  Event event;
  while (message.next()) {
    switch (message.tag()) {
      case 1:
        event.time = message.get_fixed64();
        break;
      case 2:
        event.name = view_of(message.get_view());
        break;
      case 3:
        add_attribute(event.attributes, message.get_message());
        break;
      default:
        message.skip();
    }
  }
  return event;
}

struct Origin {
  Attributes resource;
  std::string service, scope_name, scope_version;
};

struct Span {
  std::string trace_id, span_id, parent_id, status_message;
  std::string_view name;
  size_t kind = 0, status = 0;
  uint64_t begin = 0, end = 0;
  Attributes attributes;
  std::vector<Event> events;
};

Span read_span(protozero::pbf_reader message) {
  Span span;
  while (message.next()) {
    switch (message.tag()) {
      case 1:
        span.trace_id = hex_of(view_of(message.get_view()));
        break;
      case 2:
        span.span_id = hex_of(view_of(message.get_view()));
        break;
      case 4:
        span.parent_id = hex_of(view_of(message.get_view()));
        break;
      case 5:
        span.name = view_of(message.get_view());
        break;
      case 6:
        span.kind = static_cast<size_t>(message.get_enum());
        break;
      case 7:
        span.begin = message.get_fixed64();
        break;
      case 8:
        span.end = message.get_fixed64();
        break;
      case 9:
        add_attribute(span.attributes, message.get_message());
        break;
      case 11:
        span.events.push_back(read_event(message.get_message()));
        break;
      case 15: {
        protozero::pbf_reader status = message.get_message();
        while (status.next()) {
          if (status.tag() == 2)
            span.status_message = status.get_string();
          else if (status.tag() == 3)
            span.status = static_cast<size_t>(status.get_enum());
          else
            status.skip();
        }
        break;
      }
      default:
        message.skip();
    }
  }
  return span;
}

void write_row(RowWriter& row, const Origin& origin, const Span& span) {
  static constexpr std::array<std::string_view, 6> kKinds = {"Unspecified", "Internal", "Server",
                                                             "Client",      "Producer", "Consumer"};
  static constexpr std::array<std::string_view, 3> kStatuses = {"Unset", "Ok", "Error"};
  row.number(span.begin);
  row.string(span.trace_id);
  row.string(span.span_id);
  row.string(span.parent_id);
  row.string("");  // TraceState
  row.string(span.name);
  row.string(kKinds[span.kind % kKinds.size()]);
  row.string(origin.service);
  write_map(row, origin.resource);
  row.string(origin.scope_name);
  row.string(origin.scope_version);
  write_map(row, span.attributes);
  row.number(span.end - span.begin);
  row.string(kStatuses[span.status % kStatuses.size()]);
  row.string(span.status_message);
  row.size(span.events.size());
  for (const Event& event : span.events) row.number(event.time);
  row.size(span.events.size());
  for (const Event& event : span.events) row.string(event.name);
  row.size(span.events.size());
  for (const Event& event : span.events) write_map(row, event.attributes);
  for (int column = 0; column < 4; ++column) row.size(0);  // no links
}

void append_scope_spans(RowWriter& row, Origin& origin, protozero::pbf_reader scope_spans) {
  while (scope_spans.next()) {
    if (scope_spans.tag() == 1) {
      protozero::pbf_reader scope = scope_spans.get_message();
      while (scope.next()) {
        if (scope.tag() == 1)
          origin.scope_name = scope.get_string();
        else if (scope.tag() == 2)
          origin.scope_version = scope.get_string();
        else
          scope.skip();
      }
    } else if (scope_spans.tag() == 2) {
      write_row(row, origin, read_span(scope_spans.get_message()));
    } else {
      scope_spans.skip();
    }
  }
}

}  // namespace

void append_clickhouse_rows(std::string& out, std::string_view trace_request) {
  RowWriter row(out);
  protozero::pbf_reader request(trace_request.data(), trace_request.size());
  while (request.next(1)) {
    Origin origin;
    protozero::pbf_reader resource_spans = request.get_message();
    while (resource_spans.next()) {
      if (resource_spans.tag() == 1) {
        protozero::pbf_reader resource = resource_spans.get_message();
        while (resource.next(1)) add_attribute(origin.resource, resource.get_message());
        for (const auto& [key, text] : origin.resource) {
          if (key == "service.name") origin.service = text;
        }
      } else if (resource_spans.tag() == 2) {
        append_scope_spans(row, origin, resource_spans.get_message());
      } else {
        resource_spans.skip();
      }
    }
  }
}

}  // namespace clew::load
