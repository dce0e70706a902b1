#include "control/errors/fingerprint.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/hex.h"

namespace clew::control::errors {
namespace {

// Deep recursion must not make a group of every depth.
constexpr size_t kMostHashedFrames = 30;
constexpr size_t kLongestMessage = 500;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Looks like a hash: hex with at least one digit, long enough to be no word.
bool is_hash(std::string_view word, size_t shortest) {
  return word.size() >= shortest && std::all_of(word.begin(), word.end(), is_hex) &&
         std::any_of(word.begin(), word.end(), is_digit);
}

std::string hex_of_hash(std::string_view text) {
  // Looked up once: OpenSSL takes longer to find an algorithm than to hash a stack with it.
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  char digest[EVP_MAX_MD_SIZE] = {};
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest), nullptr, sha256, nullptr);
  return hex_of({digest, 16});
}

Fingerprint made_of(std::string hashed, std::string_view reason) {
  Fingerprint made;
  made.group = hex_of_hash(hashed);
  made.hashed = std::move(hashed);
  made.reason = reason;
  return made;
}

// Where a method's name says all about its place, the directory adds nothing but the way things are deployed.
std::string file_of(const Frame& frame, Language language) {
  std::string file = normalised_file(frame.file);
  const bool qualified = language == Language::java || language == Language::dotnet ||
                         language == Language::go || frame.method.find("::") != std::string::npos ||
                         frame.method.find("->") != std::string::npos;
  if (qualified) file.erase(0, file.rfind('/') + 1);
  return file;
}

std::string beginning(const Occurrence& occurrence) {
  return fmt::format("version: {}\nenvironment: {}\n", kFingerprintVersion, occurrence.deployment);
}

// main.3f2a1b9c.js -> main.js: what bundlers put into a name.
std::string without_hashes(std::string_view name) {
  std::string kept;
  while (!name.empty()) {
    const size_t end = std::min(name.find_first_of(".-_"), name.size());
    const std::string_view word = name.substr(0, end);
    const bool only_digits = !word.empty() && std::all_of(word.begin(), word.end(), is_digit);
    if (is_hash(word, 6) || only_digits) {
      if (!kept.empty() && (kept.back() == '.' || kept.back() == '-' || kept.back() == '_')) kept.pop_back();
    } else {
      kept += word;
    }
    if (end < name.size()) kept += name[end];
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return kept;
}

}  // namespace

std::string normalised_file(std::string_view file) {
  file = file.substr(0, file.find_first_of("?#"));
  if (const size_t scheme = file.find("://"); scheme != std::string_view::npos) {
    const size_t path = file.find('/', scheme + 3);
    file = path == std::string_view::npos ? std::string_view() : file.substr(path);
  }
  std::string path(file);
  std::replace(path.begin(), path.end(), '\\', '/');
  // The name and the directory it is in: what lies above depends on where it was deployed.
  std::vector<std::string> kept;
  std::string_view rest = path;
  while (!rest.empty() && kept.size() < 2) {
    const size_t slash = rest.rfind('/');
    const std::string_view part = slash == std::string_view::npos ? rest : rest.substr(slash + 1);
    if (std::string clean = without_hashes(part); !clean.empty() && clean != ".")
      kept.push_back(std::move(clean));
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(0, slash);
  }
  if (kept.empty()) return {};
  // A directory that only says where things are deployed.
  static constexpr std::string_view kRoots[] = {"current", "app",  "src",       "www",    "html",
                                                "release", "dist", "workspace", "deploy", "releases"};
  if (kept.size() == 2 && std::find(std::begin(kRoots), std::end(kRoots), kept[1]) != std::end(kRoots))
    return kept[0];
  return kept.size() == 2 ? kept[1] + "/" + kept[0] : kept[0];
}

std::string normalised_method(std::string_view method) {
  std::string kept;
  for (size_t i = 0; i < method.size();) {
    if (!is_digit(method[i])) {
      kept += method[i++];
      continue;
    }
    size_t end = i;
    while (end < method.size() && is_digit(method[end])) ++end;
    // One digit is a name (step1); after $ and > the compiler counts (lambda$pay$3).
    const bool is_counted = i > 0 && (method[i - 1] == '$' || method[i - 1] == '>' || method[i - 1] == '#');
    if (end - i == 1 && !is_counted) kept += method[i];
    i = end;
  }
  for (const std::string_view nameless :
       {"?", "<anonymous>", "[anonymous]", "anonymous", "Object.<anonymous>"})
    if (kept == nameless) return "<anonymous>";
  return kept;
}

std::string normalised_message(std::string_view message) {
  message = message.substr(0, std::min(message.find('\n'), kLongestMessage));
  std::string kept;
  for (size_t i = 0; i < message.size();) {
    if (!is_word(message[i])) {
      kept += message[i++];
      continue;
    }
    // A word, and what ids, addresses, times and e-mail join words with.
    size_t end = i;
    bool has_digit = false;
    bool has_at = false;
    while (end < message.size()) {
      const char c = message[end];
      const bool joins = (c == '-' || c == '.' || c == ':' || c == '@' || c == '+') &&
                         end + 1 < message.size() && is_word(message[end + 1]);
      if (!is_word(c) && !joins) break;
      has_digit = has_digit || is_digit(c);
      has_at = has_at || c == '@';
      ++end;
    }
    const std::string_view word = message.substr(i, end - i);
    const size_t digits = static_cast<size_t>(std::count_if(word.begin(), word.end(), is_digit));
    const bool only_letters_and_one_digit = digits == 1 && word.size() > 1;
    if (has_at)
      kept += "<email>";
    else if (!has_digit || only_letters_and_one_digit)
      kept += word;
    else if (word.size() == 3 && digits == 3 && word[0] >= '1' && word[0] <= '5')
      kept += word;  // an HTTP status says what went wrong
    else
      kept += "<n>";
    i = end;
  }
  return kept;
}

Fingerprint fingerprint_of_text(const Occurrence& occurrence, std::string_view text,
                                std::string_view reason) {
  return made_of(beginning(occurrence) + "custom: " + std::string(text) + "\n", reason);
}

Fingerprint fingerprint_of(const Occurrence& occurrence) {
  if (!occurrence.custom_fingerprint.empty())
    return fingerprint_of_text(occurrence, occurrence.custom_fingerprint, "custom fingerprint");
  std::string hashed = beginning(occurrence) + "type: " + occurrence.type + "\n";
  for (const std::string& cause : occurrence.causes) hashed += "cause: " + cause + "\n";
  const bool has_own = std::any_of(occurrence.frames.begin(), occurrence.frames.end(),
                                   [](const Frame& frame) { return frame.in_app; });
  std::string last;
  size_t frames = 0;
  for (const Frame& frame : occurrence.frames) {
    if (has_own && !frame.in_app) continue;
    std::string line =
        fmt::format("frame: {} {}\n", file_of(frame, occurrence.language), normalised_method(frame.method));
    // Recursion counts once.
    if (line == last) continue;
    hashed += line;
    last = std::move(line);
    if (++frames == kMostHashedFrames) break;
  }
  if (frames > 0) return made_of(std::move(hashed), has_own ? "stack" : "stack of libraries");
  hashed += "service: " + occurrence.service + "\nmessage: " + normalised_message(occurrence.message) + "\n";
  return made_of(std::move(hashed), "message");
}

}  // namespace clew::control::errors
