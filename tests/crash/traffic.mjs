// Traffic that can be recognised again: every request carries one trace, every span a number that no other span has.
import {Agent, request} from 'node:http';

// What became of a request, as far as its sender knows.
export const Fate = {acknowledged: 'acknowledged', refused: 'refused', unknown: 'unknown'};

// A small generator, so that a run can be repeated by its seed.
export function randomNumbers(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {between: (low, high) => low + Math.floor(next() * (high - low + 1))};
}

// Protobuf, as far as it is needed here.
const varint = (number) => {
  const bytes = [];
  for (let rest = BigInt(number); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
};
const bytesField = (field, bytes) => Buffer.concat([varint(field << 3 | 2), varint(bytes.length), bytes]);
const textField = (field, text) => bytesField(field, Buffer.from(text));
const numberField = (field, number) => Buffer.concat([varint(field << 3), varint(number)]);
const fixed64Field = (field, number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(number);
  return Buffer.concat([varint(field << 3 | 1), bytes]);
};
const attribute = (field, key, value) =>
  bytesField(field, Buffer.concat([textField(1, key), bytesField(2, typeof value === 'string' ? textField(1, value) : numberField(3, value))]));

export const traceIdOf = (batch) => 'c1e3'.padEnd(24, '0') + batch.toString(16).padStart(8, '0');
export const spanIdOf = (number) => (number + 1).toString(16).padStart(16, '0');

const dayNs = 86_400_000_000_000n;

export class Traffic {
  constructor(numbers) {
    this.numbers = numbers;
    this.batches = [];  // {batch, first, spans, fate}
    this.spans = 0;
  }

  // Takes the next numbers for a request of `spans` spans.
  make(spans) {
    const made = {batch: this.batches.length, first: this.spans, spans, fate: Fate.unknown};
    this.batches.push(made);
    this.spans += spans;
    return made;
  }

  encode({batch, first, spans}) {
    // Of several days, so that there are many parts.
    const start = BigInt(Date.now()) * 1_000_000n - BigInt(this.numbers.between(0, 3)) * dayNs;
    const scope = [];
    for (let i = 0; i < spans; ++i) {
      scope.push(bytesField(2, Buffer.concat([
        bytesField(1, Buffer.from(traceIdOf(batch), 'hex')),
        bytesField(2, Buffer.from(spanIdOf(first + i), 'hex')),
        textField(5, `step ${i % 5}`),
        numberField(6, 1),
        fixed64Field(7, start + BigInt(i)),
        fixed64Field(8, start + BigInt(i) + 1_000_000n),
        attribute(9, 'number', first + i),
        attribute(9, 'batch', batch),
        attribute(9, 'text', `span ${first + i} of batch ${batch}`),
      ])));
    }
    const resource = bytesField(1, attribute(1, 'service.name', `sender-${batch % 8}`));
    return bytesField(1, Buffer.concat([resource, bytesField(2, Buffer.concat(scope))]));
  }

  // Sends requests one after the other over one connection until the server is gone or `isOver()`.
  async send(port, isOver) {
    const agent = new Agent({keepAlive: true, maxSockets: 1});
    while (!isOver()) {
      const made = this.make(this.numbers.between(0, 9) === 0 ? this.numbers.between(200, 800) : this.numbers.between(1, 40));
      const status = await post(agent, port, this.encode(made));
      if (status === undefined) break;
      made.fate = status === 200 ? Fate.acknowledged : Fate.refused;
      made.status = status;
    }
    agent.destroy();
  }
}

// The status of the whole answer; undefined when the connection broke before its end.
function post(agent, port, body) {
  return new Promise((done) => {
    const sent = request({agent, port, host: '127.0.0.1', path: '/v1/traces', method: 'POST',
      headers: {'content-type': 'application/x-protobuf', 'content-length': body.length}}, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('error', () => done(undefined));
      response.on('close', () => done(undefined));
      // A partial success has something to say, and so would not be empty.
      response.on('end', () => done(response.statusCode === 200 && Buffer.concat(pieces).length > 2 ? 299 : response.statusCode));
    });
    sent.on('error', () => done(undefined));
    sent.end(body);
  });
}
