#include "app/doors.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/greeting.h"
#include "app/port_owner.h"
#include "net/address.h"

namespace clew::app {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Doors, BeyondThisMachineNeedKeysOrInsecure) {
  struct Case {
    ListenAddress door;
    bool keys_required, insecure, opened;
  };
  for (const Case& c : {Case{{"127.0.0.1", 1}, false, false, true}, Case{{"::1", 1}, false, false, true},
                        Case{{"localhost", 1}, false, false, true}, Case{{"0.0.0.0", 1}, false, false, false},
                        Case{{"::", 1}, false, false, false}, Case{{"192.0.2.1", 1}, false, false, false},
                        Case{{"0.0.0.0", 1}, true, false, true}, Case{{"0.0.0.0", 1}, false, true, true}}) {
    const Status status =
        check_doors({{"127.0.0.1", 2}, c.door},
                    {.keys_required = c.keys_required, .insecure = c.insecure, .data = "/data"});
    EXPECT_EQ(status.ok(), c.opened) << c.door.text();
    if (!status.ok()) {
      EXPECT_EQ(status.message(),
                "will not listen on " + c.door.text() +
                    ": other machines could reach it, and without keys anyone could read and write. "
                    "Make a key with 'clew keys create --data /data', or say --insecure if you trust "
                    "the network");
    }
  }
}

TEST(Doors, ATakenOneIsLeftOutOrRefused) {
  const auto listeners = net::listen_on("127.0.0.1:0");
  ASSERT_TRUE(listeners.ok());
  const ListenAddress taken{"127.0.0.1", listeners->front().port}, any{"127.0.0.1", 0};
  const std::string by = taken.text() + " is taken by ";

  const auto named = free_doors({any, taken}, DoorsAre::named_by_operator);
  ASSERT_FALSE(named.ok());
  EXPECT_THAT(std::string(named.status().message()), HasSubstr(by));
  EXPECT_THAT(std::string(named.status().message()), HasSubstr("(process " + std::to_string(getpid()) + ")"));

  const auto usual = free_doors({any, taken}, DoorsAre::the_usual);
  ASSERT_TRUE(usual.ok());
  EXPECT_EQ(usual->doors, std::vector<ListenAddress>{any});
  ASSERT_EQ(usual->notes.size(), 1u);
  EXPECT_THAT(usual->notes[0], HasSubstr(by));
  EXPECT_THAT(usual->notes[0], HasSubstr("going on without that door"));

  const auto none = free_doors({taken, taken}, DoorsAre::the_usual);
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(std::string(none.status().message()), HasSubstr("all the usual doors are taken"));
}

TEST(Doors, APortThatNobodyHoldsHasNoOwner) {
  uint16_t port = 0;
  {
    const auto listeners = net::listen_on("127.0.0.1:0");
    ASSERT_TRUE(listeners.ok());
    port = listeners->front().port;
    EXPECT_TRUE(owner_of_port(port).has_value());
  }
  EXPECT_EQ(owner_of_port(port), std::nullopt);
}

TEST(Greeting, SaysWhereToLookAndWhatToSet) {
  const EffectiveSettings settings = *resolve_settings({});
  const OpenDoors open{.doors = settings.configuration.listen, .tls = false, .keys_required = false};
  EXPECT_EQ(greeting(settings, open).substr(greeting(settings, open).find('\n')),
            "\n"
            "\n"
            "  Look here    http://127.0.0.1:2539\n"
            "\n"
            "  In an application, then start it:\n"
            "\n"
            "    export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318\n"
            "    export OTEL_SERVICE_NAME=my-service\n"
            "\n"
            "  Doors        127.0.0.1:2539  page and API\n"
            "               127.0.0.1:4317  OTLP over gRPC\n"
            "               127.0.0.1:4318  OTLP over HTTP\n"
            "  Data         ./clew-data (choose another with --data), kept for 30d, at most 50 GB\n"
            "  Keys         none needed on this machine\n"
            "\n"
            "Every door takes HTTP and gRPC. Ctrl-C stops.\n");
}

TEST(Greeting, WithKeysTlsAndOtherMachines) {
  const EffectiveSettings settings = *resolve_settings({});
  const OpenDoors open{.doors = {{"0.0.0.0", 8443}}, .tls = true, .keys_required = true};
  const std::string text = greeting(settings, open);
  EXPECT_THAT(text, HasSubstr("Look here    https://127.0.0.1:8443\n"));
  EXPECT_THAT(text, HasSubstr("export OTEL_EXPORTER_OTLP_HEADERS=x-honeycomb-team=YOUR_KEY\n"));
  EXPECT_THAT(text, HasSubstr("every request needs one"));
  EXPECT_THAT(text, Not(HasSubstr("OTEL_EXPORTER_OTLP_ENDPOINT=https://0.0.0.0")));
}

}  // namespace
}  // namespace clew::app
