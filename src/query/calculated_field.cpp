#include "query/calculated_field.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/base64.h"
#include "base/hex.h"
#include "query/expressions/expression.h"
#include "query/granule_reader.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

using store::ColumnData;
using store::ColumnType;

// Of one field, those that it uses unfolded.
constexpr size_t kMostNodes = 10'000;

class Compiler {
 public:
  explicit Compiler(std::span<const CalculatedField> fields) : fields_(fields) {}

  Result<CompiledField> run(const CalculatedField& field) {
    compiled_.name = field.name;
    CLEW_ASSIGN(compiled_.root, unfold(field));
    return std::move(compiled_);
  }

 private:
  Result<EvaluationNode> unfold(const CalculatedField& field) {
    Result<Expression> parsed = parse_expression(field.expression);
    if (!parsed.ok())
      return Status(ErrorKind::bad_input, fmt::format("{}: {}", field.name, parsed.status().message()));
    open_.push_back(&field);
    CLEW_ASSIGN(EvaluationNode node, node_of(*parsed));
    open_.pop_back();
    return node;
  }

  Result<EvaluationNode> node_of(const Expression& expression) {
    if (++nodes_ > kMostNodes)
      return Status(ErrorKind::bad_input,
                    fmt::format("{}: with all fields that it uses it has more than {} parts", compiled_.name,
                                kMostNodes));
    if (expression.kind == Expression::Kind::column) return column_of(expression);
    EvaluationNode node;
    if (expression.kind == Expression::Kind::literal) {
      node.literal = expression.literal;
      return node;
    }
    node.kind = EvaluationNode::Kind::call;
    node.function = expression.function;
    for (const Expression& argument : expression.arguments) {
      CLEW_ASSIGN(EvaluationNode child, node_of(argument));
      node.arguments.push_back(std::move(child));
    }
    switch (node.function) {
      case Function::event_timestamp:
        node.arguments.push_back(input({std::string(names::kTime), store::Scope::intrinsic}));
        break;
      case Function::ingest_timestamp:
        node.arguments.push_back(input({std::string(names::kObservedTime), store::Scope::intrinsic}));
        node.arguments.push_back(input({std::string(names::kTime), store::Scope::intrinsic}));
        break;
      case Function::reg_match:
      case Function::reg_value:
      case Function::reg_count: {
        re2::RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(1 << 20);
        node.pattern =
            std::make_shared<const re2::RE2>(std::get<std::string>(expression.arguments[1].literal), options);
        break;
      }
      default:
        break;
    }
    return node;
  }

  Result<EvaluationNode> column_of(const Expression& expression) {
    const ColumnName name{expression.column, {}};
    const CalculatedField* field = find_field(name, fields_);
    if (field == nullptr || field == open_.back()) return input(name);
    if (std::find(open_.begin(), open_.end(), field) != open_.end())
      return Status(ErrorKind::bad_input, fmt::format("{}: is computed from itself, by way of {}",
                                                      field->name, open_.back()->name));
    return unfold(*field);
  }

  EvaluationNode input(const ColumnName& name) {
    EvaluationNode node;
    node.kind = EvaluationNode::Kind::input;
    const auto known = std::find(compiled_.inputs.begin(), compiled_.inputs.end(), name);
    node.input = static_cast<size_t>(known - compiled_.inputs.begin());
    if (known == compiled_.inputs.end()) compiled_.inputs.push_back(name);
    return node;
  }

  std::span<const CalculatedField> fields_;
  std::vector<const CalculatedField*> open_;
  CompiledField compiled_;
  size_t nodes_ = 0;
};

Scalar scalar_at(const ColumnData& data, uint32_t row, TextArena& arena) {
  switch (data.type) {
    case ColumnType::int64:
    case ColumnType::duration:
      return Scalar::of(data.integers[row]);
    case ColumnType::time:
      return Scalar::of_time(data.integers[row]);
    case ColumnType::float64:
      return Scalar::of(data.floats[row]);
    case ColumnType::boolean:
      return Scalar::of(data.booleans[row] != 0);
    case ColumnType::trace_id:
    case ColumnType::span_id:
      return arena.keep(hex_of(data.string_at(row)));
    case ColumnType::bytes:
      return arena.keep(base64_encode(data.string_at(row)));
    default:
      return Scalar::of(data.string_at(row));
  }
}

Scalars scalars_of(const ResolvedColumn& pieces, uint32_t rows, TextArena& arena) {
  Scalars scalars;
  if (pieces.empty()) {
    scalars.values.emplace_back();
    scalars.same_for_all = true;
    return scalars;
  }
  scalars.values.resize(rows);
  for (const Piece& piece : pieces) {
    Selection part = Selection::all(rows);
    part.intersect(piece.mask());
    for_each_row(part, [&](uint32_t row) { scalars.values[row] = scalar_at(*piece.data, row, arena); });
  }
  return scalars;
}

// The only input, when it is a text with a dictionary: what each entry gives, and last what none gives.
const ColumnData* only_dictionary(const std::vector<ResolvedColumn>& inputs) {
  if (inputs.size() != 1 || inputs[0].size() != 1) return nullptr;
  const ColumnData& data = *inputs[0][0].data;
  return data.is_dictionary() && data.type == ColumnType::string && data.dictionary.size() < data.rows
             ? &data
             : nullptr;
}

// Texts by code while there are few different ones.
class TextColumn {
 public:
  static constexpr size_t kMostDifferent = 256;

  TextColumn(ColumnData& data, std::shared_ptr<TextArena> arena) : data_(data) {
    owned_->arena = std::move(arena);
    data.codes.resize(data.rows);
  }

  void set(uint32_t row, std::string_view text) {
    if (data_.strings.empty()) {
      if (const auto code = code_of(text)) {
        data_.codes[row] = *code;
        return;
      }
      data_.strings.resize(data_.rows);
      for (uint32_t i = 0; i < data_.rows; ++i) {
        if (data_.has(i)) data_.strings[i] = owned_->dictionary[data_.codes[i]];
      }
      data_.codes.clear();
    }
    data_.strings[row] = text;
  }

  void finish() {
    if (!data_.codes.empty()) data_.dictionary = owned_->dictionary;
    data_.owner = std::move(owned_);
  }

 private:
  struct Owned {
    std::shared_ptr<TextArena> arena;
    std::vector<std::string_view> dictionary;
  };

  std::optional<uint32_t> code_of(std::string_view text) {
    // Literals come by the same pointer again and again.
    if (!owned_->dictionary.empty()) {
      const std::string_view last = owned_->dictionary[last_];
      if (last.data() == text.data() && last.size() == text.size()) return last_;
    }
    const auto [place, is_new] = codes_.try_emplace(text, static_cast<uint32_t>(owned_->dictionary.size()));
    if (is_new) {
      if (owned_->dictionary.size() == kMostDifferent) return std::nullopt;
      owned_->dictionary.push_back(text);
    }
    last_ = place->second;
    return last_;
  }

  ColumnData& data_;
  std::shared_ptr<Owned> owned_ = std::make_shared<Owned>();
  std::unordered_map<std::string_view, uint32_t> codes_;
  uint32_t last_ = 0;
};

size_t place_of(Scalar::Kind kind) {
  switch (kind) {
    case Scalar::Kind::text:
      return 0;
    case Scalar::Kind::integer:
      return 1;
    case Scalar::Kind::real:
      return 2;
    case Scalar::Kind::boolean:
      return 3;
    default:
      return 4;
  }
}

// One column for each type that occurs. `value_of(row)` gives the scalar.
template <typename ValueOf>
std::vector<ColumnData> columns_of(uint32_t rows, const std::shared_ptr<TextArena>& arena,
                                   ValueOf&& value_of) {
  std::array<size_t, std::size(kFieldTypes)> counts{};
  for (uint32_t row = 0; row < rows; ++row) {
    const Scalar& scalar = value_of(row);
    if (!scalar.is_null()) ++counts[place_of(scalar.kind)];
  }
  std::vector<ColumnData> columns;
  for (size_t type = 0; type < counts.size(); ++type) {
    if (counts[type] == 0) continue;
    ColumnData& data = columns.emplace_back();
    data.type = kFieldTypes[type];
    data.rows = rows;
    if (counts[type] != rows) data.present.resize((rows + 63) / 64);
    std::optional<TextColumn> texts;
    if (data.type == ColumnType::string) {
      texts.emplace(data, arena);
    } else if (data.type == ColumnType::float64) {
      data.floats.resize(rows);
    } else if (data.type == ColumnType::boolean) {
      data.booleans.resize(rows);
    } else {
      data.integers.resize(rows);
    }
    for (uint32_t row = 0; row < rows; ++row) {
      const Scalar& scalar = value_of(row);
      if (scalar.is_null() || place_of(scalar.kind) != type) continue;
      if (texts) {
        texts->set(row, scalar.view());
      } else if (data.type == ColumnType::float64) {
        data.floats[row] = scalar.real;
      } else if (data.type == ColumnType::boolean) {
        data.booleans[row] = scalar.boolean ? 1 : 0;
      } else {
        data.integers[row] = scalar.integer;
      }
      if (!data.present.empty()) data.present[row >> 6] |= uint64_t{1} << (row & 63);
    }
    if (texts) texts->finish();
  }
  return columns;
}

}  // namespace

Result<CompiledField> compile_field(const CalculatedField& field, std::span<const CalculatedField> fields) {
  return Compiler(fields).run(field);
}

const CalculatedField* find_field(const ColumnName& name, std::span<const CalculatedField> fields) {
  if (name.scope) return nullptr;
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const CalculatedField& field) { return field.name == name.name; });
  return found == fields.end() ? nullptr : &*found;
}

BoundColumn candidates_of(const BoundField& field) {
  BoundColumn candidates;
  for (const ColumnType type : kFieldTypes) {
    candidates.push_back(
        {.column = 0, .type = type, .derivation = Derivation::calculated, .source = {}, .field = &field});
  }
  return candidates;
}

Result<std::vector<ColumnData>> compute(const BoundField& field, GranuleReader& reader) {
  std::vector<ResolvedColumn> resolved;
  for (const BoundColumn& input : field.inputs) {
    CLEW_ASSIGN(ResolvedColumn pieces, reader.resolve(input));
    resolved.push_back(std::move(pieces));
  }
  const auto arena = std::make_shared<TextArena>();
  std::vector<Scalars> inputs;
  if (const ColumnData* data = only_dictionary(resolved)) {
    Scalars& entries = inputs.emplace_back();
    for (const std::string_view text : data->dictionary) entries.values.push_back(Scalar::of(text));
    entries.values.emplace_back();
    const auto null_code = static_cast<uint32_t>(data->dictionary.size());
    const Scalars values = evaluate(field.field->root, null_code + 1, inputs, *arena);
    return columns_of(reader.rows(), arena, [&](uint32_t row) -> const Scalar& {
      return values.of(data->has(row) ? data->codes[row] : null_code);
    });
  }
  for (const ResolvedColumn& pieces : resolved) inputs.push_back(scalars_of(pieces, reader.rows(), *arena));
  const Scalars values = evaluate(field.field->root, reader.rows(), inputs, *arena);
  return columns_of(reader.rows(), arena, [&](uint32_t row) -> const Scalar& { return values.of(row); });
}

}  // namespace clew::query
