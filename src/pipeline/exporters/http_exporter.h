// HttpExporter: what exporters that post requests over HTTP have in common: the client, the threads that wait
// for answers, and how both are stopped.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "net/http_client.h"
#include "pipeline/delivery/worker_threads.h"
#include "pipeline/exporters/client_settings.h"

namespace clew::pipeline {

class HttpExporter : public Exporter {
 public:
  // At most `threads` requests are under way at once.
  HttpExporter(ClientSettings settings, const Site& site, size_t threads);

  Status start() override;
  void stop() override;
  void consume(Batch batch, std::function<void(Outcome)> done) final;

 protected:
  // One of the threads.
  virtual Outcome send(const Batch& batch) = 0;
  // With the headers and the compression of the settings. Whatever kept an answer from coming may pass.
  Result<net::ClientResponse> post(const Batch& batch, const std::string& url, std::string content_type,
                                   std::string body);

 private:
  const ClientSettings settings_;
  const RequestHeaders headers_;
  const size_t threads_;
  std::unique_ptr<net::HttpClient> client_;
  std::atomic<bool> stopping_{false};
  WorkerThreads workers_;
};

}  // namespace clew::pipeline
