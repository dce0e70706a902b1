// What looking for errors costs those who send none.

#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "control/errors/error_glance.h"
#include "control/errors/occurrences_in_batch.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"

namespace clew::control::errors {
namespace {

constexpr size_t kItems = 1'000;
constexpr size_t kAttributes = 16;

void attribute(ProtobufWriter& writer, uint32_t field, std::string_view key, std::string_view value) {
  const auto key_value = writer.begin_message(field);
  writer.bytes(otlp::key_value::key, key);
  const auto any = writer.begin_message(otlp::key_value::value);
  writer.bytes(otlp::any_value::string, value);
  writer.end_message(any);
  writer.end_message(key_value);
}

// As a web service's: sixteen attributes, every fourth span with an event.
void span(ProtobufWriter& writer, size_t number) {
  writer.bytes(otlp::span::trace_id, std::string(16, static_cast<char>(number % 250 + 1)));
  writer.bytes(otlp::span::span_id, std::string(8, static_cast<char>(number % 250 + 1)));
  writer.bytes(otlp::span::name, "GET /api/carts/{id}");
  writer.fixed64(otlp::span::start, 1'770'000'000'000'000'000 + number);
  writer.fixed64(otlp::span::end, 1'770'000'000'005'000'000 + number);
  for (size_t i = 0; i < kAttributes; ++i)
    attribute(writer, otlp::span::attributes, fmt::format("http.request.extra.{}", i),
              fmt::format("value {} {}", i, number));
  if (number % 4 != 0) return;
  const auto event = writer.begin_message(otlp::span::events);
  attribute(writer, otlp::event::attributes, "message", "cache miss");
  writer.end_message(event);
}

void log_record(ProtobufWriter& writer, size_t number) {
  writer.fixed64(otlp::log_record::time, 1'770'000'000'000'000'000 + number);
  writer.varint(otlp::log_record::severity_number, 9);
  const auto body = writer.begin_message(otlp::log_record::body);
  writer.bytes(otlp::any_value::string,
               fmt::format("GET /api/carts/{} answered in {} ms", number, number % 97));
  writer.end_message(body);
  for (size_t i = 0; i < kAttributes / 4; ++i)
    attribute(writer, otlp::log_record::attributes, fmt::format("http.request.extra.{}", i),
              fmt::format("value {}", i));
}

Batch batch_of(Signal signal) {
  std::string bytes;
  ProtobufWriter writer(bytes);
  const auto resource = writer.begin_message(otlp::request::resources);
  const auto scope = writer.begin_message(otlp::resource_items::scopes);
  for (size_t i = 0; i < kItems; ++i) {
    const auto item = writer.begin_message(otlp::scope_items::items);
    if (signal == Signal::traces)
      span(writer, i);
    else
      log_record(writer, i);
    writer.end_message(item);
  }
  writer.end_message(scope);
  writer.end_message(resource);
  Batch batch;
  batch.signal = signal;
  batch.items = kItems;
  batch.otlp = SharedBytes(std::move(bytes));
  return batch;
}

void look(benchmark::State& state, Signal signal) {
  const Batch batch = batch_of(signal);
  for (auto _ : state) {
    const bool may_have = may_have_occurrences(batch);
    benchmark::DoNotOptimize(may_have);
    if (may_have) benchmark::DoNotOptimize(occurrences_in(batch));
  }
  state.counters["ns_per_item"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * kItems * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["bytes_per_item"] = static_cast<double>(batch.otlp.size()) / kItems;
}

void spans_without_errors(benchmark::State& state) {
  look(state, Signal::traces);
}
BENCHMARK(spans_without_errors);

void log_records_without_errors(benchmark::State& state) {
  look(state, Signal::logs);
}
BENCHMARK(log_records_without_errors);

}  // namespace
}  // namespace clew::control::errors
