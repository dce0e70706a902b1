// basicauth: user and password, of senders (`htpasswd`) or for a backend (`client_auth`).
#include <crypt.h>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/file_system.h"
#include "pipeline/config/section.h"
#include "pipeline/extensions/extensions.h"
#include "pipeline/otlp/digest.h"

namespace clew::pipeline {
namespace {

constexpr uint64_t kLargestFile = 4 << 20;
// Checking a password takes many milliseconds on purpose; those that fitted are remembered.
constexpr size_t kMostRemembered = 1000;

// Takes as long for a wrong password as for a right one.
bool equal_in_constant_time(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (size_t i = 0; i < a.size() && i < b.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

std::string bytes_of_hex(std::string_view hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

// `stored` is what an htpasswd file has behind the colon: bcrypt, {SHA}, another crypt(3) hash, or plain
// text.
bool fits(const std::string& password, const std::string& stored) {
  if (stored.starts_with("{SHA}"))
    return equal_in_constant_time(base64_encode(bytes_of_hex(hex_digest(DigestKind::sha1, password))),
                                  stored.substr(5));
  if (!stored.starts_with("$")) return equal_in_constant_time(password, stored);
  auto work = std::make_unique<crypt_data>();
  const char* const hashed = crypt_r(password.c_str(), stored.c_str(), work.get());
  return hashed != nullptr && equal_in_constant_time(hashed, stored);
}

class BasicAuth final : public Extension, public ServerAuthenticator, public ClientAuthenticator {
 public:
  struct Settings {
    bool for_server = false;
    std::string inline_text, file;
    std::string username, password, username_file, password_file;
  };
  explicit BasicAuth(Settings settings) : settings_(std::move(settings)) {}

  Status start() override {
    if (settings_.for_server) {
      std::string text = settings_.inline_text + "\n";
      if (!settings_.file.empty()) {
        CLEW_ASSIGN(const std::string content, real_file_system().read_file(settings_.file, kLargestFile));
        text += content;
      }
      read_users(text);
      return {};
    }
    if (!settings_.username_file.empty()) CLEW_TRY(read_line(settings_.username_file, settings_.username));
    if (!settings_.password_file.empty()) CLEW_TRY(read_line(settings_.password_file, settings_.password));
    return {};
  }

  ServerAuthenticator* server_authenticator() override { return settings_.for_server ? this : nullptr; }
  ClientAuthenticator* client_authenticator() override { return settings_.for_server ? nullptr : this; }

  Result<std::string> authenticate(
      const std::vector<std::pair<std::string, std::string>>& headers) const override {
    const Status refused(ErrorKind::unauthenticated, "authentication didn't succeed");
    for (const auto& [name, value] : headers) {
      if (name != "authorization" || !(value.starts_with("Basic ") || value.starts_with("basic "))) continue;
      const auto decoded = base64_decode(value.substr(6));
      const size_t colon = decoded ? decoded->find(':') : std::string::npos;
      if (colon == std::string::npos) return refused;
      const std::string user = decoded->substr(0, colon);
      {
        std::lock_guard lock(mutex_);
        if (remembered_.contains(*decoded)) return user;
      }
      const auto it = users_.find(user);
      if (it == users_.end() || !fits(decoded->substr(colon + 1), it->second)) return refused;
      std::lock_guard lock(mutex_);
      if (remembered_.size() >= kMostRemembered) remembered_.clear();
      remembered_.insert(*decoded);
      return user;
    }
    return refused;
  }

  Result<std::vector<std::pair<std::string, std::string>>> headers_for(const Batch&) override {
    return std::vector<std::pair<std::string, std::string>>{
        {"authorization", "Basic " + base64_encode(settings_.username + ":" + settings_.password)}};
  }

 private:
  static Status read_line(const std::string& path, std::string& to) {
    CLEW_ASSIGN(to, real_file_system().read_file(path, kLargestFile));
    to.resize(std::min(to.size(), to.find_first_of("\r\n")));
    return {};
  }

  void read_users(std::string_view text) {
    while (!text.empty()) {
      const size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
      while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
      const size_t colon = line.find(':');
      if (colon != std::string_view::npos && !line.starts_with('#'))
        users_[std::string(line.substr(0, colon))] = line.substr(colon + 1);
    }
  }

  Settings settings_;
  std::map<std::string, std::string> users_;
  mutable std::mutex mutex_;
  mutable std::set<std::string> remembered_;  // guarded by mutex_
};

}  // namespace

MakeExtension configure_basicauth(Section& section) {
  BasicAuth::Settings settings;
  settings.for_server = section.has("htpasswd");
  {
    Section htpasswd = section.section("htpasswd");
    htpasswd.read_secret("inline", settings.inline_text);
    htpasswd.read("file", settings.file);
    if (settings.for_server && settings.inline_text.empty() && settings.file.empty())
      htpasswd.error("expected inline or file");
    Section client = section.section("client_auth");
    client.read_secret("username", settings.username);
    client.read_secret("password", settings.password);
    client.read("username_file", settings.username_file);
    client.read("password_file", settings.password_file);
    if (section.has("client_auth") && settings.username.empty() && settings.username_file.empty())
      client.error("expected username or username_file");
  }
  if (settings.for_server == section.has("client_auth"))
    section.error("expected htpasswd (for receivers) or client_auth (for exporters), one of them");
  return [settings](const Site&) -> Result<std::unique_ptr<Extension>> {
    return std::unique_ptr<Extension>(std::make_unique<BasicAuth>(settings));
  };
}

}  // namespace clew::pipeline
