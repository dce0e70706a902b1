// The functions of OTTL. Each is a row of the lists below; editors change what their first argument names,
// converters yield a value.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/ottl/path.h"
#include "pipeline/ottl/syntax.h"

namespace re2 {
class RE2;
}

namespace clew::pipeline::ottl {

// The arguments of one call while it is compiled. What is wrong with them is remembered, the first wins.
class Arguments {
 public:
  Arguments(const Syntax& call, std::string_view parameters, Context context);

  bool has(size_t parameter) const { return given_[parameter] != nullptr; }
  Getter value(size_t parameter);
  std::shared_ptr<const Path> path(size_t parameter);
  // Written out in the statement.
  std::string text(size_t parameter);
  int64_t integer(size_t parameter);
  bool truth(size_t parameter);
  std::vector<std::string> texts(size_t parameter);
  std::shared_ptr<const re2::RE2> pattern(size_t parameter);
  // The name of a converter that takes one value.
  using Function = std::function<Result<Value>(Subject&, Value)>;
  Function function(size_t parameter);

  void stands_only_in(Context context);
  void mistake(size_t parameter, std::string_view about);
  const Status& status() const { return status_; }

 private:
  void fail(Status status) {
    if (status_.ok()) status_ = std::move(status);
  }

  const Syntax& call_;
  const Context context_;
  std::vector<const Syntax*> given_;
  Status status_;
};

struct FunctionRow {
  std::string_view name;
  std::string_view parameters;  // "target, pattern, replacement?"
  Getter (*build)(Arguments& arguments);
};

std::span<const FunctionRow> map_editors();
std::span<const FunctionRow> text_editors();
std::span<const FunctionRow> text_converters();
std::span<const FunctionRow> value_converters();
std::span<const FunctionRow> time_converters();
std::span<const FunctionRow> calendar_converters();
std::span<const FunctionRow> encoding_converters();
std::span<const FunctionRow> parsing_converters();
std::span<const FunctionRow> metric_editors();

// A converter of values alone: nil when the first value is nil is up to it.
template <typename Calculate>
Getter calculated(Arguments& arguments, size_t parameters, Calculate calculate) {
  std::vector<Getter> getters;
  for (size_t i = 0; i < parameters; ++i)
    getters.push_back(arguments.has(i) ? arguments.value(i)
                                       : [](Subject&) { return Result<Value>(Value()); });
  return [getters = std::move(getters), calculate](Subject& subject) -> Result<Value> {
    std::vector<Value> values;
    values.reserve(getters.size());
    for (const Getter& getter : getters) {
      CLEW_ASSIGN(Value value, getter(subject));
      values.push_back(std::move(value));
    }
    return calculate(values);
  };
}

// compile.cpp
Result<Getter> compile_value(const Syntax& syntax, Context context);
Result<std::shared_ptr<const Path>> compile_path(const Syntax& syntax, Context context, bool to_write);
const FunctionRow* function_named(std::string_view name);

// "Int takes a text, got nil"
Status wrong_kind(std::string_view function, std::string_view wanted, const Value& got);

}  // namespace clew::pipeline::ottl
