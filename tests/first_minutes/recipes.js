// The recipes of the empty page that have a client here: each is run as it stands, and the page has to say what arrived.
import assert from 'node:assert/strict';

import {becomes} from '../browser/browser.mjs';
import {binary} from '../clients/clew.js';
import {openPage, pageTells, pageTurns, Project, recipe, startClew} from './newcomer.js';

// Serves one request to itself, and ends.
export const app = `
const http = require("node:http");
const server = http.createServer((request, response) => response.end("hello")).listen(0, "127.0.0.1", () => {
  http.get({ port: server.address().port, path: "/hello" }, (response) => response.resume().on("end", () => server.close()));
});`;

export const serviceIs = (clew, service, options) => becomes(async () => {
  const {traces} = await clew.ask('/traces?from=now-1h', options);
  return traces.flatMap((trace) => trace.services);
}, (services) => services.includes(service));

// [recipe, what it is told: {page, lines, clew, key, project}, suite whose packages are installed]
export const recipes = {
  'curl': {
    suite: 'first_minutes',
    run: async ({page, lines, project}) => {
      await project.run(lines);
      await pageTurns(page, 'first span');
    },
  },
  'Node.js': {
    suite: 'first_minutes',
    run: async ({page, lines, clew, key, project}) => {
      await project.run(lines, {OTEL_NODE_RESOURCE_DETECTORS: 'env'});
      await serviceIs(clew, 'my-node-app', {key});
      await page.waitForURL('**/t/**');
    },
  },
  'Honeycomb': {
    suite: 'first_minutes',
    run: async ({lines, clew, key, project}) => {
      await project.run(`${lines}\ncurl -fsS "$HONEYCOMB_API_ENDPOINT/1/auth" -H "X-Honeycomb-Team: \${HONEYCOMB_API_KEY:-any}"
        test "$REFINERY_HONEYCOMB_API" = "$HONEYCOMB_API_ENDPOINT"
        node --require @opentelemetry/auto-instrumentations-node/register app.js`, {OTEL_NODE_RESOURCE_DETECTORS: 'env', OTEL_SERVICE_NAME: 'as-honeycomb-says'});
      await serviceIs(clew, 'as-honeycomb-says', {key});
    },
  },
  'libhoney, Beelines': {
    suite: 'first_minutes',
    run: async ({page, lines, clew, key, project}) => {
      await project.runModule(lines);
      await pageTells(page, /libhoney.*1 items/i);
      const rows = () => clew.query('logs', 'COUNT WHERE name = "hello" GROUP BY duration_ms', {key});
      await becomes(rows, (found) => found.length === 1);
      // What the note says of Beelines: the same three words.
      const [settings] = /\{ apiHost.*?\}/.exec(lines);
      await project.runNode('', `const beeline = require("honeycomb-beeline")({ serviceName: "shop", ...${settings} });
        beeline.finishTrace(beeline.startTrace({ name: "a trace of a Beeline" }));
        beeline.flush();`);
      await becomes(() => clew.query('traces', 'COUNT WHERE name = "a trace of a Beeline"', {key}), (found) => found[0]?.COUNT === 1);
    },
  },
  'AWS X-Ray': {
    suite: 'xray',
    run: async ({page, lines, project}) => {
      const [exports, ask] = [lines.replace(/^aws .*$/m, ''), /^aws .*$/m.exec(lines)[0]];
      await project.runNode(exports, `const AWSXRay = require("aws-xray-sdk-core");
        AWSXRay.middleware.disableCentralizedSampling();
        const segment = new AWSXRay.Segment("my-segment");
        segment.close();
        setTimeout(() => process.exit(), 500);`);
      await pageTurns(page, 'my-segment');
      // The CLI's times are whole seconds: what began in this one is asked for in the next.
      await becomes(async () => JSON.parse(await project.run(`${exports}\n${ask}`)).TraceSummaries.length, 1);
    },
  },
  'CloudWatch Logs': {
    suite: 'cloudwatch_logs',
    run: async ({page, lines, clew, key, project}) => {
      await project.run(lines);
      await page.getByText('1 log records are stored').waitFor();
      // The SDK finds the endpoint in the environment.
      await project.runNode(lines.replaceAll(/^aws .*$/gm, ''), `const { CloudWatchLogsClient, PutLogEventsCommand } = require("@aws-sdk/client-cloudwatch-logs");
        new CloudWatchLogsClient().send(new PutLogEventsCommand({ logGroupName: "hello", logStreamName: "first", logEvents: [{ timestamp: Date.now(), message: "from the SDK" }] }));`);
      await becomes(() => clew.query('logs', 'COUNT', {key}), (rows) => rows[0]?.COUNT === 2);
    },
  },
  'Rollbar': {
    suite: 'rollbar',
    run: async ({page, lines, clew, key, project}) => {
      await project.runModule(lines);
      await pageTells(page, /Rollbar/);
      await becomes(() => clew.ask('/errors', {key}), ({errors}) => errors?.length === 1);
    },
  },
  'Zipkin': {
    suite: 'zipkin_jaeger',
    run: async ({page, lines, clew, key, project}) => {
      await project.runNode(`${lines}\nexport OTEL_SERVICE_NAME=my-zipkin-app`, `const { ZipkinExporter } = require("@opentelemetry/exporter-zipkin");
        const { BasicTracerProvider, SimpleSpanProcessor } = require("@opentelemetry/sdk-trace-base");
        const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new ZipkinExporter())] });
        provider.getTracer("a").startSpan("zipped").end();
        provider.forceFlush();`);
      await becomes(() => clew.query('traces', 'COUNT WHERE name = "zipped"', {key}), (rows) => rows[0]?.COUNT === 1);
      await pageTurns(page, 'zipped');
    },
  },
  'Jaeger': {
    suite: 'zipkin_jaeger',
    run: async ({page, lines, project}) => {
      await project.runNode(`${lines}\nexport JAEGER_SERVICE_NAME=my-jaeger-app JAEGER_SAMPLER_TYPE=const JAEGER_SAMPLER_PARAM=1`, `const tracer = require("jaeger-client").initTracerFromEnv({}, {});
        tracer.startSpan("hunted").finish();
        tracer.close(() => process.exit());`);
      await pageTurns(page, 'hunted');
    },
  },
  'Collector': {
    suite: 'first_minutes',
    run: async ({page, lines, project}) => {
      const receiver = 'receivers:\n  otlp:\n    protocols:\n      http:\n        endpoint: 127.0.0.1:0\n';
      const span = '{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"behind"}}]},"scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","name":"collected","startTimeUnixNano":"NOW","endTimeUnixNano":"NOW"}]}]}]}';
      await project.run(`cat >collector.yaml <<'YAML'\n${receiver}${lines}\nYAML
        ${binary} collect validate --config=collector.yaml
        ${binary} collect --config=collector.yaml 2>log & collector=$!
        trap 'kill $collector; wait $collector' EXIT
        for i in $(seq 600); do port=$(sed -n 's/.*receiving OTLP.*(port \\([0-9]*\\)).*/\\1/p' log); test -z "$port" || break; sleep 0.1; done
        curl -fsS http://127.0.0.1:$port/v1/traces -H 'content-type: application/json' -d "$(sed "s/NOW/$(date +%s%N)/g" <<<'${span}')"`);
      await pageTurns(page, 'collected');
    },
  },
};

// On the empty page of a clew of its own.
export async function follow(browser, name, key) {
  const {suite, run} = recipes[name];
  const clew = await startClew(key && {keys: {[key]: 'Mine'}});
  const project = new Project(suite, {'app.js': app});
  try {
    const page = await openPage(browser, clew, {key});
    let lines = await recipe(page, name);
    if (key && lines.includes('WHAT_IT_PRINTED')) {
      const printed = clew.run('keys', 'create', '--aws', '--name', 'cli', '--environment', 'Mine');
      for (const variable of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
        lines = lines.replace(`${variable}=WHAT_IT_PRINTED`, new RegExp(`${variable}=\\S+`).exec(printed)[0]);
    } else if (key) {
      assert.ok(lines.includes(key), lines);
    }
    await run({page, lines, clew, key, project});
    await page.context().close();
  } finally {
    project.remove();
    await clew.stop();
  }
}
