// The functions of Logs Insights that turn a value into another form of it: numbers, hexadecimal digits,
// base64, URLs, lists, IP addresses.
#pragma once

#include "protocols/cloudwatch_logs/insights_functions.h"

namespace clew::cloudwatch_logs::insights {

// Also of "0x1f" and " 12 ".
Value as_number(const Arguments& arguments, const Scope& scope);
Value as_integer(const Arguments& arguments, const Scope& scope);  // of 32 bits
Value as_long(const Arguments& arguments, const Scope& scope);
Value rounded(const Arguments& arguments, const Scope& scope);  // number, digits behind the point

Value decimal_to_hex(const Arguments& arguments, const Scope& scope);
Value hex_to_decimal(const Arguments& arguments, const Scope& scope);
Value hex_to_text(const Arguments& arguments, const Scope& scope);
Value to_base64(const Arguments& arguments, const Scope& scope);
Value from_base64(const Arguments& arguments, const Scope& scope);
Value to_url(const Arguments& arguments, const Scope& scope);
Value from_url(const Arguments& arguments, const Scope& scope);

Value split_text(const Arguments& arguments, const Scope& scope);
Value list_size(const Arguments& arguments, const Scope& scope);
Value list_contains(const Arguments& arguments, const Scope& scope);

Value address_to_number(const Arguments& arguments, const Scope& scope);
// RFC 1918; for IPv6 the unique local addresses.
Value is_private_address(const Arguments& arguments, const Scope& scope);
Value is_public_address(const Arguments& arguments, const Scope& scope);
// What IANA keeps for special purposes, private addresses too.
Value is_reserved_address(const Arguments& arguments, const Scope& scope);

}  // namespace clew::cloudwatch_logs::insights
