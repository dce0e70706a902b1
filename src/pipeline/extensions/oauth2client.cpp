// oauth2client: a token for a backend, fetched with client credentials (RFC 6749, 4.4) and again before it is
// over.
#include <algorithm>
#include <mutex>
#include <simdjson.h>

#include <fmt/format.h>

#include "base/file_system.h"
#include "net/http_client.h"
#include "net/url_encoding.h"
#include "pipeline/config/section.h"
#include "pipeline/extensions/extensions.h"

namespace clew::pipeline {
namespace {

constexpr uint64_t kLargestFile = 1 << 20;
constexpr Nanoseconds kUsualLife = hours(1);

struct Settings {
  std::string client_id, client_id_file, client_secret, client_secret_file, token_url;
  std::vector<std::string> scopes;
  std::vector<std::pair<std::string, std::string>> parameters;
  Nanoseconds timeout = seconds(10);
  Nanoseconds expiry_buffer = seconds(300);
  net::TlsClientOptions tls;
};

class OAuth2Client final : public Extension, public ClientAuthenticator {
 public:
  explicit OAuth2Client(Settings settings) : settings_(std::move(settings)) {}

  Status start() override {
    net::HttpClientOptions options;
    if (settings_.timeout.count > 0) options.timeout = options.connect_timeout = settings_.timeout;
    options.tls = settings_.tls;
    CLEW_ASSIGN(client_, net::HttpClient::create(std::move(options)));
    return {};
  }
  ClientAuthenticator* client_authenticator() override { return this; }

  Result<std::vector<std::pair<std::string, std::string>>> headers_for(const Batch&) override {
    std::lock_guard lock(mutex_);
    if (header_.empty() || monotonic_now() >= fetch_at_) CLEW_TRY(fetch());
    return std::vector<std::pair<std::string, std::string>>{{"authorization", header_}};
  }

 private:
  static Result<std::string> one_of(const std::string& text, const std::string& file) {
    if (file.empty()) return text;
    CLEW_ASSIGN(std::string content, real_file_system().read_file(file, kLargestFile));
    while (!content.empty() && (content.back() == '\n' || content.back() == '\r')) content.pop_back();
    return content;
  }

  Status fetch() {
    CLEW_ASSIGN(const std::string id, one_of(settings_.client_id, settings_.client_id_file));
    CLEW_ASSIGN(const std::string secret, one_of(settings_.client_secret, settings_.client_secret_file));
    net::ClientRequest request{.method = "POST", .url = settings_.token_url};
    request.headers = {{"content-type", "application/x-www-form-urlencoded"}, {"accept", "application/json"}};
    request.body = fmt::format("grant_type=client_credentials&client_id={}&client_secret={}",
                               net::percent_encode(id), net::percent_encode(secret));
    if (!settings_.scopes.empty())
      request.body += "&scope=" + net::percent_encode(fmt::format("{}", fmt::join(settings_.scopes, " ")));
    for (const auto& [name, value] : settings_.parameters)
      request.body += "&" + net::percent_encode(name) + "=" + net::percent_encode(value);
    CLEW_ASSIGN(const net::ClientResponse response, client_->send(request));
    if (response.status != 200)
      return {ErrorKind::unavailable,
              fmt::format("{} answered {} {}", settings_.token_url, response.status, response.reason)};
    simdjson::dom::parser parser;
    simdjson::dom::element answer;
    std::string_view token, type = "Bearer";
    int64_t life = 0;
    if (parser.parse(response.body).get(answer) != simdjson::SUCCESS ||
        answer["access_token"].get(token) != simdjson::SUCCESS)
      return {ErrorKind::unavailable,
              fmt::format("{} answered without an access_token", settings_.token_url)};
    if (answer["token_type"].get(type) != simdjson::SUCCESS || type == "bearer") type = "Bearer";
    if (answer["expires_in"].get(life) != simdjson::SUCCESS || life <= 0)
      life = kUsualLife.count / 1'000'000'000;
    header_ = fmt::format("{} {}", type, token);
    const int64_t whole = std::min<int64_t>(life, 86'400 * 365) * 1'000'000'000;
    // A token that lives shorter than the buffer is used for half its life.
    const int64_t usable =
        whole > settings_.expiry_buffer.count ? whole - settings_.expiry_buffer.count : whole / 2;
    fetch_at_ = {monotonic_now().count + usable};
    return {};
  }

  const Settings settings_;
  std::unique_ptr<net::HttpClient> client_;
  std::mutex mutex_;
  std::string header_;  // guarded by mutex_, as the next
  Nanoseconds fetch_at_{};
};

}  // namespace

MakeExtension configure_oauth2client(Section& section) {
  Settings settings;
  section.read_secret("client_id", settings.client_id);
  section.read("client_id_file", settings.client_id_file);
  section.read_secret("client_secret", settings.client_secret);
  section.read("client_secret_file", settings.client_secret_file);
  section.read("token_url", settings.token_url);
  section.read("scopes", settings.scopes);
  section.read("timeout", settings.timeout);
  section.read("expiry_buffer", settings.expiry_buffer);
  {
    Section parameters = section.section("endpoint_params");
    parameters.for_each_key([&](const std::string& name, const ConfigValue& value) {
      if (value.kind == ConfigValue::Kind::scalar) settings.parameters.emplace_back(name, value.text);
      for (const ConfigValue& item : value.items) settings.parameters.emplace_back(name, item.text);
    });
    Section tls = section.section("tls");
    tls.read("ca_file", settings.tls.ca);
    tls.read("cert_file", settings.tls.certificate);
    tls.read("key_file", settings.tls.key);
    tls.read("server_name_override", settings.tls.server_name);
    tls.read("insecure_skip_verify", settings.tls.insecure);
    tls.ignore({"insecure", "min_version", "max_version"});
  }
  if (settings.client_id.empty() && settings.client_id_file.empty())
    section.error("expected client_id or client_id_file");
  if (settings.client_secret.empty() && settings.client_secret_file.empty())
    section.error("expected client_secret or client_secret_file");
  if (const auto url = net::parse_url(settings.token_url); !url.ok())
    section.error("token_url", url.status().message());
  return [settings](const Site&) -> Result<std::unique_ptr<Extension>> {
    return std::unique_ptr<Extension>(std::make_unique<OAuth2Client>(settings));
  };
}

}  // namespace clew::pipeline
