#include "net/first_words.h"

#include <algorithm>
#include <cctype>

namespace clew::net {
namespace {

constexpr Speaker kXray = {
    "segments of AWS X-Ray over TCP",
    "Send segments over UDP, to the door for X-Ray: AWS_XRAY_DAEMON_ADDRESS=127.0.0.1:2000. Over TCP the "
    "same port answers for sampling rules"};
constexpr Speaker kThrift = {"Thrift over TCP, as from a Jaeger client",
                             "Send it over UDP to port 6831 (compact) or 6832 (binary), or over HTTP: "
                             "JAEGER_ENDPOINT=http://127.0.0.1:14268/api/traces"};
constexpr Speaker kJson = {"JSON without HTTP around it",
                           "Send it as the body of a POST request, as curl -d @file does"};
constexpr Speaker kSyslog = {
    "lines of syslog",
    "clew takes no syslog: have an OpenTelemetry Collector with a syslog receiver send it here over OTLP"};
constexpr Speaker kUnknown = {
    "",
    "Something that speaks another protocol is pointed at this port: compare its address with the doors that "
    "clew printed when it started"};

// "<34>Oct 11 …" and "<34>1 2026-…"
bool is_syslog(std::string_view bytes) {
  if (!bytes.starts_with('<')) return false;
  const size_t end = bytes.find('>');
  return end != std::string_view::npos && end >= 2 && end <= 4 &&
         std::all_of(bytes.begin() + 1, bytes.begin() + static_cast<std::ptrdiff_t>(end),
                     [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
}

}  // namespace

Speaker speaker_of(std::string_view first_bytes) {
  using namespace std::string_view_literals;
  const std::string_view begin = first_bytes.substr(0, first_bytes.find('\n'));
  if (begin.starts_with('{') && begin.find("\"format\"") != std::string_view::npos &&
      begin.find("\"version\"") != std::string_view::npos)
    return kXray;
  if (begin.starts_with('{') || begin.starts_with('[')) return kJson;
  if (first_bytes.starts_with("\x80\x01\x00"sv) || first_bytes.starts_with("\x82\x21"sv) ||
      first_bytes.starts_with("\x82\x81"sv))
    return kThrift;
  return is_syslog(begin) ? kSyslog : kUnknown;
}

}  // namespace clew::net
