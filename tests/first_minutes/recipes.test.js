// Every recipe of the empty page that has a client here, as it stands.
import {after, before, describe, test} from 'node:test';

import {Browser} from '../browser/browser.mjs';
import {follow, recipes} from './recipes.js';

describe('recipes without keys', {concurrency: 2}, () => {
  let browser;
  before(async () => { browser = await Browser.start(); });
  after(() => browser?.stop());
  for (const name of Object.keys(recipes)) test(name, () => follow(browser, name));
});
