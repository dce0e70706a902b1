// The same where keys are needed: they have to be in what is pasted.
import {after, before, describe, test} from 'node:test';

import {Browser} from '../browser/browser.mjs';
import {follow, recipes} from './recipes.js';

// Segments come without keys, over UDP; what Honeycomb's recipe does with a key, libhoney's and Node's do as well.
const keyless = ['AWS X-Ray', 'Honeycomb'];

describe('recipes with keys', {concurrency: 2}, () => {
  let browser;
  before(async () => { browser = await Browser.start(); });
  after(() => browser?.stop());
  for (const name of Object.keys(recipes).filter((one) => !keyless.includes(one))) test(name, () => follow(browser, name, 'a-key-of-mine'));
});
