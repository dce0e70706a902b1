#include "app/help.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace clew::app {
namespace {

constexpr size_t kWidth = 100;
constexpr size_t kWidestName = 30;

struct Line {
  std::string name;
  std::string meaning;
};

std::string path_of(const CLI::App* command) {
  const CLI::App* parent = command->get_parent();
  return parent ? path_of(parent) + " " + command->get_name() : command->get_name();
}

// Text in a column that begins at `indent`, broken at blanks.
std::string wrapped(const std::string& text, size_t indent) {
  std::string result;
  size_t column = indent, from = 0;
  while (from < text.size()) {
    const size_t blank = std::min(text.find(' ', from), text.size());
    const std::string word = text.substr(from, blank - from);
    if (column > indent && column + 1 + word.size() > kWidth) {
      result += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
    from = blank + 1;
  }
  return result;
}

size_t width_of(const std::vector<Line>& lines) {
  size_t width = 0;
  for (const Line& line : lines) width = std::max(width, line.name.size());
  return std::min(width, kWidestName);
}

// A name wider than the column gets a line of its own.
std::string two_columns(const std::vector<Line>& lines, size_t width) {
  const size_t indent = width + 4;
  std::string text;
  for (const Line& line : lines) {
    text += "  " + line.name;
    text += line.name.size() <= width ? std::string(indent - 2 - line.name.size(), ' ')
                                      : "\n" + std::string(indent, ' ');
    text += wrapped(line.meaning, indent) + "\n";
  }
  return text;
}

std::string name_of(const CLI::Option* option) {
  const std::string names = option->get_positional() ? option->get_name(true) : option->get_name(false, true);
  const std::string type =
      option->get_type_size() == 0 || option->get_positional() ? "" : option->get_type_name();
  return type.empty() ? names : names + " " + type;
}

std::string meaning_of(const CLI::Option* option) {
  const std::string& default_value = option->get_default_str();
  if (default_value.empty()) return option->get_description();
  return fmt::format("{} [{}]", option->get_description(), default_value);
}

// Besides --help.
bool has_options(const CLI::App* command) {
  return command->get_options().size() > 1;
}

std::string usage_of(const CLI::App* command) {
  std::string usage = "Usage: " + path_of(command);
  if (!command->get_subcommands(nullptr).empty())
    return usage + (has_options(command) ? " [COMMAND] [OPTION…]\n" : " COMMAND [OPTION…]\n");
  for (const CLI::Option* option : command->get_options()) {
    if (!option->get_positional()) continue;
    const std::string name = option->get_name(true) + (option->get_expected_max() > 1 ? "…" : "");
    usage += option->get_required() ? " " + name : " [" + name + "]";
  }
  return usage + " [OPTION…]\n";
}

// A description is one line for the list of commands and, behind a line end, what the command's own help
// says.
std::string summary_of(const CLI::App* command) {
  const std::string description = command->get_description();
  return description.substr(0, description.find('\n'));
}
std::string long_description_of(const CLI::App* command) {
  const std::string description = command->get_description();
  const size_t line_end = description.find('\n');
  return line_end == std::string::npos ? description : description.substr(line_end + 1);
}

std::string ending_of(const CLI::App* command) {
  return command->get_footer().empty() ? "" : "\n" + command->get_footer() + "\n";
}

struct Group {
  std::string name;
  std::vector<Line> lines;
};

// In the order in which the options were added, but --help at the end.
std::vector<Group> groups_of(const CLI::App* command) {
  std::vector<Group> groups;
  for (const CLI::Option* option : command->get_options()) {
    const auto same = [&](const Group& group) { return group.name == option->get_group(); };
    if (option == command->get_help_ptr() || option->get_group().empty()) continue;
    auto group = std::find_if(groups.begin(), groups.end(), same);
    if (group == groups.end()) group = groups.insert(groups.end(), Group{option->get_group(), {}});
    group->lines.push_back({name_of(option), meaning_of(option)});
  }
  if (groups.empty()) return groups;
  if (groups.size() > 1) groups.push_back({"Help", {}});
  const CLI::Option* help = command->get_help_ptr();
  groups.back().lines.push_back({name_of(help), meaning_of(help)});
  return groups;
}

}  // namespace

std::string HelpFormatter::make_help(const CLI::App* command, std::string /*path*/,
                                     CLI::AppFormatMode /*mode*/) const {
  std::string text = wrapped(long_description_of(command), 0) + "\n\n" + usage_of(command);
  std::vector<Line> children;
  for (const CLI::App* child : command->get_subcommands(nullptr))
    children.push_back({child->get_name(), summary_of(child)});
  if (!children.empty()) text += "\nCommands:\n" + two_columns(children, width_of(children));
  if (!children.empty() && !has_options(command)) return text + ending_of(command);

  const std::vector<Group> groups = groups_of(command);
  size_t width = 0;
  for (const Group& group : groups) width = std::max(width, width_of(group.lines));
  for (const Group& group : groups) text += "\n" + group.name + ":\n" + two_columns(group.lines, width);
  return text + ending_of(command);
}

}  // namespace clew::app
