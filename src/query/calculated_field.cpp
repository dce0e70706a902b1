#include "query/calculated_field.h"

#include <algorithm>

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

}  // namespace

Result<CompiledField> compile_field(const CalculatedField& field, std::span<const CalculatedField> fields) {
  return Compiler(fields).run(field);
}

const CalculatedField* find_field(const ColumnName& name, std::span<const CalculatedField> fields) {
  if (name.scope || name.relation != Relation::own) return nullptr;
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const CalculatedField& field) { return field.name == name.name; });
  return found == fields.end() ? nullptr : &*found;
}

BoundField::BoundField(const CompiledField& field, const store::Segment& segment) : field_(field) {
  for (const ColumnName& input : field.inputs) inputs_.push_back(bind(input, segment));
}

Result<std::vector<ColumnData>> BoundField::compute(GranuleReader& reader) const {
  std::vector<ResolvedColumn> resolved;
  for (const BoundColumn& input : inputs_) {
    CLEW_ASSIGN(ResolvedColumn pieces, reader.resolve(input));
    resolved.push_back(std::move(pieces));
  }
  const auto arena = std::make_shared<TextArena>();
  std::vector<Scalars> inputs;
  std::vector<Scalar> by_row(reader.rows());
  if (const ColumnData* data = only_dictionary(resolved)) {
    Scalars& entries = inputs.emplace_back();
    for (const std::string_view text : data->dictionary) entries.values.push_back(Scalar::of(text));
    entries.values.emplace_back();
    const auto null_code = static_cast<uint32_t>(data->dictionary.size());
    const Scalars values = evaluate(field_.root, null_code + 1, inputs, *arena);
    for (uint32_t row = 0; row < reader.rows(); ++row)
      by_row[row] = values.of(data->has(row) ? data->codes[row] : null_code);
    return columns_of(by_row, arena);
  }
  for (const ResolvedColumn& pieces : resolved) inputs.push_back(scalars_of(pieces, reader.rows(), *arena));
  const Scalars values = evaluate(field_.root, reader.rows(), inputs, *arena);
  if (!values.same_for_all) return columns_of(values.values, arena);
  std::fill(by_row.begin(), by_row.end(), values.values[0]);
  return columns_of(by_row, arena);
}

}  // namespace clew::query
