// What the tests of CloudWatch Logs' clients have in common.
import {execFile, spawn} from 'node:child_process';
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

// The same, started and left running: what it prints comes as it prints it.
export function cliStarted(clew, ...command) {
  const child = spawn('/usr/bin/aws', ['--endpoint-url', clew.http, 'logs', ...command], {env: {...environment(clew), PYTHONUNBUFFERED: '1'}, stdio: ['ignore', 'pipe', 'pipe']});
  const started = {printed: '', complained: '', stop: () => new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL'))};
  child.stdout.on('data', (text) => started.printed += text);
  child.stderr.on('data', (text) => started.complained += text);
  return started;
}

// Calls what watchtower's handler calls, in its order, and reacts as it does: groups are looked for and made, tags and
// retention set, batches put at once, the stream made when it is missing.
export const handler = `
import boto3, logging, os, sys, time
class Handler(logging.Handler):
    def __init__(self, client, group, stream, tags=None, retention=None):
        super().__init__()
        self.client, self.group, self.stream, self.token, self.waiting = client, group, stream, None, []
        pages = client.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=group)
        if not any(one["logGroupName"] == group for page in pages for one in page["logGroups"]):
            try:
                client.create_log_group(logGroupName=group)
            except (client.exceptions.OperationAbortedException, client.exceptions.ResourceAlreadyExistsException):
                pass
        if tags:
            account = boto3.client("sts", endpoint_url=os.environ["CLEW"]).get_caller_identity()["Account"]
            client.tag_resource(resourceArn=f"arn:aws:logs:us-east-1:{account}:log-group:{group}", tags=tags)
        if retention:
            client.put_retention_policy(logGroupName=group, retentionInDays=retention)
    def emit(self, record):
        self.waiting.append({"timestamp": int(record.created * 1000), "message": self.format(record)})
    def flush(self):
        batch, self.waiting = sorted(self.waiting, key=lambda one: one["timestamp"]), []
        if not batch:
            return
        for attempt in range(5):
            more = {"sequenceToken": self.token} if self.token else {}
            try:
                answer = self.client.put_log_events(logGroupName=self.group, logStreamName=self.stream, logEvents=batch, **more)
                assert "rejectedLogEventsInfo" not in answer, answer
                self.token = answer.get("nextSequenceToken")
                return
            except self.client.exceptions.ResourceNotFoundException:
                try:
                    self.client.create_log_stream(logGroupName=self.group, logStreamName=self.stream)
                except self.client.exceptions.ResourceAlreadyExistsException:
                    pass
        raise SystemExit("the batch was lost")
client = boto3.client("logs", endpoint_url=os.environ["CLEW"])
`;
