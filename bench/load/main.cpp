// clew_load: sends synthetic OTLP traffic as fast as a server takes it, and prints one line of JSON.
//   clew_load --port 4318 --spans 1000000 --connections 2 --batch 500 --seed 1 [--protocol http|grpc]
//             [--shape shop|names|distinct|long-traces|logs] [--path /v1/traces] [--header 'name: value']…
//             [--begin <unix seconds>] [--seconds-covered 60]
//   clew_load --out FILE …      writes the same bodies to a file, each behind its length (uint32, little
//   endian)
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "clickhouse_rows.h"
#include "grpc_sender.h"
#include "http_sender.h"
#include "traffic.h"

namespace clew::load {
namespace {

struct Options {
  Target target;
  bool grpc = false;
  const Shape* shape = shape_named("shop");
  uint64_t spans = 1'000'000;
  uint32_t connections = 2;
  uint32_t batch = 500;
  uint64_t seed = 1;
  double begin = 0;             // when the first span happened; 0: as below
  double seconds_covered = 60;  // the spans' own times are spread over so long, up to a little before now
  std::string clickhouse_rows;
};

[[noreturn]] void refuse(std::string_view what) {
  std::fprintf(
      stderr,
      "clew_load does not understand '%.*s'; the first lines of bench/load/main.cpp tell its options\n",
      static_cast<int>(what.size()), what.data());
  std::exit(2);
}

Options options_of(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; i += 2) {
    const std::string_view name = arguments[i];
    if (i + 1 == count) refuse(name);
    const std::string value = arguments[i + 1];
    if (name == "--port")
      options.target.port = static_cast<uint16_t>(std::stoul(value));
    else if (name == "--path")
      options.target.path = value;
    else if (name == "--header")
      options.target.headers.push_back(value);
    else if (name == "--spans")
      options.spans = std::stoull(value);
    else if (name == "--connections")
      options.connections = static_cast<uint32_t>(std::stoul(value));
    else if (name == "--batch")
      options.batch = static_cast<uint32_t>(std::stoul(value));
    else if (name == "--seed")
      options.seed = std::stoull(value);
    else if (name == "--seconds-covered")
      options.seconds_covered = std::stod(value);
    else if (name == "--begin")
      options.begin = std::stod(value);
    else if (name == "--protocol" && (value == "http" || value == "grpc"))
      options.grpc = value == "grpc";
    else if (name == "--shape" && shape_named(value) != nullptr)
      options.shape = shape_named(value);
    else if (name == "--clickhouse-rows")
      options.clickhouse_rows = value;
    else
      refuse(name);
  }
  return options;
}

// Deals out places in the traffic: which run a body is, and at what time its spans happened.
class Dealer {
 public:
  explicit Dealer(const Options& options)
      : options_(options),
        next_run_(options.seed << 32),
        begins_(options.begin > 0 ? static_cast<uint64_t>(options.begin * 1e9)
                                  : now() - covered() - 5'000'000'000) {}

  // False when enough was sent.
  bool prepare(Body& body) {
    const uint64_t before = dealt_.fetch_add(body.items, std::memory_order_relaxed);
    if (before >= options_.spans) return false;
    const double share = static_cast<double>(before) / static_cast<double>(options_.spans);
    refresh(body, next_run_.fetch_add(1, std::memory_order_relaxed),
            begins_ + static_cast<uint64_t>(share * static_cast<double>(covered())));
    return true;
  }

 private:
  static uint64_t now() {
    return static_cast<uint64_t>(
        std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count());
  }
  uint64_t covered() const { return static_cast<uint64_t>(options_.seconds_covered * 1e9); }

  const Options& options_;
  std::atomic<uint64_t> dealt_{0};
  std::atomic<uint64_t> next_run_;
  const uint64_t begins_;
};

// Enough different bodies for the cardinalities to show, few enough to fit into memory.
std::vector<Body> make_pool(const Options& options, uint32_t connection) {
  constexpr uint64_t kSpansOfAllPools = 64'000;
  const uint64_t wanted = kSpansOfAllPools / (uint64_t{options.batch} * options.connections);
  std::mt19937_64 random(options.seed * 1'000'003 + connection);
  std::vector<Body> pool(std::clamp<uint64_t>(wanted, 4, 8192));
  for (Body& body : pool) body = make_body(random, options.batch, *options.shape);
  return pool;
}

struct Tally {
  uint64_t spans = 0, requests = 0, bytes = 0, refused = 0;
  std::vector<double> milliseconds;
  std::string first_refusal;

  void add(const Tally& other) {
    spans += other.spans;
    requests += other.requests;
    bytes += other.bytes;
    refused += other.refused;
    milliseconds.insert(milliseconds.end(), other.milliseconds.begin(), other.milliseconds.end());
    if (first_refusal.empty()) first_refusal = other.first_refusal;
  }
};

// Sends until enough was sent. An answer that says "later" is obeyed, as exporters do; any other failure ends
// it all.
void send_all(Sender& sender, std::vector<Body>& pool, Dealer& dealer, Tally& tally) {
  for (size_t i = 0; dealer.prepare(pool[i % pool.size()]); ++i) {
    const Body& body = pool[i % pool.size()];
    for (;;) {
      const auto began = std::chrono::steady_clock::now();
      const auto answer = sender.post(body.bytes);
      tally.milliseconds.push_back(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
      if (answer && answer->status / 100 == 2) break;
      if (!answer || (answer->status != 429 && answer->status != 503)) {
        std::fprintf(stderr, "the server answered: %s\n",
                     answer ? answer->text.c_str() : "nothing, it closed the connection");
        std::exit(1);
      }
      ++tally.refused;
      if (tally.first_refusal.empty()) tally.first_refusal = answer->text;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    tally.spans += body.items;
    tally.bytes += body.bytes.size();
    ++tally.requests;
  }
}

double quantile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, static_cast<size_t>(share * static_cast<double>(sorted.size())))];
}

std::unique_ptr<Sender> make_sender(const Options& options) {
  Target target = options.target;
  if (target.path.empty()) target.path = options.shape->path;
  if (options.grpc) return std::make_unique<GrpcSender>(std::move(target));
  return std::make_unique<HttpSender>(std::move(target));
}

int send(const Options& options) {
  Dealer dealer(options);
  std::vector<Tally> tallies(options.connections);
  std::vector<std::thread> threads;
  std::atomic<uint32_t> ready{0};
  std::atomic<bool> go{false};
  for (uint32_t connection = 0; connection < options.connections; ++connection) {
    threads.emplace_back([&, connection] {
      std::vector<Body> pool = make_pool(options, connection);
      const std::unique_ptr<Sender> sender = make_sender(options);
      ready.fetch_add(1);
      go.wait(false);
      send_all(*sender, pool, dealer, tallies[connection]);
    });
  }
  while (ready.load() < options.connections) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const auto began = std::chrono::steady_clock::now();
  go.store(true);
  go.notify_all();
  for (std::thread& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();

  Tally total;
  for (const Tally& tally : tallies) total.add(tally);
  std::sort(total.milliseconds.begin(), total.milliseconds.end());
  const auto spans = static_cast<double>(total.spans), bytes = static_cast<double>(total.bytes);
  std::printf(
      "{\"spans\":%llu,\"requests\":%llu,\"refused\":%llu,\"seconds\":%.3f,\"spans_per_second\":%.0f,"
      "\"megabytes_per_second\":%.1f,\"bytes_per_span\":%.1f,\"p50_ms\":%.2f,\"p99_ms\":%.2f}\n",
      static_cast<unsigned long long>(total.spans), static_cast<unsigned long long>(total.requests),
      static_cast<unsigned long long>(total.refused), seconds, spans / seconds, bytes / seconds / 1e6,
      bytes / spans, quantile(total.milliseconds, 0.5), quantile(total.milliseconds, 0.99));
  if (!total.first_refusal.empty()) std::fprintf(stderr, "first refusal: %s\n", total.first_refusal.c_str());
  return 0;
}

// Files of as many spans as a patient exporter collects before it inserts.
int write_clickhouse_rows(const Options& options) {
  constexpr uint64_t kSpansOfFile = 10'000;
  std::filesystem::create_directories(options.clickhouse_rows);
  Dealer dealer(options);
  // The bodies that all connections together would send.
  std::vector<Body> pool;
  for (uint32_t connection = 0; connection < options.connections; ++connection) {
    for (Body& body : make_pool(options, connection)) pool.push_back(std::move(body));
  }
  uint64_t spans = 0, files = 0;
  std::string rows;
  bool written = true;
  auto write_file = [&] {
    if (rows.empty()) return;
    const std::string name = std::to_string(options.seed) + "-" + std::to_string(++files) + ".rows";
    std::ofstream file(std::filesystem::path(options.clickhouse_rows) / name, std::ios::binary);
    file << rows;
    file.close();
    written = written && file.good();
    rows.clear();
  };
  for (size_t i = 0; dealer.prepare(pool[i % pool.size()]); ++i) {
    const Body& body = pool[i % pool.size()];
    append_clickhouse_rows(rows, body.bytes);
    if (spans / kSpansOfFile != (spans + body.items) / kSpansOfFile) write_file();
    spans += body.items;
  }
  write_file();
  std::printf("{\"spans\":%llu,\"files\":%llu}\n", static_cast<unsigned long long>(spans),
              static_cast<unsigned long long>(files));
  return written ? 0 : 1;
}

}  // namespace
}  // namespace clew::load

int main(int count, char** arguments) {
  const clew::load::Options options = clew::load::options_of(count, arguments);
  return options.clickhouse_rows.empty() ? clew::load::send(options)
                                         : clew::load::write_clickhouse_rows(options);
}
