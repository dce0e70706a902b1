#include "protocols/xray/daemon_settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/sysinfo.h>
#include <yaml-cpp/yaml.h>

#include "base/ascii.h"
#include "net/url_encoding.h"

namespace clew::xray {
namespace {

constexpr uint64_t kLeastMegabytes = 3;
constexpr std::string_view kUsualRegion = "us-east-1";
// A clew on this machine.
constexpr std::string_view kUsualEndpoint = "http://127.0.0.1:2539";

Result<bool> read_boolean(std::string_view text) {
  for (const std::string_view yes : {"true", "1", "t", "T", "TRUE", "True"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"false", "0", "f", "F", "FALSE", "False"}) {
    if (text == no) return false;
  }
  return Status(ErrorKind::bad_input, fmt::format("expected true or false, got \"{}\"", text));
}

Result<uint64_t> read_number(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return Status(ErrorKind::bad_input, fmt::format("expected a number, got \"{}\"", text));
  return number;
}

Status set_level(DaemonSettings& settings, const std::string& text) {
  const std::string name = lower_case(text);
  constexpr std::array<std::pair<std::string_view, DaemonLogLevel>, 6> kLevels = {
      {{"dev", DaemonLogLevel::debug},
       {"debug", DaemonLogLevel::debug},
       {"info", DaemonLogLevel::info},
       {"prod", DaemonLogLevel::info},
       {"warn", DaemonLogLevel::warn},
       {"error", DaemonLogLevel::error}}};
  for (const auto& [known, level] : kLevels) {
    if (name == known) {
      settings.log_level = level;
      return Status();
    }
  }
  return Status(ErrorKind::bad_input,
                fmt::format("log level must be dev, debug, info, warn, error or prod, got \"{}\"", text));
}

template <std::string DaemonSettings::*Member>
Status set_text(DaemonSettings& settings, const std::string& text) {
  settings.*Member = text;
  return Status();
}

template <bool DaemonSettings::*Member, bool Sense = true>
Status set_boolean(DaemonSettings& settings, const std::string& text) {
  CLEW_ASSIGN(const bool value, read_boolean(text));
  settings.*Member = value == Sense;
  return Status();
}

Status set_buffer(DaemonSettings& settings, const std::string& text) {
  CLEW_ASSIGN(settings.buffer_megabytes, read_number(text));
  return Status();
}

Status set_concurrency(DaemonSettings& settings, const std::string& text) {
  CLEW_ASSIGN(const uint64_t number, read_number(text));
  if (number < 1 || number > 256)
    return Status(ErrorKind::bad_input, fmt::format("expected 1 to 256, got {}", number));
  settings.concurrency = static_cast<unsigned>(number);
  return Status();
}

using D = DaemonSettings;
using Set = Status (*)(DaemonSettings& settings, const std::string& text);

struct Flag {
  std::string_view letter, name;
  bool is_switch;
  Set set;
  std::string_view help;
};

constexpr std::array kFlags = {
    Flag{"b", "bind", false, set_text<&D::udp_address>,
         "Listen for segments at this UDP address (127.0.0.1:2000)"},
    Flag{"t", "bind-tcp", false, set_text<&D::tcp_address>,
         "Listen for sampling requests at this TCP address (127.0.0.1:2000)"},
    Flag{"o", "local-mode", true, set_boolean<&D::local_mode>, "Region and credentials may come from ~/.aws"},
    Flag{"n", "region", false, set_text<&D::region>, "Region to send to"},
    Flag{"m", "buffer-memory", false, set_buffer,
         "Memory for segments that wait, in MB (at least 3; 1 % of all)"},
    Flag{"a", "resource-arn", false, set_text<&D::resource_arn>, "The AWS resource the daemon runs on"},
    Flag{"r", "role-arn", false, set_text<&D::role_arn>, "Accepted; roles are not assumed"},
    Flag{"f", "log-file", false, set_text<&D::log_file>, "Log to this file"},
    Flag{"l", "log-level", false, set_level, "dev, debug, info, warn, error or prod (info)"},
    Flag{"p", "proxy-address", false, set_text<&D::proxy_address>, "Accepted; proxies are not used"},
    Flag{"", "endpoint", false, set_text<&D::endpoint>,
         "Send here: a clew, or the X-Ray API (not the daemon's flag)"},
    Flag{"", "otlp", true, set_boolean<&D::otlp>,
         "Send OTLP to the endpoint's /v1/traces (not the daemon's flag)"},
};

struct FileKey {
  std::string_view path;
  Set set;
};

constexpr std::array kFileKeys = {
    FileKey{"TotalBufferSizeMB", set_buffer},
    FileKey{"Concurrency", set_concurrency},
    FileKey{"Region", set_text<&D::region>},
    FileKey{"Endpoint", set_text<&D::endpoint>},
    FileKey{"Socket.UDPAddress", set_text<&D::udp_address>},
    FileKey{"Socket.TCPAddress", set_text<&D::tcp_address>},
    FileKey{"ProxyAddress", set_text<&D::proxy_address>},
    FileKey{"Logging.LogRotation", set_boolean<&D::log_rotation>},
    FileKey{"Logging.LogLevel", set_level},
    FileKey{"Logging.LogPath", set_text<&D::log_file>},
    FileKey{"LocalMode", set_boolean<&D::local_mode>},
    FileKey{"ResourceARN", set_text<&D::resource_arn>},
    FileKey{"RoleARN", set_text<&D::role_arn>},
    FileKey{"NoVerifySSL", set_boolean<&D::verify_tls, false>},
};

Status read_node(const YAML::Node& node, const std::string& prefix, DaemonSettings& settings,
                 std::string& version) {
  for (const auto& pair : node) {
    const std::string path = prefix + pair.first.as<std::string>();
    if (pair.second.IsMap()) {
      if (path != "Socket" && path != "Logging")
        return Status(ErrorKind::bad_input, fmt::format("{} flag is invalid. Please check", path));
      CLEW_TRY(read_node(pair.second, path + ".", settings, version));
      continue;
    }
    const std::string text = pair.second.IsNull() ? "" : pair.second.as<std::string>();
    if (path == "Version") {
      version = text;
      continue;
    }
    const auto* known = std::find_if(kFileKeys.begin(), kFileKeys.end(),
                                     [&](const FileKey& key) { return key.path == path; });
    if (known == kFileKeys.end())
      return Status(ErrorKind::bad_input, fmt::format("{} flag is invalid. Please check", path));
    if (text.empty()) continue;
    CLEW_TRY(known->set(settings, text).within(path));
  }
  return Status();
}

Status read_file(const std::string& path, DaemonSettings& settings) {
  std::string version;
  try {
    const YAML::Node root = YAML::LoadFile(path);
    if (!root.IsMap()) return Status(ErrorKind::bad_input, fmt::format("{}: expected keys and values", path));
    CLEW_TRY(read_node(root, "", settings, version).within(path));
  } catch (const YAML::Exception& error) {
    return Status(ErrorKind::bad_input, fmt::format("{}: {}", path, error.what()));
  }
  if (version != "1" && version != "2")
    return Status(ErrorKind::bad_input,
                  fmt::format("{}: Config Version is missing or not supported: expected 1 or 2, got \"{}\"",
                              path, version));
  return Status();
}

std::vector<std::string> words_of(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = arguments;
  if (words.size() == 1 && words[0].find(' ') != std::string::npos) {
    std::istringstream text(words[0]);
    words.clear();
    for (std::string word; text >> word;) words.push_back(word);
  }
  if (!words.empty() && (words[0] == "xray" || words[0] == "/xray")) words.erase(words.begin());
  return words;
}

struct GivenFlag {
  const Flag* flag;
  std::string value;
};

struct CommandLine {
  DaemonCommand::Kind kind = DaemonCommand::Kind::run;
  std::vector<GivenFlag> flags;
  std::optional<std::string> file;
};

Result<CommandLine> read_flags(const std::vector<std::string>& words) {
  CommandLine line;
  for (size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word.size() < 2 || word[0] != '-' || word == "--") break;
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    const size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    if (name == "v" || name == "version") line.kind = DaemonCommand::Kind::version;
    if (name == "h" || name == "help") line.kind = DaemonCommand::Kind::help;
    if (line.kind != DaemonCommand::Kind::run) return line;
    const bool is_file = name == "c" || name == "config";
    const auto* known = std::find_if(kFlags.begin(), kFlags.end(), [&](const Flag& flag) {
      return flag.name == name || (!flag.letter.empty() && flag.letter == name);
    });
    if (known == kFlags.end() && !is_file)
      return Status(ErrorKind::bad_input, fmt::format("flag provided but not defined: -{}", name));
    std::string value = "true";
    if (equals != std::string_view::npos) {
      value = word.substr(equals + 1);
    } else if (is_file || !known->is_switch) {
      if (i + 1 == words.size())
        return Status(ErrorKind::bad_input, fmt::format("flag needs an argument: -{}", name));
      value = words[++i];
    }
    if (is_file) {
      line.file = value;
    } else {
      line.flags.push_back({known, value});
    }
  }
  return line;
}

std::string text_in(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

// A value of one section of ~/.aws/credentials or ~/.aws/config.
std::string shared_value(const std::string& path, const std::vector<std::string>& sections,
                         std::string_view key) {
  std::ifstream file(path);
  bool inside = false;
  for (std::string text; std::getline(file, text);) {
    std::erase_if(text, [](unsigned char c) { return std::isspace(c); });
    if (text.starts_with('[')) {
      inside = std::find(sections.begin(), sections.end(), text) != sections.end();
    } else if (inside && text.starts_with(std::string(key) + "=")) {
      return text.substr(key.size() + 1);
    }
  }
  return {};
}

void find_credentials(DaemonSettings& settings, const Environment& environment) {
  aws::Credentials found{.access_key = text_in(environment, "AWS_ACCESS_KEY_ID"),
                         .secret_key = text_in(environment, "AWS_SECRET_ACCESS_KEY"),
                         .session_token = text_in(environment, "AWS_SESSION_TOKEN")};
  const std::string home = text_in(environment, "HOME");
  if (found.access_key.empty() && !home.empty()) {
    std::string profile = text_in(environment, "AWS_PROFILE");
    if (profile.empty()) profile = "default";
    const std::string path = home + "/.aws/credentials";
    const std::vector<std::string> sections = {"[" + profile + "]"};
    found = {.access_key = shared_value(path, sections, "aws_access_key_id"),
             .secret_key = shared_value(path, sections, "aws_secret_access_key"),
             .session_token = shared_value(path, sections, "aws_session_token")};
  }
  if (!found.access_key.empty() && !found.secret_key.empty()) settings.credentials = std::move(found);
}

void find_region(DaemonSettings& settings, const Environment& environment) {
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (settings.region.empty()) settings.region = text_in(environment, name);
  }
  const std::string home = text_in(environment, "HOME");
  if (settings.region.empty() && settings.local_mode && !home.empty())
    settings.region = shared_value(home + "/.aws/config", {"[default]"}, "region");
}

void find_endpoint(DaemonSettings& settings, const Environment& environment) {
  for (const char* name : {"AWS_ENDPOINT_URL_XRAY", "AWS_ENDPOINT_URL"}) {
    if (settings.endpoint.empty()) settings.endpoint = text_in(environment, name);
  }
  const bool can_reach_aws = !settings.region.empty() && settings.credentials && !settings.otlp;
  if (settings.endpoint.empty())
    settings.endpoint = can_reach_aws ? fmt::format("https://xray.{}.amazonaws.com", settings.region)
                                      : std::string(kUsualEndpoint);
  while (settings.endpoint.ends_with('/')) settings.endpoint.pop_back();
  if (settings.region.empty()) settings.region = kUsualRegion;
}

void find_otlp_headers(DaemonSettings& settings, const Environment& environment) {
  std::istringstream pairs(text_in(environment, "OTEL_EXPORTER_OTLP_HEADERS"));
  for (std::string pair; std::getline(pairs, pair, ',');) {
    const size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) continue;
    std::string name = lower_case(pair.substr(0, equals));
    std::erase(name, ' ');
    const std::string value = pair.substr(equals + 1);
    settings.otlp_headers.emplace_back(name, net::percent_decode(value).value_or(value));
  }
}

Status check_buffer(DaemonSettings& settings) {
  if (settings.buffer_megabytes == 0) {
    struct sysinfo system {};
    if (sysinfo(&system) == 0)
      settings.buffer_megabytes = uint64_t{system.totalram} * system.mem_unit / 100 / (1 << 20);
    settings.buffer_megabytes = std::max(settings.buffer_megabytes, kLeastMegabytes);
  }
  if (settings.buffer_megabytes < kLeastMegabytes)
    return Status(ErrorKind::bad_input, fmt::format("Not enough Buffers Memory Allocated. Min Buffers Memory "
                                                    "required: {} MB.",
                                                    kLeastMegabytes));
  return Status();
}

}  // namespace

Result<DaemonCommand> read_daemon_command(const std::vector<std::string>& arguments,
                                          const Environment& environment, std::string_view usual_host) {
  CLEW_ASSIGN(const CommandLine line, read_flags(words_of(arguments)));
  DaemonCommand command{.kind = line.kind, .settings = {}};
  if (line.kind != DaemonCommand::Kind::run) return command;
  DaemonSettings& settings = command.settings;
  settings.udp_address = settings.tcp_address = fmt::format("{}:2000", usual_host);
  std::optional<std::string> file = line.file;
  for (const char* usual : {"/etc/amazon/xray/cfg.yaml", "cfg.yaml"}) {
    if (!file && access(usual, R_OK) == 0) file = usual;
  }
  if (file) CLEW_TRY(read_file(*file, settings));
  for (const GivenFlag& given : line.flags)
    CLEW_TRY(given.flag->set(settings, given.value).within("-" + std::string(given.flag->name)));
  find_credentials(settings, environment);
  find_region(settings, environment);
  find_endpoint(settings, environment);
  find_otlp_headers(settings, environment);
  CLEW_TRY(check_buffer(settings));
  if (!settings.role_arn.empty())
    settings.notes.push_back("Roles are not assumed: the credentials found are used as they are, not " +
                             settings.role_arn);
  if (!settings.proxy_address.empty())
    settings.notes.push_back("Proxies are not used: requests go straight to the endpoint, not by " +
                             settings.proxy_address);
  return command;
}

std::string daemon_help() {
  std::string text = "Usage: xray [flags]        (or: clew daemon [flags])\n\n";
  for (const Flag& flag : kFlags) {
    const std::string letter = flag.letter.empty() ? "   " : fmt::format("-{},", flag.letter);
    text += fmt::format("  {} --{:<15} {}\n", letter, flag.name, flag.help);
  }
  return text +
         "  -c, --config          Read this cfg.yaml (/etc/amazon/xray/cfg.yaml, ./cfg.yaml)\n"
         "  -v, --version         Print the version\n"
         "  -h, --help            Print this\n";
}

}  // namespace clew::xray
