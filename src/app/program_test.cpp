#include "app/program.h"

#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/subcommands.h"

namespace clew::app {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Outcome {
  int exit_code;
  std::string out, err;
};

Outcome run(const std::vector<std::string>& arguments, std::map<std::string, std::string> environment = {}) {
  std::ostringstream out, err;
  Surroundings surroundings{.out = out, .err = err, .environment = std::move(environment)};
  const int exit_code = run_program(arguments, surroundings);
  return {exit_code, out.str(), err.str()};
}

TEST(Program, WithoutACommandExplainsItself) {
  const Outcome outcome = run({});
  EXPECT_EQ(outcome.exit_code, kDone);
  EXPECT_EQ(outcome.out, run({"--help"}).out);
  EXPECT_THAT(outcome.out, StartsWith("clew keeps the traces, logs and metrics of your applications"));
  for (const Subcommand& subcommand : all_subcommands()) {
    EXPECT_THAT(outcome.out, HasSubstr("\n  " + std::string(subcommand.name) + " "));
    EXPECT_THAT(outcome.out, HasSubstr(std::string(subcommand.summary)));
  }
}

TEST(Program, EveryCommandHasHelpWithExamplesThatFitsATerminal) {
  for (const Subcommand& subcommand : all_subcommands()) {
    const Outcome outcome = run({std::string(subcommand.name), "--help"});
    EXPECT_EQ(outcome.exit_code, kDone);
    if (subcommand.name == "daemon") continue;  // it looks like the daemon it takes the place of
    EXPECT_THAT(outcome.out, HasSubstr("\nUsage: clew " + std::string(subcommand.name)));
    EXPECT_THAT(outcome.out, HasSubstr("\n  clew "));
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 102u) << line;
  }
}

TEST(Program, HelpLooksLikeThis) {
  EXPECT_EQ(
      run({"keys", "--help"}).out,
      "Create, list and disable API keys. Without any key clew admits every request, but listens on this\n"
      "machine only. A key belongs to an environment and sees the data of that environment only. A running\n"
      "server notices changes within a second.\n"
      "\n"
      "Usage: clew keys COMMAND [OPTION…]\n"
      "\n"
      "Commands:\n"
      "  create   Make a key and print it, once\n"
      "  list     Show the keys; their values cannot be shown\n"
      "  disable  Turn a key away from now on\n"
      "\n"
      "Examples:\n"
      "  clew keys create --name laptop --data /var/lib/clew\n"
      "  clew keys create --name shop --environment production\n"
      "  clew keys create --name old --key $HONEYCOMB_API_KEY     applications keep the key they have\n"
      "  clew keys create --name edge --kind ingest       it may send, and ask nothing\n"
      "  clew keys create --aws --name daemon             AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n"
      "  clew keys list\n"
      "  clew keys disable laptop\n");
  EXPECT_EQ(run({"keys", "disable", "--help"}).out.substr(0, 300),
            run({"keys", "disable", "-h"}).out.substr(0, 300));
}

TEST(Program, HelpIsACommandToo) {
  EXPECT_EQ(run({"help"}).out, run({"--help"}).out);
  EXPECT_EQ(run({"help", "keys", "create"}).out, run({"keys", "create", "--help"}).out);
}

TEST(Program, TheVersionIsToldAsElsewhere) {
  EXPECT_EQ(run({"--version"}).out, run({"version"}).out);
  EXPECT_EQ(run({"-V"}).exit_code, kDone);
}

TEST(Program, ACommandWithCommandsOfItsOwnShowsItsOptionsToo) {
  const Outcome outcome = run({"collect", "--help"});
  EXPECT_THAT(outcome.out, HasSubstr("Usage: clew collect [COMMAND] [OPTION…]"));
  EXPECT_THAT(outcome.out, HasSubstr("\n  validate "));
  EXPECT_THAT(outcome.out, HasSubstr("\n  --config FILE "));
}

TEST(Program, MistakesAreOneSentenceWithARemedy) {
  struct Case {
    std::vector<std::string> arguments;
    const char* complaint;
  };
  for (const Case& c :
       {Case{{"konfig"}, "clew: unknown command 'konfig'; did you mean config?"},
        Case{{"frobnicate"}, "clew: unknown command 'frobnicate'"},
        Case{{"config", "--retenton", "7d"},
             "clew config: unknown option --retenton; did you mean --retention?"},
        Case{{"config", "--retenton=7d"},
             "clew config: unknown option --retenton=7d; did you mean --retention?"},
        Case{{"config", "--port", "80"},
             "clew config: unknown option --port; here it is --listen 127.0.0.1:PORT"},
        Case{{"query", "COUNT", "--since=1h"},
             "clew query: unknown option --since=1h; here it is --from -1h"},
        Case{{"config", "more"}, "clew config: unexpected 'more'"},
        Case{{"config", "--retention"}, "clew config: --retention"},
        Case{{"config", "--retention", "x"},
             "clew config: --retention: expected 30d, 12h or forever, got 'x'"},
        Case{{"keys", "disabel", "x"}, "clew keys: unknown command 'disabel'; did you mean disable?"},
        Case{{"keys", "disable"}, "clew keys disable: KEY is required"}}) {
    const Outcome outcome = run(c.arguments);
    EXPECT_EQ(outcome.exit_code, kMisused) << c.complaint;
    EXPECT_THAT(outcome.err, StartsWith(c.complaint));
    EXPECT_EQ(outcome.out, "");
  }
}

TEST(Program, ConfigShowsEachValueWithItsSource) {
  const Outcome outcome = run({"config", "--listen", "127.0.0.1:1", "--listen", "127.0.0.1:2", "--quiet"},
                              {{"CLEW_RETENTION", "7d"}});
  EXPECT_EQ(outcome.exit_code, kDone) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("\nretention: 7d                            # CLEW_RETENTION\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\nmax_disk: 50GB                           # default\n"));
  EXPECT_THAT(
      outcome.out,
      HasSubstr("\nlisten:                                  # --listen\n  - 127.0.0.1:1\n  - 127.0.0.1:2\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\nquiet: true                              # --quiet\n"));
}

class KeysCommand : public testing::Test {
 protected:
  KeysCommand() {
    std::string pattern = testing::TempDir() + "clew-program-XXXXXX";
    data_ = mkdtemp(pattern.data());
  }
  ~KeysCommand() override { std::filesystem::remove_all(data_); }
  std::string data_;
};

TEST_F(KeysCommand, CreatesListsAndDisables) {
  const Outcome none = run({"keys", "list", "--data", data_});
  EXPECT_THAT(none.out, StartsWith("No keys"));
  const Outcome created =
      run({"keys", "create", "--name", "laptop", "--environment", "Staging", "--data", data_});
  EXPECT_EQ(created.exit_code, kDone) << created.err;
  EXPECT_THAT(created.out, HasSubstr("Environment 'Staging' is new."));
  EXPECT_THAT(created.out, HasSubstr("export OTEL_EXPORTER_OTLP_HEADERS=x-honeycomb-team=hcaik_"));
  EXPECT_THAT(created.out, HasSubstr("from now on every request needs one"));
  const Outcome second = run({"keys", "create", "--name", "old", "--key", "abc", "--data", data_});
  EXPECT_THAT(second.out, Not(HasSubstr("from now on")));
  const Outcome disabled = run({"keys", "disable", "old"}, {{"CLEW_DATA", data_}});
  EXPECT_EQ(disabled.exit_code, kDone) << disabled.err;
  const Outcome list = run({"keys", "list", "--data", data_});
  EXPECT_THAT(list.out, StartsWith("ID "));
  EXPECT_THAT(list.out, HasSubstr("laptop  Staging "));
  const Outcome environments = run({"environments", "--data", data_});
  EXPECT_EQ(environments.out,
            "NUMBER  NAME     SLUG     KEYS\n"
            "     1  default  default     0\n"
            "     2  Staging  staging     1\n");
}

TEST_F(KeysCommand, FailuresAreSentences) {
  struct Case {
    std::vector<std::string> arguments;
    int exit_code;
    std::string complaint;
  };
  run({"keys", "create", "--name", "a", "--key", "abc", "--data", data_});
  for (const Case& c :
       {Case{{"keys", "list", "--data", data_ + "/none"},
             kFailed,
             "clew keys: there is no data directory " + data_ + "/none"},
        Case{{"keys", "disable", "nobody", "--data", data_}, kFailed, "clew keys: no key 'nobody'"},
        Case{{"keys", "create", "--name", "b", "--key", "abc", "--data", data_},
             kFailed,
             "clew keys: this key exists already"},
        Case{{"keys", "create", "--name", "b", "--key", "a b", "--data", data_},
             kMisused,
             "clew keys: a key consists of printable ASCII"}}) {
    const Outcome outcome = run(c.arguments);
    EXPECT_EQ(outcome.exit_code, c.exit_code) << outcome.err;
    EXPECT_THAT(outcome.err, StartsWith(c.complaint));
  }
}

}  // namespace
}  // namespace clew::app
