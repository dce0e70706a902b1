// otlphttp: sends over OTLP/HTTP.
#include <array>

#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/exporters/exporters.h"
#include "pipeline/exporters/http_exporter.h"
#include "pipeline/exporters/otlp_reply.h"
#include "telemetry/otlp_json.h"

namespace clew::pipeline {
namespace {

struct OtlpHttpSettings {
  ClientSettings client;
  std::array<std::string, 4> urls;  // by signal; empty: not configured
  bool json = false;
  size_t threads = 10;
};

class OtlpHttpExporter final : public HttpExporter {
 public:
  OtlpHttpExporter(const OtlpHttpSettings& settings, const Site& site)
      : HttpExporter(settings.client, site, settings.threads), settings_(settings) {}

 private:
  Outcome send(const Batch& batch) override {
    const std::string& url = settings_.urls[static_cast<size_t>(batch.signal)];
    if (url.empty())
      return {.status = Status(ErrorKind::internal,
                               fmt::format("no endpoint is configured for {}", name_of(batch.signal)))};
    std::string body(batch.otlp.view());
    if (settings_.json) {
      Result<std::string> json = protobuf_to_json(batch.signal, body);
      if (!json.ok()) return {.status = std::move(json).status()};
      body = std::move(*json);
    }
    const Result<net::ClientResponse> response =
        post(batch, url, settings_.json ? "application/json" : "application/x-protobuf", std::move(body));
    if (!response.ok()) return {.status = response.status()};
    return outcome_of_http(*response);
  }

  const OtlpHttpSettings settings_;
};

}  // namespace

ExporterPlan configure_otlp_http(Section& section) {
  OtlpHttpSettings settings{.client = read_client_settings(section, seconds(30)), .urls = {}};
  section.ignore({"read_buffer_size", "write_buffer_size", "max_idle_conns", "max_idle_conns_per_host",
                  "max_conns_per_host", "idle_conn_timeout", "disable_keep_alives", "http2_read_idle_timeout",
                  "http2_ping_timeout", "force_attempt_http2", "profiles_endpoint"});
  std::string encoding = "proto";
  section.read_choice("encoding", encoding, {"proto", "json"});
  settings.json = encoding == "json";
  std::string base = settings.client.endpoint;
  while (base.ends_with('/')) base.pop_back();
  bool any = !base.empty();
  const auto check = [&](const std::string& key, const std::string& url) {
    if (const Result<net::Url> parsed = net::parse_url(url); !parsed.ok())
      section.error(key, parsed.status().message());
  };
  if (any) check("endpoint", base);
  for (const Signal signal : {Signal::traces, Signal::logs, Signal::metrics}) {
    const std::string name(name_of(signal));
    std::string& url = settings.urls[static_cast<size_t>(signal)];
    if (!base.empty()) url = base + "/v1/" + name;
    const std::string key = name + "_endpoint";
    if (!section.read(key, url)) continue;
    any = true;
    check(key, url);
  }
  if (!any) section.error("endpoint", "expected a URL, as in http://localhost:4318");
  const DeliverySettings delivery = read_delivery(section);
  if (delivery.queue.enabled) settings.threads = std::min<uint64_t>(delivery.queue.consumers, 256);
  return {.make = [settings](const Site& site) -> Result<std::unique_ptr<Exporter>> {
            CLEW_TRY(check_authenticator(settings.client, site));
            return std::unique_ptr<Exporter>(std::make_unique<OtlpHttpExporter>(settings, site));
          },
          .delivery = delivery};
}

}  // namespace clew::pipeline
