// bearertokenauth: a token, of senders and for a backend.
#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/file_system.h"
#include "pipeline/config/section.h"
#include "pipeline/extensions/extensions.h"

namespace clew::pipeline {
namespace {

constexpr uint64_t kLargestFile = 1 << 20;
// A token in a file may be replaced at any time.
constexpr Nanoseconds kReadAgainAfter = seconds(1);

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (size_t i = 0; i < a.size() && i < b.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

class BearerTokenAuth final : public Extension, public ServerAuthenticator, public ClientAuthenticator {
 public:
  struct Settings {
    std::string header = "authorization";
    std::string scheme = "Bearer";
    std::vector<std::string> tokens;
    std::string file;
  };
  explicit BearerTokenAuth(Settings settings) : settings_(std::move(settings)) {}

  Status start() override { return current().status(); }
  ServerAuthenticator* server_authenticator() override { return this; }
  ClientAuthenticator* client_authenticator() override { return this; }

  Result<std::string> authenticate(
      const std::vector<std::pair<std::string, std::string>>& headers) const override {
    CLEW_ASSIGN(const std::vector<std::string> tokens, current());
    for (const auto& [name, value] : headers) {
      if (name != settings_.header) continue;
      bool known = false;
      for (const std::string& token : tokens)
        known = equal_in_constant_time(value, with_scheme(token)) || known;
      if (known) return std::string("bearer");
      return {ErrorKind::unauthenticated, "scheme or token does not match"};
    }
    return {ErrorKind::unauthenticated, fmt::format("missing or empty header: {}", settings_.header)};
  }

  Result<std::vector<std::pair<std::string, std::string>>> headers_for(const Batch&) override {
    CLEW_ASSIGN(const std::vector<std::string> tokens, current());
    if (tokens.empty()) return {ErrorKind::unavailable, "no token"};
    return std::vector<std::pair<std::string, std::string>>{{settings_.header, with_scheme(tokens.front())}};
  }

 private:
  std::string with_scheme(const std::string& token) const {
    return settings_.scheme.empty() ? token : settings_.scheme + " " + token;
  }

  Result<std::vector<std::string>> current() const {
    if (settings_.file.empty()) return settings_.tokens;
    std::lock_guard lock(mutex_);
    const Nanoseconds at = monotonic_now();
    if (!tokens_.empty() && at.count - read_at_.count < kReadAgainAfter.count) return tokens_;
    Result<std::string> text = real_file_system().read_file(settings_.file, kLargestFile);
    // Between two versions of the file the last one counts.
    if (!text.ok() && !tokens_.empty()) return tokens_;
    if (!text.ok()) return std::move(text).status();
    tokens_.clear();
    std::string line;
    for (const char c : *text + "\n") {
      if (c != '\n' && c != '\r') {
        line += c;
      } else if (!line.empty()) {
        tokens_.push_back(std::exchange(line, {}));
      }
    }
    read_at_ = at;
    return tokens_;
  }

  const Settings settings_;
  mutable std::mutex mutex_;
  mutable std::vector<std::string> tokens_;  // guarded by mutex_, as the next
  mutable Nanoseconds read_at_{};
};

}  // namespace

MakeExtension configure_bearertokenauth(Section& section) {
  BearerTokenAuth::Settings settings;
  section.read("header", settings.header);
  settings.header = lower_case(settings.header);
  section.read("scheme", settings.scheme);
  std::string token;
  if (section.read_secret("token", token)) settings.tokens.push_back(token);
  section.read("tokens", settings.tokens);
  section.read("filename", settings.file);
  if (settings.tokens.empty() && settings.file.empty()) section.error("expected token, tokens or filename");
  return [settings](const Site&) -> Result<std::unique_ptr<Extension>> {
    return std::unique_ptr<Extension>(std::make_unique<BearerTokenAuth>(settings));
  };
}

}  // namespace clew::pipeline
