// One granule of a column into bytes and back, by what is in it; bytes are those of the values, encoded ones
// in the counter.
#include <random>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "store/columnar/chunk_encoding.h"

namespace clew::store {
namespace {

constexpr uint32_t kRows = kGranuleRows;

struct Example {
  CompactColumn column;
  std::shared_ptr<Dictionary> dictionary;  // when it has codes
  std::vector<std::string> texts;          // when it has strings
};

CompactColumn column_of(ColumnType type) {
  CompactColumn column;
  column.info = {Scope::attribute, type, "example"};
  return column;
}

template <typename Next>
Example integers(ColumnType type, Next next) {
  Example example{.column = column_of(type)};
  for (uint32_t row = 0; row < kRows; ++row) example.column.integers.push_back(next(row));
  return example;
}

Example codes(uint32_t distinct) {
  std::mt19937_64 random(2);
  Example example{.column = column_of(ColumnType::string)};
  example.dictionary = std::make_shared<Dictionary>();
  for (uint32_t i = 0; i < distinct; ++i) example.texts.push_back(fmt::format("value-{}", i));
  for (const std::string& text : example.texts) example.dictionary->values.emplace_back(text);
  for (uint32_t row = 0; row < kRows; ++row)
    example.column.codes.push_back(static_cast<uint32_t>(random() % distinct));
  return example;
}

Example strings() {
  std::mt19937_64 random(3);
  Example example{.column = column_of(ColumnType::string)};
  for (uint32_t row = 0; row < kRows; ++row)
    example.texts.push_back(fmt::format("https://api.example.com/api/shop/v{}/item{}?id={}", random() % 3,
                                        random() % 12, random() % 1'000'000));
  for (const std::string& text : example.texts) example.column.strings.emplace_back(text);
  return example;
}

Example span_ids() {
  std::mt19937_64 random(4);
  Example example{.column = column_of(ColumnType::span_id)};
  for (uint32_t row = 0; row < kRows; ++row) example.column.ids.push_back(random());
  return example;
}

Example doubles() {
  std::mt19937_64 random(5);
  Example example{.column = column_of(ColumnType::float64)};
  for (uint32_t row = 0; row < kRows; ++row)
    example.column.floats.push_back(static_cast<double>(random() % 100'000) / 7);
  return example;
}

Example booleans() {
  std::mt19937_64 random(6);
  Example example{.column = column_of(ColumnType::boolean)};
  for (uint32_t row = 0; row < kRows; ++row) example.column.booleans.push_back(random() % 10 == 0);
  return example;
}

Example times() {
  int64_t at = 1767225600'000'000'000;
  std::mt19937_64 random(7);
  return integers(ColumnType::time, [&](uint32_t) { return at += static_cast<int64_t>(random() % 300'000); });
}
Example durations() {
  std::mt19937_64 random(8);
  return integers(ColumnType::duration,
                  [&](uint32_t) { return static_cast<int64_t>(50'000 + random() % 50'000'000); });
}
Example statuses() {
  std::mt19937_64 random(9);
  return integers(ColumnType::int64, [&](uint32_t) { return random() % 20 == 0 ? 404 : 200; });
}

void encode(benchmark::State& state, Example (*make)()) {
  const Example example = make();
  std::string out;
  for (auto _ : state) {
    out.clear();
    benchmark::DoNotOptimize(
        append_chunk_values(out, example.column, example.dictionary != nullptr, nullptr, kRows));
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * kRows);
  state.counters["bytes_a_value"] = static_cast<double>(out.size()) / kRows;
}

void decode(benchmark::State& state, Example (*make)()) {
  const Example example = make();
  std::string out;
  const ChunkForm form =
      append_chunk_values(out, example.column, example.dictionary != nullptr, nullptr, kRows);
  ChunkContext context;
  context.rows = context.count = kRows;
  context.dictionary = example.dictionary;
  for (auto _ : state) {
    ColumnData data;
    if (!decode_chunk_values(out, form, example.column.info.type, context, data))
      state.SkipWithError("not understood");
    benchmark::DoNotOptimize(data);
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * kRows);
}

Example few_codes() {
  return codes(20);
}
Example many_codes() {
  return codes(200'000);
}

#define CLEW_CHUNK_BENCHMARK(example)                                         \
  BENCHMARK_CAPTURE(encode, example, example)->Unit(benchmark::kMicrosecond); \
  BENCHMARK_CAPTURE(decode, example, example)->Unit(benchmark::kMicrosecond)

CLEW_CHUNK_BENCHMARK(times);
CLEW_CHUNK_BENCHMARK(durations);
CLEW_CHUNK_BENCHMARK(statuses);
CLEW_CHUNK_BENCHMARK(doubles);
CLEW_CHUNK_BENCHMARK(booleans);
CLEW_CHUNK_BENCHMARK(few_codes);
CLEW_CHUNK_BENCHMARK(many_codes);
CLEW_CHUNK_BENCHMARK(strings);
CLEW_CHUNK_BENCHMARK(span_ids);

}  // namespace
}  // namespace clew::store
