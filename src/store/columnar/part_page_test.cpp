// The example of docs/format/part.md: it opens, it says what the page says, and it is what is written today.
#include "base/simulated_file_system.h"
#include "store/columnar/block.h"
#include "store/columnar/format_page.h"
#include "store/columnar/part.h"
#include "store/columnar/part_composer.h"
#include "store/columnar/store_testing.h"
#include "store/columnar/table_shard.h"

namespace clew::store {
namespace {

std::string compose_example() {
  TableShard shard;
  const Batch batch = batch_of(Signal::traces, R"({"resourceSpans":[{"resource":{"attributes":[
      {"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[
      {"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"1112131415161718","name":"pay","startTimeUnixNano":"1000","endTimeUnixNano":"3000"},
      {"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"2122232425262728","parentSpanId":"1112131415161718","name":"sql",
       "startTimeUnixNano":"1500","endTimeUnixNano":"2500","attributes":[{"key":"rows","value":{"intValue":"7"}}]}]}]}]})");
  EXPECT_TRUE(decode_otlp(Signal::traces, batch.otlp.view(), UnixNanos{1}, shard).ok());
  const std::vector<RowSource> sources{{Block::freeze(std::move(*shard.take()[0])), 0}};
  auto by_day = order_rows(sources, Signal::traces, 0, 0);
  EXPECT_TRUE(by_day.ok());
  const std::vector<GranulePlan> plans{{.rows = by_day->at(0).ordered.rows, .whole = std::nullopt}};
  SimulatedFileSystem disk;
  auto file = disk.open("/example.part", OpenMode::create);
  EXPECT_TRUE(compose_part(**file, kDefaultEnvironment, Signal::traces, 0, sources, plans).ok());
  return *disk.read_file("/example.part", 1 << 20);
}

std::string as_hex(std::string_view bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i)
    text += fmt::format("{:02x}{}", static_cast<unsigned char>(bytes[i]), i % 32 == 31 ? "\n" : " ");
  return text;
}

TEST(PartPage, ItsExampleIsWhatIsWritten) {
  EXPECT_EQ(as_hex(bytes_of_hex(example_on_page("docs/format/part.md", "hex"))), as_hex(compose_example()));
}

TEST(PartPage, ItsExampleReadsAsThePageSays) {
  SimulatedFileSystem disk;
  {
    auto file = disk.open("/example.part", OpenMode::create);
    ASSERT_TRUE((*file)->append(bytes_of_hex(example_on_page("docs/format/part.md", "hex"))).ok());
  }
  const auto part = Part::open(disk, "/example.part");
  ASSERT_TRUE(part.ok()) << part.status().to_string();
  EXPECT_TRUE((*part)->verify().ok());
  std::string rows;
  for (const std::string& row : rows_of(**part)) rows += row + "\n";
  EXPECT_EQ(rows, example_on_page("docs/format/part.md", "rows"));
}

}  // namespace
}  // namespace clew::store
