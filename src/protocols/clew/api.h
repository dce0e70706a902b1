// Api: clew's own HTTP API under /clew/v1, as docs/api/openapi.yaml describes it, and the web page.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "control/environments.h"
#include "control/errors/error_intake.h"
#include "control/kept_answers.h"
#include "control/keys.h"
#include "control/notify/outbox.h"
#include "control/people.h"
#include "control/retention.h"
#include "control/sampling.h"
#include "protocols/router.h"
#include "protocols/services.h"

namespace clew::api {

// A listening address, as shown to a person.
struct DoorFacts {
  std::string address;  // "127.0.0.1:4318"
  uint16_t port = 0;
  std::string purpose;  // "OTLP over HTTP"
  bool tls = false;
};

// What to set in an application, ready to copy.
struct SetupHint {
  std::string title;               // "OpenTelemetry over HTTP"
  std::vector<std::string> lines;  // "export OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318"
  std::string note;                // may be empty
};

// What of the stored data cannot be read or written.
struct StorageHealth {
  struct Damage {
    std::string file;
    uint64_t rows = 0;  // that answers are without; 0: unknown
    std::string what;
  };
  std::string trouble;  // why writing fails at the moment; empty: it does not
  std::vector<Damage> damages;
};

// What an operator set, for people who look: nothing secret.
struct ServerSettings {
  std::vector<control::Environment> environments;
  std::vector<control::Key> keys;
  std::vector<control::Person> people;
  std::optional<Nanoseconds> retention;  // nullopt: for ever
  std::optional<uint64_t> most_bytes;    // on disk; nullopt: as much as there is
  std::string data;                      // directory
};

struct ApiOptions : Services {
  // These must outlive the Api; without source maps, stacks are shown as they were stored.
  control::notify::Outbox* outbox = nullptr;
  control::errors::ItemStore* errors = nullptr;
  control::errors::ErrorIntake* error_intake = nullptr;
  control::errors::SourceMaps* source_maps = nullptr;
  control::Sampling* sampling = nullptr;         // likewise
  control::Retention* retention = nullptr;       // nullptr: it is not changed from here
  control::KeptAnswers* kept_answers = nullptr;  // nullptr: none is kept

  std::string version;
  std::string durability = "sync";  // sync, os, none
  // Asked on every call: doors are known only once the server has bound them. Any thread.
  std::function<std::vector<DoorFacts>()> doors;
  std::function<std::vector<SetupHint>()> setup;
  std::function<std::string(EnvironmentId)> environment_name;  // unset: "default"
  std::function<bool()> keys_required;                         // unset: no
  // What there is to set and how it is set; unset: nothing is told.
  std::function<Result<ServerSettings>()> settings;
  // Where keys and environments are changed; unset: they are not.
  std::function<Result<control::Database>()> control_database;
  std::function<StorageHealth()> storage_health;  // unset: all is well
  // Questions answered at the same time; more wait, and beyond `waiting` they are told to try again.
  unsigned at_once = 4;
  size_t waiting = 64;
  // Origins of other pages that may read the API ("https://wiki.example.com", or "*"); none: only clew's own
  // page.
  std::vector<std::string> allowed_origins;
};

class Api {
 public:
  explicit Api(ApiOptions options);
  // Ends the streams, cancels the questions under way and waits for them. The server must have stopped, or
  // must outlive this.
  ~Api();

  // Ends the streams and cancels the questions under way; later ones are told to try elsewhere. Before the
  // server stops, which would wait for them.
  void stop();

  // Adds all routes, and the fallback that serves the page. The router must not be used after this is gone.
  void register_routes(Router& router);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace clew::api
