#include "pipeline/ottl/functions.h"

#include <algorithm>

#include <fmt/format.h>
#include <re2/re2.h>

#include "pipeline/config/complaints.h"
#include "pipeline/ottl/lexer.h"

namespace clew::pipeline::ottl {
namespace {

std::vector<std::string> names_of(std::string_view parameters) {
  std::vector<std::string> names;
  while (!parameters.empty()) {
    const std::string_view name = parameters.substr(0, parameters.find(','));
    names.emplace_back(name);
    parameters.remove_prefix(std::min(parameters.size(), name.size() + 2));
  }
  return names;
}

}  // namespace

Arguments::Arguments(const Syntax& call, std::string_view parameters, Context context)
    : call_(call), context_(context) {
  std::vector<std::string> names = names_of(parameters);
  std::vector<bool> optional;
  for (std::string& name : names) {
    optional.push_back(name.ends_with('?'));
    if (optional.back()) name.pop_back();
  }
  given_.resize(names.size(), nullptr);
  size_t next = 0;
  for (size_t i = 0; i < call.children.size(); ++i) {
    size_t place = next;
    if (!call.names[i].empty()) {
      place = static_cast<size_t>(std::find(names.begin(), names.end(), call.names[i]) - names.begin());
      if (place == names.size()) {
        fail(mistake_at(call.children[i].column,
                        fmt::format("{} has no parameter '{}'{}", call.text, call.names[i],
                                    suggestion(call.names[i], names))));
        continue;
      }
    } else {
      ++next;
    }
    if (place >= names.size())
      fail(mistake_at(call.children[i].column,
                      fmt::format("{} takes {} arguments: {}", call.text, names.size(), parameters)));
    else
      given_[place] = &call.children[i];
  }
  for (size_t i = 0; i < names.size(); ++i)
    if (given_[i] == nullptr && !optional[i])
      fail(mistake_at(call.column,
                      fmt::format("{} needs {}; its arguments are {}", call.text, names[i], parameters)));
}

void Arguments::mistake(size_t parameter, std::string_view about) {
  fail(mistake_at(given_[parameter]->column, about));
}

Getter Arguments::value(size_t parameter) {
  Result<Getter> getter = compile_value(*given_[parameter], context_);
  if (getter.ok()) return std::move(*getter);
  fail(getter.status());
  return [](Subject&) -> Result<Value> { return Value(); };
}

std::shared_ptr<const Path> Arguments::path(size_t parameter) {
  auto path = compile_path(*given_[parameter], context_, true);
  if (path.ok()) return *path;
  fail(path.status());
  return nullptr;
}

std::string Arguments::text(size_t parameter) {
  const auto* text = given_[parameter]->literal.as<std::string>();
  if (text == nullptr) mistake(parameter, "expected a text in quotes");
  return text != nullptr ? *text : std::string();
}

int64_t Arguments::integer(size_t parameter) {
  const auto* integer = given_[parameter]->literal.as<int64_t>();
  if (integer == nullptr) mistake(parameter, "expected an integer");
  return integer != nullptr ? *integer : 0;
}

bool Arguments::truth(size_t parameter) {
  const auto* truth = given_[parameter]->literal.as<bool>();
  if (truth == nullptr) mistake(parameter, "expected true or false");
  return truth != nullptr && *truth;
}

void Arguments::stands_only_in(Context context) {
  if (context_ != context)
    fail(mistake_at(call_.column,
                    fmt::format("{} stands only in the context {}", call_.text, name_of(context))));
}

std::vector<std::string> Arguments::texts(size_t parameter) {
  std::vector<std::string> texts;
  const Syntax& list = *given_[parameter];
  bool fits = list.kind == Syntax::Kind::list;
  for (const Syntax& item : list.children) {
    const auto* text = item.literal.as<std::string>();
    fits = fits && text != nullptr;
    if (text != nullptr) texts.push_back(*text);
  }
  if (!fits) mistake(parameter, "expected a list of texts, as in [\"a\", \"b\"]");
  return texts;
}

std::shared_ptr<const re2::RE2> Arguments::pattern(size_t parameter) {
  const std::string text = this->text(parameter);
  auto expression = std::make_shared<const RE2>(text, RE2::Quiet);
  if (!expression->ok())
    mistake(parameter, fmt::format("'{}' is no regular expression: {}", text, expression->error()));
  return expression;
}

Arguments::Function Arguments::function(size_t parameter) {
  const Syntax& name = *given_[parameter];
  if (name.kind != Syntax::Kind::constant || function_named(name.text) == nullptr) {
    mistake(parameter, "expected the name of a function, as in SHA256");
    return {};
  }
  Syntax call{.kind = Syntax::Kind::call, .column = name.column, .text = name.text};
  call.children.push_back(Syntax{.kind = Syntax::Kind::given, .column = name.column});
  call.names.emplace_back();
  Result<Getter> getter = compile_value(call, context_);
  if (!getter.ok()) {
    fail(getter.status());
    return {};
  }
  return [getter = std::move(*getter)](Subject& subject, Value value) {
    subject.given = std::move(value);
    return getter(subject);
  };
}

Status wrong_kind(std::string_view function, std::string_view wanted, const Value& got) {
  return {ErrorKind::bad_input, fmt::format("{} takes {}, got {}", function, wanted, got.kind_name())};
}

}  // namespace clew::pipeline::ottl
