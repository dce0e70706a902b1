// CLEW_FUZZ(name) { use `bytes`; } in a *_fuzz.cpp file makes a fuzz entry: any bytes may come in, nothing
// may crash, hang or trip a sanitizer. All entries live in one program (build target `clew_fuzz`), which
// replays a corpus or hands an entry to libFuzzer. Start corpora are in tests/fuzz/corpus/<name>/.
#pragma once

#include <string_view>

namespace clew {

struct FuzzEntry {
  std::string_view name;
  void (*run)(std::string_view bytes);
  FuzzEntry* next;
  FuzzEntry(std::string_view entry_name, void (*entry)(std::string_view))
      : name(entry_name), run(entry), next(first) {
    first = this;
  }
  static inline FuzzEntry* first = nullptr;
};

}  // namespace clew

#define CLEW_FUZZ(entry)                                                        \
  static void clew_fuzz_##entry(std::string_view bytes);                        \
  static ::clew::FuzzEntry clew_fuzz_entry_##entry(#entry, &clew_fuzz_##entry); \
  static void clew_fuzz_##entry(std::string_view bytes)
