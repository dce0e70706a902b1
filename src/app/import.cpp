// clew import: sends files of OTLP requests to a server.
#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/byte_size.h"
#include "app/progress_bar.h"
#include "app/server_option.h"
#include "app/subcommands.h"
#include "base/file_system.h"
#include "net/http_client.h"
#include "protocols/otlp/signal_detection.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/otlp_file.h"
#include "telemetry/otlp_json.h"
#include "telemetry/protobuf_reader.h"

namespace clew::app {
namespace {

// Requests in a file may be tiny; so many bytes of them are sent together.
constexpr size_t kSendBytes = size_t{2} << 20;
// A server that is behind, or restarts, is asked again for so long.
constexpr Nanoseconds kPatience = seconds(120);
// And one that was never there for so long: the address may be wrong.
constexpr Nanoseconds kPatienceAtFirst = seconds(4);

struct ImportOptions {
  std::vector<std::string> files;
  std::string signal;
};

// Sends requests of one signal after the other, several joined.
class Sender {
 public:
  static Result<std::unique_ptr<Sender>> create(ServerAddress server) {
    net::HttpClientOptions options;
    options.timeout = seconds(60);
    options.tls.ca = server.tls_ca;
    CLEW_ASSIGN(auto client, net::HttpClient::create(std::move(options)));
    return std::unique_ptr<Sender>(new Sender(std::move(server), std::move(client)));
  }

  Status add(Signal signal, std::string protobuf) {
    if (signal != signal_ || waiting_.size() + protobuf.size() > kSendBytes) CLEW_TRY(flush());
    signal_ = signal;
    // Two requests are joined by joining their bytes.
    waiting_ += protobuf;
    ++waiting_requests_;
    return Status();
  }

  Status flush() {
    if (waiting_.empty()) return Status();
    const net::ClientRequest call = make_call();
    const Nanoseconds began = monotonic_now();
    for (;;) {
      const auto answer = client_->send(call);
      answered_ = answered_ || answer.ok();
      if (answer.ok() && answer->status == 200) {
        note_rejections(answer->body);
        break;
      }
      const bool may_be_over_soon =
          !answer.ok() ? answer.status().kind() == ErrorKind::unavailable
                       : answer->status == 429 || (answer->status >= 502 && answer->status <= 504);
      const Nanoseconds patience = answered_ ? kPatience : kPatienceAtFirst;
      if (!may_be_over_soon || monotonic_now().count - began.count > patience.count)
        return failure_of(answer);
      std::this_thread::sleep_for(std::chrono::nanoseconds(pause_after(answer).count));
    }
    waiting_.clear();
    requests_ += std::exchange(waiting_requests_, 0);
    return Status();
  }

  // That the server has acknowledged.
  uint64_t requests() const { return requests_; }
  uint64_t rejected() const { return rejected_; }
  const std::string& rejection() const { return rejection_; }

 private:
  Sender(ServerAddress server, std::unique_ptr<net::HttpClient> client)
      : server_(std::move(server)), client_(std::move(client)) {}

  net::ClientRequest make_call() const {
    net::ClientRequest call{.method = "POST",
                            .url = server_.url + "/v1/" + std::string(name_of(signal_)),
                            .headers = {{"content-type", "application/x-protobuf"}},
                            .body = waiting_,
                            .compression = Compression::zstd};
    if (!server_.key.empty()) call.headers.emplace_back("x-honeycomb-team", server_.key);
    return call;
  }

  Status failure_of(const Result<net::ClientResponse>& answer) const {
    if (!answer.ok())
      return Status(answer.status().kind(),
                    fmt::format("cannot send to {}: {}. Is clew serve running there? --server names another",
                                server_.url, answer.status().message()));
    const std::string_view hint = answer->status == 401 ? " (--key, or CLEW_KEY)" : "";
    return Status(answer->status == 401 ? ErrorKind::unauthenticated : ErrorKind::unavailable,
                  fmt::format("{} answered {} {}{}", server_.url, answer->status, answer->reason, hint));
  }

  static Nanoseconds pause_after(const Result<net::ClientResponse>& answer) {
    const auto told = answer.ok() ? answer->header("retry-after") : std::nullopt;
    unsigned wanted = 1;
    if (told) std::from_chars(told->data(), told->data() + told->size(), wanted);
    return seconds(std::clamp(wanted, 1u, 30u));
  }

  void note_rejections(const std::string& answer) {
    try {
      ProtobufReader response(answer.data(), answer.size());
      while (response.next()) {
        if (response.tag() != otlp::response::partial_success) {
          response.skip();
          continue;
        }
        ProtobufReader partial = response.get_message();
        while (partial.next()) {
          if (partial.tag() == otlp::partial_success::rejected) {
            rejected_ += partial.get_uint64();
          } else if (partial.tag() == otlp::partial_success::message) {
            const auto text = partial.get_view();
            rejection_.assign(text.data(), text.size());
          } else {
            partial.skip();
          }
        }
      }
    } catch (const protozero::exception&) {
      // An answer that is no answer; but it said 200.
    }
  }

  const ServerAddress server_;
  std::unique_ptr<net::HttpClient> client_;
  Signal signal_ = Signal::traces;
  bool answered_ = false;
  std::string waiting_;
  uint64_t waiting_requests_ = 0, requests_ = 0, rejected_ = 0;
  std::string rejection_;
};

struct OpenFile {
  std::unique_ptr<File> file;  // nullptr: the standard input
  uint64_t size = 0;           // 0: unknown
};

Result<OpenFile> open_file(const std::string& path) {
  OpenFile opened;
  if (path == "-") return opened;
  CLEW_ASSIGN(opened.file, real_file_system().open(path, OpenMode::read));
  CLEW_ASSIGN(opened.size, opened.file->size());
  return opened;
}

Result<size_t> read_some(const OpenFile& from, uint64_t offset, std::span<char> into) {
  if (from.file) return from.file->read_at(offset, into);
  const ssize_t got = ::read(STDIN_FILENO, into.data(), into.size());
  if (got < 0) return Status(ErrorKind::unavailable, "the standard input cannot be read");
  return static_cast<size_t>(got);
}

// The request as protobuf, and its signal; nothing when it holds nothing.
struct Readable {
  Signal signal;
  std::string protobuf;
};
Result<std::optional<Readable>> understand(otlp::FileMessage message, const std::string& signal_name) {
  const bool json = message.encoding == otlp::FileEncoding::json;
  std::optional<Signal> signal =
      otlp::detect_signal(json ? otlp::Encoding::json : otlp::Encoding::protobuf, message.bytes);
  for (const Signal one : {Signal::traces, Signal::logs, Signal::metrics}) {
    if (signal_name == name_of(one)) signal = one;
  }
  if (!signal) {
    if (message.bytes.empty()) return std::optional<Readable>();
    return Status(ErrorKind::bad_input,
                  "it does not tell whether it holds traces, logs or metrics; --signal says so");
  }
  if (json) {
    CLEW_ASSIGN(message.bytes, json_to_protobuf(*signal, message.bytes));
  }
  return std::optional(Readable{.signal = *signal, .protobuf = std::move(message.bytes)});
}

Status import_file(const std::string& path, const ImportOptions& options, Sender& sender,
                   Surroundings& surroundings) {
  CLEW_ASSIGN(const OpenFile input, open_file(path));
  ProgressBar bar(surroundings.err_is_terminal ? &surroundings.err : nullptr, "Importing " + path);
  uint64_t offset = 0;
  otlp::FileReader reader([&](std::span<char> into) -> Result<size_t> {
    CLEW_ASSIGN(const size_t got, read_some(input, offset, into));
    offset += got;
    return got;
  });
  for (;;) {
    auto next = reader.next();
    if (!next.ok()) {
      // What came before is good.
      CLEW_TRY(sender.flush());
      return std::move(next).status().within(path);
    }
    if (!*next) return sender.flush();
    const uint64_t at = (*next)->offset;
    auto readable = understand(std::move(**next), options.signal);
    if (!readable.ok()) {
      CLEW_TRY(sender.flush());
      return std::move(readable).status().within(fmt::format("{}, the request at {}", path, at));
    }
    if (*readable) CLEW_TRY(sender.add((*readable)->signal, std::move((*readable)->protobuf)));
    bar.show(reader.bytes_taken(), input.size);
  }
}

Status import_files(const ImportOptions& options, ServerAddress server, Surroundings& surroundings) {
  CLEW_ASSIGN(const auto sender, Sender::create(std::move(server)));
  Status outcome;
  for (const std::string& path : options.files) {
    outcome = import_file(path, options, *sender, surroundings);
    if (!outcome.ok()) break;
  }
  surroundings.out << fmt::format("{} request{} sent and acknowledged\n", sender->requests(),
                                  sender->requests() == 1 ? "" : "s");
  if (sender->rejected() != 0)
    surroundings.err << fmt::format("note: {} items were turned away: {}\n", sender->rejected(),
                                    sender->rejection());
  return outcome;
}

}  // namespace

Action define_import(CLI::App& command) {
  const auto options = std::make_shared<ImportOptions>();
  command.description(
      "Send files of OTLP requests to a server: what clew export wrote, or the OpenTelemetry Collector's "
      "file "
      "exporter, in JSON lines or protobuf, compressed or not. When the server is behind, it is asked again. "
      "Data older than the server's --retention is dropped by it soon after.");
  command.add_option("FILE", options->files, "One or more; - for the standard input")->required();
  command.add_option("--signal", options->signal, "traces, logs or metrics, where the requests do not tell")
      ->type_name("SIGNAL")
      ->check(CLI::IsMember({"traces", "logs", "metrics"}));
  const auto server = std::make_shared<ServerOption>(command, "Where to send it");
  command.footer(
      "Examples:\n"
      "  clew import traces.otlp\n"
      "  clew import /var/log/otel/*.json --server https://clew.example.com --key $KEY\n"
      "  zstd -dc huge.jsonl.zst | clew import -");
  return [options, server](Surroundings& surroundings) {
    return import_files(*options, server->resolve(surroundings), surroundings);
  };
}

}  // namespace clew::app
