// prometheus: asks targets for their metrics at intervals, as Prometheus does.
#include <algorithm>
#include <fstream>
#include <memory>

#include <fmt/format.h>

#include "base/log.h"
#include "net/http_client.h"
#include "pipeline/config/section.h"
#include "pipeline/periodic_thread.h"
#include "pipeline/receivers/patient_readings.h"
#include "pipeline/receivers/prometheus/scrape_history.h"
#include "pipeline/receivers/prometheus/scrape_job.h"
#include "pipeline/receivers/receivers.h"

namespace clew::pipeline {
namespace {

constexpr const char* kAccepted =
    "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

// One target of a job, with what is remembered of it.
class Scraper {
 public:
  Scraper(const ScrapeJob& job, const ScrapeTarget& target, std::string name, PatientReadings& handover)
      : job_(job), target_(target), name_(std::move(name)), handover_(handover) {}

  Status start(Nanoseconds delay) {
    net::HttpClientOptions options;
    options.timeout = options.connect_timeout = job_.timeout;
    options.answer_body_bytes = job_.most_bytes;
    options.kept_connections = 1;
    options.kept_for = {job_.interval.count * 2};
    options.tls = job_.tls;
    options.proxy_from_environment = true;
    CLEW_ASSIGN(client_, net::HttpClient::create(std::move(options)));
    thread_.start("clew-scrape", delay, job_.interval, [this] { look(); });
    return {};
  }
  void give_up() {
    if (client_) client_->cancel();
  }
  void stop() { thread_.stop(); }

 private:
  void look() {
    const UnixNanos at = now();
    const Nanoseconds began = monotonic_now();
    auto families = ask();
    const Nanoseconds took{monotonic_now().count - began.count};
    say(families.ok() ? Status() : families.status());
    const size_t scraped = families.ok() ? count(*families) : 0;
    if (families.ok()) relabel(*families);

    MetricRequest request("prometheus");
    request.begin_resource(resource());
    static const std::vector<ExposedFamily> kNothing;
    const size_t added = history_.add(families.ok() ? *families : kNothing, at, families.ok(), request);
    const auto gauge = [&](const char* name, const char* unit, double value) {
      request.add(name, unit, MetricKind::gauge, {.start = at, .at = at}, {{own_labels(), value}});
    };
    gauge("up", "", families.ok() ? 1 : 0);
    gauge("scrape_duration_seconds", "s", took.to_seconds());
    gauge("scrape_samples_scraped", "", static_cast<double>(scraped));
    gauge("scrape_samples_post_metric_relabeling", "",
          static_cast<double>(families.ok() ? count(*families) : 0));
    gauge("scrape_series_added", "", static_cast<double>(added));
    handover_.hand_on(request.take());
  }

  Result<std::vector<ExposedFamily>> ask() {
    net::ClientRequest request{.url = target_.url, .headers = job_.headers};
    if (!job_.credentials_file.empty()) {
      std::ifstream file(job_.credentials_file);
      std::string token;
      if (!std::getline(file, token))
        return {ErrorKind::unavailable, fmt::format("{} cannot be read", job_.credentials_file)};
      while (token.ends_with('\r') || token.ends_with(' ')) token.pop_back();
      request.headers.emplace_back("authorization", job_.credentials_type + " " + token);
    }
    request.headers.emplace_back("accept", kAccepted);
    request.headers.emplace_back("user-agent", "clew");
    request.headers.emplace_back("x-prometheus-scrape-timeout-seconds",
                                 fmt::format("{}", job_.timeout.to_seconds()));
    CLEW_ASSIGN(const net::ClientResponse response, client_->send(request));
    if (response.status != 200)
      return {ErrorKind::unavailable, fmt::format("it answered {} {}", response.status, response.reason)};
    const std::string_view type = response.header("content-type").value_or("");
    return parse_exposition(response.body, type.starts_with("application/openmetrics-text"), job_.limits);
  }

  void say(const Status& failure) {
    const std::string text(failure.message());
    if (text == said_) return;
    if (text.empty())
      log_info("collector", fmt::format("{}: {} is up again", name_, target_.url));
    else
      log_warning("collector", fmt::format("{}: {}: {}", name_, target_.url, text));
    said_ = text;
  }

  static size_t count(const std::vector<ExposedFamily>& families) {
    size_t samples = 0;
    for (const ExposedFamily& one : families) samples += one.samples.size();
    return samples;
  }

  // The labels of the target are put on each sample; then the rules for samples run.
  void relabel(std::vector<ExposedFamily>& families) const {
    std::vector<ExposedFamily> renamed;
    for (ExposedFamily& family : families) {
      std::erase_if(family.samples, [&](ExposedSample& sample) {
        LabelMap labels(sample.labels.begin(), sample.labels.end());
        for (const auto& [name, value] : target_.labels) {
          const auto found = labels.find(name);
          if (found != labels.end()) {
            if (job_.honours_labels) continue;
            labels["exported_" + name] = std::move(found->second);
          }
          labels[name] = value;
        }
        labels["__name__"] = sample.name;
        if (!job_.metric_relabelling.apply(labels)) return true;
        std::string name = labels["__name__"];
        std::erase_if(labels, [&](const auto& one) {
          if (one.first.starts_with("__")) return true;
          // The resource says these.
          return (one.first == "job" || one.first == "instance") && target_.labels.contains(one.first) &&
                 target_.labels.find(one.first)->second == one.second;
        });
        sample.labels.assign(labels.begin(), labels.end());
        if (!job_.honours_times) sample.time.reset();
        if (name == sample.name) return false;
        if (name.empty()) return true;
        sample.name = name;
        renamed.push_back({.name = std::move(name), .samples = {}});
        renamed.back().samples.push_back(std::move(sample));
        return true;
      });
    }
    for (ExposedFamily& one : renamed) families.push_back(std::move(one));
  }

  TextPairs own_labels() const {
    TextPairs labels;
    for (const auto& [name, value] : target_.labels)
      if (name != "job" && name != "instance") labels.emplace_back(name, value);
    return labels;
  }

  TextPairs resource() const {
    const auto label = [&](const char* name) {
      const auto found = target_.labels.find(name);
      return found == target_.labels.end() ? std::string() : found->second;
    };
    const size_t colon = target_.address.rfind(':');
    return {{"service.name", label("job")},
            {"service.instance.id", label("instance")},
            {"server.address", target_.address.substr(0, colon)},
            {"server.port", target_.address.substr(colon + 1)},
            {"url.scheme", target_.url.substr(0, target_.url.find(':'))}};
  }

  const ScrapeJob& job_;
  const ScrapeTarget& target_;
  const std::string name_;
  PatientReadings& handover_;
  std::unique_ptr<net::HttpClient> client_;
  ScrapeHistory history_;
  std::string said_;  // of the last look
  PeriodicThread thread_;
};

class PrometheusReceiver final : public Receiver {
 public:
  PrometheusReceiver(std::shared_ptr<const std::vector<ScrapeJob>> jobs, const Site& site, Consumer& next)
      : jobs_(std::move(jobs)), handover_(site.id.text(), site.timers, next) {
    for (const ScrapeJob& job : *jobs_)
      for (const ScrapeTarget& target : job.targets)
        scrapers_.push_back(
            {std::make_unique<Scraper>(job, target, site.id.text(), handover_), job.interval});
  }
  ~PrometheusReceiver() override { stop(); }

  Status start() override {
    size_t number = 0;
    for (auto& [scraper, interval] : scrapers_) {
      // Not all at once, and the first soon.
      const auto spread = static_cast<int64_t>(++number) * std::min<int64_t>(interval.count, 1'000'000'000);
      CLEW_TRY(scraper->start({spread / static_cast<int64_t>(scrapers_.size() + 1)}));
    }
    return {};
  }
  void stop() override {
    for (auto& [scraper, interval] : scrapers_) scraper->give_up();
    for (auto& [scraper, interval] : scrapers_) scraper->stop();
    scrapers_.clear();
    handover_.stop();
  }

 private:
  const std::shared_ptr<const std::vector<ScrapeJob>> jobs_;
  PatientReadings handover_;
  std::vector<std::pair<std::unique_ptr<Scraper>, Nanoseconds>> scrapers_;
};

}  // namespace

MakeReceiver configure_prometheus_receiver(Section& section) {
  section.refuse("target_allocator", "clew asks the targets of static_configs");
  section.refuse("api_server", "clew does not offer this");
  section.ignore({"trim_metric_suffixes", "use_start_time_metric", "start_time_metric_regex",
                  "report_extra_scrape_metrics"});
  if (!section.has("config")) section.error("expected config: with scrape_configs, as in a prometheus.yml");
  Section config = section.section("config");
  auto jobs = std::make_shared<const std::vector<ScrapeJob>>(read_scrape_jobs(config));
  return [jobs](const Site& site, Consumer& next) -> Result<std::unique_ptr<Receiver>> {
    return std::unique_ptr<Receiver>(std::make_unique<PrometheusReceiver>(jobs, site, next));
  };
}

}  // namespace clew::pipeline
