// Api: the door for Rollbar's clients, under /api/1: items in, deploys and source maps, and what can be read
// back (docs/compat/rollbar.md). operations.h has the list.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "control/errors/item_store.h"
#include "control/errors/source_maps.h"
#include "protocols/router.h"
#include "protocols/services.h"

namespace clew::rollbar {

struct ApiOptions : Services {
  // Both must outlive the Api.
  control::errors::ItemStore* items = nullptr;
  control::errors::SourceMaps* source_maps = nullptr;
  std::string data_directory;                 // of the control database, for keys and environments
  std::vector<std::string> scrubbed_names;    // beyond the usual ones
  std::vector<std::string> source_map_hosts;  // that minified scripts and their maps may be fetched from
};

class Api {
 public:
  explicit Api(ApiOptions options);
  ~Api();
  // Answers no more questions; before the server stops.
  void stop();
  void register_routes(Router& router);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace clew::rollbar
