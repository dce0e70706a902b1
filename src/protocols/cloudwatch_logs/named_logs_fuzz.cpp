// Names of groups and streams added, removed and listed in any order: a list holds what was asked for, in
// order, and there are never more names than there may be.
#include <algorithm>

#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/cloudwatch_logs/named_logs.h"

CLEW_FUZZ(cloudwatch_named_logs) {
  using namespace clew;
  using namespace clew::cloudwatch_logs;
  constexpr size_t kMost = 8;
  NamedLogs logs(kMost);
  const auto check = [](const std::vector<NamedLogs::Named>& page, std::string_view prefix,
                        std::string_view after, size_t limit) {
    if (page.size() > limit) bug("more names than were asked for");
    for (const NamedLogs::Named& one : page) {
      if (!one.name.starts_with(prefix) || one.name <= after) bug("a name that was not asked for");
      after = one.name;
    }
  };
  // One step a line: what to do, then a group and a stream between tabs.
  size_t steps = 0;
  for (size_t at = 0; at < bytes.size() && steps < 1'000; ++steps) {
    const size_t end = std::min(bytes.find('\n', at), bytes.size());
    const std::string_view line = bytes.substr(at, end - at);
    at = end + 1;
    if (line.empty()) continue;
    const size_t tab = std::min(line.find('\t'), line.size());
    const std::string group(line.substr(1, tab == 0 ? 0 : tab - 1));
    const std::string stream(line.substr(std::min(tab + 1, line.size())));
    switch (line[0] % 5) {
      case 0:
        logs.add_group(group, {static_cast<int64_t>(steps)});
        break;
      case 1:
        logs.add_stream(group, stream, {static_cast<int64_t>(steps)});
        if (!logs.streams(group, stream, "", 1)) bug("a stream without its group");
        break;
      case 2:
        logs.remove_group(group);
        if (logs.streams(group, "", "", 1)) bug("a group that was removed");
        break;
      case 3:
        logs.remove_stream(group, stream);
        break;
      default:
        check(logs.groups(group, stream, 3), group, stream, 3);
        if (const auto page = logs.streams(group, "", stream, 3)) check(*page, "", stream, 3);
    }
    size_t names = 0;
    for (const NamedLogs::Named& one : logs.groups("", "", SIZE_MAX))
      names += 1 + logs.streams(one.name, "", "", SIZE_MAX)->size();
    if (names > kMost + 1) bug("more names than there may be");
  }
}
