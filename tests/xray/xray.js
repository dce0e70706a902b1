// A clew with the X-Ray door open on a free port, and what the tests of X-Ray's clients have in common.
import {execFile} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {promisify} from 'node:util';

import {Clew, sleep} from '../clients/clew.js';

const run = promisify(execFile);

export async function startClew(options = {}) {
  const clew = await Clew.start({...options, flags: ['--xray-listen', '127.0.0.1:0', ...(options.flags ?? [])]});
  // It answers before the last line of its greeting has come through the pipe.
  clew.xrayPort = await eventually(() => Number(/127\.0\.0\.1:(\d+) +AWS X-Ray/.exec(clew.output)?.[1] ?? 0));
  return clew;
}

export const newId = () => randomBytes(8).toString('hex');
export const newTraceId = () => `1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
export const plainTraceId = (id) => id.slice(2).replace('-', '');

// Until `look` gives something.
export async function eventually(look, limitMs = 20_000) {
  for (const end = Date.now() + limitMs; ; await sleep(50)) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error('it did not come to pass in time');
  }
}

// The outline of a trace, once it has that many spans.
export const traceOf = (clew, traceId, spans) => eventually(async () => {
  try {
    const outline = await clew.ask(`/traces/${plainTraceId(traceId)}`);
    return outline.spans >= spans && outline;
  } catch {
    return undefined;
  }
});

export async function counters(clew) {
  const text = await (await fetch(`${clew.http}/metrics`)).text();
  return Object.fromEntries(text.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(' ')).map(([name, value]) => [name, Number(value)]));
}

// Debian's programs, whatever else is first in the path; with credentials that nobody has to know.
const environment = {
  PATH: '/usr/bin:/bin', HOME: '/nonexistent', LANG: 'C.UTF-8', AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_DEFAULT_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true', AWS_PAGER: '',
};
export async function python(script, ...parameters) {
  return (await run('/usr/bin/python3', ['-c', script, ...parameters], {env: environment})).stdout;
}
// What the CLI prints, as a value; a refusal throws its message.
export async function cli(clew, command, more = {}) {
  const {stdout} = await run('/usr/bin/aws', ['--endpoint-url', clew.http, '--output', 'json', 'xray', ...command], {env: {...environment, ...more}});
  return stdout ? JSON.parse(stdout) : undefined;
}
