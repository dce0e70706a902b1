#include "control/errors/stack_text.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"

namespace clew::control::errors {
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// A class name: letters, digits and what joins them, no blanks.
bool is_type(std::string_view text) {
  if (text.empty() || text.size() > 200 || (text.front() >= '0' && text.front() <= '9')) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == ':' || c == '$' || c == '\\' || c == '<' || c == '>' || c == '`' || c == '-' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

// "shop.PaymentError: card declined"; the message alone when there is no type in front.
void take_headline(std::string_view line, StackText& stack) {
  line = trimmed(line);
  for (const std::string_view prefix : {"Uncaught ", "Unhandled exception. ",
                                        "PHP Fatal error:  ", "Fatal error: ", "Uncaught ", "(in promise) "})
    if (line.starts_with(prefix)) line = trimmed(line.substr(prefix.size()));
  if (line.starts_with("Exception in thread \"")) {
    const size_t end = line.find("\" ", 21);
    if (end != std::string_view::npos) line = line.substr(end + 2);
  }
  if (line.starts_with("panic: ")) {
    stack.type = "panic";
    stack.message = line.substr(7);
    return;
  }
  // Laravel: … {"exception":"[object] (TypeError(code: 0): no price at /srv/Cart.php:12)
  if (const size_t object = line.find("[object] ("); object != std::string_view::npos) {
    const std::string_view thrown = line.substr(object + 10);
    const size_t code = thrown.find("(code: ");
    const size_t colon = thrown.find("): ");
    if (code != std::string_view::npos && colon != std::string_view::npos &&
        is_type(thrown.substr(0, code))) {
      stack.type = thrown.substr(0, code);
      stack.message = thrown.substr(colon + 3);
      if (stack.message.ends_with(')')) stack.message.pop_back();
      if (const size_t at = stack.message.rfind(" at /"); at != std::string::npos)
        stack.message.replace(at, 3, " in");
      return;
    }
  }
  // Rails: "ActionView::Template::Error (no price):"
  if (const size_t open = line.find(" ("); line.ends_with("):") && is_type(line.substr(0, open))) {
    stack.type = line.substr(0, open);
    stack.message = line.substr(open + 2, line.size() - open - 4);
    return;
  }
  if (line.starts_with("terminate called after throwing an instance of '")) {
    const std::string_view rest = line.substr(48);
    stack.type = rest.substr(0, rest.find('\''));
    return;
  }
  size_t colon = line.find(": ");
  if (colon == std::string_view::npos && line.ends_with(':')) colon = line.size() - 1;
  if (colon != std::string_view::npos && is_type(line.substr(0, colon))) {
    stack.type = line.substr(0, colon);
    stack.message = line.size() > colon + 2 ? line.substr(colon + 2) : std::string_view();
    return;
  }
  if (is_type(line) && (line.find('.') != std::string_view::npos || line.ends_with("Error") ||
                        line.ends_with("Exception") || line.find('\\') != std::string_view::npos)) {
    stack.type = line;
    return;
  }
  // Behind what a program wrote in front: "cannot pay: RangeError: no price".
  for (const std::string_view ending : {"Error: ", "Exception: "}) {
    const size_t found = line.find(ending);
    if (found == std::string_view::npos) continue;
    const size_t end = found + ending.size() - 2;
    const size_t begin = line.substr(0, end).find_last_of(" \t") + 1;  // 0 without a blank
    const std::string_view type = line.substr(begin, end - begin);
    if (!is_type(type)) continue;
    stack.type = type;
    stack.message = line.substr(end + 2);
    return;
  }
  stack.message = line;
}

void finish(StackText& stack) {
  for (Frame& frame : stack.frames) frame.in_app = is_in_app(frame, stack.language);
}

// Python: frames from the outside in, and the headline below. Of several, joined by "During handling …" or
// "… direct cause …", the last is what was reported and those above are its causes.
StackText parse_python(const std::vector<std::string_view>& lines) {
  StackText stack;
  stack.language = Language::python;
  std::vector<StackText> all;
  bool within = false;
  bool takes_message = false;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (trimmed(line).starts_with("Traceback (most recent call last)")) {
      all.emplace_back();
      within = true;
      takes_message = false;
      continue;
    }
    Frame frame;
    Language language;
    if (line.starts_with(' ') && trimmed(line).starts_with("File \"") && parse_frame(line, frame, language)) {
      // A stack may come without its first line.
      if (!within) all.emplace_back();
      within = true;
      if (i + 1 < lines.size() && lines[i + 1].starts_with("    ") &&
          !trimmed(lines[i + 1]).starts_with("File \""))
        frame.code = trimmed(lines[i + 1]);
      if (all.back().frames.size() < kMostFrames) all.back().frames.push_back(std::move(frame));
      continue;
    }
    if (within && !line.empty() && line.front() != ' ') {
      take_headline(line, all.back());
      within = false;
      takes_message = true;
      continue;
    }
    if (takes_message && (trimmed(line).empty() || line.starts_with("During handling of") ||
                          line.starts_with("The above exception was")))
      takes_message = false;
    else if (takes_message)
      all.back().message.append("\n").append(line);
  }
  if (all.empty()) return stack;
  stack.type = all.back().type;
  stack.message = all.back().message;
  stack.frames = std::move(all.back().frames);
  std::reverse(stack.frames.begin(), stack.frames.end());
  for (size_t i = all.size() - 1; i-- > 0;) stack.causes.push_back(all[i].type);
  return stack;
}

// Go: a method on one line, its file on the next, indented.
StackText parse_go(const std::vector<std::string_view>& lines) {
  StackText stack;
  stack.language = Language::go;
  bool within = false;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (line.starts_with("goroutine ")) {
      if (within) break;  // the first is the one that failed
      within = true;
      continue;
    }
    if (!within) {
      if (stack.type.empty() && stack.message.empty() && !trimmed(line).empty()) take_headline(line, stack);
      continue;
    }
    if (i + 1 >= lines.size() || !lines[i + 1].starts_with('\t')) continue;
    std::string_view method = line;
    if (method.starts_with("created by ")) method = method.substr(11);
    if (const size_t in = method.find(" in goroutine"); in != std::string_view::npos)
      method = method.substr(0, in);
    if (method.ends_with(')')) method = method.substr(0, method.rfind('('));
    std::string_view place = trimmed(lines[i + 1]);
    if (const size_t space = place.find(" +0x"); space != std::string_view::npos)
      place = place.substr(0, space);
    const size_t colon = place.rfind(':');
    if (colon == std::string_view::npos) continue;
    Frame frame;
    frame.method = method;
    frame.file = place.substr(0, colon);
    std::from_chars(place.data() + colon + 1, place.data() + place.size(), frame.line);
    if (stack.frames.size() < kMostFrames) stack.frames.push_back(std::move(frame));
    ++i;
  }
  // What panics are made of stands above the call that did it.
  const auto is_machinery = [](const Frame& frame) {
    return frame.method == "panic" || frame.method.starts_with("runtime.") ||
           frame.method.starts_with("runtime/debug.");
  };
  while (!stack.frames.empty() && is_machinery(stack.frames.front()))
    stack.frames.erase(stack.frames.begin());
  return stack;
}

// Rust: where it panicked, what it says on the lines below, and numbered calls, each with its place on the
// next line.
StackText parse_rust(const std::vector<std::string_view>& lines) {
  StackText stack;
  stack.language = Language::rust;
  stack.type = "panic";
  bool in_message = false;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string_view text = trimmed(lines[i]);
    if (const size_t at = text.find("' panicked at "); at != std::string_view::npos) {
      // Before 1.73 the message stood here: panicked at 'no card', src/main.rs:4:5
      const std::string_view told = text.substr(at + 14);
      if (const size_t end = told.rfind("', "); told.starts_with('\'') && end != 0)
        stack.message = told.substr(1, end - 1);
      in_message = stack.message.empty();
      continue;
    }
    if (text == "stack backtrace:" || text.starts_with("note: ")) {
      in_message = false;
      continue;
    }
    if (in_message) {
      stack.message.append(stack.message.empty() ? "" : "\n").append(lines[i]);
      continue;
    }
    const size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos || !text.substr(digits).starts_with(": ")) continue;
    Frame frame;
    frame.method = trimmed(text.substr(digits + 2));
    // shop::pay::h0123456789abcdef: a hash of the build.
    if (const size_t hash = frame.method.rfind("::h");
        hash != std::string::npos && frame.method.size() - hash == 19)
      frame.method.erase(hash);
    if (i + 1 < lines.size() && trimmed(lines[i + 1]).starts_with("at ")) {
      (void)parse_place(trimmed(lines[++i]).substr(3), frame);
    }
    if (stack.frames.size() < kMostFrames) stack.frames.push_back(std::move(frame));
  }
  return stack;
}

// "/srv/cart.rb:12:in `pay': card declined (PaymentError)": what stands behind the call is told of the error.
bool take_ruby_headline(std::string_view line, StackText& stack) {
  const size_t end = line.find("': ");
  if (end == std::string_view::npos || line.starts_with("from ")) return false;
  std::string_view rest = line.substr(end + 3);
  const size_t open = rest.rfind(" (");
  if (open != std::string_view::npos && rest.ends_with(')')) {
    stack.type = rest.substr(open + 2, rest.size() - open - 3);
    rest = rest.substr(0, open);
  }
  stack.message = rest;
  return true;
}

// All others: the headline above, the innermost call first, causes below.
StackText parse_headline_first(const std::vector<std::string_view>& lines) {
  StackText stack;
  bool in_cause = false;
  bool in_ruby_cause = false;
  size_t head_lines = 0;
  for (const std::string_view line : lines) {
    Frame frame;
    Language language = Language::unknown;
    const std::string_view text = trimmed(line);
    if (!in_cause && parse_frame(line, frame, language)) {
      if (stack.language == Language::unknown) stack.language = language;
      if (language == Language::ruby) {
        if (stack.frames.empty()) {
          take_ruby_headline(text, stack);
        } else if (StackText nested; take_ruby_headline(text, nested)) {
          // Ruby prints its causes below, each like an error of its own.
          if (stack.causes.size() < 20 && !nested.type.empty()) stack.causes.push_back(nested.type);
          in_ruby_cause = true;
        }
        if (in_ruby_cause) continue;
      }
      if (stack.frames.size() < kMostFrames) stack.frames.push_back(std::move(frame));
      continue;
    }
    std::string_view cause;
    for (const std::string_view prefix : {"Caused by: ", "---> ", "[cause]: ", "Next "})
      if (text.starts_with(prefix)) cause = text.substr(prefix.size());
    if (!cause.empty() && (!stack.frames.empty() || text.starts_with("---> "))) {
      StackText nested;
      take_headline(cause, nested);
      if (stack.causes.size() < 20 && !nested.type.empty()) stack.causes.push_back(nested.type);
      // .NET prints the inner stack first, and goes on with the outer one below it.
      in_cause = !text.starts_with("Next ");
      continue;
    }
    if (text.starts_with("--- End of inner exception")) {
      in_cause = false;
      continue;
    }
    if (stack.frames.empty() && !trimmed(line).empty() && !in_cause && head_lines < 50) {
      if (text == "Stack trace:" || text.starts_with("[stacktrace]")) continue;
      if (head_lines++ == 0) {
        take_headline(line, stack);
        // PHP says where as well: "… in /srv/Cart.php:12".
        const size_t inner = stack.message.find(" ---> ");
        if (inner != std::string::npos) {
          StackText nested;
          take_headline(std::string_view(stack.message).substr(inner + 6), nested);
          if (!nested.type.empty()) stack.causes.push_back(nested.type);
          stack.message.erase(inner);
        }
      } else if (text.starts_with("what():") && !stack.type.empty()) {
        stack.message = trimmed(text.substr(7));
      } else if (!stack.type.empty()) {
        stack.message.append("\n").append(line);
      } else {
        // Below what a logger wrote in front: the line that names a type.
        StackText below;
        take_headline(line, below);
        if (below.type.empty()) continue;
        stack.type = std::move(below.type);
        stack.message = std::move(below.message);
      }
    }
  }
  if (stack.language == Language::php) {
    const size_t in = stack.message.rfind(" in /");
    if (in != std::string::npos) {
      Frame thrown;
      std::string_view place = std::string_view(stack.message).substr(in + 4);
      const size_t colon = place.rfind(':');
      if (colon != std::string_view::npos) {
        std::from_chars(place.data() + colon + 1, place.data() + place.size(), thrown.line);
        thrown.file = place.substr(0, colon);
        stack.frames.insert(stack.frames.begin(), thrown);
      }
      stack.message.erase(in);
    }
  }
  return stack;
}

}  // namespace

std::string_view name_of(Language language) {
  switch (language) {
    case Language::unknown:
      return "";
    case Language::python:
      return "python";
    case Language::javascript:
      return "javascript";
    case Language::java:
      return "java";
    case Language::go:
      return "go";
    case Language::ruby:
      return "ruby";
    case Language::dotnet:
      return "dotnet";
    case Language::php:
      return "php";
    case Language::cpp:
      return "cpp";
    case Language::rust:
      return "rust";
  }
  return "";
}

StackText parse_stack(std::string_view text) {
  const std::vector<std::string_view> lines = lines_of(text.substr(0, kMostStackBytes));
  bool is_go = false;
  bool is_python = false;
  bool is_rust = false;
  for (const std::string_view line : lines) {
    is_go = is_go || (line.starts_with("goroutine ") && line.find(" [") != std::string_view::npos);
    is_rust = is_rust || line.find("' panicked at ") != std::string_view::npos;
    is_python = is_python || trimmed(line).starts_with("Traceback (most recent call last)") ||
                (line.starts_with("  File \"") && line.find("\", line ") != std::string_view::npos);
  }
  StackText stack = is_go       ? parse_go(lines)
                    : is_python ? parse_python(lines)
                    : is_rust   ? parse_rust(lines)
                                : parse_headline_first(lines);
  finish(stack);
  return stack;
}

}  // namespace clew::control::errors
