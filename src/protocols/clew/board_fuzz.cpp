#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/clew/board.h"

// Any bytes as the body: a board that reads the same again, or a sentence.
CLEW_FUZZ(api_board) {
  const clew::api::BoardOrFault asked = clew::api::read_board(bytes);
  if (!asked.status.ok()) {
    if (asked.status.message().empty()) clew::bug("a refusal without a sentence");
    return;
  }
  if (!clew::api::read_board(asked.board.text()).status.ok())
    clew::bug("a board is refused as it was written");
}
