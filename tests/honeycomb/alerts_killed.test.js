// A trigger fires while nobody who is to be told can be reached, and clew is killed. The next start tells everybody,
// once: a webhook, one in Slack's format, one in PagerDuty's, and a mailbox.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import {MailServer, textOfMail, WebhookReceiver} from '../notifications/receivers.js';
import {call, Clew, eventually} from './honeycomb.js';

describe('a trigger over a kill', () => {
  let clew, receiver, mail, away = true;
  before(async () => {
    receiver = await WebhookReceiver.start(() => away ? 503 : 200);
    mail = await MailServer.start();
    // A door that nobody opens, until the restart.
    clew = await Clew.start({flags: ['--smtp', 'smtp://127.0.0.1:1']});
    clew.flags = ['--smtp', `smtp://clew:s3cret%3A%25@127.0.0.1:${mail.port}`, '--mail-from', 'clew@example.com', '--mail-ca', mail.certificate];
  });
  after(async () => {
    await clew?.stop();
    await receiver?.stop();
    await mail?.stop();
  });

  test('everybody is told once', async () => {
    await call(clew, 'POST', '/1/batch/shop', Array(10).fill({data: {name: 'x'}}));
    const recipient = async (type, details) => ({id: (await call(clew, 'POST', '/1/recipients', {type, details})).body.id});
    const recipients = [
      await recipient('webhook', {webhook_name: 'hook', webhook_url: `${receiver.url}/hook`}),
      await recipient('slack', {slack_channel: `${receiver.url}/slack`}),
      {...await recipient('pagerduty', {pagerduty_integration_name: 'pd', pagerduty_integration_key: 'k'.repeat(32), pagerduty_events_url: `${receiver.url}/pagerduty`}), details: {pagerduty_severity: 'critical'}},
      await recipient('email', {email_address: 'ops@example.com'}),
    ];
    const made = await call(clew, 'POST', '/1/triggers/shop', {name: 'many', query: {calculations: [{op: 'COUNT'}], time_range: 14_400}, frequency: 3600, threshold: {op: '>=', value: 10}, recipients});
    assert.equal(made.status, 201, made.text);
    const history = async () => (await clew.ask(`/alerts/history?alert=${made.body.id}`)).history;
    await eventually(async () => (await history()).length > 0, 60_000);
    clew.process.kill('SIGKILL');
    assert.equal(await clew.ended, 'SIGKILL');
    const before = receiver.requests.length;
    away = false;
    await clew.launch();

    const delivered = async () => (await clew.ask('/notifications')).notifications.filter(({progress}) => progress === 'delivered');
    await eventually(async () => (await delivered()).length >= 4, 90_000);
    const told = new Map(receiver.requests.slice(before).map((request) => [request.path, request.body]));
    assert.deepEqual([...told.keys()].sort(), ['/hook', '/pagerduty', '/slack']);
    assert.deepEqual([told.get('/hook').status, told.get('/hook').result_groups], ['TRIGGERED', [{Group: {}, Result: 10}]]);
    assert.match(told.get('/slack').text, /Triggered: many/);
    const {routing_key, event_action, dedup_key, payload} = told.get('/pagerduty');
    assert.deepEqual([routing_key, event_action, dedup_key, payload.severity], ['k'.repeat(32), 'trigger', `honeycomb-trigger-${made.body.id}`, 'critical']);
    assert.deepEqual(mail.messages.map(({to}) => to), [['ops@example.com']]);
    assert.match(mail.messages[0].text, /^Subject: Triggered: many\r$/m);
    assert.match(textOfMail(mail.messages[0]), /COUNT was 10 \(>= 10\)/);

    // Once: nothing more is under way, and it changed once.
    assert.equal((await clew.ask('/notifications')).notifications.length, 4);
    assert.deepEqual((await history()).map(({standing, summary}) => [standing, summary]), [['triggered', 'COUNT was 10 (>= 10)']]);
    assert.equal((await call(clew, 'GET', `/1/triggers/shop/${made.body.id}`)).body.triggered, true);
  });
});
