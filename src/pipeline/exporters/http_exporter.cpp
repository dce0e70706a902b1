#include "pipeline/exporters/http_exporter.h"

namespace clew::pipeline {

HttpExporter::HttpExporter(ClientSettings settings, const Site& site, size_t threads)
    : settings_(std::move(settings)), headers_(settings_, site), threads_(threads), workers_(threads) {}

Status HttpExporter::start() {
  net::HttpClientOptions options;
  options.timeout = settings_.timeout;
  options.connect_timeout = settings_.timeout;
  options.answer_body_bytes = 4 << 20;
  options.kept_connections = threads_;
  options.tls = settings_.tls.options;
  options.proxy_from_environment = true;
  CLEW_ASSIGN(client_, net::HttpClient::create(std::move(options)));
  return {};
}

void HttpExporter::stop() {
  stopping_ = true;
  if (client_) client_->cancel();
  workers_.stop();
}

void HttpExporter::consume(Batch batch, std::function<void(Outcome)> done) {
  workers_.post([this, batch = std::move(batch), done = std::move(done)] {
    if (stopping_) return done({.status = Status(ErrorKind::unavailable, "the collector is stopping")});
    done(send(batch));
  });
}

Result<net::ClientResponse> HttpExporter::post(const Batch& batch, const std::string& url,
                                               std::string content_type, std::string body) {
  net::ClientRequest request{.method = "POST", .url = url};
  request.compression = settings_.compression;
  CLEW_ASSIGN(request.headers, headers_.headers_for(batch));
  request.headers.emplace_back("user-agent", "clew");
  request.headers.emplace_back("content-type", std::move(content_type));
  request.body = std::move(body);
  Result<net::ClientResponse> response = client_->send(request);
  // Something else than HTTP answers there; that may be over when a proxy has been restarted.
  if (!response.ok() && !is_retryable(response.status()))
    return Status(ErrorKind::unavailable, std::string(response.status().message()));
  return response;
}

}  // namespace clew::pipeline
