// Lines of log files: splitting, JSON and times. The first byte chooses the layout.
#include "base/fuzz.h"
#include "base/log.h"
#include "pipeline/config/section.h"
#include "pipeline/otlp/item_count.h"
#include "pipeline/receivers/filelog/entry_splitter.h"
#include "pipeline/receivers/filelog/log_operators.h"
#include "pipeline/time_layout.h"

CLEW_FUZZ(log_text) {
  using namespace clew;
  using namespace clew::pipeline;
  if (bytes.empty()) return;
  const auto choice = static_cast<unsigned char>(bytes[0]);
  bytes.remove_prefix(1);
  const SplitSettings settings{.line_start_pattern = choice % 3 == 1 ? "^\\d" : "",
                               .line_end_pattern = choice % 3 == 2 ? ";$" : "",
                               .max_entry_bytes = 64};
  const auto splitter = EntrySplitter::create(settings);
  static const auto kParsers = [] {
    static const auto value = parse_yaml(
        "operators: [{type: json_parser, parse_to: body, severity: {parse_from: body.level}, "
        "timestamp: {parse_from: body.t, layout: '%Y-%m-%d %T.%f %z'}}]",
        "fuzz");
    Complaints complaints;
    Section section(*value, "part", complaints);
    return read_log_operators(section);
  }();
  std::vector<LogEntry> entries;
  for (std::string_view rest = bytes; !rest.empty();) {
    const Piece piece = splitter->next(rest, true);
    if (piece.consumed == 0 || piece.consumed > rest.size()) bug("an entry of no length");
    LogEntry entry;
    entry.body = JsonValue(valid_utf8(piece.text));
    OperatorFailures failures;
    if (apply_all(kParsers, entry, failures)) entries.push_back(std::move(entry));
    for (const char* layout : {"2006-01-02T15:04:05Z07:00", "Jan _2 15:04:05"})
      (void)TimeLayout::create(TimeLayout::Kind::go, layout, true)->parse(piece.text, UnixNanos{});
    rest.remove_prefix(piece.consumed);
  }
  const auto count = count_items(Signal::logs, request_of(entries));
  if (!count.ok() || *count != entries.size()) bug("a request that is none");
}
