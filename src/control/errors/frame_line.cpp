// How one call looks in each language's stack.

#include <array>
#include <charconv>

#include "base/ascii.h"
#include "control/errors/stack_text.h"

namespace clew::control::errors {
namespace {

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool is_number(std::string_view text, int64_t& number) {
  if (text.empty() || text.size() > 9) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 0;
}

// "file:12" or "file:12:5".
bool take_place(std::string_view text, Frame& frame) {
  int64_t last = 0;
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !is_number(text.substr(colon + 1), last)) return false;
  text = text.substr(0, colon);
  int64_t before = 0;
  const size_t earlier = text.rfind(':');
  if (earlier != std::string_view::npos && is_number(text.substr(earlier + 1), before)) {
    frame.line = before;
    frame.column = last;
    text = text.substr(0, earlier);
  } else {
    frame.line = last;
  }
  frame.file = text;
  return !text.empty();
}

//   File "/srv/app.py", line 12, in checkout
bool python_frame(std::string_view line, Frame& frame) {
  if (!take_prefix(line, "File \"")) return false;
  const size_t end = line.find("\", line ");
  if (end == std::string_view::npos) return false;
  frame.file = line.substr(0, end);
  line.remove_prefix(end + 8);
  const size_t digits = line.find_first_not_of("0123456789");
  if (!is_number(line.substr(0, digits), frame.line)) return false;
  line.remove_prefix(std::min(digits, line.size()));
  if (take_prefix(line, ", in ")) frame.method = line;
  return true;
}

// at com.shop.Cart.pay(Cart.java:12), at java.base/java.lang.Thread.run(Unknown Source)
bool java_frame(std::string_view line, Frame& frame) {
  // What a logging library adds: "~[spring-core.jar:5.3]".
  if (const size_t jar = line.find(") ~["); jar != std::string_view::npos) line = line.substr(0, jar + 1);
  if (const size_t jar = line.find(") ["); jar != std::string_view::npos) line = line.substr(0, jar + 1);
  const size_t open = line.rfind('(');
  if (open == std::string_view::npos || !line.ends_with(')') || line.find(' ') < open) return false;
  const std::string_view place = line.substr(open + 1, line.size() - open - 2);
  const std::string_view method = line.substr(0, open);
  if (method.find('.') == std::string_view::npos) return false;
  const bool no_source = place == "Unknown Source" || place == "Native Method";
  if (!no_source) {
    const size_t colon = place.find(':');
    const std::string_view file = place.substr(0, colon);
    bool known = false;
    for (const std::string_view ending : {".java", ".kt", ".scala", ".groovy", ".clj"})
      known = known || file.ends_with(ending);
    if (!known || file.find('/') != std::string_view::npos) return false;
    if (colon != std::string_view::npos && !is_number(place.substr(colon + 1), frame.line)) return false;
    frame.file = file;
  }
  frame.method = method;
  if (const size_t module = frame.method.find('/'); module != std::string::npos)
    frame.method.erase(0, frame.method.rfind('/') + 1);
  return true;
}

// at Shop.Cart.Pay(Order order) in /src/Cart.cs:line 12
bool dotnet_frame(std::string_view line, Frame& frame) {
  const size_t in = line.find(") in ");
  const size_t number = line.rfind(":line ");
  if (in != std::string_view::npos && number != std::string_view::npos && number > in) {
    if (!is_number(line.substr(number + 6), frame.line)) return false;
    frame.file = line.substr(in + 5, number - in - 5);
    line = line.substr(0, in + 1);
  } else if (!line.ends_with(')') || line.find(':') != std::string_view::npos) {
    return false;
  }
  const size_t open = line.find('(');
  if (open == std::string_view::npos || line.substr(0, open).find('.') == std::string_view::npos)
    return false;
  if (line.substr(0, open).find_first_of(" /") != std::string_view::npos) return false;
  frame.method = line.substr(0, open);
  return true;
}

// at checkout (/srv/cart.js:12:5), at async Cart.pay (…), at /srv/cart.js:12:5
bool javascript_frame(std::string_view line, Frame& frame) {
  take_prefix(line, "async ");
  take_prefix(line, "new ");
  if (line.ends_with(')')) {
    const size_t open = line.rfind(" (");
    if (open == std::string_view::npos) return false;
    const std::string_view place = line.substr(open + 2, line.size() - open - 3);
    frame.method = line.substr(0, open);
    if (const size_t alias = frame.method.find(" [as "); alias != std::string::npos)
      frame.method.erase(alias);
    if (place == "<anonymous>" || place == "native" || place.starts_with("index ")) {
      frame.file = place;
      return true;
    }
    return take_place(place, frame);
  }
  return line.find(' ') == std::string_view::npos && take_place(line, frame);
}

// checkout@https://shop.example/cart.js:12:5, as Firefox and Safari write it.
bool firefox_frame(std::string_view line, Frame& frame) {
  const size_t at = line.find('@');
  if (at == std::string_view::npos || line.substr(0, at).find(' ') != std::string_view::npos) return false;
  const std::string_view place = line.substr(at + 1);
  if (place.find("://") == std::string_view::npos && !place.starts_with('/')) return false;
  if (!take_place(place, frame)) return false;
  frame.method = line.substr(0, at);
  return true;
}

// /srv/cart.rb:12:in `pay', from /srv/cart.rb:12:in 'Cart#pay'
bool ruby_frame(std::string_view line, Frame& frame) {
  take_prefix(line, "from ");
  const size_t in = line.find(":in ");
  if (in == std::string_view::npos || in + 5 >= line.size()) return false;
  if (line[in + 4] != '`' && line[in + 4] != '\'') return false;
  const size_t end = line.find('\'', in + 5);
  if (end == std::string_view::npos || !take_place(line.substr(0, in), frame)) return false;
  frame.method = line.substr(in + 5, end - in - 5);
  return true;
}

// #0 /srv/Cart.php(12): Cart->pay(), #1 [internal function]: {closure}(), #2 {main}
bool php_frame(std::string_view line, Frame& frame) {
  const size_t colon = line.find(": ");
  if (line == "{main}") {
    frame.method = line;
    return true;
  }
  if (colon == std::string_view::npos) return false;
  const std::string_view place = line.substr(0, colon);
  std::string_view method = line.substr(colon + 2);
  if (place == "[internal function]") {
    frame.file = place;
  } else {
    const size_t open = place.rfind('(');
    if (open == std::string_view::npos || !place.ends_with(')')) return false;
    if (!is_number(place.substr(open + 1, place.size() - open - 2), frame.line)) return false;
    frame.file = place.substr(0, open);
  }
  if (const size_t open = method.find('('); open != std::string_view::npos) method = method.substr(0, open);
  frame.method = method;
  return true;
}

std::string_view without_address(std::string_view text) {
  if (!text.starts_with("0x")) return text;
  const size_t end = text.find(' ');
  return end == std::string_view::npos ? std::string_view() : trimmed(text.substr(end));
}

// #1 0x55d in shop::pay(Order const&) /src/cart.cpp:12:5 (sanitizers), #1 0x55d in shop::pay (…) at
// /src/cart.cpp:12 (gdb), 1# shop::pay() at /src/cart.cpp:12 (Boost, std::stacktrace).
bool cpp_frame(std::string_view line, Frame& frame) {
  line = without_address(line);
  take_prefix(line, "in ");
  if (line.empty()) return false;
  std::string_view method = line;
  if (const size_t at = line.rfind(" at ");
      at != std::string_view::npos && take_place(line.substr(at + 4), frame)) {
    method = line.substr(0, at);
  } else if (const size_t in = line.rfind(" in "); in != std::string_view::npos && in > 0) {
    method = line.substr(0, in);
    frame.file = line.substr(in + 4);
  } else if (const size_t space = line.rfind(' '); space != std::string_view::npos) {
    const std::string_view place = line.substr(space + 1);
    if (place.starts_with('(') && place.find("+0x") != std::string_view::npos)
      frame.file = place.substr(1, place.find("+0x") - 1);
    else if (!take_place(place, frame))
      return false;
    method = line.substr(0, space);
  } else if (line.find("::") == std::string_view::npos && !line.ends_with(')')) {
    return false;
  }
  // Without what it was called with; operator() keeps its name.
  size_t depth = 0;
  for (size_t i = 0; i < method.size(); ++i) {
    if (method[i] == '<') ++depth;
    if (method[i] == '>' && depth > 0) --depth;
    if (method[i] == '(' && depth == 0 && i > 0 && !method.substr(0, i).ends_with("operator") &&
        !method.substr(i).starts_with("(anonymous namespace)")) {
      method = method.substr(0, i);
      break;
    }
  }
  frame.method = trimmed(method);
  return true;
}

// ./shop(_ZN4shop3payEv+0x1d) [0x55d], as backtrace_symbols() writes it.
bool symbols_frame(std::string_view line, Frame& frame) {
  const size_t open = line.find('(');
  const size_t plus = line.find("+0x");
  if (open == std::string_view::npos || plus == std::string_view::npos || plus < open) return false;
  if (line.find(") [0x") == std::string_view::npos) return false;
  frame.file = line.substr(0, open);
  frame.method = line.substr(open + 1, plus - open - 1);
  return true;
}

}  // namespace

bool parse_place(std::string_view text, Frame& frame) {
  Frame placed = frame;
  if (!take_place(text, placed)) return false;
  frame = std::move(placed);
  return true;
}

bool parse_frame(std::string_view line, Frame& frame, Language& language) {
  const std::string_view text = trimmed(line);
  if (text.size() < 4 || text.size() > 4096) return false;
  const auto is = [&](Language which, bool (*parse)(std::string_view, Frame&), std::string_view what) {
    frame = {};
    if (!parse(what, frame)) return false;
    language = which;
    return true;
  };
  if (text.starts_with("File \"")) return is(Language::python, python_frame, text);
  if (text.starts_with("at ")) {
    const std::string_view rest = trimmed(text.substr(3));
    return is(Language::java, java_frame, rest) || is(Language::javascript, javascript_frame, rest) ||
           is(Language::dotnet, dotnet_frame, rest);
  }
  if (text.front() == '#') {
    const size_t digits = text.find_first_not_of("0123456789", 1);
    if (digits == 1 || digits == std::string_view::npos) return false;
    const std::string_view rest = trimmed(text.substr(digits));
    return is(Language::php, php_frame, rest) || is(Language::cpp, cpp_frame, rest);
  }
  if (const size_t digits = text.find_first_not_of("0123456789");
      digits != 0 && digits != std::string_view::npos && text.substr(digits).starts_with("# "))
    return is(Language::cpp, cpp_frame, trimmed(text.substr(digits + 2)));
  return is(Language::ruby, ruby_frame, text) || is(Language::javascript, firefox_frame, text) ||
         is(Language::cpp, symbols_frame, text);
}

bool is_in_app(const Frame& frame, Language language) {
  // What X-Ray's SDK leaves of node:internal/….
  if (frame.file == "node") return false;
  static constexpr std::array kLibraries = {"/site-packages/",   "/dist-packages/",
                                            "/lib/python",       "<frozen ",
                                            "/node_modules/",    "node:",
                                            "internal/",         "/pkg/mod/",
                                            "/.cargo/registry/", "/usr/local/go/",
                                            "/usr/lib/go",       "/gems/",
                                            "/lib/ruby/",        "<internal:",
                                            "/vendor/",          "[internal function]",
                                            "/usr/include/",     "/usr/lib/",
                                            "/lib/x86_64-",      "native",
                                            "<anonymous>",       "chrome-extension://",
                                            "moz-extension://",  "/sysdeps/",
                                            "libc.so",           "/rustc/",
                                            "webpack/bootstrap", "/libsanitizer/"};
  for (const std::string_view library : kLibraries) {
    const bool is_beginning = !library.starts_with('/') && !library.starts_with("libc");
    const std::string_view file = frame.file;
    if (is_beginning ? file.starts_with(library) : file.find(library) != std::string_view::npos) return false;
  }
  static constexpr std::array kJava = {"java.",       "javax.",
                                       "jdk.",        "sun.",
                                       "com.sun.",    "jakarta.",
                                       "kotlin.",     "scala.",
                                       "groovy.",     "org.springframework.",
                                       "org.apache.", "org.hibernate.",
                                       "io.netty.",   "reactor.",
                                       "org.junit.",  "org.eclipse.jetty.",
                                       "com.zaxxer.", "io.undertow.",
                                       "org.jboss."};
  static constexpr std::array kDotnet = {"System.",     "Microsoft.", "Npgsql.",
                                         "Newtonsoft.", "NUnit.",     "Xunit."};
  const auto begins = [&](const auto& list) {
    for (const std::string_view one : list)
      if (frame.method.starts_with(one)) return true;
    return false;
  };
  if (language == Language::java) return !begins(kJava);
  if (language == Language::dotnet) return !begins(kDotnet);
  if (language == Language::go)
    return !frame.method.starts_with("runtime.") && !frame.method.starts_with("net/http.") &&
           frame.method != "panic" && !frame.method.starts_with("runtime/");
  if (language == Language::cpp)
    return !frame.method.starts_with("std::") && !frame.method.starts_with("__") &&
           frame.method != "_start" && frame.method != "abort" && frame.method != "raise";
  if (language == Language::rust) {
    static constexpr std::array kRust = {"std::",   "core::",  "alloc::",     "rust_begin_unwind",
                                         "__rust_", "tokio::", "<core::",     "<alloc::",
                                         "_start",  "__libc_", "start_thread"};
    return !begins(kRust);
  }
  if (language == Language::php) return frame.method != "{main}" || !frame.file.empty();
  return true;
}

}  // namespace clew::control::errors
