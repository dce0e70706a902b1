// What grouping costs an error.

#include <benchmark/benchmark.h>

#include "control/errors/fingerprint.h"

namespace clew::control::errors {
namespace {

void fingerprint_of_stack(benchmark::State& state) {
  Occurrence occurrence;
  occurrence.type = "java.lang.IllegalStateException";
  occurrence.message = "cart 83741 is closed";
  occurrence.frames =
      parse_stack(
          "java.lang.IllegalStateException: cart 83741 is closed\n"
          "\tat com.example.shop.cart.CartService.add(CartService.java:118)\n"
          "\tat com.example.shop.cart.CartController.lambda$put$3(CartController.java:51)\n"
          "\tat org.springframework.web.servlet.DispatcherServlet.doDispatch(DispatcherServlet.java:1089)\n"
          "\tat java.base/java.lang.Thread.run(Thread.java:840)\n")
          .frames;
  occurrence.language = Language::java;
  for (auto _ : state) benchmark::DoNotOptimize(fingerprint_of(occurrence));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(fingerprint_of_stack);

}  // namespace
}  // namespace clew::control::errors
