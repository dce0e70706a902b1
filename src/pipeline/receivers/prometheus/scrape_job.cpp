#include "pipeline/receivers/prometheus/scrape_job.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

#include "base/base64.h"
#include "net/http_client.h"
#include "net/url_encoding.h"
#include "pipeline/config/section.h"

namespace clew::pipeline {
namespace {

constexpr const char* kNoDiscovery = "clew asks the targets of static_configs; it discovers none";

// What a job says about its targets before they are put together.
struct TargetParts {
  std::string scheme = "http", path = "/metrics";
  std::vector<std::pair<std::string, std::string>> params;
  Relabelling relabelling;
};

void read_map(Section& section, const char* key, LabelMap& to) {
  if (!section.has(key)) return;
  Section map = section.section(key);
  map.for_each_key([&](const std::string& name, const ConfigValue& value) { to[name] = value.text; });
}

void read_authorization(Section& job, ScrapeJob& to) {
  if (job.has("basic_auth")) {
    Section basic = job.section("basic_auth");
    std::string user, password;
    basic.read("username", user);
    basic.read_secret("password", password);
    basic.refuse("password_file",
                 "clew reads passwords from the configuration; write password: ${file:path}");
    basic.refuse("username_file", "clew reads names from the configuration; write username: ${file:path}");
    to.headers.emplace_back("authorization", "Basic " + base64_encode(user + ":" + password));
  }
  std::string token;
  if (job.has("authorization")) {
    Section authorization = job.section("authorization");
    authorization.read("type", to.credentials_type);
    authorization.read_secret("credentials", token);
    authorization.read("credentials_file", to.credentials_file);
  }
  job.read_secret("bearer_token", token);
  job.read("bearer_token_file", to.credentials_file);
  if (!token.empty()) to.headers.emplace_back("authorization", to.credentials_type + " " + token);
  if (to.headers.size() + (to.credentials_file.empty() ? 0 : 1) > 1)
    job.error("expected one of basic_auth, authorization and bearer_token");
  for (const auto& [name, value] : to.headers)
    if (value.find_first_of("\r\n") != std::string::npos) job.error("expected credentials of one line");
  job.refuse("oauth2", "clew does not offer this here");
}

void read_tls(Section&& tls, net::TlsClientOptions& to) {
  tls.read("ca_file", to.ca);
  tls.read("cert_file", to.certificate);
  tls.read("key_file", to.key);
  tls.read("server_name", to.server_name);
  tls.read("insecure_skip_verify", to.insecure);
  tls.ignore({"min_version", "max_version"});
  if (to.certificate.empty() != to.key.empty()) tls.error("expected cert_file and key_file together");
}

std::string with_port(const std::string& address, const std::string& scheme) {
  const size_t colon = address.rfind(':');
  const bool has_port = colon != std::string::npos && address.find(']', colon) == std::string::npos &&
                        colon + 1 < address.size();
  return has_port ? address : address + (scheme == "https" ? ":443" : ":80");
}

// Nothing when relabelling drops it.
std::optional<ScrapeTarget> target_of(Section& job, const std::string& address, const LabelMap& own,
                                      const ScrapeJob& of, const TargetParts& parts) {
  LabelMap labels = own;
  labels["job"] = of.name;
  labels["__address__"] = address;
  labels["__scheme__"] = parts.scheme;
  labels["__metrics_path__"] = parts.path;
  for (const auto& [name, value] : parts.params) labels.try_emplace("__param_" + name, value);
  if (!parts.relabelling.apply(labels) || labels["__address__"].empty()) return std::nullopt;
  ScrapeTarget target;
  const std::string scheme = labels["__scheme__"];
  target.address = with_port(labels["__address__"], scheme);
  target.url = scheme + "://" + target.address + labels["__metrics_path__"];
  char separator = target.url.find('?') == std::string::npos ? '?' : '&';
  std::set<std::string> changed;  // the first of each name may have been relabelled
  for (const auto& [name, value] : parts.params) {
    const std::string& text = changed.insert(name).second ? labels["__param_" + name] : value;
    target.url += separator + net::percent_encode(name) + "=" + net::percent_encode(text);
    separator = '&';
  }
  if (const auto url = net::parse_url(target.url); !url.ok())
    job.error("static_configs", fmt::format("{}: {}", target.url, url.status().message()));
  labels.try_emplace("instance", target.address);
  std::erase_if(labels, [](const auto& one) { return one.first.starts_with("__"); });
  target.labels = std::move(labels);
  return target;
}

void read_targets(Section& job, ScrapeJob& to, const TargetParts& parts, const LabelMap& external) {
  job.for_each("static_configs", [&](Section& item) {
    std::vector<std::string> addresses;
    LabelMap labels = external;
    item.read("targets", addresses);
    read_map(item, "labels", labels);
    for (const std::string& address : addresses) {
      if (address.find('/') != std::string::npos)
        item.error(
            "targets",
            fmt::format("expected host:port, got '{}'; scheme and metrics_path say the rest", address));
      else if (auto target = target_of(job, address, labels, to, parts))
        to.targets.push_back(std::move(*target));
    }
    if (addresses.empty()) item.error("expected targets: as in [\"localhost:9100\"]");
  });
}

ScrapeJob read_job(Section& job, Nanoseconds interval, Nanoseconds timeout, const LabelMap& external) {
  ScrapeJob to{.interval = interval, .timeout = timeout};
  TargetParts parts;
  job.read("job_name", to.name);
  const bool has_interval = job.read("scrape_interval", to.interval);
  const bool has_timeout = job.read("scrape_timeout", to.timeout);
  job.read("honor_labels", to.honours_labels);
  job.read("honor_timestamps", to.honours_times);
  job.read("metrics_path", parts.path);
  job.read_choice("scheme", parts.scheme, {"http", "https"});
  if (job.has("params")) {
    Section params = job.section("params");
    params.for_each_key([&](const std::string& name, const ConfigValue& value) {
      for (const ConfigValue& item : value.items) parts.params.emplace_back(name, item.text);
      if (value.items.empty()) parts.params.emplace_back(name, value.text);
    });
  }
  uint64_t samples = 0, labels = 0;
  job.read("sample_limit", samples);
  job.read("label_limit", labels);
  if (samples != 0) to.limits.samples = samples;
  if (labels != 0) to.limits.labels = labels;
  read_authorization(job, to);
  if (job.has("tls_config")) read_tls(job.section("tls_config"), to.tls);
  parts.relabelling = Relabelling(job, "relabel_configs");
  to.metric_relabelling = Relabelling(job, "metric_relabel_configs");
  job.ignore({"scrape_protocols", "fallback_scrape_protocol", "enable_compression", "follow_redirects",
              "enable_http2", "track_timestamps_staleness", "scrape_classic_histograms",
              "always_scrape_classic_histograms", "metric_name_validation_scheme",
              "metric_name_escaping_scheme"});
  job.refuse("scrape_native_histograms", "clew reads the text formats, which have none");
  job.refuse("body_size_limit", "clew takes at most 64 MiB of one target");
  job.refuse("proxy_url", "clew goes through the proxy that HTTP_PROXY names");
  job.refuse("label_name_length_limit", "clew does not offer this");
  job.refuse("label_value_length_limit", "clew does not offer this");
  job.refuse("target_limit", "clew does not offer this");
  for (const char* discovery :
       {"kubernetes_sd_configs", "consul_sd_configs", "dns_sd_configs", "ec2_sd_configs", "file_sd_configs",
        "http_sd_configs", "docker_sd_configs", "dockerswarm_sd_configs", "gce_sd_configs",
        "azure_sd_configs", "nomad_sd_configs"})
    job.refuse(discovery, kNoDiscovery);
  if (to.name.empty()) job.error("expected job_name");
  if (to.interval.count < 1'000'000) job.error("scrape_interval", "expected at least 1ms");
  if (!parts.path.starts_with('/')) job.error("metrics_path", "expected it to begin with /");
  if (has_timeout && to.timeout > to.interval)
    job.error("scrape_timeout", "expected at most scrape_interval");
  else if (has_interval || to.timeout > to.interval)
    to.timeout = std::min(to.timeout, to.interval);
  read_targets(job, to, parts, external);
  return to;
}

}  // namespace

std::vector<ScrapeJob> read_scrape_jobs(Section& section) {
  Nanoseconds interval = seconds(60), timeout = seconds(10);
  LabelMap external;
  {
    Section global = section.section("global");
    global.read("scrape_interval", interval);
    global.read("scrape_timeout", timeout);
    read_map(global, "external_labels", external);
    global.ignore({"evaluation_interval", "query_log_file", "scrape_protocols"});
  }
  for (const char* other : {"rule_files", "alerting", "remote_write", "remote_read", "storage"})
    section.refuse(other, "it is Prometheus' own; the receiver only scrapes");
  section.refuse("scrape_config_files",
                 "clew reads the jobs of scrape_configs; join files with several --config");
  std::vector<ScrapeJob> jobs;
  section.for_each("scrape_configs", [&](Section& item) {
    ScrapeJob job = read_job(item, interval, timeout, external);
    for (const ScrapeJob& other : jobs)
      if (!job.name.empty() && other.name == job.name)
        item.error("job_name", fmt::format("'{}' is there twice", job.name));
    jobs.push_back(std::move(job));
  });
  if (jobs.empty()) section.error("expected scrape_configs: at least one job");
  return jobs;
}

}  // namespace clew::pipeline
