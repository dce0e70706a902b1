// Fifty distinct errors of eight languages, as their runtimes print them. Every printing differs in what
// changes between two runs of a program: line numbers, addresses, ids and numbers in messages, where it was deployed.
const digits = (n, many = 4) => String(10 ** many + (n * 7919) % (9 * 10 ** many));
const hex = (n) => (0x55d000000000 + n * 48271).toString(16);
const uuid = (n) => `${digits(n, 7)}-${digits(n, 3)}-4${digits(n, 2)}-a${digits(n, 2)}-${digits(n, 11)}`;
const root = (n) => ['/srv/app', '/home/deploy/releases/20260301120000', `/var/www/${hex(n)}/current`][n % 3];

const python = (kind, n) => `Traceback (most recent call last):
  File "${root(n)}/shop/views.py", line ${20 + n % 90}, in checkout_${'abcdefghij'[kind]}
    pay(order)
  File "/usr/lib/python3.11/site-packages/billing/client.py", line ${n % 300 + 1}, in post
    return self.request(path)
  File "${root(n)}/shop/payment.py", line ${7 + n % 50}, in pay
    raise PaymentError(order)
shop.errors.PaymentError: order ${digits(n)} of customer ${uuid(n)} at 0x${hex(n)} failed
`;
const javascript = (kind, n) => `TypeError: Cannot read properties of undefined (reading 'price') in ${digits(n)}
    at price${'ABCDEFGHIJ'[kind]} (${root(n)}/src/cart.js:${10 + n % 40}:${n % 80 + 1})
    at async Promise.all (index ${n % 5})
    at Router.handle (${root(n)}/node_modules/express/lib/router.js:${n % 200 + 1}:10)
    at process.processTicksAndRejections (node:internal/process/task_queues:${n % 100 + 1}:5)
`;
const java = (kind, n) => `java.lang.IllegalStateException: Order ${digits(n)} is not payable
\tat com.shop.Checkout.step${'ABCDEFGHIJ'[kind]}(Checkout.java:${30 + n % 60})
\tat com.shop.Checkout.lambda$run$${n % 9}(Checkout.java:${n % 20 + 1})
\tat java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1136)
\tat java.base/java.lang.Thread.run(Thread.java:${800 + n % 40})
Caused by: java.io.IOException: connection ${digits(n)} reset
\tat com.shop.Net.read(Net.java:${n % 70 + 1})
\t... ${n % 9 + 1} more
`;
const go = (kind, n) => `panic: runtime error: index out of range [${n % 100}] with length ${n % 90}

goroutine ${n % 5000 + 1} [running]:
main.(*Cart).total${'ABCDEFGHIJ'[kind]}(0xc000${hex(n)}, 0x${hex(n + 1)})
\t${root(n)}/cart/cart.go:${n % 100 + 1} +0x1${n % 9}d
main.handle({0x${hex(n)}, 0x10})
\t${root(n)}/cart/main.go:${n % 60 + 1} +0x85
net/http.HandlerFunc.ServeHTTP(0x${hex(n)})
\t/usr/local/go/src/net/http/server.go:2136 +0x29
`;
const dotnet = (kind, n) => `System.InvalidOperationException: Sequence contains no elements (request ${uuid(n)})
   at System.Linq.ThrowHelper.ThrowNoElementsException()
   at Shop.Orders.First${'ABCDEFGHIJ'[kind]}(Int32 id) in ${root(n)}/Orders.cs:line ${n % 90 + 1}
   at Shop.Api.Get(Guid id) in ${root(n)}/Api.cs:line ${n % 70 + 1}
   at Microsoft.AspNetCore.Mvc.Invoke(Object target)
`;

const ruby = (kind, n) => `${root(n)}/lib/cart.rb:${10 + n % 40}:in \`total_${'abcdefghij'[kind]}': undefined method \`price' for nil:NilClass in ${digits(n)} (NoMethodError)
\tfrom ${root(n)}/app/controllers/carts_controller.rb:${n % 50 + 1}:in \`block in show'
\tfrom /usr/lib/ruby/gems/3.1.0/gems/actionpack-7.0.4/lib/action_controller/metal/basic_implicit_render.rb:${n % 9 + 1}:in \`send_action'
`;
const php = (kind, n) => `PHP Fatal error:  Uncaught Shop\\PriceError: no price for ${digits(n)} in ${root(n)}/src/Cart.php:${n % 60 + 1}
Stack trace:
#0 ${root(n)}/src/Checkout.php(${n % 90 + 1}): Shop\\Cart->total${'ABCDEFGHIJ'[kind]}(Object(Shop\\Order), ${n})
#1 [internal function]: Shop\\Checkout->run()
#2 ${root(n)}/vendor/slim/slim/Slim/App.php(${n % 200 + 1}): call_user_func()
#3 {main}
  thrown in ${root(n)}/src/Cart.php on line ${n % 60 + 1}
`;
const rust = (kind, n) => `thread 'worker-${n % 8}' panicked at src/cart.rs:${n % 60 + 1}:${n % 30 + 1}:
no price for ${digits(n)}
stack backtrace:
   0: rust_begin_unwind
             at /rustc/${hex(n)}/library/std/src/panicking.rs:645:5
   1: core::panicking::panic_fmt
             at /rustc/${hex(n)}/library/core/src/panicking.rs:72:14
   2: shop::cart::total_${'abcdefghij'[kind]}::h${hex(n).padStart(16, '0')}
             at ${root(n)}/src/cart.rs:${n % 60 + 1}:${n % 30 + 1}
   3: shop::main
             at ${root(n)}/src/main.rs:${n % 40 + 1}:5
note: Some details are omitted, run with \`RUST_BACKTRACE=full\` for a verbose backtrace.
`;

export const languages = {python, javascript, java, go, dotnet, ruby, php, rust};
export const types = {python: 'shop.errors.PaymentError', javascript: 'TypeError', java: 'java.lang.IllegalStateException', go: 'panic',
  dotnet: 'System.InvalidOperationException', ruby: 'NoMethodError', php: 'Shop\\PriceError', rust: 'panic'};

// Which of its errors each language has: fifty in all.
export const kindsOf = {python: 7, javascript: 7, java: 6, go: 6, dotnet: 6, ruby: 6, php: 6, rust: 6};
const fifty = Object.entries(kindsOf).flatMap(([language, count]) => Array.from({length: count}, (_, kind) => ({language, kind})));

// Those `count` errors, equally often each of the fifty: {language, kind, stack}.
export function* manyErrors(count) {
  for (let n = 0; n < count; ++n) {
    const {language, kind} = fifty[n % fifty.length];
    yield {n, language, kind, stack: languages[language](kind, n)};
  }
}
