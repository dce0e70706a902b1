// Who may send, and what is shown to the backend.
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {after, before, test} from 'node:test';
import {Collector, freePorts, until} from './collector.js';
import {request, send} from './numbered_spans.js';

let backend, seen, tokens, ports, collector;

// A backend that only remembers the headers of what it takes, and a place that gives out tokens.
before(async () => {
  seen = [];
  tokens = 0;
  backend = createServer((asked, answer) => {
    let body = '';
    asked.on('data', (piece) => body += piece);
    asked.on('end', () => {
      if (asked.url === '/token') {
        ++tokens;
        const form = new URLSearchParams(body);
        const known = form.get('client_id') === 'me' && form.get('client_secret') === 'se cret' && form.get('grant_type') === 'client_credentials';
        answer.writeHead(known ? 200 : 401, {'content-type': 'application/json'});
        answer.end(known ? JSON.stringify({access_token: `token-${form.get('scope')}`, token_type: 'bearer', expires_in: 3600}) : '{}');
        return;
      }
      seen.push({path: asked.url, headers: asked.headers});
      answer.writeHead(200, {'content-type': 'application/x-protobuf'});
      answer.end();
    });
  });
  await new Promise((done) => backend.listen(0, '127.0.0.1', done));
  ports = await freePorts(6);
  const to = `http://127.0.0.1:${backend.address().port}`;
  collector = await Collector.start({
    environment: {PASSWORD: 'wonder'},
    config: `
extensions:
  basicauth/senders: {htpasswd: {inline: "alice:\${env:PASSWORD}\\nbob:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\\ncarol:$$2b$$05$$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a"}}
  basicauth/backend: {client_auth: {username: me, password: "\${env:PASSWORD}"}}
  bearertokenauth: {token: abc}
  headers_setter: {headers: [{key: X-Scope-OrgID, from_context: x-tenant, default_value: nobody}]}
  oauth2client: {client_id: me, client_secret: se cret, token_url: ${to}/token, scopes: [a, b]}
  health_check: {endpoint: "127.0.0.1:${ports[4]}"}
  zpages: {endpoint: "127.0.0.1:${ports[5]}"}
receivers:
  otlp/basic: {protocols: {http: {endpoint: "127.0.0.1:${ports[0]}", auth: {authenticator: basicauth/senders}}}}
  otlp/bearer: {protocols: {http: {endpoint: "127.0.0.1:${ports[1]}", auth: {authenticator: bearertokenauth}}}}
  otlp/tenants: {protocols: {http: {endpoint: "127.0.0.1:${ports[2]}", include_metadata: true}}}
  otlp/open: {protocols: {http: {endpoint: "127.0.0.1:${ports[3]}"}}}
processors:
  batch: {timeout: 20ms, metadata_keys: [x-tenant]}
exporters:
  otlphttp/basic: {endpoint: "${to}/basic", auth: {authenticator: basicauth/backend}}
  otlphttp/bearer: {endpoint: "${to}/bearer", auth: {authenticator: bearertokenauth}}
  otlphttp/tenants: {endpoint: "${to}/tenants", auth: {authenticator: headers_setter}}
  otlphttp/oauth: {endpoint: "${to}/oauth", auth: {authenticator: oauth2client}}
service:
  extensions: [basicauth/senders, basicauth/backend, bearertokenauth, headers_setter, oauth2client, health_check, zpages]
  pipelines:
    traces/basic: {receivers: [otlp/basic], exporters: [otlphttp/basic]}
    traces/bearer: {receivers: [otlp/bearer], exporters: [otlphttp/bearer]}
    traces/tenants: {receivers: [otlp/tenants], processors: [batch], exporters: [otlphttp/tenants]}
    traces/oauth: {receivers: [otlp/open], exporters: [otlphttp/oauth]}
`,
  });
});

after(async () => {
  assert.equal(await collector.stop(), 0, collector.output);
  backend.closeAllConnections();
  backend.close();
});

const basic = (user, password) => ({authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`});
const arrived = (path) => until(`something at ${path}`, () => seen.find((one) => one.path === path));

test('basicauth lets in whom the list knows, and shows a user to the backend', async () => {
  assert.equal(await send(ports[0], request(1, 1)), 401);
  assert.equal(await send(ports[0], request(1, 1), basic('alice', 'wrong')), 401);
  assert.equal(await send(ports[0], request(1, 1), basic('dave', 'wonder')), 401);
  assert.equal(await send(ports[0], request(1, 1), basic('alice', 'wonder')), 200);
  for (const user of ['bob', 'carol']) {
    assert.equal(await send(ports[0], request(1, 1), basic(user, 'wonder')), 401);
    assert.equal(await send(ports[0], request(1, 1), basic(user, 'secret')), 200);
  }
  assert.equal((await arrived('/basic/v1/traces')).headers.authorization, basic('me', 'wonder').authorization);
});

test('bearertokenauth', async () => {
  assert.equal(await send(ports[1], request(1, 1)), 401);
  assert.equal(await send(ports[1], request(1, 1), {authorization: 'Bearer abcd'}), 401);
  assert.equal(await send(ports[1], request(1, 1), {authorization: 'Bearer abc'}), 200);
  assert.equal((await arrived('/bearer/v1/traces')).headers.authorization, 'Bearer abc');
});

test('headers_setter passes a header of the sender on, through a batch for each tenant', async () => {
  for (const tenant of ['acme', 'umbrella', 'acme']) assert.equal(await send(ports[2], request(1, 1), {'x-tenant': tenant}), 200);
  assert.equal(await send(ports[2], request(1, 1)), 200);
  const tenants = await until('a request for each', () => {
    const all = seen.filter((one) => one.path === '/tenants/v1/traces').map((one) => one.headers['x-scope-orgid']);
    return new Set(all).size === 3 && all;
  });
  assert.deepEqual([...new Set(tenants)].sort(), ['acme', 'nobody', 'umbrella']);
});

test('oauth2client fetches a token once', async () => {
  for (let i = 0; i < 3; ++i) assert.equal(await send(ports[3], request(i, 1)), 200);
  const first = await arrived('/oauth/v1/traces');
  assert.equal(first.headers.authorization, 'Bearer token-a b');
  await until('all three', () => seen.filter((one) => one.path === '/oauth/v1/traces').length === 3);
  assert.equal(tokens, 1);
});

test('health_check and zpages', async () => {
  const health = await fetch(`http://127.0.0.1:${ports[4]}/`);
  assert.equal(health.status, 200);
  assert.equal((await health.json()).status, 'Server available');
  const pipelines = await (await fetch(`http://127.0.0.1:${ports[5]}/debug/pipelinez`)).text();
  assert.match(pipelines, /<td>otlp\/open<\/td><td>3<\/td>/);
  assert.match(await (await fetch(`http://127.0.0.1:${ports[5]}/debug/extensionz`)).text(), /health_check/);
  assert.match(await (await fetch(`http://127.0.0.1:${ports[5]}/debug/servicez`)).text(), /ready<\/td><td>yes/);
});
