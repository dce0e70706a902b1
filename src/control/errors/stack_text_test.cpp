#include "control/errors/stack_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::control::errors {
namespace {

using ::testing::ElementsAre;

// "type: message | file:line method …, libraries in brackets | causes"
std::string told(std::string_view text) {
  const StackText stack = parse_stack(text);
  std::string told = stack.type + ": " + stack.message + " |";
  for (const Frame& frame : stack.frames) {
    const std::string one = frame.file + ":" + std::to_string(frame.line) + " " + frame.method;
    told += frame.in_app ? " " + one : " [" + one + "]";
  }
  for (const std::string& cause : stack.causes) told += " | " + cause;
  return told;
}

TEST(StackText, python_with_a_cause) {
  EXPECT_EQ(
      told("Traceback (most recent call last):\n"
           "  File \"/srv/app.py\", line 3, in load\n    open(name)\n"
           "OSError: no such file\n\n"
           "The above exception was the direct cause of the following exception:\n\n"
           "Traceback (most recent call last):\n"
           "  File \"/srv/app.py\", line 9, in main\n    load()\n"
           "  File \"/usr/lib/python3/dist-packages/x.py\", line 1, in call\n"
           "shop.Failed: cannot load\n"),
      "shop.Failed: cannot load | [/usr/lib/python3/dist-packages/x.py:1 call] /srv/app.py:9 main | OSError");
}

TEST(StackText, behind_what_a_program_wrote_in_front) {
  EXPECT_EQ(
      told("[ERROR] order=7 cannot pay: RangeError: no price for tea\n    at pay (/srv/cart.js:12:5)\n"),
      "RangeError: no price for tea | /srv/cart.js:12 pay");
  EXPECT_EQ(told("giving up on Error: twice\n    at pay (/srv/cart.js:12:5)\n"),
            "Error: twice | /srv/cart.js:12 pay");
}

TEST(StackText, javascript) {
  EXPECT_EQ(told("TypeError: x is not a function\n    at pay (/srv/cart.js:12:5)\n"
                 "    at async Router.handle (/srv/node_modules/express/router.js:3:1)\n    at "
                 "node:internal/x:1:2\n"),
            "TypeError: x is not a function | /srv/cart.js:12 pay "
            "[/srv/node_modules/express/router.js:3 Router.handle] [node:internal/x:1 ]");
  EXPECT_EQ(told("pay@https://shop.example/cart.js:12:5\n@https://shop.example/cart.js:90:1\n"),
            ":  | https://shop.example/cart.js:12 pay https://shop.example/cart.js:90 ");
}

TEST(StackText, java_below_a_loggers_line) {
  EXPECT_EQ(
      told("Payment failed\ncom.shop.Declined: no card\n\tat com.shop.Cart.pay(Cart.java:12)\n"
           "\tat java.base/java.lang.Thread.run(Thread.java:833)\nCaused by: java.io.IOException: reset\n"
           "\tat com.shop.Net.read(Net.java:7)\n\t... 2 more\n"),
      "com.shop.Declined: no card | Cart.java:12 com.shop.Cart.pay [Thread.java:833 java.lang.Thread.run] | "
      "java.io.IOException");
}

TEST(StackText, go) {
  EXPECT_EQ(
      told(
          "panic: index out of range\n\ngoroutine 1 [running]:\nmain.pay(0xc0)\n\t/srv/cart.go:12 +0x1d\n"
          "main.main()\n\t/srv/main.go:3 +0x85\n\ngoroutine 7 [select]:\nmain.other()\n\t/srv/o.go:1 +0x1\n"),
      "panic: index out of range | /srv/cart.go:12 main.pay /srv/main.go:3 main.main");
}

TEST(StackText, ruby) {
  EXPECT_EQ(told("/srv/cart.rb:12:in `pay': card declined (PaymentError)\n\tfrom /srv/app.rb:3:in `run'\n"),
            "PaymentError: card declined | /srv/cart.rb:12 pay /srv/app.rb:3 run");
}

TEST(StackText, ruby_with_a_cause_and_below_a_line_of_rails) {
  EXPECT_EQ(
      told("/srv/till.rb:9:in `rescue in run': cannot pay (RuntimeError)\n\tfrom /srv/till.rb:6:in `run'\n"
           "/srv/till.rb:2:in `pay': declined (Shop::Declined)\n\tfrom /srv/till.rb:7:in `run'\n"),
      "RuntimeError: cannot pay | /srv/till.rb:9 rescue in run /srv/till.rb:6 run | Shop::Declined");
  EXPECT_EQ(told("ActionView::Template::Error (no price):\n  app/views/cart.erb:3:in `block in show'\n"),
            "ActionView::Template::Error: no price | app/views/cart.erb:3 block in show");
}

TEST(StackText, dotnet) {
  EXPECT_EQ(
      told("System.InvalidOperationException: empty\n   at Shop.Cart.Pay(Int32 id) in /srv/Cart.cs:line 12\n"
           "   at Microsoft.AspNetCore.Mvc.Invoke(Object target)\n"),
      "System.InvalidOperationException: empty | /srv/Cart.cs:12 Shop.Cart.Pay "
      "[:0 Microsoft.AspNetCore.Mvc.Invoke]");
}

TEST(StackText, php) {
  EXPECT_EQ(told("PHP Fatal error:  Uncaught PaymentError: declined in /srv/Cart.php:12\nStack trace:\n"
                 "#0 /srv/index.php(3): Cart->pay()\n#1 {main}\n"),
            "PaymentError: declined | /srv/Cart.php:12  /srv/index.php:3 Cart->pay [:0 {main}]");
}

TEST(StackText, php_within_a_line_of_laravel) {
  EXPECT_EQ(told("[2026-01-02 10:00:00] production.ERROR: no price {\"exception\":\"[object] "
                 "(Shop\\PriceError(code: 0): "
                 "no price at /srv/Cart.php:12)\n[stacktrace]\n#0 /srv/vendor/x.php(3): Cart->pay()\n#1 "
                 "{main}\n\"}"),
            "Shop\\PriceError: no price | /srv/Cart.php:12  [/srv/vendor/x.php:3 Cart->pay] [:0 {main}]");
}

TEST(StackText, rust) {
  const std::string calls =
      "stack backtrace:\n   0: rust_begin_unwind\n             at "
      "/rustc/9fc6b4/library/std/src/panicking.rs:645:5\n"
      "   1: core::panicking::panic_fmt\n             at /rustc/9fc6b4/library/core/src/panicking.rs:72:14\n"
      "   2: shop::cart::pay::h0123456789abcdef\n             at ./src/cart.rs:12:5\n   3: shop::main\n"
      "             at ./src/main.rs:4:9\nnote: Some details are omitted\n";
  const std::string frames =
      " | [/rustc/9fc6b4/library/std/src/panicking.rs:645 rust_begin_unwind] "
      "[/rustc/9fc6b4/library/core/src/panicking.rs:72 core::panicking::panic_fmt] ./src/cart.rs:12 "
      "shop::cart::pay ./src/main.rs:4 shop::main";
  EXPECT_EQ(told("\nthread 'main' panicked at src/cart.rs:12:5:\nno card\n" + calls),
            "panic: no card" + frames);
  EXPECT_EQ(told("thread 'main' panicked at 'no card', src/cart.rs:12:5\n" + calls),
            "panic: no card" + frames);
}

TEST(StackText, cpp) {
  EXPECT_EQ(told("#0 0x55d0 in shop::Cart::pay(int) /srv/cart.cpp:12:5\n#1 0x55d1 in main /srv/main.cpp:3\n"),
            ":  | /srv/cart.cpp:12 shop::Cart::pay /srv/main.cpp:3 main");
  EXPECT_EQ(told(" 0# shop::pay(int) at /srv/cart.cpp:12\n 1# main at /srv/main.cpp:3\n"),
            ":  | /srv/cart.cpp:12 shop::pay /srv/main.cpp:3 main");
}

TEST(StackText, text_without_a_stack_has_no_frames) {
  for (const std::string_view text :
       {"", "\n\n", "a: b\nc", "GET /x at noon\nfrom here: 12", "# one\n# two: 3"})
    EXPECT_TRUE(parse_stack(text).frames.empty()) << text;
}

}  // namespace
}  // namespace clew::control::errors
