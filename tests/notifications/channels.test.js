// Each channel against a real receiver.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Clew} from '../clients/clew.js';
import {MailServer, WebhookReceiver, textOfMail} from './receivers.js';

let clew, webhook, mail;

before(async () => {
  webhook = await WebhookReceiver.start((number) => number > 3 ? 503 : 200);
  mail = await MailServer.start();
  clew = await Clew.start({flags: ['--smtp', `smtp://clew:s3cret%3A%25@127.0.0.1:${mail.port}`, '--mail-from', 'clew@example.com',
    '--mail-ca', mail.certificate]});
});
after(async () => {
  await clew?.stop();
  await webhook?.stop();
  await mail?.stop();
});

const tryOut = (recipient) => clew.ask('/notifications/test', {body: {recipient}});

test('a webhook', async () => {
  assert.deepEqual(await tryOut({channel: 'webhook', url: `${webhook.url}/hook`, headers: {'X-Token': 'abc'}}), {delivered: true, failure: ''});
  const [request] = webhook.requests;
  assert.equal(request.path, '/hook');
  assert.equal(request.headers['x-token'], 'abc');
  assert.equal(request.headers['content-type'], 'application/json');
  assert.equal(request.body.event, 'test');
  assert.equal(request.body.title, 'clew can reach you');
});

test('a webhook in the format of Slack', async () => {
  assert.equal((await tryOut({channel: 'slack', url: `${webhook.url}/slack`})).delivered, true);
  assert.equal(webhook.requests[1].body.text, 'clew can reach you');
  assert.equal(webhook.requests[1].body.blocks[0].text.text, '*clew can reach you*');
});

test('events in the format of PagerDuty', async () => {
  assert.equal((await tryOut({channel: 'pagerduty', url: `${webhook.url}/v2/enqueue`, routing_key: 'r'})).delivered, true);
  const {body} = webhook.requests[2];
  assert.deepEqual([body.routing_key, body.event_action, body.payload.severity], ['r', 'trigger', 'info']);
});

test('a receiver that cannot take it now', async () => {
  const answer = await tryOut({channel: 'webhook', url: webhook.url});
  assert.equal(answer.delivered, false);
  assert.match(answer.failure, /answered 503/);
});

test('mail goes through STARTTLS and AUTH', async () => {
  assert.deepEqual(await tryOut({channel: 'email', address: 'ops@example.com'}), {delivered: true, failure: ''});
  const [message] = mail.messages;
  assert.deepEqual({...message, text: undefined}, {from: 'clew@example.com', to: ['ops@example.com'], tls: true, user: 'clew', text: undefined});
  assert.match(message.text, /^Subject: clew can reach you\r$/m);
  assert.match(textOfMail(message), /whether it arrives/);
});

test('mail that the server refuses', async () => {
  const answer = await tryOut({channel: 'email', address: 'nobody@example.com'});
  assert.equal(answer.delivered, false);
  assert.match(answer.failure, /550 there is nobody of that name/);
});

test('mail to a server that only knows AUTH LOGIN, and with the wrong password', async () => {
  const other = await MailServer.start({without: ['PLAIN']});
  const flags = (password) => ['--smtp', `smtp://clew:${password}@localhost:${other.port}`, '--mail-ca', other.certificate];
  const right = await Clew.start({flags: flags('s3cret%3A%25')});
  const wrong = await Clew.start({flags: flags('guessed')});
  const body = {recipient: {channel: 'email', address: 'ops@example.com'}};
  assert.deepEqual(await right.ask('/notifications/test', {body}), {delivered: true, failure: ''});
  assert.match((await wrong.ask('/notifications/test', {body})).failure, /535/);
  await Promise.all([right.stop(), wrong.stop(), other.stop()]);
});

test('a certificate that nobody vouches for is not trusted with the password', async () => {
  const stranger = await Clew.start({flags: ['--smtp', `smtp://clew:s3cret%3A%25@127.0.0.1:${mail.port}`]});
  const answer = await stranger.ask('/notifications/test', {body: {recipient: {channel: 'email', address: 'ops@example.com'}}});
  assert.equal(answer.delivered, false);
  assert.match(answer.failure, /certificate/);
  await stranger.stop();
});

test('a recipient that makes no sense', async () => {
  await assert.rejects(tryOut({channel: 'pigeon'}), /webhook, slack, pagerduty or email/);
});
