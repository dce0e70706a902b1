// hostmetrics: measures the host at intervals: CPU, memory, load, disks, file systems, network, paging,
// processes.
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "base/log.h"
#include "pipeline/config/section.h"
#include "pipeline/receivers/hostmetrics/host_metrics.h"
#include "pipeline/receivers/patient_readings.h"
#include "pipeline/receivers/receivers.h"

namespace clew::pipeline {
namespace {

struct HostMetricsSettings {
  HostMetricsWanted wanted;
  std::string root_path;
  Nanoseconds interval = seconds(60);
  Nanoseconds initial_delay = seconds(1);
};

class HostMetrics final : public Receiver {
 public:
  HostMetrics(HostMetricsSettings settings, const Site& site, Consumer& next)
      : settings_(std::move(settings)),
        id_(site.id),
        readings_(settings_.root_path),
        handover_(id_.text(), site.timers, next) {}
  ~HostMetrics() override { stop(); }

  Status start() override {
    thread_ = std::thread([this] { run(); });
    return {};
  }
  void stop() override {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (!thread_.joinable()) return;
    thread_.join();
    handover_.stop();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    const auto is_over = [&] { return stopping_; };
    if (wake_.wait_for(lock, std::chrono::nanoseconds(settings_.initial_delay.count), is_over)) return;
    do {
      lock.unlock();
      measure();
      lock.lock();
    } while (!wake_.wait_for(lock, std::chrono::nanoseconds(settings_.interval.count), is_over));
  }

  void measure() {
    std::vector<Status> failures;
    Batch batch = host_metrics(readings_, settings_.wanted, now(), failures);
    for (const Status& failure : failures) {
      std::string text(failure.message());
      if (said_.insert(text).second) log_warning("collector", fmt::format("{}: {}", id_.text(), text));
    }
    if (batch.items == 0) return;
    handover_.hand_on(std::move(batch));
  }

  const HostMetricsSettings settings_;
  const ComponentId id_;
  const HostReadings readings_;
  PatientReadings handover_;
  std::set<std::string> said_;  // of the thread alone; a failure is said once

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace

MakeReceiver configure_hostmetrics(Section& section) {
  HostMetricsSettings settings;
  section.read("collection_interval", settings.interval);
  section.read("initial_delay", settings.initial_delay);
  section.read("root_path", settings.root_path);
  section.ignore({"timeout", "metadata_collection_interval"});
  if (settings.interval.count < 1'000'000) section.error("collection_interval", "expected at least 1ms");
  while (settings.root_path.ends_with('/')) settings.root_path.pop_back();
  Section scrapers = section.section("scrapers");
  scrapers.refuse("process", "clew measures the host, not each of its processes");
  scrapers.refuse("system", "clew does not offer this; the start of each sum is when the host was booted");
  scrapers.refuse("nfs", "clew does not offer this");
  for (const std::string_view name : kHostScrapers) {
    if (!scrapers.has(name)) continue;
    settings.wanted.scrapers.insert(std::string(name));
    Section scraper = scrapers.section(name);
    read_host_scraper(scraper, name, settings.wanted);
  }
  if (settings.wanted.scrapers.empty())
    section.error("scrapers",
                  "expected at least one of cpu, memory, load, disk, filesystem, network, paging, processes");
  return [settings](const Site& site, Consumer& next) -> Result<std::unique_ptr<Receiver>> {
    return std::unique_ptr<Receiver>(std::make_unique<HostMetrics>(settings, site, next));
  };
}

}  // namespace clew::pipeline
