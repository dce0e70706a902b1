// otlphttp: sends over OTLP/HTTP.
#include <array>
#include <atomic>

#include <fmt/format.h>

#include "net/http_client.h"
#include "pipeline/config/section.h"
#include "pipeline/delivery/worker_threads.h"
#include "pipeline/exporters/client_settings.h"
#include "pipeline/exporters/exporters.h"
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

class OtlpHttpExporter final : public Exporter {
 public:
  OtlpHttpExporter(OtlpHttpSettings settings, const Site& site)
      : settings_(std::move(settings)), headers_(settings_.client, site), workers_(settings_.threads) {}

  Status start() override {
    net::HttpClientOptions options;
    options.timeout = settings_.client.timeout;
    options.connect_timeout = settings_.client.timeout;
    options.answer_body_bytes = 4 << 20;
    options.kept_connections = settings_.threads;
    options.tls = settings_.client.tls.options;
    options.proxy_from_environment = true;
    CLEW_ASSIGN(client_, net::HttpClient::create(std::move(options)));
    return {};
  }

  void stop() override {
    stopping_ = true;
    if (client_) client_->cancel();
    workers_.stop();
  }

  void consume(Batch batch, std::function<void(Outcome)> done) override {
    workers_.post([this, batch = std::move(batch), done = std::move(done)] {
      if (stopping_) return done({.status = Status(ErrorKind::unavailable, "the collector is stopping")});
      done(send(batch));
    });
  }

 private:
  Outcome send(const Batch& batch) {
    const std::string& url = settings_.urls[static_cast<size_t>(batch.signal)];
    if (url.empty())
      return {.status = Status(ErrorKind::internal,
                               fmt::format("no endpoint is configured for {}", name_of(batch.signal)))};
    net::ClientRequest request{.method = "POST", .url = url};
    request.compression = settings_.client.compression;
    auto headers = headers_.headers_for(batch);
    if (!headers.ok()) return {.status = std::move(headers).status()};
    request.headers = std::move(*headers);
    request.headers.emplace_back("user-agent", "clew");
    request.headers.emplace_back("content-type",
                                 settings_.json ? "application/json" : "application/x-protobuf");
    if (settings_.json) {
      Result<std::string> json = protobuf_to_json(batch.signal, batch.otlp.view());
      if (!json.ok()) return {.status = std::move(json).status()};
      request.body = std::move(*json);
    } else {
      request.body = batch.otlp.view();
    }
    const Result<net::ClientResponse> response = client_->send(request);
    if (response.ok()) return outcome_of_http(*response);
    const Status status = response.status();
    // Something else than HTTP answers there; that may be over when a proxy has been restarted.
    if (!is_retryable(status))
      return {.status = Status(ErrorKind::unavailable, std::string(status.message()))};
    return {.status = status};
  }

  const OtlpHttpSettings settings_;
  const RequestHeaders headers_;
  std::unique_ptr<net::HttpClient> client_;
  std::atomic<bool> stopping_{false};
  WorkerThreads workers_;
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
