#include "net/http_client.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <mutex>
#include <poll.h>
#include <vector>

#include <fmt/format.h>

#include "net/address.h"
#include "net/http1_response_parser.h"
#include "net/proxy.h"
#include "net/request_body.h"

namespace clew::net {
namespace {

struct OpenConnection {
  FileDescriptor socket;
  std::unique_ptr<Transport> transport;
  Nanoseconds kept_since{};
  bool used_before = false;
};

struct KeptConnection {
  std::string to;  // scheme, host and port
  OpenConnection connection;
};

struct Outgoing {
  std::string_view unsent;
  const std::function<void(std::string_view)>& on_body;
};

Status out_of_time(const Url& url, Nanoseconds timeout) {
  return {ErrorKind::cancelled,
          fmt::format("no answer from {} within {}", url.host_header, to_human(timeout))};
}

// How often somebody who waits looks whether it was cancelled.
constexpr Nanoseconds kLookUp = milliseconds(100);

class PoolingHttpClient final : public HttpClient {
 public:
  explicit PoolingHttpClient(HttpClientOptions options) : options_(std::move(options)) {}

  Status prepare() {
    signal(SIGPIPE, SIG_IGN);
    CLEW_ASSIGN(tls_, TlsContext::for_client(options_.tls, {"http/1.1"}));
    return {};
  }

  void cancel() override { cancelled_.store(true, std::memory_order_relaxed); }

  Result<ClientResponse> send(const ClientRequest& request) override {
    CLEW_ASSIGN(const Url url, parse_url(request.url));
    CLEW_ASSIGN(const std::string bytes, serialize(request, url));
    const Nanoseconds until{monotonic_now().count + options_.timeout.count};
    while (true) {
      if (cancelled_.load(std::memory_order_relaxed)) return given_up(url);
      CLEW_ASSIGN(OpenConnection connection, connection_to(url));
      const bool used_before = connection.used_before;
      ResponseParser parser({options_.answer_header_bytes, options_.answer_body_bytes},
                            request.method == "HEAD");
      const Status failure = exchange(connection, url, {bytes, request.on_body}, parser, until);
      // A kept connection may have been closed by the server just before it was used again.
      if (!failure.ok() && failure.kind() == ErrorKind::unavailable && used_before && !parser.begun())
        continue;
      if (!failure.ok()) return failure;
      if (parser.keep_alive()) keep(url, std::move(connection));
      return response_of(parser);
    }
  }

 private:
  static std::string place_of(const Url& url) {
    return fmt::format("{}//{}:{}", url.tls ? "https:" : "http:", url.host, url.port);
  }

  static Result<std::string> serialize(const ClientRequest& request, const Url& url) {
    std::string head = fmt::format("{} {} HTTP/1.1\r\nhost: {}\r\naccept-encoding: gzip, zstd\r\n",
                                   request.method, url.target, url.host_header);
    for (const auto& [name, value] : request.headers) {
      if (!is_safe_header_value(name) || !is_safe_header_value(value))
        return {ErrorKind::bad_input, fmt::format("header {} contains a line end", name)};
      head.append(name).append(": ").append(value).append("\r\n");
    }
    if (!request.compression || request.body.empty()) {
      if (!request.body.empty() || request.method == "POST" || request.method == "PUT")
        head += fmt::format("content-length: {}\r\n", request.body.size());
      return head + "\r\n" + request.body;
    }
    const std::string packed = compress(*request.compression, request.body);
    return head +
           fmt::format("content-encoding: {}\r\ncontent-length: {}\r\n\r\n", name_of(*request.compression),
                       packed.size()) +
           packed;
  }

  Result<OpenConnection> connection_to(const Url& url) {
    {
      const std::string to = place_of(url);
      std::lock_guard lock(mutex_);
      while (true) {
        const auto it = std::find_if(kept_.rbegin(), kept_.rend(),
                                     [&](const KeptConnection& kept) { return kept.to == to; });
        if (it == kept_.rend()) break;
        OpenConnection connection = std::move(it->connection);
        kept_.erase(std::next(it).base());
        const bool stale = monotonic_now().count - connection.kept_since.count > options_.kept_for.count;
        // Readable without a request means closed, or an answer to nothing.
        if (stale || wait_for(connection.socket.number(), POLLIN, {})) continue;
        return connection;
      }
    }
    OpenConnection connection;
    const HostAndPort where{url.host, url.port};
    const auto proxy =
        options_.proxy_from_environment ? proxy_from_environment(where, url.tls) : std::optional<Proxy>();
    CLEW_ASSIGN(connection.socket, proxy ? connect_through(*proxy, where, options_.connect_timeout)
                                         : connect_to(where, options_.connect_timeout));
    if (url.tls) {
      CLEW_ASSIGN(connection.transport, tls_->connect(connection.socket.number(), url.host));
    } else {
      connection.transport = plain_transport(connection.socket.number());
    }
    return connection;
  }

  void keep(const Url& url, OpenConnection connection) {
    connection.kept_since = monotonic_now();
    connection.used_before = true;
    std::lock_guard lock(mutex_);
    if (kept_.size() >= options_.kept_connections && !kept_.empty()) kept_.erase(kept_.begin());
    if (options_.kept_connections > 0) kept_.push_back({place_of(url), std::move(connection)});
  }

  // Writes the request and reads the answer at the same time: a server may refuse a body before it has read
  // it all.
  Status exchange(OpenConnection& connection, const Url& url, Outgoing outgoing, ResponseParser& parser,
                  Nanoseconds until) const {
    std::string_view& unsent = outgoing.unsent;
    const int socket = connection.socket.number();
    std::vector<char> buffer(64 << 10);
    while (true) {
      if (!unsent.empty()) {
        const iovec piece{const_cast<char*>(unsent.data()), unsent.size()};
        const Transfer sent = connection.transport->write({&piece, 1});
        if (sent.kind == Transfer::Kind::done) unsent.remove_prefix(sent.bytes);
        // A server that closes may have said why; reading tells.
        if (sent.kind == Transfer::Kind::failed || sent.kind == Transfer::Kind::finished) {
          if (const std::string why = connection.transport->failure(); !why.empty()) return broken(url, why);
          unsent = {};
        }
      }
      const Transfer got = connection.transport->read({}, buffer);
      if (got.kind == Transfer::Kind::done) {
        const Progress progress = parser.feed({buffer.data(), got.bytes});
        if (progress == Progress::refused) return refused(url, parser.refusal());
        if (progress == Progress::complete)
          return unsent.empty() ? Status() : (void(parser.finish()), Status());
        if (outgoing.on_body && !parser.body().empty()) outgoing.on_body(parser.body());
        continue;
      }
      if (got.kind == Transfer::Kind::finished) {
        if (parser.finish() == Progress::complete) return {};
        return broken(url, parser.refusal().why);
      }
      if (got.kind == Transfer::Kind::failed) {
        const std::string why = connection.transport->failure();
        return broken(url, why.empty() ? "the connection broke" : why);
      }
      const bool wants_write = !unsent.empty() || connection.transport->read_waits_for_write();
      const auto events = static_cast<short>(POLLIN | (wants_write ? POLLOUT : 0));
      do {
        if (cancelled_.load(std::memory_order_relaxed)) return given_up(url);
        if (monotonic_now() >= until) return out_of_time(url, options_.timeout);
      } while (!wait_for(
          socket, events,
          std::min(kLookUp, Nanoseconds{std::max<int64_t>(until.count - monotonic_now().count, 0)})));
    }
  }

  static Status given_up(const Url& url) {
    return {ErrorKind::cancelled, fmt::format("{}: given up before the answer came", url.host_header)};
  }
  static Status broken(const Url& url, std::string_view why) {
    return {ErrorKind::unavailable, fmt::format("{}: {}", url.host_header, why)};
  }
  static Status refused(const Url& url, const Refusal& refusal) {
    const bool too_large = refusal.status == 413 || refusal.status == 431;
    return {too_large ? ErrorKind::too_large : ErrorKind::bad_input,
            fmt::format("{}: {}", url.host_header, refusal.why)};
  }

  Result<ClientResponse> response_of(ResponseParser& parser) const {
    ClientResponse response{parser.status(), std::move(parser.reason()), std::move(parser.headers()), {}};
    const auto encoding = find_header(response.headers, "content-encoding");
    const auto compression = encoding ? compression_named(*encoding) : std::nullopt;
    if (!compression || parser.body().empty()) {
      response.body = std::move(parser.body());
      return response;
    }
    CLEW_ASSIGN(response.body, decompress(*compression, parser.body(), options_.answer_body_bytes));
    return response;
  }

  const HttpClientOptions options_;
  std::atomic<bool> cancelled_{false};
  std::shared_ptr<TlsContext> tls_;
  std::mutex mutex_;
  std::vector<KeptConnection> kept_;  // guarded by mutex_
};

}  // namespace

Result<Url> parse_url(std::string_view text) {
  Url url;
  std::string_view rest = text;
  if (rest.starts_with("https://"))
    url.tls = true;
  else if (!rest.starts_with("http://"))
    return {ErrorKind::bad_input,
            fmt::format("expected http:// or https:// at the beginning of \"{}\"", text)};
  rest.remove_prefix(url.tls ? 8 : 7);
  const size_t path = rest.find_first_of("/?#");
  const std::string_view authority = rest.substr(0, path);
  if (authority.empty() || authority.find('@') != std::string_view::npos)
    return {ErrorKind::bad_input,
            fmt::format("expected a host after {} in the URL", url.tls ? "https://" : "http://")};
  const uint16_t usual_port = url.tls ? 443 : 80;
  CLEW_ASSIGN(HostAndPort where, parse_host_and_port(authority, usual_port));
  url.host = std::move(where.host);
  url.port = where.port;
  url.host_header = authority;
  if (path != std::string_view::npos) {
    const std::string_view target =
        rest.substr(path, rest.find('#') == std::string_view::npos ? rest.size() : rest.find('#') - path);
    url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
  }
  for (const char c : url.target)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f)
      return {ErrorKind::bad_input, fmt::format("a space or control character in the URL \"{}\"", text)};
  return url;
}

Result<std::unique_ptr<HttpClient>> HttpClient::create(HttpClientOptions options) {
  auto client = std::make_unique<PoolingHttpClient>(std::move(options));
  CLEW_TRY(client->prepare());
  return std::unique_ptr<HttpClient>(std::move(client));
}

}  // namespace clew::net
