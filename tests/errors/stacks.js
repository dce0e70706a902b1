// Fifty distinct errors, ten of each of five languages, as their runtimes print them. Every printing differs in what
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

export const languages = {python, javascript, java, go, dotnet};
export const types = {python: 'shop.errors.PaymentError', javascript: 'TypeError', java: 'java.lang.IllegalStateException', go: 'panic',
  dotnet: 'System.InvalidOperationException'};

// Those `count` errors, equally often each of the fifty: {language, kind, stack}.
export function* manyErrors(count) {
  const names = Object.keys(languages);
  for (let n = 0; n < count; ++n) {
    const language = names[n % 5];
    const kind = Math.floor(n / 5) % 10;
    yield {n, language, kind, stack: languages[language](kind, n)};
  }
}
