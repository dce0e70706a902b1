// A job of a Prometheus configuration: which targets are asked, how, and what is done to their labels.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "net/tls.h"
#include "pipeline/receivers/prometheus/exposition.h"
#include "pipeline/receivers/prometheus/relabel.h"

namespace clew::pipeline {

class Section;

struct ScrapeTarget {
  std::string url;
  std::string address;  // host:port
  LabelMap labels;      // job and instance too, none that begins with __
};

struct ScrapeJob {
  std::string name;
  Nanoseconds interval = seconds(60);
  Nanoseconds timeout = seconds(10);
  bool honours_labels = false;
  bool honours_times = true;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string credentials_file;  // read at each look; "" for none
  std::string credentials_type = "Bearer";
  net::TlsClientOptions tls;
  ExpositionLimits limits;
  size_t most_bytes = 64 << 20;
  Relabelling metric_relabelling;
  std::vector<ScrapeTarget> targets;
};

// The `config` of the receiver.
std::vector<ScrapeJob> read_scrape_jobs(Section& section);

}  // namespace clew::pipeline
