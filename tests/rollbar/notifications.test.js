// Those who want to know of errors are told: by every rule over every channel, though none of them answers at first.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Clew} from '../clients/clew.js';
import {MailServer, WebhookReceiver, eventually, textOfMail} from '../notifications/receivers.js';

const rules = {new: {}, tenfold: {}, rate: {occurrences: 5, within_s: 3600}, reactivated: {}};
const eventNames = {new: 'new_item', tenfold: 'exp_repeat_item', rate: 'item_velocity', reactivated: 'reactivated_item'};
const titles = {new: /^New error: /, tenfold: /^10 times: /, rate: /^5 times within .*: /, reactivated: /^The error is back: /};
const title = 'the till is empty';
let clew, webhook, mail;

before(async () => {
  // Whatever is asked first of a path fails; the mail server refuses the first message of every later@.
  const known = new Set();
  webhook = await WebhookReceiver.start((number, path) => known.has(path) ? 204 : (known.add(path), 503));
  mail = await MailServer.start();
  clew = await Clew.start({flags: ['--smtp', `smtp://clew:s3cret%3A%25@127.0.0.1:${mail.port}`, '--mail-from', 'clew@example.com',
    '--mail-ca', mail.certificate, '--page-url', 'https://clew.example.com/']});
  await clew.ask('/error-rules/notifications', {body: {rules: Object.entries(rules).flatMap(([when, more]) => [
    {when, ...more, recipient: {channel: 'webhook', url: `${webhook.url}/webhook/${when}`}},
    {when, ...more, recipient: {channel: 'slack', url: `${webhook.url}/slack/${when}`}},
    {when, ...more, recipient: {channel: 'email', address: `later@${when}.example.com`}},
  ])}});
});
after(async () => {
  await clew?.stop();
  await webhook?.stop();
  await mail?.stop();
});

async function report(text = title, more = {}) {
  const response = await fetch(`${clew.http}/api/1/item/`, {method: 'POST', headers: {'content-type': 'application/json'},
    body: JSON.stringify({data: {environment: 'production', level: 'error', framework: 'flask', platform: 'linux', code_version: '1.0', body: {message: {body: text}}, ...more}})});
  assert.equal(response.status, 200);
}
const to = (path) => webhook.requests.filter((request) => request.path === path).map(({body}) => body);
const mailTo = (address) => mail.messages.filter((message) => message.to.includes(address));
const subjectOf = (message) => /^Subject: (.*)\r$/m.exec(message.text)[1];

test('new, the tenth, too many in an hour, and back again', async () => {
  for (let n = 0; n < 10; ++n) await report();
  for (const when of ['new', 'tenfold', 'rate']) await eventually(() => to(`/webhook/${when}`).length === 2, `the second attempt of ${when}`);
  const {errors: [{id}]} = await clew.ask('/errors');
  await clew.ask(`/errors/${id}`, {body: {state: 'resolved'}});
  await report();
  for (const when of Object.keys(rules)) {
    const [refused, taken] = await eventually(() => to(`/webhook/${when}`).length === 2 && to(`/webhook/${when}`), `the webhook of ${when}`);
    assert.deepEqual(refused, taken, 'the second attempt says the same');
    assert.equal(taken.event_name, eventNames[when]);
    assert.match(taken.title, titles[when]);
    const [, slack] = await eventually(() => to(`/slack/${when}`).length === 2 && to(`/slack/${when}`), `Slack's webhook of ${when}`);
    assert.match(slack.text, titles[when]);
    assert.match(slack.blocks[0].text.text, /the till is empty/);
    const [message] = await eventually(() => mailTo(`later@${when}.example.com`).length === 1 && mailTo(`later@${when}.example.com`), `the mail of ${when}`);
    assert.match(subjectOf(message), titles[when]);
    assert.match(textOfMail(message), new RegExp(`https://clew\\.example\\.com/errors/${id}`));
  }
  // A receiver knows of a message before clew knows that it was received.
  const notifications = await eventually(async () => {
    const {notifications} = await clew.ask('/notifications');
    return notifications.every(({progress}) => progress === 'delivered') && notifications;
  }, 'the end of all deliveries');
  assert.deepEqual(notifications.map(({attempts}) => attempts), Array(12).fill(2));
  const deliveries = webhook.requests.filter(({path}) => path === '/webhook/new').map(({headers}) => headers['x-clew-delivery']);
  assert.equal(new Set(deliveries).size, 1, 'by which a receiver knows that it is the same');
});

test('a webhook has the members that receivers of Rollbar know', async () => {
  const [, {data: {item}}] = to('/webhook/new');
  assert.deepEqual([item.title, item.environment, item.level, item.status, item.framework, item.platform], [title, 'production', 40, 1, 16, 0]);
  assert.match(item.hash, /^[0-9a-f]{32}$/);
  assert.ok(item.total_occurrences >= 1 && item.counter === item.id && item.project_id > 0);
  for (const at of ['first', 'last']) assert.ok(Math.abs(item[`${at}_occurrence_timestamp`] - Date.now() / 1000) < 600);
  assert.deepEqual([item.last_occurrence.body.message.body, item.last_occurrence.code_version, item.last_occurrence.framework], [title, '1.0', 'flask']);
  const [, {data: {trigger}}] = to('/webhook/rate');
  assert.deepEqual([trigger.threshold, trigger.window_size], [5, 3600]);
  assert.equal(to('/webhook/tenfold')[1].data.occurrences >= 10, true);
});

test('nobody is told of an error that is muted or snoozed', async () => {
  for (const [text, change] of [['a muted one', {state: 'muted'}], ['a snoozed one', {snooze_s: 3600}]]) {
    await report(text);
    const {errors: [{id}]} = await clew.ask(`/errors?q=${encodeURIComponent(`"${text}"`)}`);
    await clew.ask(`/errors/${id}`, {body: change});
    for (let n = 0; n < 10; ++n) await report(text);
    assert.equal((await clew.ask(`/errors/${id}`)).occurrences, 11);
  }
  // Messages are put on their way in the order in which errors are counted.
  await report('the last one');
  const about = async (text) => (await clew.ask('/notifications')).notifications.filter((one) => one.title.endsWith(text));
  await eventually(async () => (await about('the last one')).length === 3, 'the one after them');
  for (const text of ['a muted one', 'a snoozed one']) assert.deepEqual([...new Set((await about(text)).map((one) => one.title))], [`New error: ${text}`]);
});
