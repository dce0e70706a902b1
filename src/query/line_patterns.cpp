#include "query/line_patterns.h"

#include <algorithm>
#include <map>

#include "query/line_words.h"

namespace clew::query {
namespace {

// One place that takes this many values, all else being equal, is variable.
constexpr size_t kValuesOfVariable = 4;
// So much of the plain words must be equal for two shapes to be one otherwise.
constexpr double kLikeness = 0.75;
constexpr size_t kRounds = 4;

struct Group {
  std::vector<std::string> words;
  uint64_t lines = 0;
  std::vector<uint32_t> shapes;
};

std::string key_of(const std::vector<std::string>& words) {
  std::string key;
  for (const std::string& word : words) key.append(word).push_back('\0');
  return key;
}

bool may_vary(std::string_view word) {
  return is_plain_word(word) || is_placeholder(word);
}

// What both have in common; nothing when their marks differ, for then they are different sentences.
void join_into(Group& to, const Group& from) {
  for (size_t i = 0; i < to.words.size(); ++i)
    if (to.words[i] != from.words[i]) to.words[i] = kAnything;
  to.lines += from.lines;
  to.shapes.insert(to.shapes.end(), from.shapes.begin(), from.shapes.end());
}

std::vector<Group> join_equal(std::vector<Group> groups) {
  std::map<std::string, Group> joined;
  for (Group& group : groups) {
    auto [place, is_new] = joined.try_emplace(key_of(group.words));
    if (is_new) {
      place->second = std::move(group);
    } else {
      join_into(place->second, group);
    }
  }
  std::vector<Group> result;
  for (auto& [key, group] : joined) result.push_back(std::move(group));
  return result;
}

// Numbers of a group's words without one of them, for each of them: what is equal there differs in that
// place.
std::vector<uint64_t> places_of(const std::vector<std::string>& words) {
  constexpr uint64_t kBase = 0x9E3779B97F4A7C15;
  uint64_t sum = words.size(), power = 1;
  std::vector<uint64_t> places;
  for (const std::string& word : words) {
    power *= kBase;
    places.push_back(std::hash<std::string_view>()(word) * power);
    sum += places.back();
  }
  for (size_t i = 0; i < places.size(); ++i) places[i] = (sum - places[i]) ^ (i * 0xBF58476D1CE4E5B9);
  return places;
}

// Makes places variable that take many values while all else is equal. False: there is none.
bool open_variables(std::vector<Group>& groups) {
  std::unordered_map<uint64_t, size_t> values;  // of a place; the groups are distinct, so counting is enough
  const auto is_closed = [](const std::string& word) { return may_vary(word) && word != kAnything; };
  for (const Group& group : groups) {
    const std::vector<uint64_t> places = places_of(group.words);
    for (size_t i = 0; i < places.size(); ++i)
      if (is_closed(group.words[i])) ++values[places[i]];
  }
  bool opened = false;
  for (Group& group : groups) {
    if (std::count_if(group.words.begin(), group.words.end(), is_plain_word) < 2) continue;
    const std::vector<uint64_t> places = places_of(group.words);
    size_t best = SIZE_MAX, most = kValuesOfVariable - 1;
    for (size_t i = 0; i < places.size(); ++i) {
      if (!is_closed(group.words[i]) || values[places[i]] <= most) continue;
      most = values[places[i]];
      best = i;
    }
    if (best == SIZE_MAX) continue;
    group.words[best] = kAnything;
    opened = true;
  }
  return opened;
}

// How much of the plain words is equal; negative when the marks differ.
double likeness(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  size_t places = 0, equal = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i]) {
      if (is_plain_word(a[i])) ++places, ++equal;
    } else if (!may_vary(a[i]) || !may_vary(b[i])) {
      return -1;
    } else {
      ++places;
    }
  }
  return places == 0 ? 1 : static_cast<double>(equal) / static_cast<double>(places);
}

// The commonest take in what is like them.
std::vector<Group> join_alike(std::vector<Group> groups) {
  std::stable_sort(groups.begin(), groups.end(),
                   [](const Group& a, const Group& b) { return a.lines > b.lines; });
  std::map<size_t, std::vector<Group>> by_length;
  for (Group& group : groups) {
    std::vector<Group>& others = by_length[group.words.size()];
    constexpr size_t kCompared = 200;
    Group* best = nullptr;
    double most = kLikeness;
    for (size_t i = 0; i < std::min(others.size(), kCompared); ++i) {
      const double like = likeness(others[i].words, group.words);
      if (like < most || (like == most && best != nullptr)) continue;
      most = like;
      best = &others[i];
    }
    if (best == nullptr) {
      others.push_back(std::move(group));
    } else {
      join_into(*best, group);
    }
  }
  std::vector<Group> result;
  for (auto& [length, alike] : by_length)
    for (Group& group : alike) result.push_back(std::move(group));
  return result;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view(R"(\.+*?()|[]{}^$)").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

LinePattern pattern_of(const Group& group) {
  LinePattern pattern{.text = {}, .lines = group.lines, .regular_expression = "(?s)^\\s*"};
  for (const std::string& word : group.words) {
    pattern.text += word;
    if (word == " ") {
      pattern.regular_expression += "\\s+";
    } else {
      pattern.regular_expression += is_placeholder(word) ? std::string(expression_of(word)) : escaped(word);
    }
  }
  pattern.regular_expression += "\\s*$";
  return pattern;
}

}  // namespace

size_t LinePatterns::add(std::string_view line) {
  const bool cut = line.size() > kMostBytes;
  std::vector<std::string> words = line_words(line.substr(0, kMostBytes), kMostWords);
  if (cut && (words.empty() || words.back() != kAnything)) words.emplace_back(kAnything);
  std::string key = key_of(words);
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    ++shapes_[known->second].lines;
    return known->second;
  }
  if (shapes_.size() >= kMostShapes) {
    words = {std::string(kAnything)};
    key = key_of(words);
  }
  const auto [place, is_new] = by_key_.try_emplace(std::move(key), shapes_.size());
  if (is_new) shapes_.push_back({std::move(words), 0});
  ++shapes_[place->second].lines;
  return place->second;
}

LinePatterns::Folded LinePatterns::fold() const {
  std::vector<Group> groups;
  for (uint32_t i = 0; i < shapes_.size(); ++i) groups.push_back({shapes_[i].words, shapes_[i].lines, {i}});
  // By their words, so that the order of arrival is of no account.
  groups = join_equal(std::move(groups));
  for (size_t round = 0; round < kRounds && open_variables(groups); ++round)
    groups = join_equal(std::move(groups));
  groups = join_equal(join_alike(std::move(groups)));
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return a.lines != b.lines ? a.lines > b.lines : a.words < b.words;
  });
  Folded folded;
  folded.pattern_of_shape.resize(shapes_.size());
  for (const Group& group : groups) {
    for (const uint32_t shape : group.shapes)
      folded.pattern_of_shape[shape] = static_cast<uint32_t>(folded.patterns.size());
    folded.patterns.push_back(pattern_of(group));
  }
  return folded;
}

}  // namespace clew::query
