// ScriptDownload: fetches a minified script and the source map that it names, as a browser's tools do: the
// header SourceMap, or the comment sourceMappingURL. Only from hosts that the operator named: whoever has a
// token must not have clew ask whatever stands near it.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/http_client.h"

namespace clew::rollbar {

class ScriptDownload {
 public:
  // "cdn.shop.example", with its port where it is not the usual one.
  explicit ScriptDownload(std::vector<std::string> hosts);

  // The source map's text. Waits for answers: not for an event loop. forbidden for other hosts, exhausted
  // while another download is under way, bad_input when there is no map to be had.
  Result<std::string> map_of(const std::string& script_url);
  // What is under way ends as cancelled.
  void cancel();

 private:
  Result<net::ClientResponse> fetch(const std::string& url);

  const std::vector<std::string> hosts_;
  std::unique_ptr<net::HttpClient> client_;  // nullptr: there are no hosts
  std::mutex one_at_a_time_;
};

// The address that a script's last comment names; empty: none.
std::string_view source_mapping_url(std::string_view script);
// An address that may be relative, as seen from another.
std::string resolved_url(std::string_view base, std::string_view reference);

}  // namespace clew::rollbar
