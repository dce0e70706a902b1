// YAML as ConfigValues. The only file of the pipeline that knows yaml-cpp.
#include <algorithm>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "pipeline/config/value.h"
#include "pipeline/config/yaml_advice.h"

namespace clew::pipeline {
namespace {

// Aliases may stand for one another in a way that grows without bound ("billion laughs").
constexpr size_t kMostValues = 100'000;
constexpr int kDeepest = 64;

class Reader {
 public:
  Reader(Place place, bool has_lines) : place_(std::move(place)), has_lines_(has_lines) {}

  Result<ConfigValue> read(const YAML::Node& node, int depth = 0) {
    const Place place = at(node.Mark());
    if (depth > kDeepest) return complaint(place, fmt::format("nested deeper than {} levels", kDeepest));
    if (++values_ > kMostValues)
      return complaint(place, fmt::format("more than {} values, counting aliases", kMostValues));
    ConfigValue value;
    value.place = place;
    if (node.IsScalar()) return read_scalar(node, std::move(value));
    if (node.IsSequence()) {
      value.kind = ConfigValue::Kind::list;
      for (const YAML::Node& item : node) {
        CLEW_ASSIGN(ConfigValue one, read(item, depth + 1));
        value.items.push_back(std::move(one));
      }
    }
    if (node.IsMap()) CLEW_TRY(read_map(node, value, depth));
    return value;
  }

  Place at(const YAML::Mark& mark) const {
    if (!has_lines_ || mark.line < 0) return place_;
    return {place_.source, mark.line + 1};
  }

  Place at_line(int line) const { return has_lines_ ? Place{place_.source, line + 1} : place_; }

  static Status complaint(const Place& place, std::string_view about) {
    return {ErrorKind::bad_input, fmt::format("{}: {}", place.text(), about)};
  }

 private:
  static Result<ConfigValue> read_scalar(const YAML::Node& node, ConfigValue value) {
    value.kind = ConfigValue::Kind::scalar;
    value.text = node.Scalar();
    value.quoted = node.Tag() == "!" || node.Tag() == "tag:yaml.org,2002:str";
    if (!value.quoted &&
        (value.text == "null" || value.text == "~" || value.text == "Null" || value.text == "NULL"))
      value.kind = ConfigValue::Kind::null;
    return value;
  }

  Status read_map(const YAML::Node& node, ConfigValue& value, int depth) {
    value.kind = ConfigValue::Kind::map;
    std::vector<ConfigEntry> inherited;
    for (const auto& pair : node) {
      if (!pair.first.IsScalar()) return complaint(at(pair.first.Mark()), "expected a word as key");
      const std::string& key = pair.first.Scalar();
      const Place place = at(pair.first.Mark());
      CLEW_ASSIGN(ConfigValue inner, read(pair.second, depth + 1));
      // A value that is left out has no mark of its own.
      if (inner.is_null()) inner.place = place;
      if (key == "<<") {
        if (inner.kind == ConfigValue::Kind::map) inner.items = {inner};
        for (ConfigValue& other : inner.items)
          for (ConfigEntry& entry : other.entries) inherited.push_back(std::move(entry));
        continue;
      }
      if (value.find(key))
        return complaint(place, fmt::format("'{}' is there already, in line {}", key, line_of(value, key)));
      value.entries.push_back({key, place, std::move(inner)});
    }
    for (ConfigEntry& entry : inherited)
      if (!value.find(entry.key)) value.entries.push_back(std::move(entry));
    return {};
  }

  static int line_of(const ConfigValue& map, std::string_view key) {
    for (const ConfigEntry& entry : map.entries)
      if (entry.key == key) return entry.place.line;
    return 0;
  }

  const Place place_;
  const bool has_lines_;
  size_t values_ = 0;
};

// Where "---" stands behind something that belongs to a document, counted from 0; -1 when nowhere. The
// library would tell too, but reads some malformed texts as documents without end.
int line_of_second_document(std::string_view text) {
  bool has_begun = false;
  for (int line = 0; !text.empty(); ++line) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool is_separator = one.starts_with("---") && (one.size() == 3 || one[3] == ' ' || one[3] == '\r');
    if (is_separator && has_begun) return line;
    const size_t first = one.find_first_not_of(" \t\r");
    if (is_separator || (first != std::string_view::npos && one[first] != '#' && one[first] != '%'))
      has_begun = true;
  }
  return -1;
}

Result<ConfigValue> parse(const std::string& text, Place place, bool has_lines) {
  Reader reader(std::move(place), has_lines);
  try {
    if (const int line = line_of_second_document(text); line >= 0)
      return Reader::complaint(reader.at_line(line), "a second document begins here; expected one");
    return reader.read(YAML::Load(text));
  } catch (const YAML::Exception& error) {
    return Reader::complaint(reader.at(error.mark),
                             fmt::format("not YAML: {}; {}", error.msg, yaml_advice(text)));
  }
}

}  // namespace

Result<ConfigValue> parse_yaml(const std::string& text, std::string_view source) {
  return parse(text, {std::make_shared<const std::string>(source), 0}, true);
}

Result<ConfigValue> parse_yaml_fragment(const std::string& text, const Place& place) {
  return parse(text, place, false);
}

}  // namespace clew::pipeline
