// A line of CloudWatch Logs and its trace lead to each other, in the API and in the page, however the line names the trace.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import winston from 'winston';
import WinstonCloudWatch from 'winston-cloudwatch';

import {Browser} from '../browser/browser.mjs';
import {checkout, send as sendOtlp} from '../browser/traffic.mjs';
import {Clew, clientOf, credentials, eventually, sender} from './logs.js';

describe('lines and traces', () => {
  let clew, browser, page, traceId, spanId;

  before(async () => {
    [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
    const {traces, ids, ...sent} = checkout();
    traceId = sent.traceId;
    spanId = ids.charge;
    await sendOtlp(clew, 'traces', traces);
    const xray = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
    const send = sender(clientOf(clew));
    const place = {logGroupName: 'linked', logStreamName: 's'};
    await send('CreateLogGroup', place);
    await send('CreateLogStream', place);
    const messages = [
      `REPORT RequestId: 9f-1 Duration: 12.5 ms XRAY TraceId: ${xray} Sampled: true`,
      `{"msg":"from X-Ray","xray_trace_id":"${xray}"}`,
      `paid traceparent=00-${traceId}-${spanId}-01`,
      `{"msg":"from JSON","context":{"trace_id":"${traceId}","span_id":"${spanId}"}}`,
      `plain text, trace_id=${traceId}`,
    ];
    await send('PutLogEvents', {...place, logEvents: messages.map((message, i) => ({timestamp: Date.now() - 1000 + i, message}))});
    const transport = new WinstonCloudWatch({logGroupName: 'winston', logStreamName: 'app', jsonMessage: true, uploadRate: 100, awsOptions: {endpoint: clew.http, region: 'us-east-1', credentials}});
    winston.createLogger({transports: [transport]}).warn('from winston', {traceId, spanId});
    await eventually(async () => (await clew.ask(`/logs?trace_id=${traceId}`)).logs.length === 6);
    await new Promise((resolve) => transport.kthxbye(resolve));
    page = await browser.open(`${clew.http}/t/${traceId}`);
  });
  after(async () => {
    await browser?.stop();
    await clew?.stop();
  });

  test('the API: the lines of a trace, the trace of a line', async () => {
    const {logs} = await clew.ask(`/logs?trace_id=${traceId}`);
    assert.ok(logs.every((line) => line.trace_id === traceId));
    assert.equal(logs.filter((line) => line.span_id === spanId).length, 3);
    assert.equal((await clew.ask(`/traces/${traceId}`)).logs, 6);
    assert.equal((await clew.ask(`/traces/${traceId}/spans/${spanId}`)).logs.length, 3);
  });

  test('the page: from the trace to its lines, and from a line to its span', async () => {
    await page.getByRole('link', {name: '6 log lines'}).click();
    const lines = page.getByRole('list', {name: 'Log lines'}).getByRole('listitem');
    await lines.nth(5).waitFor();
    await lines.filter({hasText: 'from JSON'}).getByRole('link', {name: 'trace'}).click();
    await page.waitForURL((url) => url.pathname === `/t/${traceId}` && url.searchParams.get('span') === spanId);
    const pane = page.getByRole('complementary', {name: 'Span'});
    for (const text of ['traceparent=00', 'from JSON', 'from winston']) await pane.locator('.span-logs').getByText(text).waitFor();
  });
});
