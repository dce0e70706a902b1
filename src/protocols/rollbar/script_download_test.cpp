#include "protocols/rollbar/script_download.h"

#include <gtest/gtest.h>

namespace clew::rollbar {
namespace {

TEST(ScriptDownload, the_last_comment_of_a_script_names_its_map) {
  EXPECT_EQ(source_mapping_url("f()\n//# sourceMappingURL=app.min.js.map\n"), "app.min.js.map");
  EXPECT_EQ(source_mapping_url("//# sourceMappingURL=lib.map\nf();\n//@ sourceMappingURL=app.map"),
            "app.map");
  EXPECT_EQ(source_mapping_url("f()/*# sourceMappingURL=/maps/app.map */"), "/maps/app.map");
  EXPECT_EQ(source_mapping_url("const text = 'sourceMappingURL=no';"), "");
  EXPECT_EQ(source_mapping_url("//# sourceMappingURL=app.map\nconst text = 'sourceMappingURL=no';"),
            "app.map");
  EXPECT_EQ(source_mapping_url(""), "");
  EXPECT_EQ(source_mapping_url("sourceMappingURL=x"), "");
}

TEST(ScriptDownload, a_relative_address_is_seen_from_the_script) {
  constexpr std::string_view kScript = "https://shop.example:8443/static/js/app.min.js?v=7";
  EXPECT_EQ(resolved_url(kScript, "app.map"), "https://shop.example:8443/static/js/app.map");
  EXPECT_EQ(resolved_url(kScript, "./app.map"), "https://shop.example:8443/static/js/app.map");
  EXPECT_EQ(resolved_url(kScript, "../maps/app.map"), "https://shop.example:8443/static/maps/app.map");
  EXPECT_EQ(resolved_url(kScript, "../../../../app.map"), "https://shop.example:8443/app.map");
  EXPECT_EQ(resolved_url(kScript, "/app.map"), "https://shop.example:8443/app.map");
  EXPECT_EQ(resolved_url(kScript, "//cdn.example/app.map"), "https://cdn.example/app.map");
  EXPECT_EQ(resolved_url(kScript, "http://cdn.example/app.map"), "http://cdn.example/app.map");
  EXPECT_EQ(resolved_url("https://shop.example", "app.map"), "https://shop.example/app.map");
}

TEST(ScriptDownload, nothing_is_fetched_from_hosts_that_were_not_named) {
  ScriptDownload none({});
  EXPECT_EQ(none.map_of("http://127.0.0.1:1/app.js").status().kind(), ErrorKind::forbidden);
  ScriptDownload some({"cdn.example"});
  EXPECT_EQ(some.map_of("http://169.254.169.254/app.js").status().kind(), ErrorKind::forbidden);
  EXPECT_EQ(some.map_of("http://cdn.example:8080/app.js").status().kind(), ErrorKind::forbidden);
  EXPECT_EQ(some.map_of("file:///etc/passwd").status().kind(), ErrorKind::bad_input);
}

}  // namespace
}  // namespace clew::rollbar
