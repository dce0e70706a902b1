#include "control/errors/function_at.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace clew::control::errors {
namespace {

// The place is where ^ stands; it is taken out.
std::string at_mark(std::string source) {
  const size_t mark = source.find('^');
  source.erase(mark, 1);
  const std::string_view before = std::string_view(source).substr(0, mark);
  const auto line = static_cast<int64_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const size_t begin = before.rfind('\n');
  const auto column = static_cast<int64_t>(begin == std::string_view::npos ? mark : mark - begin - 1) + 1;
  return function_at(source, line, column);
}

TEST(FunctionAt, EveryKindOfFunction) {
  const struct {
    const char* situation;
    const char* source;
    const char* name;
  } cases[] = {
      {"a declaration", "function pay(cart) {\n  ^throw new Error('no');\n}", "pay"},
      {"outside of any", "function pay() {}\n^throw new Error('no');", ""},
      {"exported, async, generator", "export async function* pay(a, b = {}) { ^x(); }", "pay"},
      {"with types", "export function pay<T>(cart: Cart, n?: number): Promise<Map<string, T>> {\n  ^x();\n}",
       "pay"},
      {"an arrow with braces", "const pay = async (cart: Cart): Promise<void> => {\n  ^x();\n};", "pay"},
      {"an arrow without braces", "const pay = (cart) => ^charge(cart.total);", "pay"},
      {"an arrow of one parameter", "const pay = cart => ^charge(cart);", "pay"},
      {"after an arrow without semicolon", "const pay = cart => charge(cart)\nconst x = 1\n^boom()", ""},
      {"a function expression", "const pay = function (cart) { ^x(); };", "pay"},
      {"a method", "class Cart extends Base {\n  total = 0;\n  pay(cart) { if (a) { ^x(); } }\n}",
       "Cart.pay"},
      {"a private method", "class Cart { async #pay() { ^x(); } }", "Cart.#pay"},
      {"a property that is an arrow", "class Cart { pay = (a) => { ^x(); } }", "Cart.pay"},
      {"a member of an object", "const api = { pay(cart) { ^x(); }, other() {} };", "pay"},
      {"a member that is an arrow", "const api = { pay: (cart) => { ^x(); } };", "pay"},
      {"a callback within", "function pay(items) {\n  items.forEach((item) => {\n    ^x(item);\n  });\n}",
       "pay.<anonymous>"},
      {"a callback of nothing", "setTimeout(() => { ^x(); });", "<anonymous>"},
      {"blocks are no functions",
       "function pay() {\n  for (const a of b) {\n    try { ^x(); } catch (e) {}\n  }\n}", "pay"},
      {"after a block", "function pay() {\n  if (a) { b(); } else { c(); }\n  ^x();\n}", "pay"},
      {"brackets in texts",
       "function pay() {\n  const a = '}', b = \"}\", c = `}${{ d: '}' }}}`;\n  ^x();\n}", "pay"},
      {"brackets in a regular expression",
       "function pay() {\n  const a = /[/}]\\}/g.test(b) / 2;\n  ^x();\n}", "pay"},
      {"brackets in comments", "function pay() {\n  // }\n  /* } */\n  ^x();\n}", "pay"},
      {"a function in a function", "function outer() {\n  function pay() { ^x(); }\n}", "pay"},
      {"after a function in a function", "function outer() {\n  function pay() {}\n  ^x();\n}", "outer"},
  };
  for (const auto& one : cases)
    EXPECT_EQ(at_mark(one.source), one.name) << one.situation << "\n" << one.source;
}

TEST(FunctionAt, PlacesThatAreNotThere) {
  EXPECT_EQ(function_at("", 1, 1), "");
  EXPECT_EQ(function_at("function a() {\n}", 9, 1), "");
  EXPECT_EQ(function_at("function a() {\n}", 0, 1), "");
  EXPECT_EQ(function_at("function a() {\n}", 1, -3), "");
  EXPECT_EQ(function_at("function a() {", 1, INT64_MAX), "a");
  EXPECT_EQ(function_at(std::string(100'000, '('), 1, 99'000), "");
}

}  // namespace
}  // namespace clew::control::errors
