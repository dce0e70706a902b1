#include "traffic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <iterator>
#include <map>
#include <string_view>

#include "message.h"

namespace clew::load {
namespace {

constexpr std::array<std::string_view, 20> kServices = {
    "frontend", "gateway",  "backend-flask",  "cart",   "checkout", "payment",  "shipping",
    "email",    "currency", "catalog",        "search", "accounts", "orders",   "inventory",
    "billing",  "reviews",  "recommendation", "advert", "messages", "reporting"};
constexpr std::array<std::string_view, 4> kMethods = {"GET", "POST", "PUT", "DELETE"};

// Field numbers of opentelemetry.proto.trace.v1.Span.
constexpr uint32_t kAttributes = 9;

class SpanMaker {
 public:
  SpanMaker(std::mt19937_64& random, const Shape& shape) : random_(random), shape_(shape) {}

  struct Place {
    uint32_t trace;         // of the body
    uint32_t first;         // span of the trace
    uint32_t number;        // of this span in the body
    uint64_t trace_begins;  // nanoseconds after the body's time
  };
  struct Made {
    size_t service;
    Message span;
  };

  Made make(const Place& place) {
    const uint32_t position = place.number - place.first;
    const size_t service = position == 0 ? below(3) : below(kServices.size());
    const uint64_t route = below(12);
    const bool is_database = position > 0 && below(3) == 0;
    const bool failed = below(50) == 0;
    const uint64_t begins = place.trace_begins + position * 300'000 + below(200'000);
    const auto lasts = static_cast<uint64_t>(50'000 * std::exp(unit() * 7));
    const std::string_view method = kMethods[below(kMethods.size())];
    const std::string path = "/api/" + std::string(kServices[service]) + "/v" + std::to_string(route % 3) +
                             "/item" + std::to_string(route);

    Message span;
    span.placeholder(1, {.kind = Patch::Kind::trace_id, .number = place.trace});
    span.placeholder(2, {.kind = Patch::Kind::span_id, .number = place.number});
    if (position > 0) {
      span.placeholder(
          4, {.kind = Patch::Kind::span_id, .number = place.first + static_cast<uint32_t>(below(position))});
    }
    const std::string table = "table" + std::to_string(route);
    span.write().bytes(5, is_database ? "SELECT " + std::string(kServices[service]) + "." + table
                                      : std::string(method) + " " + path);
    span.write().varint(6, is_database ? 3 : 2);
    span.placeholder(7, {.kind = Patch::Kind::time, .after = begins});
    span.placeholder(8, {.kind = Patch::Kind::time, .after = begins + lasts});
    if (shape_.attribute_names != 0) {
      add_many_names(span);
    } else if (is_database) {
      add_database_attributes(span, table);
    } else {
      add_http_attributes(span, method, path, failed);
    }
    if (shape_.distinct_values != 0)
      span.attribute(kAttributes, "session.id", "session-" + number_below(shape_.distinct_values));
    span.attribute(kAttributes, "user.id", "u-" + number_below(200'000));
    span.attribute(kAttributes, "app.tenant", "tenant-" + number_below(300));
    span.attribute(kAttributes, "thread.id", below(64));
    if (failed) add_exception(span, begins + lasts / 2);
    return {service, std::move(span)};
  }

 private:
  void add_database_attributes(Message& span, const std::string& table) {
    span.attribute(kAttributes, "db.system", "postgresql");
    span.attribute(kAttributes, "db.name", "cruddur");
    span.attribute(kAttributes, "db.statement",
                   "SELECT * FROM " + table + " WHERE user_id = $1 AND created_at > $2 LIMIT " +
                       std::to_string(10 * (1 + below(5))));
    span.attribute(kAttributes, "db.rows", below(500));
  }

  void add_http_attributes(Message& span, std::string_view method, const std::string& path, bool failed) {
    span.attribute(kAttributes, "http.request.method", method);
    span.attribute(kAttributes, "http.route", path);
    const uint64_t status = failed ? 500 + below(4) : below(20) == 0 ? 404 : 200;
    span.attribute(kAttributes, "http.response.status_code", status);
    span.attribute(kAttributes, "url.full",
                   "https://api.example.com" + path + "?id=" + number_below(1'000'000));
    span.attribute(kAttributes, "user_agent.original",
                   "Mozilla/5.0 (X11; Linux x86_64) build/" + number_below(40));
    span.attribute(kAttributes, "client.address",
                   "10." + number_below(4) + "." + number_below(256) + "." + number_below(256));
    span.attribute(kAttributes, "http.response.body.size", below(65'536));
  }

  // As different teams name the same things differently.
  void add_many_names(Message& span) {
    for (int i = 0; i < 8; ++i) {
      const uint64_t name = below(shape_.attribute_names);
      const std::string key = "team" + std::to_string(name % 40) + ".field" + std::to_string(name);
      if (name % 2 == 0)
        span.attribute(kAttributes, key, "value-" + number_below(100));
      else
        span.attribute(kAttributes, key, below(10'000));
    }
  }

  void add_exception(Message& span, uint64_t at) {
    Message event;
    event.placeholder(1, {.kind = Patch::Kind::time, .after = at});
    event.write().bytes(2, "exception");
    event.attribute(3, "exception.type", "TimeoutError");
    event.attribute(3, "exception.message",
                    "upstream " + std::string(kServices[below(kServices.size())]) + " timed out after " +
                        number_below(3000) + " ms");
    span.append(11, event);
    Message status;
    status.write().bytes(2, "upstream timed out");
    status.write().varint(3, 2);
    span.append(15, status);
  }

  uint64_t below(uint64_t bound) { return random_() % bound; }
  double unit() { return static_cast<double>(random_() >> 11) * 0x1.0p-53; }
  std::string number_below(uint64_t bound) { return std::to_string(below(bound)); }

  std::mt19937_64& random_;
  const Shape& shape_;
};

Message resource_of(size_t service, uint64_t pod) {
  const std::string name(kServices[service]);
  Message resource;
  resource.attribute(1, "service.name", name);
  resource.attribute(1, "service.version", "1." + std::to_string(service % 7) + ".0");
  resource.attribute(1, "deployment.environment.name", "production");
  resource.attribute(1, "host.name", "node-" + std::to_string(service % 9));
  resource.attribute(1, "k8s.pod.name", name + "-7c9d8-" + std::to_string(pod));
  resource.attribute(1, "telemetry.sdk.language", "python");
  resource.attribute(1, "telemetry.sdk.name", "opentelemetry");
  resource.attribute(1, "telemetry.sdk.version", "1.28.0");
  return resource;
}

// Spreads the bits of `number` so that neighbours look unlike each other (splitmix64's finisher).
uint64_t scramble(uint64_t number) {
  number += 0x9E3779B97F4A7C15;
  number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9;
  number = (number ^ number >> 27) * 0x94D049BB133111EB;
  return number ^ number >> 31;
}

Body make_log_body(std::mt19937_64& random, uint32_t records, const Shape& shape) {
  constexpr std::string_view kWords[] = {"order",    "accepted", "payment", "pending", "retry",  "queue",
                                         "customer", "timeout",  "basket",  "stock",   "worker", "finished"};
  Message request, with_scope;
  for (uint32_t i = 0; i < records; ++i) {
    std::string text;
    while (text.size() < shape.log_bytes) {
      text += kWords[random() % std::size(kWords)];
      text += random() % 4 == 0 ? "=" + std::to_string(random() % 1'000'000) + " " : " ";
    }
    Message any, record;
    any.write().bytes(1, text);
    record.placeholder(1, {.kind = Patch::Kind::time, .after = i * 20'000});
    record.write().varint(2, 9 + 4 * (random() % 3));
    record.append(5, any);
    record.attribute(6, "app.tenant", "tenant-" + std::to_string(random() % 300));
    with_scope.append(2, record);
  }
  Message resource_logs;
  resource_logs.append(1, resource_of(random() % kServices.size(), random() % 6));
  resource_logs.append(2, with_scope);
  request.append(1, resource_logs);
  return {.bytes = std::move(request.bytes), .patches = std::move(request.patches), .items = records};
}

Body make_span_body(std::mt19937_64& random, uint32_t spans, const Shape& shape) {
  SpanMaker maker(random, shape);
  Body body;
  std::map<size_t, Message> of_service;  // ScopeSpans
  while (body.items < spans) {
    // Nine of ten traces are small.
    const auto size = shape.spans_of_trace != 0
                          ? shape.spans_of_trace
                          : static_cast<uint32_t>(3 + random() % (random() % 10 == 0 ? 60 : 20));
    SpanMaker::Place place{.trace = body.traces++,
                           .first = body.items,
                           .number = body.items,
                           .trace_begins = random() % 1'000'000'000};
    for (uint32_t i = 0; i < size && body.items < spans; ++i) {
      place.number = body.items++;
      auto [service, span] = maker.make(place);
      of_service[service].append(2, span);
    }
  }
  Message request;
  for (const auto& [service, scope_spans] : of_service) {
    Message scope;
    scope.write().bytes(1, "io.opentelemetry.http");
    scope.write().bytes(2, "1.28.0");
    Message with_scope;
    with_scope.append(1, scope);
    // The fields of a message may be joined by joining its bytes.
    const auto shift = static_cast<uint32_t>(with_scope.bytes.size());
    with_scope.bytes += scope_spans.bytes;
    for (Patch patch : scope_spans.patches) {
      patch.at += shift;
      with_scope.patches.push_back(patch);
    }
    Message resource_spans;
    resource_spans.append(1, resource_of(service, random() % 6));
    resource_spans.append(2, with_scope);
    request.append(1, resource_spans);
  }
  body.bytes = std::move(request.bytes);
  body.patches = std::move(request.patches);
  return body;
}

}  // namespace

const Shape* shape_named(std::string_view name) {
  static constexpr Shape kShapes[] = {
      {.name = "shop"},
      {.name = "names", .attribute_names = 2'000},
      {.name = "distinct", .distinct_values = 1'000'000},
      {.name = "long-traces", .spans_of_trace = 10'000},
      {.name = "logs", .path = "/v1/logs", .log_bytes = 2'048},
  };
  const auto* const found = std::find_if(std::begin(kShapes), std::end(kShapes),
                                         [&](const Shape& shape) { return shape.name == name; });
  return found == std::end(kShapes) ? nullptr : found;
}

Body make_body(std::mt19937_64& random, uint32_t items, const Shape& shape) {
  return shape.log_bytes != 0 ? make_log_body(random, items, shape) : make_span_body(random, items, shape);
}

void refresh(Body& body, uint64_t run, uint64_t unix_nanoseconds) {
  const uint64_t base = scramble(run);
  for (const Patch& patch : body.patches) {
    char* const place = body.bytes.data() + patch.at;
    switch (patch.kind) {
      case Patch::Kind::trace_id: {
        const uint64_t high = scramble(base + patch.number), low = scramble(high ^ base);
        std::memcpy(place, &high, 8);
        std::memcpy(place + 8, &low, 8);
        break;
      }
      case Patch::Kind::span_id: {
        const uint64_t id = scramble(~base + patch.number);
        std::memcpy(place, &id, 8);
        break;
      }
      case Patch::Kind::time: {
        const uint64_t time = unix_nanoseconds + patch.after;
        std::memcpy(place, &time, 8);
        break;
      }
    }
  }
}

}  // namespace clew::load
