// zipkin: sends spans to a Zipkin, as its version 2 has them.
#include <fmt/format.h>

#include "base/counters.h"
#include "pipeline/config/section.h"
#include "pipeline/exporters/exporters.h"
#include "pipeline/exporters/http_exporter.h"
#include "pipeline/exporters/otlp_reply.h"
#include "pipeline/exporters/zipkin/zipkin_body.h"

namespace clew::pipeline {
namespace {

struct ZipkinSettings {
  ClientSettings client;
  std::string default_service = "<missing service name>";
  ZipkinFormat format = ZipkinFormat::json;
  size_t threads = 10;
};

class ZipkinExporter final : public HttpExporter {
 public:
  ZipkinExporter(const ZipkinSettings& settings, const Site& site)
      : HttpExporter(settings.client, site, settings.threads), settings_(settings) {}

 private:
  Outcome send(const Batch& batch) override {
    Result<ZipkinBody> body = zipkin_body(batch.otlp.view(), settings_.default_service, settings_.format);
    if (!body.ok()) return {.status = body.status()};
    Outcome outcome;
    if (body->spans > 0) {
      const bool is_json = settings_.format == ZipkinFormat::json;
      const Result<net::ClientResponse> response =
          post(batch, settings_.client.endpoint, is_json ? "application/json" : "application/x-protobuf",
               std::move(body->bytes));
      if (!response.ok()) return {.status = response.status()};
      // What stands in an answer that says yes is no message of OTLP.
      if (response->status < 200 || response->status >= 300) outcome = outcome_of_http(*response);
    }
    if (body->refused == 0 || !outcome.status.ok()) return outcome;
    // Counted once: not when the batch will come again.
    count(Counter::zipkin_spans_refused, body->refused);
    outcome.rejected = body->refused;
    outcome.rejection = "a span of Zipkin has a trace id and a span id";
    return outcome;
  }

  const ZipkinSettings settings_;
};

}  // namespace

ExporterPlan configure_zipkin(Section& section) {
  const bool says_compression = section.has("compression");
  ZipkinSettings settings{.client = read_client_settings(section, seconds(5))};
  if (!says_compression) settings.client.compression.reset();
  section.ignore({"read_buffer_size", "write_buffer_size", "max_idle_conns", "max_idle_conns_per_host",
                  "max_conns_per_host", "idle_conn_timeout", "disable_keep_alives", "http2_read_idle_timeout",
                  "http2_ping_timeout", "force_attempt_http2"});
  section.read("default_service_name", settings.default_service);
  std::string format = "json";
  section.read_choice("format", format, {"json", "proto"});
  settings.format = format == "proto" ? ZipkinFormat::proto : ZipkinFormat::json;
  if (settings.client.endpoint.empty()) {
    section.error("endpoint", "expected a URL, as in http://localhost:9411/api/v2/spans");
  } else if (const Result<net::Url> url = net::parse_url(settings.client.endpoint); !url.ok()) {
    section.error("endpoint", url.status().message());
  } else if (url->target == "/") {
    section.warn("endpoint", "names no path; a Zipkin takes spans at /api/v2/spans");
  }
  const DeliverySettings delivery = read_delivery(section);
  if (delivery.queue.enabled) settings.threads = std::min<uint64_t>(delivery.queue.consumers, 256);
  return {.make = [settings](const Site& site) -> Result<std::unique_ptr<Exporter>> {
            CLEW_TRY(check_authenticator(settings.client, site));
            return std::unique_ptr<Exporter>(std::make_unique<ZipkinExporter>(settings, site));
          },
          .delivery = delivery};
}

}  // namespace clew::pipeline
