#include "control/keys.h"

#include <array>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/data_directory.h"
#include "app/data_option.h"
#include "app/subcommands.h"
#include "app/text_table.h"
#include "control/environments.h"
#include "control/schema.h"

namespace clew::app {
namespace {

struct KeysOptions {
  std::string name;
  std::string environment = "default";
  std::string value;
  std::string which;
  bool aws = false;
  std::string kind = "configuration";
  std::string permissions;
};

// One of the commands below `clew keys`.
struct Part {
  CLI::App* command;
  DataOption data;
  Status (*run)(const KeysOptions& options, const std::string& data, Surroundings& surroundings);
};

std::string time_for_people(std::optional<UnixNanos> at) {
  if (!at) return "never";
  return to_rfc3339({at->count / 1'000'000'000 * 1'000'000'000});
}

Result<control::Environment> environment_to_use(control::Database& database, const std::string& name,
                                                std::ostream& out) {
  Result<control::Environment> found = control::find_environment(database, name);
  if (found.ok() || found.status().kind() != ErrorKind::not_found) return found;
  Result<control::Environment> created = control::create_environment(database, name);
  if (created.ok()) out << "Environment '" << created->name << "' is new.\n";
  return created;
}

// --key ACCESS_KEY:SECRET keeps what an application has.
Result<control::AwsKeyRequest> aws_request(const KeysOptions& options) {
  control::AwsKeyRequest request;
  if (options.value.empty()) return request;
  const size_t colon = options.value.find(':');
  if (colon == 0 || colon == std::string::npos || colon + 1 == options.value.size())
    return Status(ErrorKind::bad_input,
                  "with --aws, --key takes the access key and the secret: AKIA…:SECRET");
  request.access_key = options.value.substr(0, colon);
  request.secret = options.value.substr(colon + 1);
  return request;
}

// What the key may do.
Status limit(control::KeyRequest& request, const KeysOptions& options) {
  const auto kind = control::key_kind_named(options.kind);
  if (!kind)
    return Status(ErrorKind::bad_input,
                  fmt::format("--kind is configuration, ingest or management, got '{}'", options.kind));
  request.kind = *kind;
  if (*kind == control::KeyKind::ingest) request.permissions = control::Permissions::to_send();
  if (*kind == control::KeyKind::management) request.permissions = control::Permissions::none();
  if (options.permissions.empty()) return {};
  CLEW_ASSIGN(request.permissions, control::Permissions::of_text(options.permissions));
  return {};
}

Status create(const KeysOptions& options, const std::string& data, Surroundings& surroundings) {
  CLEW_TRY(check_data_directory(data, IfMissing::create));
  CLEW_ASSIGN(control::Database database, control::open_control_database(data));
  if (!options.value.empty()) CLEW_TRY(control::check_key_value(options.value));
  CLEW_ASSIGN(const auto before, control::list_keys(database));
  const std::string name = options.name.empty() ? fmt::format("key {}", before.size() + 1) : options.name;
  CLEW_ASSIGN(const auto environment, environment_to_use(database, options.environment, surroundings.out));
  if (options.aws) {
    CLEW_ASSIGN(control::AwsKeyRequest request, aws_request(options));
    request.name = name;
    request.environment = environment.id;
    CLEW_ASSIGN(const control::CreatedKey key, control::create_aws_key(database, request));
    surroundings.out << fmt::format(
        "That is the key '{}' of the environment '{}', for AWS clients:\n\n"
        "  export AWS_ACCESS_KEY_ID={}\n"
        "  export AWS_SECRET_ACCESS_KEY={}\n\n"
        "To disable it: clew keys disable {} --data {}\n",
        name, environment.name, key.id, key.value, key.id, data);
    if (before.empty()) surroundings.out << "It is the first key: from now on every request needs one.\n";
    return Status();
  }
  control::KeyRequest request{.name = name,
                              .environment = environment.id,
                              .value = options.value.empty() ? std::nullopt : std::optional(options.value)};
  CLEW_TRY(limit(request, options));
  CLEW_ASSIGN(const control::CreatedKey key, control::create_key(database, request));
  surroundings.out << fmt::format(
      "{}\n\n"
      "That is the key '{}' of the environment '{}'. {}\n"
      "In an application:\n\n"
      "  export OTEL_EXPORTER_OTLP_HEADERS=x-honeycomb-team={}\n\n"
      "To disable it: clew keys disable {} --data {}\n",
      key.value, name, environment.name,
      options.value.empty() ? "Keep it now: it cannot be shown again." : "It stays valid as it is.",
      key.value, key.id, data);
  if (before.empty()) surroundings.out << "It is the first key: from now on every request needs one.\n";
  return Status();
}

Status list(const KeysOptions& /*options*/, const std::string& data, Surroundings& surroundings) {
  CLEW_TRY(check_data_directory(data, IfMissing::fail));
  CLEW_ASSIGN(control::Database database, control::open_control_database(data));
  CLEW_ASSIGN(const auto keys, control::list_keys(database));
  if (keys.empty()) {
    surroundings.out << "No keys: on this machine every request is admitted. clew keys create makes one.\n";
    return Status();
  }
  std::vector<std::vector<std::string>> rows;
  for (const control::Key& key : keys)
    rows.push_back({key.id, key.name, key.environment_name, time_for_people(key.created),
                    time_for_people(key.last_used), key.disabled ? time_for_people(key.disabled) : ""});
  surroundings.out << text_table(
      {{"ID"}, {"NAME"}, {"ENVIRONMENT"}, {"CREATED"}, {"LAST USED"}, {"DISABLED"}}, rows);
  return Status();
}

Status disable(const KeysOptions& options, const std::string& data, Surroundings& surroundings) {
  CLEW_TRY(check_data_directory(data, IfMissing::fail));
  CLEW_ASSIGN(control::Database database, control::open_control_database(data));
  CLEW_ASSIGN(const control::Key key, control::disable_key(database, options.which));
  surroundings.out << fmt::format(
      "The key '{}' ({}) is disabled. A running server turns it away within a second.\n", key.name, key.id);
  return Status();
}

}  // namespace

Action define_keys(CLI::App& command) {
  const auto options = std::make_shared<KeysOptions>();
  command.description(
      "Create, list and disable API keys. Without any key clew admits every request, but listens on this "
      "machine only. "
      "A key belongs to an environment and sees the data of that environment only. A running server notices "
      "changes "
      "within a second.");
  command.footer(
      "Examples:\n"
      "  clew keys create --name laptop --data /var/lib/clew\n"
      "  clew keys create --name shop --environment production\n"
      "  clew keys create --name old --key $HONEYCOMB_API_KEY     applications keep the key they have\n"
      "  clew keys create --name edge --kind ingest       it may send, and ask nothing\n"
      "  clew keys create --aws --name daemon             AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n"
      "  clew keys list\n"
      "  clew keys disable laptop");

  CLI::App* create_command = command.add_subcommand("create", "Make a key and print it, once");
  create_command->add_option("--name", options->name, "What the key is for")->type_name("NAME");
  create_command->add_option("--environment", options->environment, "Made when there is none of this name")
      ->type_name("NAME")
      ->default_str(options->environment);
  create_command->add_flag(
      "--aws", options->aws,
      "For AWS clients (X-Ray, CloudWatch Logs): an access key and a secret to sign with");
  create_command->add_option("--key", options->value, "Keep this key instead of making one; any shape")
      ->type_name("VALUE");
  create_command
      ->add_option("--kind", options->kind,
                   "configuration, ingest (sends, and nothing else) or management (keys and environments, "
                   "through the API)")
      ->type_name("KIND")
      ->default_str(options->kind);
  create_command
      ->add_option("--permissions", options->permissions,
                   "What a configuration key may do, all by default: send_events, create_datasets, "
                   "manage_columns, run_queries, manage_boards, manage_slos, manage_triggers, "
                   "manage_recipients, manage_markers, read_service_maps, with commas")
      ->type_name("NAMES");
  CLI::App* list_command = command.add_subcommand("list", "Show the keys; their values cannot be shown");
  CLI::App* disable_command = command.add_subcommand("disable", "Turn a key away from now on");
  disable_command->add_option("KEY", options->which, "Its id, the beginning of its id, or its name")
      ->required();

  // The library keeps pointers into each part, so that they must not move.
  const auto parts = std::make_shared<std::array<std::unique_ptr<Part>, 3>>();
  const std::array<std::pair<CLI::App*, decltype(Part::run)>, 3> kinds = {
      {{create_command, create}, {list_command, list}, {disable_command, disable}}};
  for (size_t i = 0; i < kinds.size(); ++i)
    (*parts)[i].reset(
        new Part{.command = kinds[i].first, .data = DataOption(*kinds[i].first), .run = kinds[i].second});
  return [options, parts](Surroundings& surroundings) -> Status {
    for (const auto& part : *parts) {
      if (!part->command->parsed()) continue;
      CLEW_ASSIGN(const std::string data, part->data.resolve(surroundings));
      return part->run(*options, data, surroundings);
    }
    return Status();
  };
}

}  // namespace clew::app
