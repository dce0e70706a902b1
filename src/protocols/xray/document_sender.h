// DocumentSender: sends segment documents on, to the X-Ray API of a clew or of AWS, or as OTLP.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/http_client.h"
#include "protocols/xray/daemon_settings.h"
#include "protocols/xray/segment_document.h"

namespace clew::xray {

// What others than the daemon do differently.
struct SendingHabits {
  Nanoseconds timeout = seconds(2);  // as the daemon has it
  std::string user_agent = "xray-agent/xray-daemon/" + std::string(kDaemonVersion);
  std::string ca_file;
  bool proxy_from_environment = false;
};

// Any thread.
class DocumentSender {
 public:
  static Result<std::unique_ptr<DocumentSender>> create(const DaemonSettings& settings,
                                                        const SendingHabits& habits = {});

  // The documents that were not taken, and why. A failure concerns all; exhausted, unavailable and cancelled
  // may pass.
  Result<std::vector<SegmentFault>> send(const std::vector<std::string>& documents);
  // Any call of the API, signed when there are credentials; the answer as it came.
  Result<net::ClientResponse> call(const std::string& method, const std::string& target,
                                   const net::Headers& headers, std::string body);
  // What is under way and whatever is sent later ends as cancelled.
  void cancel() { client_->cancel(); }

 private:
  DocumentSender(const DaemonSettings& settings, std::string user_agent,
                 std::unique_ptr<net::HttpClient> client)
      : settings_(settings), user_agent_(std::move(user_agent)), client_(std::move(client)) {}
  Result<std::vector<SegmentFault>> send_to_api(const std::vector<std::string>& documents);
  Result<std::vector<SegmentFault>> send_as_otlp(const std::vector<std::string>& documents);

  const DaemonSettings settings_;
  const std::string user_agent_;
  const std::unique_ptr<net::HttpClient> client_;
};

}  // namespace clew::xray
