// A trigger of a running clew reaches a webhook, and is remembered over a restart.
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {after, before, describe, test} from 'node:test';

import {call, Clew, eventually} from './honeycomb.js';

describe('triggers', () => {
  let clew, server, refusals = 1;
  const received = [];
  before(async () => {
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (part) => text += part).on('end', () => {
        if (refusals-- > 0) return response.writeHead(503).end();
        received.push({path: request.url, headers: request.headers, body: JSON.parse(text)});
        response.end();
      });
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    clew = await Clew.start();
  });
  after(async () => {
    server?.close();
    await clew?.stop();
  });

  test('webhook and Slack, tried again after a refusal', async () => {
    await call(clew, 'POST', '/1/batch/shop', Array(10).fill({data: {name: 'x'}}));
    const base = `http://127.0.0.1:${server.address().port}`;
    const recipient = async (type, details) => (await call(clew, 'POST', '/1/recipients', {type, details})).body.id;
    const hook = await recipient('webhook', {webhook_name: 'hook', webhook_url: `${base}/hook`, webhook_secret: 'shared', webhook_headers: [{header: 'X-Team', value: 'blue'}]});
    const own = await recipient('webhook', {webhook_name: 'own', webhook_url: `${base}/own`, webhook_payloads: {
      payload_templates: {trigger: {body: '{"text": "{{ .Name }} {{ .Alert.Status }} {{ .Vars.channel }}", "limit": {{ .Threshold }}, "datasets": {{ toJson .Datasets }}, "groups": [{{ range .Result.GroupsTriggered }}{{ .Result }}{{ end }}]}'}},
      template_variables: [{name: 'channel', default_value: '#all'}],
    }});
    const slack = await recipient('slack', {slack_channel: `${base}/slack`});
    const made = await call(clew, 'POST', '/1/triggers/shop', {
      name: 'many', description: 'look here', query: {calculations: [{op: 'COUNT'}], time_range: 240}, frequency: 60, threshold: {op: '>=', value: 10}, recipients: [{id: hook}, {id: slack}, {id: own, details: {variables: [{name: 'channel', value: '#ops'}]}}],
    });
    assert.equal(made.status, 201, made.text);
    await eventually(() => received.length >= 3, 60_000);
    assert.deepEqual(received.find(({path}) => path === '/own').body, {text: 'many TRIGGERED #ops', limit: 10, datasets: ['shop'], groups: [10]});
    const webhook = received.find(({path}) => path === '/hook');
    assert.equal(webhook.headers['x-honeycomb-webhook-token'], 'shared');
    assert.equal(webhook.headers['x-team'], 'blue');
    assert.deepEqual([webhook.body.status, webhook.body.name, webhook.body.operator, webhook.body.threshold, webhook.body.trigger_description], ['TRIGGERED', 'many', 'greater than or equal to', 10, 'look here']);
    assert.deepEqual(webhook.body.result_groups, [{Group: {}, Result: 10}]);
    assert.match(JSON.stringify(received.find(({path}) => path === '/slack').body), /Triggered: many/);
    await eventually(async () => (await call(clew, 'GET', `/1/triggers/shop/${made.body.id}`)).body.triggered);
  });
});
