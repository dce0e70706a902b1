// What is pasted when clew has a certificate, and into a page of the newcomer's own.
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {after, before, test} from 'node:test';
import {build} from 'esbuild';

import {Browser} from '../browser/browser.mjs';
import {openPage, pageTurns, Project, recipe, startClew} from './newcomer.js';
import {app, serviceIs} from './recipes.js';

let browser;
before(async () => { browser = await Browser.start(); });
after(() => browser?.stop());

test('behind a certificate every address is https, and works', async () => {
  const project = new Project('first_minutes', {'app.js': app});
  await project.run('openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=clew -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem');
  const [certificate, privateKey] = ['cert.pem', 'key.pem'].map((name) => `${project.directory}/${name}`);
  const clew = await startClew({flags: ['--tls-cert', certificate, '--tls-key', privateKey]});
  try {
    const page = await openPage(browser, clew, {address: clew.http.replace('http:', 'https:'), ignoreHTTPSErrors: true});
    for (const tab of await page.getByRole('tab').allInnerTexts()) {
      const lines = await recipe(page, tab);
      assert.doesNotMatch(lines, /http:\/\/127/, tab);
      if (tab !== 'AWS X-Ray') assert.match(lines, /https:\/\/127/, tab);
    }
    await project.run(await recipe(page, 'curl'), {CURL_CA_BUNDLE: certificate});
    await pageTurns(page, 'first span');
    await project.run(await recipe(await openAgain(page), 'Node.js'), {OTEL_NODE_RESOURCE_DETECTORS: 'env', NODE_EXTRA_CA_CERTS: certificate});
    await serviceIs(clew, 'my-node-app');
  } finally {
    project.remove();
    await clew.stop();
  }
});

// The recipes of a page that has data already.
async function openAgain(page) {
  await page.goto(new URL('/', page.url()).href);
  await page.getByText('Connect another application').click();
  return page;
}

test('the code for browsers, in a page of another origin', async () => {
  const clew = await startClew();
  const project = new Project('first_minutes');
  const page = await openPage(browser, clew);
  const {outputFiles: [script]} = await build({
    stdin: {contents: await recipe(page, 'Browser'), resolveDir: project.directory}, bundle: true, write: false, format: 'esm', logLevel: 'silent',
  });
  const shop = createServer((request, response) => {
    const isScript = request.url === '/shop.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script.text : '<!doctype html><title>Shop</title><script type="module" src="/shop.js"></script>');
  });
  await new Promise((done) => shop.listen(0, '127.0.0.1', done));
  try {
    const visitor = await browser.open(`http://127.0.0.1:${shop.address().port}/`);
    await serviceIs(clew, 'my-page');
    assert.deepEqual(visitor.misdeeds.filter((misdeed) => !misdeed.includes('asked another host') && !misdeed.includes('favicon')), []);
    await page.waitForURL('**/t/**');
  } finally {
    project.remove();
    shop.closeAllConnections();
    shop.close();
    await clew.stop();
  }
});
