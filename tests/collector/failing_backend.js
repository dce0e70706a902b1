// A backend that takes what it is sent, or turns it away for now or for good, as chance has it; and that remembers every
// item it took and every item it refused. Items are recognised by their name, in whatever encoding they come.
import {createRequire} from 'node:module';
import {createServer} from 'node:http';
import {gunzipSync} from 'node:zlib';
import {randomNumbers} from '../crash/traffic.mjs';

const grpc = createRequire(new URL('../clients/package.json', import.meta.url))('@grpc/grpc-js');

const named = (body) => body.toString('latin1').match(/item-\d{6}/g) ?? [];

class Record {
  // `itemsIn(body)` names the items of a request.
  constructor(seed, itemsIn = named) {
    this.random = randomNumbers(seed);
    this.itemsIn = itemsIn;
    this.seen = new Set();
    this.taken = [];
    this.refused = [];
    this.attempts = 0;
  }

  // The fate of one request.
  decide(body) {
    ++this.attempts;
    const items = this.itemsIn(body);
    for (const item of items) this.seen.add(item);
    const chance = this.random.between(1, 100);
    if (chance <= 50) {
      this.taken.push(...items);
      return 'taken';
    }
    if (chance <= 90) return 'again';
    this.refused.push(...items);
    return 'refused';
  }
}

// An HTTP server; `answer(body)` gives {status, text}.
async function serve(record, answer) {
  const server = createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces);
      const {status, text} = answer(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
      response.writeHead(status, {'content-type': request.headers['content-type']});
      response.end(text);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  record.address = `http://127.0.0.1:${server.address().port}`;
  record.stop = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return record;
}

export function startHttpBackend(seed, itemsIn) {
  const record = new Record(seed, itemsIn);
  return serve(record, (body) => {
    const fate = record.decide(body);
    const forNow = [429, 502, 503, 504][record.random.between(0, 3)];
    return {status: {taken: 200, again: forNow, refused: 400}[fate]};
  });
}

// An X-Ray API that also turns away single documents, for now or for good. A document tells its item by its id; one that
// comes again replaces itself when it was taken, and is as wrong as before when it was refused.
export function startXRayBackend(seed) {
  const record = new Record(seed);
  const fates = new Map();
  const settle = (item, fate) => {
    fates.set(item, fate);
    record[fate].push(item);
  };
  return serve(record, (body) => {
    ++record.attempts;
    const documents = JSON.parse(body).TraceSegmentDocuments.map((text) => JSON.parse(text));
    const itemOf = ({id}) => `item-${String(Number.parseInt(id, 16) - 1).padStart(6, '0')}`;
    const chance = record.random.between(1, 100);
    if (chance <= 30) return {status: [429, 500, 503][record.random.between(0, 2)], text: '{}'};
    if (chance <= 35 && !documents.some((document) => fates.has(itemOf(document)))) {
      for (const document of documents) settle(itemOf(document), 'refused');
      return {status: 400, text: '{}'};
    }
    const unprocessed = [];
    for (const document of documents) {
      const item = itemOf(document), fate = record.random.between(1, 100);
      if (!fates.has(item) && fate <= 10) {
        unprocessed.push({Id: document.id, ErrorCode: 'ThrottledException', Message: 'too many'});
        continue;
      }
      if (!fates.has(item)) settle(item, fate <= 20 ? 'refused' : 'taken');
      if (fates.get(item) === 'refused') unprocessed.push({Id: document.id, ErrorCode: 'InvalidSegment', Message: 'chance has it'});
    }
    return {status: 200, text: JSON.stringify({UnprocessedTraceSegments: unprocessed})};
  });
}

export async function startGrpcBackend(seed) {
  const record = new Record(seed);
  const server = new grpc.Server();
  const forNow = [grpc.status.UNAVAILABLE, grpc.status.ABORTED, grpc.status.DEADLINE_EXCEEDED, grpc.status.DATA_LOSS];
  const same = (bytes) => bytes;
  server.addService({
    Export: {
      path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export', requestStream: false, responseStream: false,
      requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same,
    },
  }, {
    Export: (call, done) => {
      const fate = record.decide(call.request);
      if (fate === 'taken') return done(null, Buffer.alloc(0));
      const code = fate === 'refused' ? grpc.status.INVALID_ARGUMENT : forNow[record.random.between(0, 3)];
      return done({code, details: fate});
    },
  });
  const port = await new Promise((done, fail) => server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(),
    (error, bound) => error ? fail(error) : done(bound)));
  record.address = `http://127.0.0.1:${port}`;
  record.stop = () => server.forceShutdown();
  return record;
}

// Sends one OTLP request over gRPC; its status code.
export class GrpcSender {
  constructor(port) {
    this.client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  }
  send(body, method = '/opentelemetry.proto.collector.trace.v1.TraceService/Export') {
    return this.call(body, method).then(({code}) => code);
  }
  // {code, details, answer}, the last as bytes.
  call(body, method) {
    const same = (bytes) => bytes;
    return new Promise((done) => this.client.makeUnaryRequest(method, same, same, body, {deadline: Date.now() + 20_000},
      (error, answer) => done({code: error?.code ?? 0, details: error?.details, answer})));
  }
  close() { this.client.close(); }
}
