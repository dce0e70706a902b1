#include "app/queue_dump.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/simulated_file_system.h"
#include "pipeline/delivery/queue_format.h"

namespace clew::app {
namespace {

using pipeline::QueueRecord;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string record(QueueRecord::Kind kind, uint64_t number, const std::string& payload) {
  return pipeline::encode_queue_record_header({.kind = kind,
                                               .number = number,
                                               .signal = Signal::logs,
                                               .items = payload.size(),
                                               .payload_bytes = 0},
                                              payload) +
         payload;
}

void write(FileSystem& files, const std::string& path, const std::string& bytes) {
  auto file = files.open(path, OpenMode::create);
  ASSERT_TRUE(file.ok()) << file.status().message();
  ASSERT_TRUE((*file)->append(bytes).ok());
}

TEST(QueueDump, TellsWhatWaits) {
  SimulatedFileSystem files;
  ASSERT_TRUE(files.make_directory("/q").ok());
  const std::string first = pipeline::encode_queue_file_header() +
                            record(QueueRecord::Kind::batch, 1, "abc") +
                            record(QueueRecord::Kind::batch, 2, "defg");
  write(files, "/q/000000000001.queue", first);
  write(files, "/q/000000000002.queue",
        pipeline::encode_queue_file_header() + record(QueueRecord::Kind::sent, 1, "") +
            record(QueueRecord::Kind::batch, 3, "h") + "QREC unfinished");
  const auto whole = dump_file(files, "/q", DumpDepth::outline);
  ASSERT_TRUE(whole.ok()) << whole.status().message();
  EXPECT_THAT(whole->text, AllOf(HasSubstr("2 batches with 5 items (5 bytes) not sent"),
                                 HasSubstr("unfinished from byte")));
  EXPECT_THAT(whole->damages, IsEmpty());
  const auto one = dump_file(files, "/q/000000000001.queue", DumpDepth::outline);
  ASSERT_TRUE(one.ok());
  EXPECT_THAT(one->text, HasSubstr("waits, or later files say it was sent"));

  std::string damaged = first;
  damaged[pipeline::kQueueFileHeaderBytes + 20] ^= 1;
  write(files, "/q/000000000003.queue", damaged);
  EXPECT_THAT(dump_file(files, "/q/000000000003.queue", DumpDepth::outline)->damages,
              ElementsAre(HasSubstr("000000000003.queue: bytes 16 to 59")));
}

}  // namespace
}  // namespace clew::app
