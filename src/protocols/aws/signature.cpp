#include "protocols/aws/signature.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/ascii.h"
#include "base/hex.h"
#include "base/log.h"
#include "net/url_encoding.h"

namespace clew::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";
constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";
// How far a sender's clock may be off.
constexpr Nanoseconds kSkew = seconds(5 * 60);
constexpr size_t kLongestHeader = 8192;
constexpr size_t kMostSignedHeaders = 100;

std::string sha256(std::string_view bytes) {
  std::array<uint8_t, 32> digest;
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    bug("SHA-256 is not available");
  return std::string(reinterpret_cast<const char*>(digest.data()), digest.size());
}

std::string hmac(std::string_view key, std::string_view message) {
  std::array<uint8_t, 32> digest;
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const uint8_t*>(message.data()), message.size(), digest.data(), &size) == nullptr)
    bug("HMAC-SHA256 is not available");
  return std::string(reinterpret_cast<const char*>(digest.data()), digest.size());
}

std::string encoded_path(std::string_view path) {
  std::string text;
  while (true) {
    const size_t slash = path.find('/');
    text += net::percent_encode(path.substr(0, slash));
    if (slash == std::string_view::npos) return text;
    text += '/';
    path.remove_prefix(slash + 1);
  }
}

std::string encoded_again(std::string_view text) {
  return net::percent_encode(net::percent_decode(text).value_or(std::string(text)));
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const size_t end = query.find('&');
    const std::string_view one = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (one.empty()) continue;
    const size_t equals = one.find('=');
    const std::string_view value = equals == std::string_view::npos ? "" : one.substr(equals + 1);
    pairs.emplace_back(encoded_again(one.substr(0, equals)), encoded_again(value));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string text;
  for (const auto& [name, value] : pairs) {
    if (!text.empty()) text += '&';
    text += name + "=" + value;
  }
  return text;
}

// Without blanks around, runs of blanks as one.
std::string canonical_value(std::string_view value) {
  std::string text;
  for (const char c : value) {
    const bool is_blank = c == ' ' || c == '\t';
    if (!is_blank) {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  if (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

std::string canonical_request(const SignedParts& parts, const std::vector<std::string>& signed_headers,
                              std::string_view payload_hash) {
  std::string text(parts.method);
  // Every service but S3 wants the path encoded twice.
  text += "\n" + encoded_path(encoded_path(parts.path));
  text += "\n" + canonical_query(parts.query) + "\n";
  std::string names;
  for (const std::string& name : signed_headers) {
    std::string values;
    bool first = true;
    for (const auto& [header, value] : parts.headers) {
      if (header != name) continue;
      if (!std::exchange(first, false)) values += ',';
      values += canonical_value(value);
    }
    text += name + ":" + values + "\n";
    if (!names.empty()) names += ';';
    names += name;
  }
  return text + "\n" + names + "\n" + std::string(payload_hash);
}

std::string signature_of(const std::string& request, std::string_view timestamp,
                         const Authorization& authorization, std::string_view secret_key) {
  const std::string scope = fmt::format("{}/{}/{}/{}", authorization.date, authorization.region,
                                        authorization.service, kTerminator);
  const std::string text =
      fmt::format("{}\n{}\n{}\n{}", kAlgorithm, timestamp, scope, hex_of(sha256(request)));
  std::string key = hmac("AWS4" + std::string(secret_key), authorization.date);
  key = hmac(key, authorization.region);
  key = hmac(key, authorization.service);
  key = hmac(key, kTerminator);
  return hex_of(hmac(key, text));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// "20260301T120000Z"
std::optional<UnixNanos> parse_amz_date(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  const auto digits = [&](size_t at, size_t size) -> int {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + size, number);
    return error == std::errc() && end == text.data() + at + size && number >= 0 ? number : -1;
  };
  const int year = digits(0, 4), month = digits(4, 2), day = digits(6, 2);
  const int hour = digits(9, 2), minute = digits(11, 2), second = digits(13, 2);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (year < 1970 || month < 1 || day < 1 || !date.ok() || hour < 0 || hour > 23 || minute < 0 ||
      minute > 59 || second < 0 || second > 60)
    return std::nullopt;
  const int64_t days_since = std::chrono::sys_days(date).time_since_epoch().count();
  const int64_t in_day = hour * 3600 + minute * 60 + second;
  // Beyond 2262 nanoseconds do not fit, and no clock is that wrong.
  if (year > 2261) return std::nullopt;
  return UnixNanos{(days_since * 86400 + in_day) * 1'000'000'000};
}

std::optional<Error> check_clock(std::string_view timestamp, UnixNanos signed_at, UnixNanos now) {
  if (signed_at + kSkew < now)
    return invalid_signature(fmt::format("Signature expired: {} is now earlier than {} ({} - 5 min.)",
                                         timestamp, amz_date(now - kSkew), amz_date(now)));
  if (now + kSkew < signed_at)
    return invalid_signature(fmt::format("Signature not yet current: {} is still later than {} ({} + 5 min.)",
                                         timestamp, amz_date(now + kSkew), amz_date(now)));
  return std::nullopt;
}

}  // namespace

std::string amz_date(UnixNanos at) {
  const std::string text = to_rfc3339({at.count / 1'000'000'000 * 1'000'000'000});
  std::string compact;
  for (const char c : text) {
    if (c != '-' && c != ':') compact += c;
  }
  return compact;
}

std::variant<Authorization, Error> parse_authorization(std::string_view header) {
  if (!header.starts_with(kAlgorithm) || header.size() > kLongestHeader)
    return incomplete_signature(fmt::format(
        "Authorization header must begin with {} and have at most {} bytes", kAlgorithm, kLongestHeader));
  header.remove_prefix(kAlgorithm.size());
  Authorization authorization;
  std::string credential;
  std::string signed_headers;
  for (const std::string& part : split(header, ',')) {
    const std::string_view one = trimmed(part, " ");
    const size_t equals = one.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = one.substr(0, equals);
    const std::string_view value = one.substr(equals + 1);
    if (name == "Credential") credential = value;
    if (name == "SignedHeaders") signed_headers = value;
    if (name == "Signature") authorization.signature = value;
  }
  if (credential.empty())
    return incomplete_signature("Authorization header requires 'Credential' parameter.");
  if (authorization.signature.empty())
    return incomplete_signature("Authorization header requires 'Signature' parameter.");
  if (signed_headers.empty())
    return incomplete_signature("Authorization header requires 'SignedHeaders' parameter.");
  const std::vector<std::string> scope = split(credential, '/');
  if (scope.size() != 5 || scope[4] != kTerminator || scope[0].empty())
    return incomplete_signature(
        "Credential must have exactly 5 slash-delimited elements, e.g. "
        "keyid/date/region/service/aws4_request");
  authorization.access_key = scope[0];
  authorization.date = scope[1];
  authorization.region = scope[2];
  authorization.service = scope[3];
  authorization.signed_headers = split(signed_headers, ';');
  if (authorization.signed_headers.size() > kMostSignedHeaders)
    return incomplete_signature(fmt::format("more than {} SignedHeaders", kMostSignedHeaders));
  if (std::find(authorization.signed_headers.begin(), authorization.signed_headers.end(), "host") ==
      authorization.signed_headers.end())
    return invalid_signature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  return authorization;
}

net::Headers signature_headers(const SignedParts& parts, const Credentials& credentials,
                               std::string_view region, std::string_view service, UnixNanos at) {
  const std::string timestamp = amz_date(at);
  net::Headers added = {{"x-amz-date", timestamp}};
  if (!credentials.session_token.empty())
    added.emplace_back("x-amz-security-token", credentials.session_token);
  net::Headers all = parts.headers;
  all.insert(all.end(), added.begin(), added.end());
  Authorization authorization{.access_key = credentials.access_key,
                              .date = timestamp.substr(0, 8),
                              .region = std::string(region),
                              .service = std::string(service),
                              .signed_headers = {},
                              .signature = {}};
  for (const auto& [name, value] : all) authorization.signed_headers.push_back(name);
  std::sort(authorization.signed_headers.begin(), authorization.signed_headers.end());
  authorization.signed_headers.erase(
      std::unique(authorization.signed_headers.begin(), authorization.signed_headers.end()),
      authorization.signed_headers.end());
  const SignedParts complete{parts.method, parts.path, parts.query, all, parts.body};
  const std::string request =
      canonical_request(complete, authorization.signed_headers, hex_of(sha256(parts.body)));
  std::string names;
  for (const std::string& name : authorization.signed_headers) names += (names.empty() ? "" : ";") + name;
  added.emplace_back(
      "authorization",
      fmt::format("{} Credential={}/{}/{}/{}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                  authorization.access_key, authorization.date, region, service, kTerminator, names,
                  signature_of(request, timestamp, authorization, credentials.secret_key)));
  return added;
}

std::optional<Error> check_signature(const SignedParts& parts, const Authorization& authorization,
                                     std::string_view secret_key, UnixNanos now) {
  const std::string_view timestamp = net::find_header(parts.headers, "x-amz-date").value_or("");
  const std::optional<UnixNanos> signed_at = parse_amz_date(timestamp);
  if (!signed_at)
    return incomplete_signature(
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  if (!timestamp.starts_with(authorization.date))
    return invalid_signature(
        fmt::format("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of "
                    "date from HTTP: '{}' != '{}'.",
                    authorization.date, timestamp.substr(0, 8)));
  if (std::optional<Error> skewed = check_clock(timestamp, *signed_at, now)) return skewed;
  std::string payload_hash = hex_of(sha256(parts.body));
  if (const auto declared = net::find_header(parts.headers, "x-amz-content-sha256")) {
    // Bodies come to us decompressed; what was signed is what was sent, and the header covers that.
    const bool as_sent = !net::find_header(parts.headers, "content-encoding");
    if (*declared != kUnsignedPayload && as_sent && *declared != payload_hash)
      return invalid_signature(
          "The provided 'x-amz-content-sha256' header does not match what was computed.");
    payload_hash = *declared;
  }
  const std::string expected =
      signature_of(canonical_request(parts, authorization.signed_headers, payload_hash), timestamp,
                   authorization, secret_key);
  const std::string& got = authorization.signature;
  if (got.size() == expected.size() && CRYPTO_memcmp(got.data(), expected.data(), got.size()) == 0)
    return std::nullopt;
  return invalid_signature(
      "The request signature we calculated does not match the signature you provided. Check "
      "your AWS Secret Access Key and signing method. Consult the service documentation for "
      "details.");
}

}  // namespace clew::aws
