#include "protocols/aws/admission.h"

#include <gtest/gtest.h>

#include "protocols/aws/signature.h"

namespace clew::aws {
namespace {

constexpr UnixNanos kNow{1'795'000'000'000'000'000};

// One AWS key and one clew key; nobody else, or everybody.
class Keys : public control::Access {
 public:
  explicit Keys(bool required) : required_(required) {}
  Result<EnvironmentId> admit(std::optional<std::string_view> key) const override {
    if (!required_) return kDefaultEnvironment;
    if (key == "clew key") return EnvironmentId{3};
    return Status(ErrorKind::unauthenticated, "no");
  }
  std::optional<control::AwsCredential> aws_credential(std::string_view access_key) const override {
    if (!required_ || access_key != "AKIAEXAMPLE") return std::nullopt;
    return control::AwsCredential{.secret = "secret", .environment = {7}};
  }

 private:
  bool required_;
};

net::Request signed_request(const Credentials& credentials, std::string_view service = "xray",
                            UnixNanos at = kNow) {
  net::Request request;
  request.method = "POST";
  request.path = "/TraceSegments";
  request.body = SharedBytes(std::string("{}"));
  request.headers = {{"host", "localhost"}, {"content-type", "application/json"}};
  const SignedParts parts{request.method, request.path, "", request.headers, "{}"};
  for (auto& header : signature_headers(parts, credentials, "eu-west-1", service, at))
    request.headers.push_back(std::move(header));
  return request;
}

std::string outcome(const net::Request& request, bool keys_required, UnixNanos now = kNow) {
  const auto admitted = admit(request, Keys(keys_required), "xray", now);
  if (const auto* error = std::get_if<Error>(&admitted)) return error->type;
  const auto& admission = std::get<Admission>(admitted);
  return std::to_string(admission.environment.number) + " " + admission.region;
}

TEST(AwsAdmission, WithoutKeysEveryoneIsAdmitted) {
  EXPECT_EQ(outcome(net::Request(), false), "1 us-east-1");
  EXPECT_EQ(outcome(signed_request({"AKIAOTHER", "any", ""}), false), "1 eu-west-1");
  net::Request odd;
  odd.headers = {{"authorization", "AWS4-HMAC-SHA256 nonsense"}};
  EXPECT_EQ(outcome(odd, false), "1 us-east-1");
}

TEST(AwsAdmission, WithKeysTheSignatureDecides) {
  const net::Request good = signed_request({"AKIAEXAMPLE", "secret", ""});
  EXPECT_EQ(outcome(good, true), "7 eu-west-1");
  EXPECT_EQ(outcome(signed_request({"AKIAEXAMPLE", "secret", "token"}), true), "7 eu-west-1");
  EXPECT_EQ(outcome(signed_request({"AKIAEXAMPLE", "wrong", ""}), true), "InvalidSignatureException");
  EXPECT_EQ(outcome(signed_request({"AKIAOTHER", "secret", ""}), true), "UnrecognizedClientException");
  EXPECT_EQ(outcome(signed_request({"AKIAEXAMPLE", "secret", ""}, "logs"), true),
            "InvalidSignatureException");
  EXPECT_EQ(outcome(good, true, kNow + seconds(301)), "InvalidSignatureException");
  EXPECT_EQ(outcome(good, true, kNow - seconds(301)), "InvalidSignatureException");
  EXPECT_EQ(outcome(good, true, kNow + seconds(299)), "7 eu-west-1");
  net::Request changed = good;
  changed.body = SharedBytes(std::string("{ }"));
  EXPECT_EQ(outcome(changed, true), "InvalidSignatureException");
}

TEST(AwsAdmission, WithKeysARequestWithoutSignatureIsRefused) {
  EXPECT_EQ(outcome(net::Request(), true), "MissingAuthenticationTokenException");
  net::Request odd;
  odd.headers = {{"authorization", "Bearer x"}};
  EXPECT_EQ(outcome(odd, true), "IncompleteSignatureException");
}

TEST(AwsAdmission, AKeyOfClewWillDoToo) {
  net::Request request;
  request.headers = {{"x-honeycomb-team", "clew key"}};
  EXPECT_EQ(outcome(request, true), "3 us-east-1");
  request.headers = {{"x-honeycomb-team", "another"}};
  EXPECT_EQ(outcome(request, true), "UnrecognizedClientException");
}

TEST(AwsAdmission, WhoMayOnlyAskIsToldApart) {
  class OneKey : public control::Access {
   public:
    explicit OneKey(control::Permissions permissions) { grant_.permissions = permissions; }
    Result<EnvironmentId> admit(std::optional<std::string_view>) const override { return grant_.environment; }
    Result<control::Grant> grant(std::optional<std::string_view>) const override { return grant_; }

   private:
    control::Grant grant_;
  };
  using control::Permission;
  net::Request request;
  request.headers = {{"x-honeycomb-team", "clew key"}};
  const auto only_looks = [&](control::Permissions permissions) {
    return std::get<Admission>(admit(request, OneKey(permissions), "logs", kNow)).only_looks;
  };
  EXPECT_TRUE(only_looks(control::Permissions().set(Permission::run_queries)));
  EXPECT_FALSE(only_looks(control::Permissions().set(Permission::manage_triggers)));
  EXPECT_FALSE(only_looks(control::Permissions::to_send()));
  for (const std::string_view name : {"PutLogEvents", "CreateSamplingRule", "UpdateGroup", "DeleteLogGroup",
                                      "TagResource", "UntagResource"})
    EXPECT_TRUE(changes_something(name)) << name;
  for (const std::string_view name :
       {"GetSamplingRules", "DescribeLogGroups", "StartQuery", "BatchGetTraces"})
    EXPECT_FALSE(changes_something(name)) << name;
}

}  // namespace
}  // namespace clew::aws
