// Board: saved questions and text, arranged side by side. Kept as a record in the shape that Honeycomb's
// boards have, so that there is one kind of board whichever door it is reached through.
#pragma once

#include <string>
#include <string_view>

#include "base/json_value.h"
#include "base/time.h"
#include "protocols/clew/call.h"

namespace clew::api {

constexpr std::string_view kBoardRecords = "honeycomb.boards";
constexpr size_t kMostBoards = 10'000;

struct BoardOrFault {
  JsonValue board;  // an object: name, description, type, panels
  Status status;
  Fault fault;
};

// The body of a request that makes or replaces a board: nothing in it that a board has not, all of a bearable
// size.
BoardOrFault read_board(std::string_view body);

// `board` as the next state of `before` (null for a new one): who it is and when it was made stay, members
// that only other doors know of stay, too.
JsonValue board_after(const JsonValue& before, JsonValue board, std::string_view id, UnixNanos now);

// 11 letters and digits, without those that look alike.
std::string new_board_id();

}  // namespace clew::api
