#include "pipeline/exporters/client_settings.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "pipeline/config/section.h"

namespace clew::pipeline {
namespace {

ClientTls read_tls(Section&& section) {
  ClientTls tls;
  section.read("insecure", tls.insecure);
  section.read("insecure_skip_verify", tls.options.insecure);
  section.read("ca_file", tls.options.ca);
  section.read("cert_file", tls.options.certificate);
  section.read("key_file", tls.options.key);
  section.read("server_name_override", tls.options.server_name);
  section.ignore({"min_version", "max_version", "reload_interval", "include_system_ca_certs_pool",
                  "cipher_suites", "curve_preferences"});
  for (const char* key : {"ca_pem", "cert_pem", "key_pem"})
    section.refuse(key, "clew reads certificates from files; use ca_file, cert_file and key_file");
  if (tls.options.certificate.empty() != tls.options.key.empty())
    section.error("expected cert_file and key_file together");
  return tls;
}

void read_compression(Section& section, ClientSettings& settings) {
  std::string name = "gzip";
  section.read("compression", name);
  if (name == "none" || name.empty()) {
    settings.compression.reset();
  } else if (name == "zlib") {
    settings.compression = Compression::deflate;
  } else if (const auto compression = compression_named(name)) {
    settings.compression = compression;
  } else {
    const bool known = name == "snappy" || name == "lz4" || name == "x-snappy-framed";
    section.error("compression", fmt::format("{}'{}'; expected gzip, zstd, deflate or none",
                                             known ? "clew does not write " : "there is no ", name));
  }
  section.ignore({"compression_params"});
}

}  // namespace

ClientSettings read_client_settings(Section& section, Nanoseconds timeout) {
  ClientSettings settings;
  settings.timeout = timeout;
  section.read("endpoint", settings.endpoint);
  section.read("timeout", settings.timeout);
  section.read_headers("headers", settings.headers);
  for (auto& [name, value] : settings.headers) {
    name = lower_case(name);
    if (value.find_first_of("\r\n") != std::string::npos || name.find_first_of("\r\n :") != std::string::npos)
      section.error("headers",
                    fmt::format("'{}': expected a name without blanks and a value of one line", name));
  }
  read_compression(section, settings);
  settings.tls = read_tls(section.section("tls"));
  Section auth = section.section("auth");
  auth.read_extension("authenticator", settings.authenticator);
  return settings;
}

Status check_authenticator(const ClientSettings& settings, const Site& site) {
  if (!settings.authenticator) return {};
  Extension* extension = site.extension(*settings.authenticator);
  if (extension != nullptr && extension->client_authenticator() != nullptr) return {};
  return {ErrorKind::bad_input,
          fmt::format("auth::authenticator: '{}' lets senders in, but shows nothing to a backend",
                      settings.authenticator->text())};
}

RequestHeaders::RequestHeaders(const ClientSettings& settings, const Site& site)
    : headers_(settings.headers) {
  if (settings.authenticator)
    if (Extension* extension = site.extension(*settings.authenticator))
      authenticator_ = extension->client_authenticator();
}

Result<std::vector<std::pair<std::string, std::string>>> RequestHeaders::headers_for(
    const Batch& batch) const {
  if (authenticator_ == nullptr) return headers_;
  auto headers = headers_;
  CLEW_ASSIGN(auto more, authenticator_->headers_for(batch));
  for (auto& header : more) {
    std::erase_if(headers, [&](const auto& one) { return one.first == header.first; });
    headers.push_back(std::move(header));
  }
  return headers;
}

}  // namespace clew::pipeline
