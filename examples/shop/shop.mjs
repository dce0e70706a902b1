// A small shop of five services. visit() plays one visitor's request through them and returns the spans and log records
// that their instrumentation would have made: mostly quick, now and then a slow query or a declined card.
import { attributes, nanoseconds, newSpanId, newTraceId } from "./otlp.mjs";

const services = Object.fromEntries(
  [
    ["storefront", "nodejs", 3],
    ["cart", "go", 2],
    ["checkout", "java", 2],
    ["payment", "python", 2],
    ["stock", "go", 1],
  ].map(([name, language, replicas]) => [name, { language, replicas }]),
);

const pages = [
  { weight: 6, method: "GET", route: "/products/{id}", play: viewProduct },
  { weight: 3, method: "POST", route: "/cart/items", play: addToCart },
  { weight: 2, method: "POST", route: "/checkout", play: checkOut },
  { weight: 4, method: "GET", route: "/", play: viewFrontPage },
];
const browsers = ["Firefox/133.0", "Chrome/131.0", "Safari/18.1"];

const kind = { internal: 1, server: 2, client: 3 };
const pick = (list) => list[Math.floor(Math.random() * list.length)];
const chance = (share) => Math.random() < share;
// Most are near `typical`, a few take several times as long.
const around = (typical) => typical * Math.exp(0.45 * (Math.random() + Math.random() + Math.random() - 1.2));

// One visitor's request that began at `start` (milliseconds since 1970).
export function visit(start) {
  const visitor = { user: `user-${Math.floor(Math.random() * 400)}`, browser: pick(browsers) };
  const play = new Play(start);
  const total = pages.reduce((sum, page) => sum + page.weight, 0);
  let at = Math.random() * total;
  const page = pages.find((candidate) => (at -= candidate.weight) < 0) ?? pages[0];
  play.span("storefront", `${page.method} ${page.route}`, kind.server, (root) => {
    root.set({
      "http.request.method": page.method,
      "http.route": page.route,
      "url.path": page.route.replace("{id}", String(1 + Math.floor(Math.random() * 60))),
      "user.id": visitor.user,
      "user_agent.original": visitor.browser,
      "server.address": "shop.example",
    });
    play.wait(around(2));
    page.play(play, visitor);
    play.wait(around(3));
    root.set({ "http.response.status_code": root.failed ? 502 : 200 });
  });
  return { spans: play.spans, logs: play.logs };
}

function viewFrontPage(play) {
  play.call("storefront", "stock", "GET /offers", () => {
    play.query("stock", "SELECT id, name, price FROM offers WHERE valid_until > now() LIMIT 12", around(4), 12);
  });
  play.span("storefront", "render front page", kind.internal, () => play.wait(around(6)));
}

function viewProduct(play) {
  play.call("storefront", "stock", "GET /items/{id}", () => {
    play.query("stock", "SELECT * FROM items WHERE id = $1", around(2), 1);
    const slow = chance(0.04);
    if (slow) play.log("stock", "WARN", "no index for reviews by item, reading the whole table", { "db.table": "reviews" });
    play.query("stock", "SELECT stars, text FROM reviews WHERE item_id = $1 ORDER BY created_at DESC", slow ? around(1400) : around(9), slow ? 18_211 : 20);
  });
  play.span("storefront", "render product", kind.internal, () => play.wait(around(5)));
}

function addToCart(play, visitor) {
  play.call("storefront", "cart", "POST /items", () => {
    play.span("cart", "SET cart", kind.client, (span) => {
      span.set({ "db.system.name": "redis", "db.operation.name": "SET", "db.query.text": `SET cart:${visitor.user} ?` });
      play.wait(around(1));
    });
    play.log("cart", "INFO", `item added for ${visitor.user}`, { "cart.items": 1 + Math.floor(Math.random() * 7) });
  });
}

function checkOut(play, visitor) {
  play.call("storefront", "checkout", "POST /orders", () => {
    play.call("checkout", "cart", "GET /items", () => play.wait(around(2)));
    play.call("checkout", "stock", "POST /reservations", () => {
      play.query("stock", "UPDATE items SET reserved = reserved + $2 WHERE id = $1", around(6), 1);
    });
    const amount = Math.round(Math.random() * 12_000) / 100;
    play.call("checkout", "payment", "POST /charges", (span) => {
      span.set({ "payment.amount": amount, "payment.currency": "EUR", "payment.provider": "example-bank" });
      play.wait(around(90));
      if (chance(0.12)) {
        const message = `card of ${visitor.user} declined: insufficient funds`;
        span.fail("payment.CardDeclined", message);
        play.log("payment", "ERROR", message, { "payment.amount": amount });
      }
    });
    play.query("checkout", "INSERT INTO orders (user_id, total) VALUES ($1, $2)", around(5), 1);
    play.log("checkout", "INFO", `order of ${amount.toFixed(2)} EUR placed`, { "user.id": visitor.user });
  });
}

// One trace being played: a clock, and the span that is open.
class Play {
  constructor(start) {
    this.now = start;
    this.traceId = newTraceId();
    this.open = undefined;
    this.spans = [];
    this.logs = [];
    this.replica = Object.fromEntries(
      Object.entries(services).map(([name, { replicas }]) => [name, Math.floor(Math.random() * replicas)]),
    );
  }

  wait(milliseconds) {
    this.now += milliseconds;
  }

  resource(service) {
    return {
      "service.name": service,
      "service.version": "2.3.1",
      "service.instance.id": `${service}-${this.replica[service]}`,
      "deployment.environment.name": "demo",
      "telemetry.sdk.language": services[service].language,
    };
  }

  span(service, name, spanKind, inside) {
    const span = new Span(this, name, spanKind);
    const parent = this.open;
    this.open = span;
    inside(span);
    this.open = parent;
    if (parent && span.failed) parent.failWith(span);
    this.spans.push({ resource: this.resource(service), item: span.finished(this.now) });
  }

  // A request from one service to another: a client span, and within it the server span.
  call(from, to, name, inside) {
    const [method, route] = name.split(" ");
    this.span(from, name, kind.client, (client) => {
      this.wait(around(0.4));
      this.span(to, name, kind.server, (server) => {
        server.set({ "http.request.method": method, "http.route": route });
        inside(server);
        server.set({ "http.response.status_code": server.failed ? 502 : 200 });
      });
      client.set({ "http.request.method": method, "server.address": to, "http.response.status_code": client.failed ? 502 : 200 });
      this.wait(around(0.4));
    });
  }

  query(service, text, takes, rows) {
    const [operation] = text.split(" ");
    this.span(service, `${operation} shop`, kind.client, (span) => {
      span.set({ "db.system.name": "postgresql", "db.namespace": "shop", "db.query.text": text, "db.response.returned_rows": rows });
      this.wait(takes);
    });
  }

  log(service, severityText, message, more) {
    this.logs.push({
      resource: this.resource(service),
      item: {
        timeUnixNano: nanoseconds(this.now),
        severityNumber: { INFO: 9, WARN: 13, ERROR: 17 }[severityText],
        severityText,
        body: { stringValue: message },
        attributes: attributes(more),
        traceId: this.traceId,
        spanId: this.open.spanId,
      },
    });
  }
}

class Span {
  constructor(play, name, spanKind) {
    this.spanId = newSpanId();
    this.play = play;
    this.started = play.now;
    this.values = {};
    this.events = [];
    this.failed = false;
    this.message = "";
    this.fixed = { traceId: play.traceId, spanId: this.spanId, parentSpanId: play.open?.spanId ?? "", name, kind: spanKind };
  }

  set(values) {
    Object.assign(this.values, values);
  }

  fail(type, message) {
    this.failed = true;
    this.message = message;
    this.events.push({
      timeUnixNano: nanoseconds(this.play.now),
      name: "exception",
      attributes: attributes({ "exception.type": type, "exception.message": message }),
    });
  }

  failWith(child) {
    this.failed = true;
    this.message = child.message;
  }

  finished(now) {
    return {
      ...this.fixed,
      startTimeUnixNano: nanoseconds(this.started),
      endTimeUnixNano: nanoseconds(now),
      attributes: attributes(this.values),
      events: this.events,
      status: this.failed ? { code: 2, message: this.message } : {},
    };
  }
}
