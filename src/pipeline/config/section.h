// Section: reads the settings of one map of a configuration into typed variables, and complains of what does
// not fit. A key that nobody asked for is a mistake of the author: the section says so when it goes out of
// scope, with the word that was probably meant.
//
//   void configure(Section& section) {
//     BatchSettings settings;                                    // with its defaults
//     section.read("timeout", settings.timeout);
//     Section tls = section.section("tls");
//     tls.read("ca_file", settings.ca);
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "pipeline/component_id.h"
#include "pipeline/config/complaints.h"
#include "pipeline/config/value.h"

namespace clew::pipeline {

class Section {
 public:
  // `value` (a map, or null for a part without settings) must outlive the section. `path` is for messages:
  // "processors::batch/2".
  Section(const ConfigValue& value, std::string path, Complaints& complaints);
  ~Section();
  Section(const Section&) = delete;
  Section& operator=(const Section&) = delete;

  // Each leaves `to` as it is when the key is absent or null. Returns whether it is there and fits.
  bool read(std::string_view key, bool& to);
  bool read(std::string_view key, std::string& to);
  bool read(std::string_view key, int64_t& to);
  bool read(std::string_view key, uint64_t& to);
  bool read(std::string_view key, double& to);
  bool read(std::string_view key, Nanoseconds& to);  // "10s", "1h30m"; a bare number only when it is 0
  bool read(std::string_view key, std::vector<std::string>& to);
  bool read(std::string_view key, std::optional<std::string>& to);
  // One of these words, or its index by position.
  bool read_choice(std::string_view key, std::string& to, std::initializer_list<std::string_view> words);
  // A map of texts that are sent as headers: a variable that is empty is worth a warning.
  bool read_headers(std::string_view key, std::vector<std::pair<std::string, std::string>>& to);
  // A secret: as read(), and a variable that is empty is worth a warning.
  bool read_secret(std::string_view key, std::string& to);

  // The id of an extension ("file_storage/queue"); whoever reads the whole file checks that it is there.
  bool read_extension(std::string_view key, std::optional<ComponentId>& to);
  // Ids of pipelines ("traces/2"), checked in the same way.
  bool read_pipelines(std::string_view key, std::vector<PipelineId>& to);

  // The map below `key`; without settings when it is absent.
  Section section(std::string_view key);
  // For each map of the list below `key`; `path` is "key[0]".
  void for_each(std::string_view key, const std::function<void(Section& item)>& read_item);
  // For each key of this section, whatever it is called.
  void for_each_key(const std::function<void(const std::string& key, const ConfigValue& value)>& read_key);
  // The value as it is, null when absent: for settings of a shape of their own.
  const ConfigValue* value(std::string_view key);

  // Whether the key is there, null or not ("grpc:" asks for the defaults).
  bool has(std::string_view key);
  // Accepted, but without effect in clew.
  void ignore(std::initializer_list<std::string_view> keys);
  // Known to the Collector, and not offered here: an error that says why, or what to do instead.
  void refuse(std::string_view key, std::string_view why);

  void error(std::string_view about);                        // of the section
  void error(std::string_view key, std::string_view about);  // of one key
  void warn(std::string_view key, std::string_view about);
  const std::string& path() const { return path_; }
  const Place& place() const { return place_; }
  Complaints& complaints() { return complaints_; }

 private:
  const ConfigValue* scalar(std::string_view key, std::string_view expected);
  void mismatch(std::string_view key, const ConfigValue& value, std::string_view expected);
  void warn_of_empty_variables(std::string_view what, const ConfigValue& value);
  std::string path_of(std::string_view key) const;

  // `place` is where the section would stand if it is not there.
  Section(const ConfigValue& value, const Place& place, std::string path, Complaints& complaints);

  const ConfigValue& value_;
  const Place place_;
  const std::string path_;
  Complaints& complaints_;
  std::set<std::string, std::less<>> known_;
  bool any_key_ = false;
};

// Durations as Go writes them: "300ms", "1h30m", "1.5s", "0".
std::optional<Nanoseconds> parse_go_duration(std::string_view text);

}  // namespace clew::pipeline
