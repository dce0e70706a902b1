// What the tests of CloudWatch Logs' clients have in common.
import {execFile} from 'node:child_process';
import {promisify} from 'node:util';

import * as logs from '@aws-sdk/client-cloudwatch-logs';

export {Clew, sleep} from '../clients/clew.js';
export {eventually} from '../xray/xray.js';

const run = promisify(execFile);

export const credentials = {accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret'};

export const clientOf = (clew, more = {}) => new logs.CloudWatchLogsClient({
  endpoint: clew.http, region: 'us-east-1', credentials, maxAttempts: 1, disableHostPrefix: true, ...more,
});

// Sends an operation by its name.
export const sender = (client) => (name, input = {}) => client.send(new logs[`${name}Command`](input));

// Debian's programs, whatever else is first in the path; with credentials that nobody has to know.
const environment = (clew) => ({
  PATH: '/usr/bin:/bin', HOME: '/nonexistent', LANG: 'C.UTF-8', AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_DEFAULT_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true', AWS_PAGER: '', CLEW: clew.http,
});
export async function python(clew, script, ...parameters) {
  return (await run('/usr/bin/python3', ['-c', script, ...parameters], {env: environment(clew)})).stdout;
}
// What the CLI prints, as a value; a refusal throws its message.
export async function cli(clew, ...command) {
  const {stdout} = await run('/usr/bin/aws', ['--endpoint-url', clew.http, '--output', 'json', 'logs', ...command], {env: environment(clew)});
  return stdout ? JSON.parse(stdout) : undefined;
}
