#include "protocols/clew/board.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/rand.h>

#include "base/log.h"

namespace clew::api {
namespace {

constexpr std::array<std::string_view, 3> kMembers = {"name", "description", "panels"};
constexpr size_t kLongestName = 255;
constexpr size_t kLongestDescription = 1024;
constexpr size_t kMostPanels = 200;
constexpr size_t kLongestText = 10'000;
constexpr size_t kLongestQuery = 65'536;
constexpr double kMostColumns = 24;
constexpr double kMostRows = 10'000;

// Collects the first fault.
struct Reader {
  Status status;
  std::string field;

  bool fail(std::string_view where, std::string sentence) {
    if (!status.ok()) return false;
    field = where;
    status = Status(ErrorKind::bad_input, std::string(where) + " " + std::move(sentence));
    return false;
  }
  bool text(const JsonValue& object, const std::string& path, std::string_view name, size_t longest,
            bool is_required) {
    const std::string where = path.empty() ? std::string(name) : path + "." + std::string(name);
    const JsonValue* value = object.find(name);
    if (value == nullptr) return is_required ? fail(where, "is missing") : true;
    if (value->string() == nullptr) return fail(where, "must be a string");
    if (is_required && value->string()->empty()) return fail(where, "must not be empty");
    if (value->string()->size() > longest)
      return fail(where, fmt::format("is longer than {} bytes", longest));
    return true;
  }
  bool number(const JsonValue& object, const std::string& path, std::string_view name, double least,
              double most) {
    const JsonValue* value = object.find(name);
    const std::optional<double> number = value == nullptr ? std::nullopt : value->number();
    if (number && *number >= least && *number <= most) return true;
    return fail(path + "." + std::string(name), fmt::format("must be a number from {} to {}", least, most));
  }
  bool panel(const JsonValue& panel, const std::string& path) {
    if (panel.object() == nullptr) return fail(path, "must be an object");
    const JsonValue* type = panel.find("type");
    const std::string* word = type == nullptr ? nullptr : type->string();
    if (word == nullptr || (*word != "query" && *word != "text" && *word != "slo"))
      return fail(path + ".type", "must be query, text or slo");
    if (const JsonValue* position = panel.find("position")) {
      const std::string place = path + ".position";
      if (position->object() == nullptr) return fail(place, "must be an object");
      if (!number(*position, place, "x_coordinate", 0, kMostColumns) ||
          !number(*position, place, "y_coordinate", 0, kMostRows) ||
          !number(*position, place, "width", 1, kMostColumns) ||
          !number(*position, place, "height", 1, kMostRows))
        return false;
    }
    const std::string inside = path + "." + *word + "_panel";
    const JsonValue* content = panel.find(*word + "_panel");
    if (content == nullptr || content->object() == nullptr) return fail(inside, "must be an object");
    if (*word == "text") return text(*content, inside, "content", kLongestText, true);
    if (*word == "slo") return text(*content, inside, "slo_id", kLongestName, true);
    // A question by its text, or the id that Honeycomb's API gave to one.
    return text(*content, inside, "query", kLongestQuery, content->find("query_id") == nullptr) &&
           text(*content, inside, "query_id", kLongestName, false);
  }
  bool board(const JsonValue& board) {
    if (board.object() == nullptr) return fail("", "The body must be a JSON object with name and panels");
    for (const JsonValue::Member& member : *board.object()) {
      if (std::find(kMembers.begin(), kMembers.end(), member.name) == kMembers.end())
        return fail(member.name, "is nothing that a board has: name, description, panels");
    }
    if (!text(board, "", "name", kLongestName, true) ||
        !text(board, "", "description", kLongestDescription, false))
      return false;
    const JsonValue* panels = board.find("panels");
    if (panels == nullptr) return true;
    if (panels->array() == nullptr) return fail("panels", "must be an array");
    if (panels->array()->size() > kMostPanels)
      return fail("panels", fmt::format("must be at most {}", kMostPanels));
    for (size_t i = 0; i < panels->array()->size(); ++i) {
      if (!panel((*panels->array())[i], fmt::format("panels[{}]", i))) return false;
    }
    return true;
  }
};

}  // namespace

BoardOrFault read_board(std::string_view body) {
  Result<JsonValue> parsed = parse_json(body, 32);
  if (!parsed.ok()) return {{}, std::move(parsed).status(), {}};
  Reader reader;
  if (!reader.board(*parsed)) {
    Fault fault;
    fault.field = reader.field;
    return {{}, std::move(reader.status), std::move(fault)};
  }
  return {std::move(parsed).value(), {}, {}};
}

JsonValue board_after(const JsonValue& before, JsonValue board, std::string_view id, UnixNanos now) {
  JsonValue after = before.object() != nullptr ? before : JsonValue(JsonValue::Object{});
  after["id"] = JsonValue(id);
  if (after.find("type") == nullptr) after["type"] = JsonValue("flexible");
  for (const std::string_view name : kMembers) {
    after.take(name);
    if (std::optional<JsonValue> value = board.take(name)) after[name] = std::move(*value);
  }
  if (after.find("panels") == nullptr) after["panels"] = JsonValue(JsonValue::Array{});
  if (after.find("created_at") == nullptr) after["created_at"] = JsonValue(to_rfc3339(now));
  after["updated_at"] = JsonValue(to_rfc3339(now));
  return after;
}

std::string new_board_id() {
  constexpr std::string_view kAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  std::array<uint8_t, 11> random;
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    bug("no random numbers from the system");
  std::string id;
  for (const uint8_t byte : random) id += kAlphabet[byte % kAlphabet.size()];
  return id;
}

}  // namespace clew::api
