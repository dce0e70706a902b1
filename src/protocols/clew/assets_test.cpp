#include "protocols/clew/assets.h"

#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "base/compression.h"

namespace clew::api {
namespace {

net::Request get(std::string path, net::Headers headers = {}) {
  net::Request request;
  request.method = "GET";
  request.path = std::move(path);
  request.headers = std::move(headers);
  return request;
}

TEST(Assets, the_page_and_the_description_are_in_the_binary) {
  ASSERT_NE(find_asset("/index.html"), nullptr);
  ASSERT_NE(find_asset("/openapi.yaml"), nullptr);
  EXPECT_EQ(find_asset("/nothing"), nullptr);
  std::ifstream file("docs/api/openapi.yaml");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(description_response(get("/")).body, text.str());
}

TEST(Assets, each_unpacks_and_has_an_etag_of_its_own) {
  std::set<std::string_view> etags;
  for (const Asset& asset : all_assets()) {
    EXPECT_TRUE(decompress(Compression::gzip, asset.gzip(), 64 << 20).ok()) << asset.path;
    EXPECT_TRUE(etags.insert(asset.etag).second) << asset.path;
    EXPECT_TRUE(asset.etag.starts_with('"') && asset.etag.ends_with('"')) << asset.path;
  }
}

TEST(Assets, encodings) {
  struct Case {
    const char* accepted;
    bool gzip;
  };
  const Case cases[] = {{"gzip", true},      {"br, gzip;q=0.5", true}, {"deflate, gzip, br", true},
                        {"identity", false}, {"gzip;q=0", false},      {"gzip;q=0, br", false},
                        {"", false}};
  for (const Case& c : cases) {
    const net::Response response = page_response(get("/", {{"accept-encoding", c.accepted}}));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(net::find_header(response.headers, "content-encoding").has_value(), c.gzip) << c.accepted;
    EXPECT_EQ(looks_gzipped(response.body), c.gzip) << c.accepted;
  }
}

TEST(Assets, what_the_client_has_is_not_sent_again) {
  const std::string etag(find_asset("/index.html")->etag);
  for (const std::string& known : {etag, "W/" + etag, "\"other\", " + etag, std::string("*")}) {
    const net::Response response = page_response(get("/", {{"if-none-match", known}}));
    EXPECT_EQ(response.status, 304) << known;
    EXPECT_EQ(response.body, "") << known;
  }
  EXPECT_EQ(page_response(get("/", {{"if-none-match", "\"other\""}})).status, 200);
}

TEST(Assets, the_fallback_serves_pages_to_people_and_nothing_to_programs) {
  struct Case {
    const char* situation;
    const char* method;
    const char* path;
    const char* accept;
    bool served;
  };
  const Case cases[] = {
      {"deep link", "GET", "/query", "text/html,application/xhtml+xml", true},
      {"deep link, head", "HEAD", "/query", "text/html", true},
      {"a file of the page", "GET", "/index.html", "*/*", true},
      {"a program", "GET", "/query", "*/*", false},
      {"a form sent", "POST", "/query", "text/html", false},
      {"an address of the API in the browser", "GET", "/clew/v1/nothing", "text/html", false},
      {"OTLP in the browser", "GET", "/v1/trace", "text/html", false},
      {"an old file of the page", "GET", "/assets/app-0000000.js", "text/html", false},
  };
  for (const Case& c : cases) {
    net::Request request = get(c.path, {{"accept", c.accept}});
    request.method = c.method;
    EXPECT_EQ(page_fallback(request).has_value(), c.served) << c.situation;
  }
}

TEST(Assets, the_page_may_load_from_this_server_only) {
  const net::Response response = page_response(get("/"));
  const auto policy = net::find_header(response.headers, "content-security-policy");
  ASSERT_TRUE(policy.has_value());
  EXPECT_TRUE(policy->starts_with("default-src 'self';"));
  EXPECT_EQ(policy->find("unsafe"), std::string_view::npos);
  EXPECT_EQ(net::find_header(response.headers, "x-content-type-options"), "nosniff");
}

}  // namespace
}  // namespace clew::api
