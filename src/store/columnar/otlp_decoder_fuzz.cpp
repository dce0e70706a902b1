#include "base/fuzz.h"
#include "base/log.h"
#include "store/columnar/block.h"
#include "store/columnar/otlp_decoder.h"
#include "store/columnar/table_shard.h"

using namespace clew;
using namespace clew::store;

// The first byte chooses the signal. A refused request must leave no row behind, an accepted one only
// readable ones.
CLEW_FUZZ(otlp_decoder) {
  if (bytes.empty()) return;
  constexpr Signal kSignals[] = {Signal::traces, Signal::logs, Signal::metrics};
  const Signal signal = kSignals[static_cast<unsigned char>(bytes[0]) % 3];
  TableShard shard;
  const TableShard::Mark mark = shard.mark();
  const auto decoded = decode_otlp(signal, bytes.substr(1), UnixNanos{1}, shard);
  if (!decoded.ok()) {
    shard.take_back(mark);
    if (!shard.take().empty()) bug("rows of a refused request");
    return;
  }
  uint64_t rows = 0;
  for (auto& builder : shard.take()) {
    const auto block = Block::freeze(std::move(*builder));
    rows += block->rows();
    for (uint32_t column = 0; column < block->columns().size(); ++column) {
      const auto data = block->read(0, column);
      if (!data.ok() || data->rows != block->rows()) bug("an unreadable column");
    }
  }
  if (rows < decoded->accepted) bug("fewer rows than items");
}
