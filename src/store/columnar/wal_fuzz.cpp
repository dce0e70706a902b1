#include "base/fuzz.h"
#include "base/log.h"
#include "base/simulated_file_system.h"
#include "store/columnar/file_names.h"
#include "store/columnar/wal_replay.h"

using namespace clew;
using namespace clew::store;

// The bytes are the only segment of a log, the number of which is the one it claims to be.
CLEW_FUZZ(wal_replay) {
  const std::optional<WalSegmentHeader> header = decode_segment_header(bytes);
  const uint64_t number = header ? header->segment % kMaxFileNumber : 1;
  SimulatedFileSystem disk;
  if (!disk.make_directory("/wal").ok()) bug("no directory");
  {
    auto file = disk.open("/wal/" + wal_segment_name(number), OpenMode::create);
    if (!file.ok() || !(*file)->append(bytes).ok()) bug("no file");
  }
  uint64_t payload_bytes = 0;
  const auto replayed =
      replay_wal(disk, {.directory = "/wal", .from_segment = number}, [&](const WalRecord& record) {
        for (const char byte : record.otlp.view()) payload_bytes += byte != 0 ? 1 : 0;
      });
  if (!replayed.ok()) {
    if (replayed.status().kind() != ErrorKind::unsupported)
      bug("refused for another reason than its version");
    return;
  }
  if (payload_bytes > bytes.size()) bug("more payload than there are bytes");
  if (replayed->last_segment_end.bytes > bytes.size()) bug("it ends behind its end");
  if (replayed->torn_bytes + replayed->payload_bytes > bytes.size()) bug("torn and read at once");
}
