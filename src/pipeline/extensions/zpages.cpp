// zpages: pages that show what the collector is doing at this moment.
#include <fmt/format.h>

#include "net/address.h"
#include "pipeline/config/section.h"
#include "pipeline/extensions/extensions.h"
#include "pipeline/self_telemetry.h"
#include "pipeline/service/figures_door.h"
#include "pipeline/service/process_figures.h"

namespace clew::pipeline {
namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '<')
      result += "&lt;";
    else if (c == '&')
      result += "&amp;";
    else
      result += c;
  }
  return result;
}

std::string page(std::string_view title, const std::string& body) {
  return fmt::format(
      "<!doctype html><meta charset=utf-8><meta http-equiv=refresh content=2><title>{0}</title>"
      "<style>body{{font:14px sans-serif;margin:2em}}td,th{{padding:.2em 1em .2em 0;text-align:left}}</style>"
      "<h1>{0}</h1><p><a href=/debug/servicez>service</a> <a href=/debug/pipelinez>pipelines</a> "
      "<a href=/debug/extensionz>extensions</a> <a href=/debug/expvarz>figures</a></p>{1}\n",
      title, body);
}

std::string row(std::initializer_list<std::string> cells) {
  std::string text = "<tr>";
  for (const std::string& cell : cells) text += "<td>" + cell + "</td>";
  return text + "</tr>";
}

class ZPages final : public Extension {
 public:
  ZPages(std::string endpoint, const CollectorView& collector)
      : endpoint_(std::move(endpoint)), collector_(collector) {}

  Status start() override {
    CLEW_ASSIGN(
        door_, FiguresDoor::open(endpoint_, [this](const net::Request& request) { return answer(request); }));
    return {};
  }
  void stop() override { door_.reset(); }

 private:
  net::Response answer(const net::Request& request) const {
    if (request.path == "/debug/expvarz")
      return net::text_response(200, collector_.telemetry().prometheus_text());
    std::string html;
    if (request.path == "/debug/servicez" || request.path == "/" || request.path == "/debug")
      html = page("Service", service());
    else if (request.path == "/debug/pipelinez")
      html = page("Pipelines", pipelines());
    else if (request.path == "/debug/extensionz")
      html = page("Extensions", extensions());
    else
      return net::text_response(
          404, "404 there are /debug/servicez, /debug/pipelinez, /debug/extensionz, /debug/expvarz\n");
    net::Response response = net::text_response(200, std::move(html));
    for (auto& [name, value] : response.headers)
      if (name == "content-type") value = "text/html; charset=utf-8";
    return response;
  }

  std::string service() const {
    const ProcessFigures figures = process_figures();
    return "<table>" + row({"up since", to_rfc3339(collector_.started_at())}) +
           row({"ready", collector_.is_ready() ? "yes" : "no"}) +
           row({"CPU", fmt::format("{:.2f} s", figures.cpu.to_seconds())}) +
           row({"memory", fmt::format("{} MiB", figures.resident_bytes >> 20)}) + "</table>";
  }

  std::string pipelines() const {
    const SelfTelemetry& telemetry = collector_.telemetry();
    std::string html;
    for (const CollectorView::Pipeline& one : collector_.pipelines()) {
      const auto signal = signal_named(one.id.substr(0, one.id.find('/')));
      const std::string word(signal ? items_word(*signal) : "items");
      const std::string signal_name(signal ? name_of(*signal) : "");
      html += "<h2>" + escaped(one.id) +
              "</h2><table><tr><th>part<th>in<th>out, or sent<th>refused, or failed</tr>";
      for (const std::string& id : one.receivers)
        html += row(
            {escaped(id),
             fmt::format("{}", telemetry.value_of("otelcol_receiver_accepted_" + word, {{"receiver", id}})),
             "",
             fmt::format("{}", telemetry.value_of("otelcol_receiver_refused_" + word, {{"receiver", id}}))});
      for (const std::string& id : one.processors) {
        const Labels labels{{"processor", id}, {"otel_signal", signal_name}};
        html += row({escaped(id),
                     fmt::format("{}", telemetry.value_of("otelcol_processor_incoming_items", labels)),
                     fmt::format("{}", telemetry.value_of("otelcol_processor_outgoing_items", labels)), ""});
      }
      for (const std::string& id : one.exporters)
        html += row(
            {escaped(id),
             fmt::format("{} waiting", telemetry.value_of("otelcol_exporter_queue_size", {{"exporter", id}})),
             fmt::format("{}", telemetry.value_of("otelcol_exporter_sent_" + word, {{"exporter", id}})),
             fmt::format("{}",
                         telemetry.value_of("otelcol_exporter_send_failed_" + word, {{"exporter", id}}))});
      html += "</table>";
    }
    return html;
  }

  std::string extensions() const {
    std::string html = "<table>";
    for (const std::string& id : collector_.enabled_extensions()) html += row({escaped(id)});
    return html + "</table>";
  }

  const std::string endpoint_;
  const CollectorView& collector_;
  std::unique_ptr<FiguresDoor> door_;
};

}  // namespace

MakeExtension configure_zpages(Section& section) {
  std::string endpoint = "localhost:55679";
  section.read("endpoint", endpoint);
  section.ignore({"expvar"});
  if (!net::parse_host_and_port(endpoint).ok())
    section.error("endpoint", "expected host:port, as in localhost:55679");
  return [endpoint](const Site& site) -> Result<std::unique_ptr<Extension>> {
    return std::unique_ptr<Extension>(std::make_unique<ZPages>(endpoint, site.collector));
  };
}

}  // namespace clew::pipeline
