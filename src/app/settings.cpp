#include "app/settings.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "app/byte_size.h"

namespace clew::app {
namespace {

Result<std::string> parse_text(std::string_view text) {
  if (text.empty()) return Status(ErrorKind::bad_input, "expected a text, got nothing");
  return std::string(text);
}

Result<uint64_t> parse_count(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0)
    return Status(ErrorKind::bad_input, fmt::format("expected a whole number above 0, got '{}'", text));
  return number;
}

Result<Nanoseconds> parse_positive_duration(std::string_view text) {
  CLEW_ASSIGN(const Nanoseconds duration, parse_duration(text));
  if (duration.count <= 0)
    return Status(ErrorKind::bad_input, fmt::format("expected a duration above 0, got '{}'", text));
  return duration;
}

Result<std::optional<Nanoseconds>> parse_retention(std::string_view text) {
  if (text == "forever") return std::optional<Nanoseconds>();
  Result<Nanoseconds> duration = parse_positive_duration(text);
  if (!duration.ok())
    return Status(ErrorKind::bad_input, fmt::format("expected 30d, 12h or forever, got '{}'", text));
  return std::optional(*duration);
}

Result<std::optional<uint64_t>> parse_limit(std::string_view text) {
  if (text == "unlimited") return std::optional<uint64_t>();
  CLEW_ASSIGN(const uint64_t bytes, parse_byte_size(text));
  return std::optional(bytes);
}

Result<std::optional<unsigned>> parse_threads(std::string_view text) {
  if (text == "auto") return std::optional<unsigned>();
  const Result<uint64_t> number = parse_count(text);
  if (!number.ok() || *number > 1024)
    return Status(ErrorKind::bad_input, fmt::format("expected 1 to 1024 or auto, got '{}'", text));
  return std::optional(static_cast<unsigned>(*number));
}

Result<std::optional<std::string>> parse_path(std::string_view text) {
  CLEW_ASSIGN(std::string path, parse_text(text));
  return std::optional(std::move(path));
}

Result<std::optional<net::SmtpServer>> parse_smtp(std::string_view text) {
  CLEW_ASSIGN(net::SmtpServer server, net::parse_smtp_url(text));
  return std::optional(std::move(server));
}

Result<std::string> parse_mail_address(std::string_view text) {
  if (!net::is_mail_address(text))
    return Status(ErrorKind::bad_input, fmt::format("expected a mail address, got '{}'", text));
  return std::string(text);
}

Result<std::string> parse_page_url(std::string_view text) {
  if (!text.starts_with("http://") && !text.starts_with("https://"))
    return Status(ErrorKind::bad_input, fmt::format("expected http://… or https://…, got '{}'", text));
  while (text.ends_with('/')) text.remove_suffix(1);
  return std::string(text);
}

Result<bool> parse_yes_or_no(std::string_view text) {
  for (const std::string_view yes : {"true", "yes", "on", "1"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"false", "no", "off", "0"}) {
    if (text == no) return false;
  }
  return Status(ErrorKind::bad_input, fmt::format("expected true or false, got '{}'", text));
}

Result<store::Durability> parse_durability(std::string_view text) {
  if (text == "sync") return store::Durability::sync;
  if (text == "os") return store::Durability::os;
  if (text == "none") return store::Durability::none;
  return Status(ErrorKind::bad_input, fmt::format("expected sync, os or none, got '{}'", text));
}

Result<LogLevel> parse_log_level(std::string_view text) {
  if (text == "debug") return LogLevel::debug;
  if (text == "info") return LogLevel::info;
  if (text == "warning") return LogLevel::warning;
  if (text == "error") return LogLevel::error;
  return Status(ErrorKind::bad_input, fmt::format("expected debug, info, warning or error, got '{}'", text));
}

template <auto Member, auto Parse>
Status set(Configuration& configuration, const std::string& text) {
  CLEW_ASSIGN(configuration.*Member, Parse(text));
  return Status();
}

Status add_doors(Configuration& configuration, const std::string& text) {
  CLEW_ASSIGN(const std::vector<ListenAddress> doors, parse_listen_address(text));
  configuration.listen.insert(configuration.listen.end(), doors.begin(), doors.end());
  return Status();
}

Status add_scrubbed(Configuration& configuration, const std::string& text) {
  configuration.scrub.push_back(text);
  return Status();
}

Status add_source_map_host(Configuration& configuration, const std::string& text) {
  configuration.source_map_hosts.push_back(text);
  return Status();
}

constexpr SettingShape kValue = SettingShape::value;
using C = Configuration;

constexpr std::array kSettings = {
    Setting{"data", "Data", kValue, "DIR", "./clew-data", "Where everything is kept. Created when missing",
            set<&C::data, parse_text>},
    Setting{"retention", "Data", kValue, "TIME", "30d", "Drop data older than this: 12h, 30d, forever",
            set<&C::retention, parse_retention>},
    Setting{"max-disk", "Data", kValue, "SIZE", "50GB", "Drop the oldest data beyond this: 50GB, unlimited",
            set<&C::max_disk, parse_limit>},
    Setting{"durability", "Data", kValue, "sync|os|none", "sync",
            "What an acknowledgement promises. sync: the data survives power loss. os: it survives the end "
            "of clew, "
            "not of the machine. none: it is in memory",
            set<&C::durability, parse_durability>},
    Setting{"seal-rows", "Data", kValue, "NUMBER", "262144",
            "Rows that are gathered in memory before they are written as a part; memory grows with it",
            set<&C::seal_rows, parse_count>},
    Setting{"scrub", "Data", SettingShape::list, "NAME", "",
            "A name of values that are kept out of what Rollbar clients send, beyond passwords, tokens, "
            "keys, cookies "
            "and the numbers of cards; may be repeated",
            add_scrubbed},
    Setting{
        "source-map-host", "Data", SettingShape::list, "HOST", "",
        "A host that minified scripts and their source maps may be fetched from when a Rollbar client asks "
        "for it, with its port where it is not the usual one; may be repeated",
        add_source_map_host},

    Setting{"listen", "Doors", SettingShape::list, "HOST:PORT",
            "127.0.0.1:2539,127.0.0.1:4317,127.0.0.1:4318",
            "A door to open, instead of the usual three; may be repeated. Every door takes HTTP, gRPC and, "
            "with a "
            "certificate, TLS. HOST alone opens the usual three there",
            add_doors},
    Setting{"xray-listen", "Doors", kValue, "HOST:PORT", "auto",
            "Where AWS X-Ray SDKs send: UDP for segments, TCP for sampling rules. auto: 127.0.0.1:2000 when "
            "the page's usual door is open too; off: nowhere",
            set<&C::xray_listen, parse_vendor_listen>},
    Setting{"zipkin-listen", "Doors", kValue, "HOST:PORT", "auto",
            "Where Zipkin's reporters send besides the other doors, which all take their spans. auto: "
            "127.0.0.1:9411 when the page's usual door is open too; off: nowhere",
            set<&C::zipkin_listen, parse_vendor_listen>},
    Setting{
        "jaeger-listen", "Doors", kValue, "HOST:PORT", "auto",
        "Where Jaeger's clients send besides the other doors. auto: 127.0.0.1 with the usual ports (14268, "
        "14250, 5778, UDP 6831 and 6832) when the page's usual door is open too; HOST: these ports there; "
        "HOST:PORT: one door for all of it; off: nowhere",
        set<&C::jaeger_listen, parse_vendor_listen>},
    Setting{"jaeger-sampling", "Doors", kValue, "FILE", "",
            "A strategies file of Jaeger: what clients are told that ask how much to sample, unless the page "
            "says "
            "otherwise. Without it: keep everything",
            set<&C::jaeger_sampling, parse_path>},
    Setting{
        "insecure", "Doors", SettingShape::yes_or_no, "", "false",
        "Listen beyond this machine although there are no keys: whoever reaches a door may read and write",
        set<&C::insecure, parse_yes_or_no>},
    Setting{"tls-cert", "Doors", kValue, "FILE", "", "Certificate chain (PEM)",
            set<&C::tls_cert, parse_path>},
    Setting{"tls-key", "Doors", kValue, "FILE", "", "Its private key (PEM)", set<&C::tls_key, parse_path>},
    Setting{"tls-client-ca", "Doors", kValue, "FILE", "",
            "Only clients with a certificate signed by this authority (PEM) may connect",
            set<&C::tls_client_ca, parse_path>},

    Setting{"max-body-bytes", "Limits", kValue, "SIZE", "64MiB",
            "Largest request, as it comes and again when decompressed",
            set<&C::max_body_bytes, parse_byte_size>},
    Setting{"max-body-bytes-in-flight", "Limits", kValue, "SIZE", "512MiB",
            "All requests under way together; beyond it senders are told to try again",
            set<&C::max_body_bytes_in_flight, parse_byte_size>},
    Setting{"max-header-bytes", "Limits", kValue, "SIZE", "64KiB", "Largest header of a request",
            set<&C::max_header_bytes, parse_byte_size>},
    Setting{"max-connections", "Limits", kValue, "NUMBER", "10000", "Connections open at a time",
            set<&C::max_connections, parse_count>},
    Setting{"idle-timeout", "Limits", kValue, "TIME", "2m",
            "Close a connection after this long without a request",
            set<&C::idle_timeout, parse_positive_duration>},
    Setting{"request-timeout", "Limits", kValue, "TIME", "1m", "How long a request may take to arrive",
            set<&C::request_timeout, parse_positive_duration>},
    Setting{"query-time-limit", "Limits", kValue, "TIME", "30s", "How long a question may take",
            set<&C::query_time_limit, parse_positive_duration>},
    Setting{"query-memory-limit", "Limits", kValue, "SIZE", "1GiB", "Memory that a question may use",
            set<&C::query_memory_limit, parse_byte_size>},
    Setting{"query-scan-limit", "Limits", kValue, "SIZE", "unlimited",
            "Bytes that a question may read from the disk", set<&C::query_scan_limit, parse_limit>},

    Setting{"smtp", "Notifications", kValue, "URL", "",
            "The mail server for notifications: smtp://HOST, smtp://USER:PASSWORD@HOST:587, smtps://HOST. "
            "STARTTLS is used whenever the server offers it",
            set<&C::smtp, parse_smtp>},
    Setting{"mail-from", "Notifications", kValue, "ADDRESS", "clew@localhost", "Who the mails are from",
            set<&C::mail_from, parse_mail_address>},
    Setting{"mail-ca", "Notifications", kValue, "FILE", "",
            "Authorities (PEM) to trust for the mail server instead of the system's",
            set<&C::mail_ca, parse_path>},
    Setting{"page-url", "Notifications", kValue, "URL", "http://localhost:2539",
            "Where people reach this clew's page: what links in notifications begin with",
            set<&C::page_url, parse_page_url>},

    Setting{"threads", "Program", kValue, "NUMBER", "auto",
            "Threads that serve connections; auto: one a core", set<&C::threads, parse_threads>},
    Setting{"log-level", "Program", kValue, "LEVEL", "info", "debug, info, warning or error",
            set<&C::log_level, parse_log_level>},
    Setting{"quiet", "Program", SettingShape::yes_or_no, "", "false", "Print nothing at the start",
            set<&C::quiet, parse_yes_or_no>},
};

}  // namespace

std::string Setting::flag() const {
  return "--" + std::string(name);
}

std::string Setting::environment_variable() const {
  std::string variable = "CLEW_";
  for (const char c : name) variable += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
  return variable;
}

std::string Setting::file_key() const {
  std::string key(name);
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

std::span<const Setting> all_settings() {
  return kSettings;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const size_t comma = text.find(',');
    std::string_view part = text.substr(0, comma);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace clew::app
