#include "control/errors/source_map.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

namespace clew::control::errors {
namespace {

constexpr size_t kMostLines = 1'000'000;
constexpr size_t kMostSections = 10'000;
constexpr int64_t kMost = INT32_MAX;

Status wrong(std::string what) {
  return {ErrorKind::bad_input, "source map: " + std::move(what)};
}

constexpr std::array<int8_t, 256> kDigits = [] {
  std::array<int8_t, 256> digits{};
  digits.fill(-1);
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < kAlphabet.size(); ++i)
    digits[static_cast<uint8_t>(kAlphabet[i])] = static_cast<int8_t>(i);
  return digits;
}();

// A number in base 64, five bits a digit, the least first; the lowest bit is the sign. False when it is none.
bool take_number(std::string_view& text, int64_t& number) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift <= 30 && !text.empty(); shift += 5) {
    const int8_t digit = kDigits[static_cast<uint8_t>(text.front())];
    if (digit < 0) return false;
    text.remove_prefix(1);
    value |= (static_cast<uint64_t>(digit) & 31) << shift;
    if ((digit & 32) != 0) continue;
    number = static_cast<int64_t>(value >> 1);
    if ((value & 1) != 0) number = -number;
    return true;
  }
  return false;
}

std::string text_or_empty(const JsonValue& value) {
  return value.string() ? *value.string() : std::string();
}

}  // namespace

std::string readable_source(std::string_view source) {
  if (const size_t scheme = source.find("://"); scheme != std::string_view::npos) {
    const std::string_view name = source.substr(0, scheme);
    // webpack://shop/./src/cart.js; an address of the web keeps its host.
    if (name != "http" && name != "https") {
      source.remove_prefix(scheme + 3);
      source.remove_prefix(std::min(source.find('/'), source.size() - 1) + 1);
    }
  }
  if (source.find("://") != std::string_view::npos) return std::string(source);
  std::vector<std::string_view> parts;
  const bool is_absolute = source.starts_with('/');
  while (!source.empty()) {
    const size_t end = std::min(source.find('/'), source.size());
    const std::string_view part = source.substr(0, end);
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!part.empty() && part != "." && part != "..") parts.push_back(part);
    source.remove_prefix(std::min(end + 1, source.size()));
  }
  std::string path;
  for (const std::string_view part : parts) {
    if (!path.empty() || is_absolute) path += '/';
    path += part;
  }
  return path;
}

Result<SourceMap> SourceMap::parse(std::string_view text) {
  // Some servers put a line in front, so that the file is no script.
  if (text.starts_with(")]}'")) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  CLEW_ASSIGN(const JsonValue json, parse_json(text, 32));
  return from_json(json);
}

Result<SourceMap> SourceMap::from_json(const JsonValue& json) {
  SourceMap map;
  if (!json.object()) return wrong("it is no JSON object");
  const JsonValue* sections = json.find("sections");
  if (sections == nullptr) {
    CLEW_TRY(map.add(json, {}));
  } else {
    if (!sections->array() || sections->array()->size() > kMostSections)
      return wrong(fmt::format("sections is a list of at most {}", kMostSections));
    for (const JsonValue& section : *sections->array()) {
      const JsonValue* offset = section.find("offset");
      const JsonValue* inner = section.find("map");
      const JsonValue* line = offset ? offset->find("line") : nullptr;
      const JsonValue* column = offset ? offset->find("column") : nullptr;
      if (!inner || !inner->object() || inner->find("sections"))
        return wrong("a section has no map of its own");
      if (!line || !line->integer() || !column || !column->integer() || *line->integer() < 0 ||
          *column->integer() < 0 || *line->integer() > kMost || *column->integer() > kMost)
        return wrong("a section has no offset");
      CLEW_TRY(map.add(*inner, {.line = static_cast<uint32_t>(*line->integer()),
                                .column = static_cast<uint32_t>(*column->integer())}));
    }
  }
  map.finish();
  return map;
}

Status SourceMap::add(const JsonValue& json, Offset offset) {
  const JsonValue* version = json.find("version");
  if (!version || version->number() != 3.0) return wrong("version is not 3");
  const JsonValue* mappings = json.find("mappings");
  if (!mappings || !mappings->string()) return wrong("mappings is missing");
  const JsonValue* sources = json.find("sources");
  if (!sources || !sources->array()) return wrong("sources is missing");
  const JsonValue* root_value = json.find("sourceRoot");
  std::string root = root_value ? text_or_empty(*root_value) : std::string();
  if (!root.empty() && !root.ends_with('/')) root += '/';
  const JsonValue* contents = json.find("sourcesContent");
  const JsonValue* names = json.find("names");

  const auto first_source = static_cast<uint32_t>(files_.size());
  const auto first_name = static_cast<uint32_t>(names_.size());
  for (size_t i = 0; i < sources->array()->size(); ++i) {
    files_.push_back(readable_source(root + text_or_empty((*sources->array())[i])));
    const bool has = contents && contents->array() && i < contents->array()->size();
    contents_.push_back(has ? text_or_empty((*contents->array())[i]) : std::string());
    bytes_ += files_.back().size() + contents_.back().size() + 2 * sizeof(std::string);
  }
  if (names && names->array()) {
    for (const JsonValue& name : *names->array()) {
      names_.push_back(text_or_empty(name));
      bytes_ += names_.back().size() + sizeof(std::string);
    }
  }
  return add_mappings(*mappings->string(), offset, first_source, first_name);
}

void SourceMap::begin_line(size_t line) {
  while (lines_.size() <= line) lines_.push_back(segments_.size());
}

// Lines end with semicolons, places with commas; all numbers but the column count from those before.
Status SourceMap::add_mappings(std::string_view mappings, Offset offset, uint32_t sources, uint32_t names) {
  if (offset.line > kMostLines) return {ErrorKind::too_large, "source map: too many lines"};
  const size_t whole = mappings.size();
  size_t line = offset.line;
  if (line + 1 < lines_.size()) return wrong("its sections are not in order");
  begin_line(line);
  int64_t column = line == offset.line ? offset.column : 0;
  int64_t values[5] = {};
  while (!mappings.empty()) {
    if (mappings.front() == ';') {
      if (++line > kMostLines) return {ErrorKind::too_large, "source map: too many lines"};
      begin_line(line);
      column = 0;
      mappings.remove_prefix(1);
      continue;
    }
    if (mappings.front() == ',') {
      mappings.remove_prefix(1);
      continue;
    }
    size_t count = 0;
    while (!mappings.empty() && mappings.front() != ',' && mappings.front() != ';') {
      int64_t number = 0;
      if (count == 5 || !take_number(mappings, number))
        return wrong(fmt::format("mappings is damaged at byte {}", whole - mappings.size()));
      // values[0] is only what is added to the column of this line.
      values[count] = count == 0 ? number : values[count] + number;
      ++count;
    }
    column += values[0];
    if ((count != 1 && count != 4 && count != 5) || column < 0 || column > kMost)
      return wrong(fmt::format("mappings has an impossible place before byte {}", whole - mappings.size()));
    CLEW_TRY(add_segment(values, count, static_cast<uint32_t>(column), sources, names));
  }
  return {};
}

Status SourceMap::add_segment(const int64_t (&values)[5], size_t count, uint32_t column, uint32_t sources,
                              uint32_t names) {
  if (segments_.size() == kMostSegments)
    return {ErrorKind::too_large, fmt::format("source map: it has more than {} places", kMostSegments)};
  Segment segment;
  segment.column = column;
  if (count >= 4) {
    const auto is_index = [](int64_t value, size_t first, size_t end) {
      return value >= 0 && static_cast<uint64_t>(value) < end - first;
    };
    if (!is_index(values[1], sources, files_.size()))
      return wrong(fmt::format("mappings names source {}, of {}", values[1], files_.size() - sources));
    if (values[2] < 0 || values[2] > kMost || values[3] < 0 || values[3] > kMost)
      return wrong(fmt::format("mappings leads to line {}, column {}", values[2], values[3]));
    segment.source = sources + static_cast<uint32_t>(values[1]);
    segment.line = static_cast<uint32_t>(values[2]);
    segment.from_column = static_cast<uint32_t>(values[3]);
    if (count == 5) {
      if (!is_index(values[4], names, names_.size()))
        return wrong(fmt::format("mappings uses name {}, of {}", values[4], names_.size() - names));
      segment.name = names + static_cast<uint32_t>(values[4]);
    }
  }
  segments_.push_back(segment);
  return {};
}

void SourceMap::finish() {
  lines_.push_back(segments_.size());
  const auto by_column = [](const Segment& a, const Segment& b) { return a.column < b.column; };
  for (size_t line = 0; line + 1 < lines_.size(); ++line) {
    const auto begin = segments_.begin() + static_cast<ptrdiff_t>(lines_[line]);
    const auto end = segments_.begin() + static_cast<ptrdiff_t>(lines_[line + 1]);
    if (!std::is_sorted(begin, end, by_column)) std::stable_sort(begin, end, by_column);
  }
  segments_.shrink_to_fit();
  bytes_ += segments_.size() * sizeof(Segment) + lines_.size() * sizeof(size_t) + sizeof(*this);
}

std::optional<SourceMap::Place> SourceMap::find(int64_t line, int64_t column) const {
  if (line < 1 || static_cast<uint64_t>(line) >= lines_.size() || column > kMost) return std::nullopt;
  const auto begin = segments_.begin() + static_cast<ptrdiff_t>(lines_[static_cast<size_t>(line - 1)]);
  const auto end = segments_.begin() + static_cast<ptrdiff_t>(lines_[static_cast<size_t>(line)]);
  // Without a column, the line's first place says at least the file.
  const auto wanted = static_cast<uint32_t>(std::max<int64_t>(column - 1, 0));
  auto found = std::upper_bound(begin, end, wanted,
                                [](uint32_t one, const Segment& segment) { return one < segment.column; });
  if (found == begin) {
    if (column > 0 || begin == end) return std::nullopt;
    ++found;
  }
  const Segment& segment = *--found;
  if (segment.source == kNone) return std::nullopt;
  Place place;
  place.file = files_[segment.source];
  place.line = int64_t{segment.line} + 1;
  place.column = int64_t{segment.from_column} + 1;
  if (segment.name != kNone) place.name = names_[segment.name];
  place.source = contents_[segment.source];
  return place;
}

}  // namespace clew::control::errors
