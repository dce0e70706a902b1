// MemberHomes: which member of a segment document is kept as which attribute. The one table that both
// directions of the translation read. docs/compat/xray.md lists it for users.
//
// A member that is in the table and of the kind the table names moves to its attribute. Everything else of a
// document stays together as one JSON text, the remainder, so that a document read back equals the one sent.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "telemetry/semantic_names.h"

namespace clew::xray {

enum class MemberKind : uint8_t { text, integer, boolean, json };  // json: of any kind, kept as JSON text
// Members of subsegments never move to the resource: it is their segment's.
enum class HomeScope : uint8_t { span, resource };

struct MemberHome {
  std::string_view path;  // "http.request.method"; names of members have no dots
  MemberKind kind;
  HomeScope scope;
  std::string_view attribute;
};

std::span<const MemberHome> all_member_homes();

// Attributes with a meaning of their own.
namespace attribute {
// What a span was in X-Ray: "segment", "subsegment" (sent on its own), or "inline" (inside its segment's
// document), followed for inline ones by the members that repeat what its place says already: "inline
// trace_id parent_id type". Absent on spans that came otherwise.
inline constexpr std::string_view kForm = "aws.xray.form";
// Position among the subsegments of the same parent; inline ones only.
inline constexpr std::string_view kPosition = "aws.xray.position";
// The member in_progress, when there is one.
inline constexpr std::string_view kInProgress = names::kInProgress;
// JSON array of the keys of annotations that are attributes under their own names.
inline constexpr std::string_view kAnnotations = "aws.xray.annotations";
// JSON object: the members that have no other home.
inline constexpr std::string_view kRemainder = "aws.xray.remainder";
// All attributes of ours begin with this.
inline constexpr std::string_view kPrefix = "aws.xray.";
}  // namespace attribute

// Whether an annotation of this name would be taken for something else if it became an attribute.
bool is_reserved_attribute(std::string_view name);

}  // namespace clew::xray
