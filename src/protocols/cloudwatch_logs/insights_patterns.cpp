// The command pattern, with what diff and anomaly add to it: rows folded to what their texts have in common.
#include <algorithm>
#include <iterator>

#include "protocols/cloudwatch_logs/insights_anomalies.h"
#include "protocols/cloudwatch_logs/insights_pipeline.h"
#include "protocols/cloudwatch_logs/line_links.h"
#include "query/line_patterns.h"

namespace clew::cloudwatch_logs::insights {

Status Pipeline::apply_pattern(const PatternCommand& command, const PatternOptions& options) {
  const Pipeline* earlier = options.earlier;
  struct Counted {
    uint64_t now = 0, before = 0;
    int32_t severity = 0;
    std::string example;
  };
  query::LinePatterns lines;
  std::vector<Counted> by_shape;
  std::vector<std::vector<PatternLine>> lines_of_shape;
  const auto add = [&](const Row& row, bool is_earlier) {
    const Value value = evaluate(command.subject, row, scope_);
    if (is_missing(value)) return;
    const std::string text = to_text(value);
    const size_t shape = lines.add(text);
    if (shape == by_shape.size()) by_shape.emplace_back().example = text;
    Counted& counted = by_shape[shape];
    ++(is_earlier ? counted.before : counted.now);
    if (options.finds_anomalies) {
      lines_of_shape.resize(by_shape.size());
      lines_of_shape[shape].push_back({to_number(row.field("@timestamp")).value_or(0), text});
    }
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
  std::vector<std::vector<Anomaly>> anomalies;
  if (options.finds_anomalies) {
    std::vector<std::vector<PatternLine>> by_pattern(folded.patterns.size());
    for (size_t shape = 0; shape < lines_of_shape.size(); ++shape) {
      auto& to = by_pattern[folded.pattern_of_shape[shape]];
      std::move(lines_of_shape[shape].begin(), lines_of_shape[shape].end(), std::back_inserter(to));
    }
    anomalies = find_anomalies(by_pattern, scope_.range);
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
    if (options.finds_anomalies && !anomalies[i].empty()) {
      std::string kinds, descriptions;
      bool is_high = counted[i].severity >= 17;
      for (const Anomaly& one : anomalies[i]) {
        kinds.append(kinds.empty() ? "" : ", ").append(name_of(one.kind));
        descriptions.append(descriptions.empty() ? "" : "; ").append(one.description);
        is_high = is_high || one.kind == Anomaly::Kind::http_error;
      }
      row.set("@anomaly", std::move(kinds));
      row.set("@anomalyDescription", std::move(descriptions));
      row.set("@anomalyPriority",
              std::string(is_high                                                ? "HIGH"
                          : counted[i].severity >= 13 || anomalies[i].size() > 1 ? "MEDIUM"
                                                                                 : "LOW"));
    }
    rows_.push_back(std::move(row));
  }
  gathered_ = true;
  displayed_.reset();
  fields_ = {"@pattern", "@ratio", "@sampleCount", "@severityLabel", "@logSamples"};
  if (earlier != nullptr)
    fields_.insert(fields_.end(), {"@previousSampleCount", "@differenceCount", "@differenceDescription"});
  if (options.finds_anomalies)
    fields_.insert(fields_.end(), {"@anomaly", "@anomalyPriority", "@anomalyDescription"});
  return {};
}

}  // namespace clew::cloudwatch_logs::insights
