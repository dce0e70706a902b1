// Boards: listed, made, read, replaced, taken away.

#include "control/records.h"
#include "protocols/clew/board.h"
#include "protocols/clew/endpoints.h"

namespace clew::api {
namespace {

Status none_of_that_id(std::string_view id) {
  return {ErrorKind::not_found, "There is no board " + std::string(id.substr(0, 100))};
}

std::string id_in(const Call& call) {
  return call.request.parameter("board_id").value_or(std::string());
}

// With a number for `panels`, in a list.
void write_in_list(JsonWriter& json, const control::Record& record) {
  const Result<JsonValue> board = parse_json(record.body);
  const auto text = [&](std::string_view name) {
    const JsonValue* value = board.ok() ? board->find(name) : nullptr;
    return value == nullptr || value->string() == nullptr ? std::string() : *value->string();
  };
  const JsonValue* panels = board.ok() ? board->find("panels") : nullptr;
  json.begin_object().key("id").string(record.name);
  json.key("name").string(text("name")).key("description").string(text("description"));
  json.key("panels").integer(panels == nullptr || panels->array() == nullptr ? size_t{0}
                                                                             : panels->array()->size());
  json.time_members("modified", record.modified).end_object();
}

net::Response shown(const JsonValue& board) {
  JsonWriter writer;
  board.write(writer);
  return json(std::move(writer));
}

}  // namespace

net::Response answer_boards(const Call& call) {
  const Result<std::vector<control::Record>> records =
      call.options().records->list(call.environment, kBoardRecords);
  if (!records.ok()) return refusal(records.status());
  JsonWriter writer;
  writer.begin_object().key("boards").begin_array();
  for (const control::Record& record : *records) write_in_list(writer, record);
  return json(std::move(writer.end_array().end_object()));
}

net::Response answer_board(const Call& call) {
  const auto record = call.options().records->find(call.environment, kBoardRecords, id_in(call));
  if (!record.ok()) return refusal(record.status());
  if (!*record) return refusal(none_of_that_id(id_in(call)));
  const Result<JsonValue> board = parse_json((*record)->body);
  return board.ok() ? shown(*board) : refusal(board.status());
}

net::Response answer_new_board(const Call& call) {
  BoardOrFault asked = read_board(call.request.body.view());
  if (!asked.status.ok()) return refusal(asked.status, asked.fault);
  const std::string id = new_board_id();
  const JsonValue board = board_after(JsonValue(), std::move(asked.board), id, call.now);
  const Status made =
      call.options().records->create(call.environment, kBoardRecords, id, board.text(), kMostBoards);
  return made.ok() ? shown(board) : refusal(made);
}

net::Response answer_changed_board(const Call& call) {
  BoardOrFault asked = read_board(call.request.body.view());
  if (!asked.status.ok()) return refusal(asked.status, asked.fault);
  JsonValue board;
  const Result<control::Record> changed = call.options().records->change(
      call.environment, kBoardRecords, id_in(call), [&](const std::string& before) -> Result<std::string> {
        CLEW_ASSIGN(const JsonValue known, parse_json(before));
        board = board_after(known, asked.board, id_in(call), call.now);
        return board.text();
      });
  if (changed.ok()) return shown(board);
  return refusal(changed.status().kind() == ErrorKind::not_found ? none_of_that_id(id_in(call))
                                                                 : changed.status());
}

net::Response answer_removed_board(const Call& call) {
  const Result<bool> removed = call.options().records->remove(call.environment, kBoardRecords, id_in(call));
  if (!removed.ok()) return refusal(removed.status());
  if (!*removed) return refusal(none_of_that_id(id_in(call)));
  JsonWriter writer;
  writer.begin_object().key("removed").boolean(true);
  return json(std::move(writer.end_object()));
}

}  // namespace clew::api
