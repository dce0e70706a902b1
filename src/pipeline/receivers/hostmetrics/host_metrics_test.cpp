#include "pipeline/receivers/hostmetrics/host_metrics.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/receivers/receivers.h"
#include "pipeline/testing/configured.h"
#include "pipeline/testing/requests.h"

namespace clew::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A directory with a /proc of our making.
class HostMetricsReceiver : public ::testing::Test {
 protected:
  HostMetricsReceiver() {
    std::string pattern = "/tmp/clew-host-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
  }
  ~HostMetricsReceiver() override { std::filesystem::remove_all(root_); }

  void write(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(root_ + path).parent_path());
    std::ofstream(root_ + path) << text;
  }
  std::string measured(HostMetricsWanted wanted) {
    failures_.clear();
    return testing::json_of(host_metrics(HostReadings(root_), wanted, UnixNanos{5'000'000'000}, failures_));
  }

  std::string root_;
  std::vector<Status> failures_;
};

TEST_F(HostMetricsReceiver, NamesWhatTheKernelSays) {
  write("/proc/stat", "cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 100 0 200 300 0 0 0 50 0 0\nbtime 4\nprocesses 77\n");
  write(
      "/proc/meminfo",
      "MemTotal: 100 kB\nMemFree: 10 kB\nBuffers: 20 kB\nCached: 30 kB\nSReclaimable: 5 kB\nSwapTotal: 8 kB\n"
      "SwapFree: 6 kB\n");
  write("/proc/loadavg", "0.5 0.25 0.125 1/2 3\n");
  write("/proc/diskstats", "8 0 sda 1 2 3 4 5 6 7 8 9 1500 2500\n7 0 loop0 1 2 3 4 5 6 7 8 9 10 11\n");
  write("/proc/net/dev", "Inter-| Receive\n face |bytes\n  eth0: 11 12 13 14 0 0 0 0 15 16 17 18 0 0 0 0\n");
  write("/proc/net/tcp", "sl local\n 0: 00:1 00:2 0A 0\n 1: 00:1 00:2 01 0\n 2: 00:1 00:2 01 0\n");
  write("/proc/vmstat", "pgfault 10\npgmajfault 3\npgpgin 1\npgpgout 2\npswpin 4\npswpout 5\n");
  write("/proc/12/stat", "12 (a) R b) S 1\n");
  const auto sum_of = [](const std::string& value, const std::vector<std::string>& attributes) {
    std::string all;
    for (size_t i = 0; i + 1 < attributes.size(); i += 2)
      all += (i == 0 ? "" : ",") + std::string(R"({"key":")") + attributes[i] +
             R"(","value":{"stringValue":")" + attributes[i + 1] + "\"}}";
    return R"("attributes":[)" + all + R"(],"startTimeUnixNano":"4000000000","timeUnixNano":"5000000000",)" +
           value;
  };
  struct Case {
    const char* scraper;
    std::vector<std::string> expected;
  };
  const Case cases[] = {
      {"cpu",
       {R"("name":"system.cpu.time","unit":"s","sum":)",
        sum_of(R"("asDouble":2})", {"cpu", "cpu0", "state", "system"}),
        R"("aggregationTemporality":2,"isMonotonic":true)"}},
      {"memory",
       {sum_of(R"("asInt":"35840"})", {"state", "used"}),
        sum_of(R"("asInt":"30720"})", {"state", "cached"})}},
      {"load", {R"("name":"system.cpu.load_average.15m","unit":"{thread}","gauge")", R"("asDouble":0.125)"}},
      {"disk",
       {sum_of(R"("asInt":"1536"})", {"device", "sda", "direction", "read"}),
        R"("name":"system.disk.io_time")", sum_of(R"("asDouble":1.5})", {"device", "sda"})}},
      {"network",
       {sum_of(R"("asInt":"15"})", {"device", "eth0", "direction", "transmit"}),
        sum_of(R"("asInt":"2"})", {"protocol", "tcp", "state", "ESTABLISHED"})}},
      {"paging",
       {sum_of(R"("asInt":"7"})", {"type", "minor"}), sum_of(R"("asInt":"2048"})", {"state", "used"})}},
      {"processes", {sum_of(R"("asInt":"1"})", {"status", "sleeping"}), R"("asInt":"77")"}},
  };
  for (const Case& one : cases) {
    const std::string json = measured({.scrapers = {one.scraper}});
    EXPECT_THAT(failures_, IsEmpty()) << one.scraper;
    for (const std::string& expected : one.expected) EXPECT_THAT(json, HasSubstr(expected));
  }
  HostMetricsWanted wanted{.scrapers = {"disk"}, .disabled = {"system.disk.io"}};
  wanted.disks.without = {"loop0"};
  const std::string json = measured(wanted);
  EXPECT_THAT(json, Not(HasSubstr("system.disk.io\"")));
  EXPECT_THAT(json, Not(HasSubstr("loop0")));
}

TEST_F(HostMetricsReceiver, OnePartThatCannotBeReadLeavesTheOthers) {
  write("/proc/loadavg", "1 2 3\n");
  EXPECT_THAT(measured({.scrapers = {"cpu", "load"}}), HasSubstr("load_average.1m"));
  EXPECT_EQ(failures_.size(), 1u);
}

TEST_F(HostMetricsReceiver, MeasuresThisHost) {
  failures_.clear();
  HostMetricsWanted wanted;
  for (const std::string_view name : kHostScrapers) wanted.scrapers.insert(std::string(name));
  wanted.virtual_file_systems = true;
  const Batch batch = host_metrics(HostReadings(""), wanted, now(), failures_);
  for (const Status& failure : failures_) ADD_FAILURE() << failure.message();
  EXPECT_EQ(testing::batch_of(Signal::metrics, std::string(batch.otlp.view())).items, batch.items);
  EXPECT_THAT(testing::json_of(batch), HasSubstr(R"("mountpoint","value":{"stringValue":"/")"));
}

TEST_F(HostMetricsReceiver, SaysWhatIsWrongWithTheSettings) {
  testing::Workshop workshop;
  const std::pair<const char*, const char*> cases[] = {
      {"{}", "scrapers"},
      {"{scrapers: {cpu: , process: }}", "not each of its processes"},
      {"{scrapers: {cpuu: , cpu: }}", "did you mean 'cpu'"},
      {"{scrapers: {cpu: {metrics: {system.cpu.utilization: {enabled: true}}}}}",
       "does not offer this metric"},
      {"{scrapers: {disk: {exclude: {devices: [a], match_type: regexp}}}}", "match_type"},
      {"{scrapers: {cpu: }, collection_interval: 0}", "collection_interval"},
  };
  for (const auto& [settings, complaint] : cases)
    EXPECT_THAT(workshop.complaints(configure_hostmetrics, settings), ElementsAre(HasSubstr(complaint)))
        << settings;
}

}  // namespace
}  // namespace clew::pipeline
