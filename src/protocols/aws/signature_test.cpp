#include "protocols/aws/signature.h"

#include <gtest/gtest.h>

namespace clew::aws {
namespace {

// The worked example of AWS's documentation of Signature Version 4 (IAM ListUsers).
constexpr std::string_view kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr std::string_view kExampleSignature =
    "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";
constexpr UnixNanos kExampleTime{1440938160'000'000'000};  // 20150830T123600Z

net::Headers example_headers() {
  return {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"},
          {"host", "iam.amazonaws.com"},
          {"x-amz-date", "20150830T123600Z"}};
}

Authorization parsed(std::string_view header) {
  auto parsed = parse_authorization(header);
  EXPECT_TRUE(std::holds_alternative<Authorization>(parsed)) << std::get<Error>(parsed).message;
  return std::get<Authorization>(parsed);
}

std::string example_authorization() {
  return "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
         "SignedHeaders=content-type;host;x-amz-date, Signature=" +
         std::string(kExampleSignature);
}

TEST(Signature, AgreesWithTheDocumentedExample) {
  const net::Headers headers = example_headers();
  const SignedParts parts{"GET", "/", "Action=ListUsers&Version=2010-05-08", headers, ""};
  EXPECT_EQ(check_signature(parts, parsed(example_authorization()), kSecret, kExampleTime), std::nullopt);
}

TEST(Signature, WhatIsSignedHereIsAcceptedHere) {
  net::Headers headers = {{"host", "localhost:2539"}, {"content-type", "application/json"}};
  const Credentials credentials{"AKIDEXAMPLE", std::string(kSecret), "token"};
  const SignedParts unsigned_parts{"POST", "/v1/a b/c", "b=2&a=%20x", headers, R"({"a":1})"};
  for (auto& header : signature_headers(unsigned_parts, credentials, "eu-west-1", "xray", kExampleTime))
    headers.push_back(header);
  const SignedParts parts{"POST", "/v1/a b/c", "b=2&a=%20x", headers, R"({"a":1})"};
  const Authorization authorization = parsed(*net::find_header(headers, "authorization"));
  EXPECT_EQ(authorization.access_key, "AKIDEXAMPLE");
  EXPECT_EQ(authorization.region, "eu-west-1");
  EXPECT_EQ(authorization.service, "xray");
  EXPECT_EQ(check_signature(parts, authorization, kSecret, kExampleTime + seconds(200)), std::nullopt);

  const SignedParts other_body{"POST", "/v1/a b/c", "b=2&a=%20x", headers, R"({"a":2})"};
  EXPECT_EQ(check_signature(other_body, authorization, kSecret, kExampleTime)->type,
            "InvalidSignatureException");
  EXPECT_EQ(check_signature(parts, authorization, "another secret", kExampleTime)->type,
            "InvalidSignatureException");
}

TEST(Signature, AClockThatIsFarOffIsTold) {
  const net::Headers headers = example_headers();
  const SignedParts parts{"GET", "/", "Action=ListUsers&Version=2010-05-08", headers, ""};
  const Authorization authorization = parsed(example_authorization());
  const auto late = check_signature(parts, authorization, kSecret, kExampleTime + seconds(600));
  EXPECT_EQ(
      late->message,
      "Signature expired: 20150830T123600Z is now earlier than 20150830T124100Z (20150830T124600Z - 5 min.)");
  const auto early = check_signature(parts, authorization, kSecret, kExampleTime - seconds(600));
  EXPECT_EQ(
      early->message,
      "Signature not yet current: 20150830T123600Z is still later than 20150830T123100Z (20150830T122600Z + "
      "5 min.)");
}

TEST(Signature, HeadersThatAreNoAuthorizationAreRefused) {
  for (const char* header : {
           "",
           "Bearer abc",
           "AWS4-HMAC-SHA256",
           "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host",
           "AWS4-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=00",
           "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=00",
           "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=x-amz-date, Signature=00",
       })
    EXPECT_TRUE(std::holds_alternative<Error>(parse_authorization(header))) << header;
}

TEST(Signature, ADateThatIsNoneIsRefused) {
  for (const char* date : {"", "20150830", "20150830T256000Z", "20151330T123600Z", "99990830T123600Z"}) {
    net::Headers headers = example_headers();
    headers[2].second = date;
    const SignedParts parts{"GET", "/", "", headers, ""};
    EXPECT_TRUE(check_signature(parts, parsed(example_authorization()), kSecret, kExampleTime)) << date;
  }
}

}  // namespace
}  // namespace clew::aws
