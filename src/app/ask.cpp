#include "app/ask.h"

#include <ostream>
#include <simdjson.h>

#include <fmt/format.h>

#include "app/answer_text.h"
#include "app/data_directory.h"
#include "app/effective_settings.h"
#include "app/running_server.h"
#include "base/json_value.h"
#include "base/log.h"
#include "control/environments.h"
#include "control/schema.h"
#include "net/http_client.h"

namespace clew::app {
namespace {

// The server ends a question by its own limit, and says so; this is for a server that says nothing any more.
constexpr Nanoseconds kPatience = seconds(600);

// "-1h" and "now-1h" are known to the server; "1h" and "7d" mean the same to a person.
std::string time_word(const std::string& text) {
  return parse_duration(text).ok() && text.find_first_not_of("0123456789.") != std::string::npos ? "-" + text
                                                                                                 : text;
}

// A specification begins with a brace, as nothing of the short form does.
Result<std::string> question_json(const AskRequest& request) {
  JsonValue json;
  const size_t begin = request.question.find_first_not_of(" \t\r\n");
  if (begin != std::string::npos && request.question[begin] == '{') {
    Result<JsonValue> specification = parse_json(request.question);
    if (!specification.ok())
      return std::move(specification).status().within("the specification is no JSON object");
    json["specification"] = std::move(*specification);
  } else {
    json["query"] = JsonValue(request.question);
  }
  if (!request.from.empty()) json["from"] = JsonValue(time_word(request.from));
  if (!request.to.empty()) json["to"] = JsonValue(time_word(request.to));
  if (!request.signal.empty()) json["signal"] = JsonValue(request.signal);
  // For the small curves of the printed table.
  json["series"] = JsonValue(true);
  return json.text();
}

// Shows how far a question has come, on one line that is wiped in the end.
class ProgressLine {
 public:
  explicit ProgressLine(std::ostream* terminal) : terminal_(terminal) {}
  ~ProgressLine() {
    if (shown_) *terminal_ << "\r\x1b[K" << std::flush;
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // A line of the streamed answer, {"progress": …}.
  void show(std::string_view line) {
    const Nanoseconds now = monotonic_now();
    // A question that takes no time shows nothing; a long one is no reason to flicker.
    const bool worth_it = now.count - started_.count > milliseconds(300).count;
    if (!terminal_ || !worth_it || now.count - last_.count < milliseconds(100).count) return;
    simdjson::dom::parser parser;
    simdjson::dom::element progress;
    uint64_t scanned = 0, total = 0;
    double elapsed = 0;
    if (parser.parse(line.data(), line.size())["progress"].get(progress) != simdjson::SUCCESS ||
        progress["rows_scanned"].get(scanned) != simdjson::SUCCESS ||
        progress["rows_total"].get(total) != simdjson::SUCCESS ||
        progress["elapsed_ms"].get(elapsed) != simdjson::SUCCESS || total == 0)
      return;
    *terminal_ << fmt::format("\r\x1b[K{:3.0f} % of {} rows, {:.1f} s",
                              100.0 * static_cast<double>(scanned) / static_cast<double>(total), total,
                              elapsed / 1000)
               << std::flush;
    shown_ = true;
    last_ = now;
  }

 private:
  std::ostream* terminal_;
  const Nanoseconds started_ = monotonic_now();
  Nanoseconds last_;
  bool shown_ = false;
};

std::string_view last_line(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  return text.substr(text.rfind('\n') + 1);  // npos + 1 is 0
}

// {"result": …} or {"error": …}.
Result<std::string> result_of_stream(std::string_view body, const AskRequest& request) {
  const std::string_view line = last_line(body);
  simdjson::dom::parser parser;
  simdjson::dom::element answer, result;
  const Status broke_off(ErrorKind::unavailable, "the server broke off in the middle of its answer");
  if (parser.parse(line.data(), line.size()).get(answer) != simdjson::SUCCESS) return broke_off;
  if (answer["result"].get(result) == simdjson::SUCCESS) return std::string(simdjson::minify(result));
  if (answer["error"].error() != simdjson::SUCCESS) return broke_off;
  std::string_view kind;
  const bool mistaken = answer["kind"].get(kind) == simdjson::SUCCESS && kind == "bad_input";
  return error_of_answer(mistaken ? 400 : 503, line, request.question);
}

}  // namespace

Result<std::string> ask_server(const AskRequest& request) {
  net::HttpClientOptions options;
  options.timeout = kPatience;
  options.answer_body_bytes = size_t{1} << 30;
  options.tls.ca = request.tls_ca;
  CLEW_ASSIGN(std::string question, question_json(request));
  CLEW_ASSIGN(const auto client, net::HttpClient::create(std::move(options)));
  std::string url = request.server;
  while (url.ends_with('/')) url.pop_back();
  net::ClientRequest call{
      .method = "POST",
      .url = url + "/clew/v1/query",
      .headers = {{"content-type", "application/json"}, {"accept", "application/x-ndjson"}},
      .body = std::move(question),
      .compression = {}};
  if (!request.key.empty()) call.headers.emplace_back("x-honeycomb-team", request.key);
  ProgressLine progress(request.progress);
  call.on_body = [&progress](std::string_view so_far) {
    // The last line that is whole.
    so_far = so_far.substr(0, so_far.rfind('\n') + 1);
    progress.show(last_line(so_far));
  };
  const Result<net::ClientResponse> response = client->send(call);
  if (!response.ok() && response.status().kind() == ErrorKind::unavailable)
    return Status(
        ErrorKind::unavailable,
        fmt::format(
            "cannot ask {}: {}. Is clew serve running there? --server names another; --data DIR asks a "
            "directory without a server",
            request.server, response.status().message()));
  if (!response.ok()) return response.status();
  if (response->status != 200) {
    Status error = error_of_answer(response->status, response->body, request.question);
    if (response->status == 401)
      return Status(error.kind(), fmt::format("{} (--key, or CLEW_KEY)", error.message()));
    return error;
  }
  return result_of_stream(response->body, request);
}

Result<std::string> ask_directory(const std::string& directory, const std::string& environment,
                                  AskRequest request) {
  CLEW_TRY(check_data_directory(directory, IfMissing::fail));
  const Result<DataDirectory> claimed = DataDirectory::claim(directory);
  if (!claimed.ok() && claimed.status().kind() == ErrorKind::conflict)
    return Status(
        ErrorKind::conflict,
        fmt::format("{} is in use by a server: leave --data out, and the server answers", directory));
  if (!claimed.ok()) return claimed.status();
  std::optional<EnvironmentId> id;
  {
    CLEW_ASSIGN(control::Database database, control::open_control_database(directory));
    CLEW_ASSIGN(const control::Environment found, control::find_environment(database, environment));
    id = found.id;
  }
  SettingSources sources;
  sources.flags["data"] = {directory};
  // Asking must not remove anything.
  sources.flags["retention"] = {"forever"};
  sources.flags["max-disk"] = {"unlimited"};
  CLEW_ASSIGN(const EffectiveSettings settings, resolve_settings(sources));
  CLEW_ASSIGN(const auto server, RunningServer::start({.configuration = settings.configuration,
                                                       .doors = {{"127.0.0.1", 0}},
                                                       .only_environment = id}));
  request.server = page_url(server->open_doors());
  Result<std::string> answer = ask_server(request);
  CLEW_TRY(server->stop());
  return answer;
}

}  // namespace clew::app
