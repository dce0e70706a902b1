// The command pattern: rows folded to what their texts have in common.
#include <algorithm>

#include "protocols/cloudwatch_logs/insights_pipeline.h"
#include "protocols/cloudwatch_logs/line_links.h"
#include "query/line_patterns.h"

namespace clew::cloudwatch_logs::insights {

Status Pipeline::apply_pattern(const PatternCommand& command, const Pipeline* earlier) {
  struct Counted {
    uint64_t now = 0, before = 0;
    int32_t severity = 0;
    std::string example;
  };
  query::LinePatterns lines;
  std::vector<Counted> by_shape;
  const auto add = [&](const Row& row, bool is_earlier) {
    const Value value = evaluate(command.subject, row, scope_);
    if (is_missing(value)) return;
    const std::string text = to_text(value);
    const size_t shape = lines.add(text);
    if (shape == by_shape.size()) by_shape.emplace_back().example = text;
    Counted& counted = by_shape[shape];
    ++(is_earlier ? counted.before : counted.now);
    counted.severity = std::max(counted.severity, severity_in(text));
  };
  for (const Row& row : rows_) add(row, false);
  if (earlier != nullptr)
    for (const Row& row : earlier->rows_) add(row, true);
  const query::LinePatterns::Folded folded = lines.fold();
  std::vector<Counted> counted(folded.patterns.size());
  uint64_t all = 0;
  for (size_t shape = 0; shape < by_shape.size(); ++shape) {
    Counted& to = counted[folded.pattern_of_shape[shape]];
    to.now += by_shape[shape].now;
    to.before += by_shape[shape].before;
    to.severity = std::max(to.severity, by_shape[shape].severity);
    if (to.example.empty()) to.example = by_shape[shape].example;
    all += by_shape[shape].now;
  }
  rows_.clear();
  for (size_t i = 0; i < folded.patterns.size(); ++i) {
    Row row;
    row.set("@pattern", folded.patterns[i].text);
    row.set("@ratio", all == 0 ? 0.0 : static_cast<double>(counted[i].now) / static_cast<double>(all));
    row.set("@sampleCount", static_cast<double>(counted[i].now));
    const int32_t severity = counted[i].severity;
    row.set("@severityLabel", std::string(severity >= 17   ? "ERROR"
                                          : severity >= 13 ? "WARN"
                                          : severity >= 9  ? "INFO"
                                          : severity > 0   ? "DEBUG"
                                                           : "NONE"));
    row.set("@logSamples", counted[i].example);
    if (earlier != nullptr) {
      const auto difference = static_cast<double>(counted[i].now) - static_cast<double>(counted[i].before);
      row.set("@previousSampleCount", static_cast<double>(counted[i].before));
      row.set("@differenceCount", difference);
      row.set("@differenceDescription", std::string(counted[i].before == 0 ? "New"
                                                    : counted[i].now == 0  ? "Gone"
                                                    : difference > 0       ? "More"
                                                    : difference < 0       ? "Fewer"
                                                                           : "Same"));
    }
    rows_.push_back(std::move(row));
  }
  gathered_ = true;
  displayed_.reset();
  fields_ = {"@pattern", "@ratio", "@sampleCount", "@severityLabel", "@logSamples"};
  if (earlier != nullptr)
    fields_.insert(fields_.end(), {"@previousSampleCount", "@differenceCount", "@differenceDescription"});
  return {};
}

}  // namespace clew::cloudwatch_logs::insights
