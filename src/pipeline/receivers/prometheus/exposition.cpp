#include "pipeline/receivers/prometheus/exposition.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/ascii.h"

namespace clew::pipeline {
namespace {

constexpr std::pair<std::string_view, ExposedType> kTypes[] = {
    {"counter", ExposedType::counter},     {"gauge", ExposedType::gauge},
    {"histogram", ExposedType::histogram}, {"gaugehistogram", ExposedType::gauge_histogram},
    {"summary", ExposedType::summary},     {"info", ExposedType::info},
    {"stateset", ExposedType::state_set},  {"unknown", ExposedType::unknown},
    {"untyped", ExposedType::unknown}};

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}
bool is_name(char c) {
  return is_name_start(c) || (c >= '0' && c <= '9');
}

bool belongs_to(const ExposedFamily& family, std::string_view name) {
  if (!name.starts_with(family.name)) return false;
  const std::string_view suffix = name.substr(family.name.size());
  if (suffix.empty()) return true;
  switch (family.type) {
    case ExposedType::counter:
      return suffix == "_total" || suffix == "_created";
    case ExposedType::histogram:
      return suffix == "_bucket" || suffix == "_count" || suffix == "_sum" || suffix == "_created";
    case ExposedType::gauge_histogram:
      return suffix == "_bucket" || suffix == "_gcount" || suffix == "_gsum";
    case ExposedType::summary:
      return suffix == "_count" || suffix == "_sum" || suffix == "_created";
    case ExposedType::info:
      return suffix == "_info";
    default:
      return false;
  }
}

// One line. Each function takes from its beginning.
class Line {
 public:
  explicit Line(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }
  char first() const { return text_.empty() ? '\0' : text_.front(); }
  void skip_spaces() {
    while (first() == ' ' || first() == '\t') text_.remove_prefix(1);
  }
  bool take(char c) {
    if (first() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::string_view rest() const { return text_; }

  std::string_view name() {
    size_t size = 0;
    if (!text_.empty() && is_name_start(text_[0]))
      while (size < text_.size() && is_name(text_[size])) ++size;
    return cut(size);
  }
  std::string_view word() { return cut(std::min(text_.find_first_of(" \t"), text_.size())); }

  // "…" with \\, \" and \n in it.
  Result<std::string> quoted() {
    if (!take('"')) return {ErrorKind::bad_input, "expected \" before the value of a label"};
    std::string value;
    while (!text_.empty()) {
      const char c = text_.front();
      text_.remove_prefix(1);
      if (c == '"') return value;
      if (c != '\\') {
        value += c;
        continue;
      }
      const char escaped = first();
      if (text_.empty()) break;
      text_.remove_prefix(1);
      if (escaped == 'n')
        value += '\n';
      else if (escaped == '"' || escaped == '\\')
        value += escaped;
      else
        (value += '\\') += escaped;
    }
    return {ErrorKind::bad_input, "the value of a label does not end"};
  }

  Result<double> number() {
    std::string_view token = word();
    const std::string_view all = token;
    const bool negative = token.starts_with('-');
    if (negative || token.starts_with('+')) token.remove_prefix(1);
    double value = 0;
    const std::string lower = lower_case(token.substr(0, 9));
    if (lower == "inf" || lower == "infinity") {
      value = std::numeric_limits<double>::infinity();
    } else if (lower == "nan") {
      value = std::numeric_limits<double>::quiet_NaN();
    } else {
      const auto [end, fault] = std::from_chars(token.data(), token.data() + token.size(), value);
      if (token.starts_with('-') || end != token.data() + token.size() ||
          (fault != std::errc() && fault != std::errc::result_out_of_range))
        return {ErrorKind::bad_input, fmt::format("expected a number, got '{}'", all.substr(0, 40))};
      if (fault == std::errc::result_out_of_range) value = std::numeric_limits<double>::infinity();
    }
    return negative ? -value : value;
  }

  Result<MetricLabels> labels(size_t most) {
    MetricLabels labels;
    if (!take('{')) return labels;
    for (;;) {
      skip_spaces();
      if (take('}')) return labels;
      const std::string_view label = name();
      if (label.empty() || label.find(':') != std::string_view::npos)
        return {ErrorKind::bad_input, "expected the name of a label"};
      skip_spaces();
      if (!take('=')) return {ErrorKind::bad_input, fmt::format("expected = behind the label '{}'", label)};
      skip_spaces();
      CLEW_ASSIGN(std::string value, quoted());
      if (labels.size() >= most) return {ErrorKind::too_large, "more labels than the limit"};
      for (const auto& [other, of_other] : labels)
        if (other == label)
          return {ErrorKind::bad_input, fmt::format("the label '{}' is there twice", label)};
      labels.emplace_back(label, std::move(value));
      skip_spaces();
      if (!take(',') && first() != '}') return {ErrorKind::bad_input, "expected , or } behind a label"};
    }
  }

 private:
  std::string_view cut(size_t size) {
    const std::string_view piece = text_.substr(0, size);
    text_.remove_prefix(size);
    return piece;
  }
  std::string_view text_;
};

std::string unescaped_help(std::string_view text) {
  std::string help;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      if (text[i] == 'n')
        help += '\n';
      else
        help += text[i];
    } else {
      help += text[i];
    }
  }
  return help;
}

class ExpositionParser {
 public:
  ExpositionParser(bool is_open_metrics, const ExpositionLimits& limits)
      : is_open_metrics_(is_open_metrics), limits_(limits) {}

  Result<std::vector<ExposedFamily>> parse(std::string_view text) {
    size_t number = 0;
    while (!text.empty() && !ended_) {
      ++number;
      const size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (line.ends_with('\r')) line.remove_suffix(1);
      Status taken = take(line);
      if (!taken.ok()) return std::move(taken).within(fmt::format("line {}", number));
    }
    if (is_open_metrics_ && !ended_) return {ErrorKind::bad_input, "the text ends without # EOF"};
    std::erase_if(families_, [](const ExposedFamily& one) { return one.samples.empty(); });
    for (ExposedFamily& family : families_)
      for (ExposedSample& sample : family.samples)
        std::erase_if(sample.labels, [](const auto& label) { return label.second.empty(); });
    return std::move(families_);
  }

 private:
  Status take(std::string_view text) {
    Line line(text);
    line.skip_spaces();
    if (line.at_end()) return {};
    if (line.first() == '#') return take_comment(line);
    return take_sample(line);
  }

  Status take_comment(Line line) {
    line.take('#');
    line.skip_spaces();
    const std::string_view what = line.word();
    if (is_open_metrics_ && what == "EOF") {
      ended_ = true;
      return {};
    }
    if (what != "TYPE" && what != "HELP" && what != "UNIT") return {};
    line.skip_spaces();
    const std::string_view name = line.name();
    if (name.empty())
      return {ErrorKind::bad_input, fmt::format("expected the name of a metric behind # {}", what)};
    line.skip_spaces();
    if (families_.empty() || families_.back().name != name) families_.push_back({.name = std::string(name)});
    ExposedFamily& family = families_.back();
    if (what == "HELP") {
      family.help = unescaped_help(line.rest());
    } else if (what == "UNIT") {
      family.unit = line.word();
    } else {
      const std::string_view type = line.word();
      const auto* known = std::find_if(std::begin(kTypes), std::end(kTypes),
                                       [&](const auto& one) { return one.first == type; });
      if (known == std::end(kTypes))
        return {ErrorKind::bad_input, fmt::format("there is no type '{}'", type.substr(0, 40))};
      family.type = known->second;
    }
    return {};
  }

  Status take_sample(Line line) {
    ExposedSample sample;
    sample.name = line.name();
    if (sample.name.empty()) return {ErrorKind::bad_input, "expected the name of a metric"};
    line.skip_spaces();
    CLEW_ASSIGN(sample.labels, line.labels(limits_.labels));
    line.skip_spaces();
    CLEW_ASSIGN(sample.value, line.number());
    line.skip_spaces();
    if (!line.at_end() && line.first() != '#') {
      CLEW_ASSIGN(sample.time, time(line));
      line.skip_spaces();
    }
    if (is_open_metrics_ && line.take('#')) {
      line.skip_spaces();
      ExposedExemplar exemplar;
      if (line.first() != '{') return {ErrorKind::bad_input, "expected { in an exemplar"};
      CLEW_ASSIGN(exemplar.labels, line.labels(limits_.labels));
      line.skip_spaces();
      CLEW_ASSIGN(exemplar.value, line.number());
      line.skip_spaces();
      if (!line.at_end()) {
        CLEW_ASSIGN(exemplar.time, time(line));
        line.skip_spaces();
      }
      sample.exemplar = std::move(exemplar);
    }
    if (!line.at_end())
      return {ErrorKind::bad_input,
              fmt::format("expected the end of the line, got '{}'", line.rest().substr(0, 40))};
    if (++samples_ > limits_.samples) return {ErrorKind::too_large, "more samples than the limit"};
    family_of(sample.name).samples.push_back(std::move(sample));
    return {};
  }

  ExposedFamily& family_of(const std::string& name) {
    if (!families_.empty() && belongs_to(families_.back(), name)) return families_.back();
    return families_.emplace_back(ExposedFamily{.name = name});
  }

  // Milliseconds in the old format, seconds in OpenMetrics.
  Result<std::optional<UnixNanos>> time(Line& line) const {
    CLEW_ASSIGN(const double number, line.number());
    const double nanoseconds = number * (is_open_metrics_ ? 1e9 : 1e6);
    if (!(std::abs(nanoseconds) < 9.2e18))
      return {ErrorKind::bad_input, "the time of a sample is out of range"};
    return std::optional(UnixNanos{static_cast<int64_t>(nanoseconds)});
  }

  const bool is_open_metrics_;
  const ExpositionLimits limits_;
  std::vector<ExposedFamily> families_;
  size_t samples_ = 0;
  bool ended_ = false;
};

}  // namespace

Result<std::vector<ExposedFamily>> parse_exposition(std::string_view text, bool is_open_metrics,
                                                    const ExpositionLimits& limits) {
  return ExpositionParser(is_open_metrics, limits).parse(text);
}

}  // namespace clew::pipeline
