#include "protocols/xray/document_sender.h"

#include <fmt/format.h>

#include "base/json_value.h"
#include "protocols/xray/segment_to_otlp.h"

namespace clew::xray {
namespace {

Status refused_by(const net::ClientResponse& response) {
  const ErrorKind kind = response.status == 429 || response.status >= 500   ? ErrorKind::unavailable
                         : response.status == 403 || response.status == 401 ? ErrorKind::forbidden
                                                                            : ErrorKind::bad_input;
  constexpr size_t kEnough = 500;
  return Status(kind, fmt::format("status {}: {}", response.status, response.body.substr(0, kEnough)));
}

std::string text_at(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.find(name);
  return value != nullptr && value->string() != nullptr ? *value->string() : std::string();
}

}  // namespace

Result<std::unique_ptr<DocumentSender>> DocumentSender::create(const DaemonSettings& settings,
                                                               const SendingHabits& habits) {
  CLEW_TRY(net::parse_url(settings.endpoint).status());
  net::HttpClientOptions options;
  options.connect_timeout = habits.timeout;
  options.timeout = habits.timeout;
  options.kept_connections = settings.concurrency;
  options.tls.insecure = !settings.verify_tls;
  options.tls.ca = habits.ca_file;
  options.proxy_from_environment = habits.proxy_from_environment;
  CLEW_ASSIGN(std::unique_ptr<net::HttpClient> client, net::HttpClient::create(std::move(options)));
  return std::unique_ptr<DocumentSender>(new DocumentSender(settings, habits.user_agent, std::move(client)));
}

Result<std::vector<SegmentFault>> DocumentSender::send(const std::vector<std::string>& documents) {
  return settings_.otlp ? send_as_otlp(documents) : send_to_api(documents);
}

Result<net::ClientResponse> DocumentSender::call(const std::string& method, const std::string& target,
                                                 const net::Headers& headers, std::string body) {
  net::ClientRequest request{.method = method,
                             .url = settings_.endpoint + target,
                             .headers = headers,
                             .body = std::move(body),
                             .compression = {},
                             .on_body = {}};
  if (settings_.credentials) {
    CLEW_ASSIGN(const net::Url url, net::parse_url(request.url));
    net::Headers all = headers;
    all.emplace_back("host", url.host_header);
    const size_t question = url.target.find('?');
    const std::string query = question == std::string::npos ? "" : url.target.substr(question + 1);
    const std::string path = url.target.substr(0, question);
    for (auto& header : aws::signature_headers({method, path, query, all, request.body},
                                               *settings_.credentials, settings_.region, "xray", now()))
      request.headers.push_back(std::move(header));
  }
  return client_->send(request);
}

Result<std::vector<SegmentFault>> DocumentSender::send_to_api(const std::vector<std::string>& documents) {
  JsonWriter json;
  json.begin_object().key("TraceSegmentDocuments").begin_array();
  for (const std::string& document : documents) json.string(document);
  json.end_array().end_object();
  CLEW_ASSIGN(const net::ClientResponse response,
              call("POST", "/TraceSegments",
                   {{"content-type", "application/json"}, {"user-agent", user_agent_}}, json.take()));
  if (response.status != 200) return refused_by(response);
  CLEW_ASSIGN(const JsonValue answer, parse_json(response.body));
  std::vector<SegmentFault> faults;
  const JsonValue* unprocessed = answer.find("UnprocessedTraceSegments");
  if (unprocessed == nullptr || unprocessed->array() == nullptr) return faults;
  for (const JsonValue& one : *unprocessed->array())
    faults.push_back({text_at(one, "Id"), text_at(one, "ErrorCode"), text_at(one, "Message")});
  return faults;
}

Result<std::vector<SegmentFault>> DocumentSender::send_as_otlp(const std::vector<std::string>& documents) {
  std::vector<SegmentDocument> taken;
  std::vector<SegmentFault> faults;
  for (const std::string& text : documents) {
    auto read = read_segment_document(text);
    if (auto* fault = std::get_if<SegmentFault>(&read)) {
      faults.push_back(std::move(*fault));
    } else {
      taken.push_back(std::move(std::get<SegmentDocument>(read)));
    }
  }
  if (taken.empty()) return faults;
  net::ClientRequest request{.method = "POST",
                             .url = settings_.endpoint + "/v1/traces",
                             .headers = settings_.otlp_headers,
                             .body = segments_to_otlp(taken).otlp,
                             .compression = {},
                             .on_body = {}};
  request.headers.emplace_back("content-type", "application/x-protobuf");
  CLEW_ASSIGN(const net::ClientResponse response, client_->send(request));
  if (response.status != 200) return refused_by(response);
  return faults;
}

}  // namespace clew::xray
