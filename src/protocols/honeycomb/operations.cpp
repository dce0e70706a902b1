#include "protocols/honeycomb/operations.h"

#include <array>

namespace clew::honeycomb {
namespace {

using control::Permission;

constexpr std::array kOperations = {
    Operation{"GET", "/1/auth", {}, at_once<describe_key>},
    Operation{"GET", "/2/auth", {}, at_once<describe_management_key>},

    Operation{"POST", "/1/events/{dataset}", Permission::send_events, post_event},
    Operation{"POST", "/1/batch/{dataset}", Permission::send_events, post_batch},
    Operation{"POST", "/1/kinesis_events/{dataset}", Permission::send_events, post_kinesis_events},
};

}  // namespace

std::span<const Operation> all_operations() {
  return kOperations;
}

}  // namespace clew::honeycomb
