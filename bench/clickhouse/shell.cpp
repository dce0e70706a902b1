// clew_clickhouse LIBRARY DIRECTORY: a shell around the ClickHouse engine as a shared library (libchdb.so),
// for bench/clickhouse.mjs. Reads one query a line; answers each with one line of JSON:
//   {"seconds": 0.012, "text": "…"} or {"seconds": 0.001, "error": "…"}
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <iostream>
#include <string>
#include <string_view>

namespace {

// The part of the library's C interface that is used here.
struct Engine {
  void** (*connect)(int count, char** arguments);
  void* (*query)(void* connection, const char* query, const char* format);
  char* (*result_buffer)(void* result);
  size_t (*result_length)(void* result);
  const char* (*result_error)(void* result);
  void (*destroy_result)(void* result);
};

template <typename Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function != nullptr) return;
  std::fprintf(stderr, "the library has no %s\n", name);
  std::exit(1);
}

Engine load(const char* path) {
  void* const library = dlopen(path, RTLD_NOW);
  if (library == nullptr) {
    std::fprintf(stderr, "%s\n", dlerror());
    std::exit(1);
  }
  Engine engine{};
  find(library, "chdb_connect", engine.connect);
  find(library, "chdb_query", engine.query);
  find(library, "chdb_result_buffer", engine.result_buffer);
  find(library, "chdb_result_length", engine.result_length);
  find(library, "chdb_result_error", engine.result_error);
  find(library, "chdb_destroy_query_result", engine.destroy_result);
  return engine;
}

std::string quoted(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (static_cast<unsigned char>(c) < ' ') {
      std::array<char, 8> escaped;
      std::snprintf(escaped.data(), escaped.size(), "\\u%04x", c);
      json += escaped.data();
    } else {
      json += c;
    }
  }
  return json + '"';
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "usage: clew_clickhouse LIBRARY DIRECTORY\n");
    return 2;
  }
  const Engine engine = load(arguments[1]);
  std::string name = "clickhouse", path = std::string("--path=") + arguments[2];
  std::array<char*, 2> options = {name.data(), path.data()};
  void** const connection = engine.connect(options.size(), options.data());
  if (connection == nullptr) {
    std::fprintf(stderr, "could not open %s\n", arguments[2]);
    return 1;
  }
  for (std::string query; std::getline(std::cin, query);) {
    const auto began = std::chrono::steady_clock::now();
    void* const result = engine.query(*connection, query.c_str(), "TabSeparated");
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    const char* const error = engine.result_error(result);
    const std::string text =
        error != nullptr ? error : std::string(engine.result_buffer(result), engine.result_length(result));
    std::printf("{\"seconds\":%.6f,\"%s\":%s}\n", seconds, error != nullptr ? "error" : "text",
                quoted(text).c_str());
    std::fflush(stdout);
    engine.destroy_result(result);
  }
  // The library's threads have no orderly end.
  std::_Exit(0);
}
