// Runs the fuzz entries of the whole program.
//   clew_fuzz --list                       the names of all entries
//   clew_fuzz --replay DIR [--seconds N]   every file of DIR/<entry>/ through its entry, then damaged copies
//   of them clew_fuzz --run ENTRY FILE…            only these inputs: to repeat a crash
// Built with CLEW_FUZZER it is a libFuzzer program for the entry that the variable CLEW_FUZZ_ENTRY names.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <signal.h>
#include <span>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include "base/fuzz.h"
#include "base/time.h"
#include "mutations.h"

// There only under a sanitizer.
// NOLINTNEXTLINE(bugprone-reserved-identifier)
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace clew::fuzz {
namespace {

std::vector<const FuzzEntry*> all_entries() {
  std::vector<const FuzzEntry*> entries;
  for (const FuzzEntry* entry = FuzzEntry::first; entry != nullptr; entry = entry->next)
    entries.push_back(entry);
  std::sort(entries.begin(), entries.end(), [](auto* a, auto* b) { return a->name < b->name; });
  return entries;
}

const FuzzEntry* find_entry(std::string_view name) {
  for (const FuzzEntry* entry : all_entries()) {
    if (entry->name == name) return entry;
  }
  return nullptr;
}

int list_entries() {
  for (const FuzzEntry* entry : all_entries())
    std::printf("%.*s\n", static_cast<int>(entry->name.size()), entry->name.data());
  return 0;
}

}  // namespace
}  // namespace clew::fuzz

#ifdef CLEW_FUZZER

namespace {
const clew::FuzzEntry* entry = nullptr;
}

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* name = std::getenv("CLEW_FUZZ_ENTRY");
  entry = clew::fuzz::find_entry(name == nullptr ? "" : name);
  if (entry != nullptr) return 0;
  std::puts("Set CLEW_FUZZ_ENTRY to one of:");
  clew::fuzz::list_entries();
  std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  entry->run(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}

#else

namespace clew::fuzz {
namespace {

// An input that takes longer than this hangs, for our purposes.
constexpr unsigned kHangSeconds = 30;

// What is being run, for the report when the process dies of it.
std::string_view current_entry;
std::string current_input;

void report_current_input() {
  char path[128] = "fuzz-crash-";
  std::strncat(path, current_entry.data(), std::min<size_t>(current_entry.size(), 100));
  const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const bool written = file >= 0 && write(file, current_input.data(), current_input.size()) >= 0;
  std::fprintf(stderr, "\nfuzz entry %.*s died of %zu bytes; %s %s\n", static_cast<int>(current_entry.size()),
               current_entry.data(), current_input.size(), written ? "they are in" : "could not write", path);
}

void on_signal(int signal) {
  report_current_input();
  ::signal(signal, SIG_DFL);
  raise(signal);
}

void report_deaths() {
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(report_current_input);
  } else {
    signal(SIGSEGV, on_signal);
  }
  signal(SIGABRT, on_signal);
  signal(SIGALRM, on_signal);
}

void run(const FuzzEntry& entry, std::string input) {
  current_entry = entry.name;
  current_input = std::move(input);
  alarm(kHangSeconds);
  entry.run(current_input);
  alarm(0);
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// In the order of their names, so that every run is the same run.
std::vector<std::string> read_corpus(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> paths;
  if (std::filesystem::is_directory(directory)) {
    for (const auto& file : std::filesystem::directory_iterator(directory)) {
      if (file.is_regular_file()) paths.push_back(file.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> inputs;
  for (const auto& path : paths) inputs.push_back(read_file(path));
  return inputs;
}

void replay(const FuzzEntry& entry, const std::filesystem::path& corpus, Nanoseconds time) {
  std::vector<std::string> inputs = read_corpus(corpus / entry.name);
  const size_t files = inputs.size();
  inputs.emplace_back();
  for (const std::string& input : inputs) run(entry, input);

  constexpr uint64_t kMutationsOfEach = 400;
  const Nanoseconds began = monotonic_now();
  uint64_t mutations = 0;
  for (uint64_t round = 0; round < kMutationsOfEach; ++round) {
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (monotonic_now().count - began.count > time.count) break;
      run(entry, mutate(inputs[i], inputs, round * inputs.size() + i));
      ++mutations;
    }
  }
  std::printf("%-32.*s %4zu files, %6llu damaged copies\n", static_cast<int>(entry.name.size()),
              entry.name.data(), files, static_cast<unsigned long long>(mutations));
}

int replay_all(const std::filesystem::path& corpus, Nanoseconds time_of_each) {
  int orphans = 0;
  for (const FuzzEntry* entry : all_entries()) replay(*entry, corpus, time_of_each);
  for (const auto& directory : std::filesystem::directory_iterator(corpus)) {
    if (!directory.is_directory() || find_entry(directory.path().filename().string()) != nullptr) continue;
    std::fprintf(stderr, "%s belongs to no fuzz entry\n", directory.path().c_str());
    ++orphans;
  }
  return orphans == 0 ? 0 : 1;
}

int run_files(std::string_view name, std::span<char*> files) {
  const FuzzEntry* entry = find_entry(name);
  if (entry == nullptr) {
    std::fprintf(stderr, "there is no fuzz entry %.*s\n", static_cast<int>(name.size()), name.data());
    return 2;
  }
  for (const char* file : files) run(*entry, read_file(file));
  return 0;
}

int usage() {
  std::fprintf(stderr, "usage: clew_fuzz --list | --replay DIRECTORY [--seconds N] | --run ENTRY FILE…\n");
  return 2;
}

}  // namespace
}  // namespace clew::fuzz

int main(int count, char** arguments) {
  using namespace clew::fuzz;
  const std::string_view mode = count > 1 ? arguments[1] : "";
  report_deaths();
  if (mode == "--list") return list_entries();
  if (mode == "--run" && count > 3)
    return run_files(arguments[2], std::span(arguments + 3, static_cast<size_t>(count) - 3));
  if (mode != "--replay" || count < 3) return usage();
  const bool has_seconds = count == 5 && std::string_view(arguments[3]) == "--seconds";
  return replay_all(arguments[2], clew::seconds(has_seconds ? std::atol(arguments[4]) : 3));
}

#endif
