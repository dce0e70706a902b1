// A backend that takes what it is sent, or turns it away for now or for good, as chance has it; and that remembers every
// item it took and every item it refused. Items are recognised by their name, in whatever encoding they come.
import {createRequire} from 'node:module';
import {createServer} from 'node:http';
import {gunzipSync} from 'node:zlib';
import {randomNumbers} from '../crash/traffic.mjs';

const grpc = createRequire(new URL('../clients/package.json', import.meta.url))('@grpc/grpc-js');

class Record {
  constructor(seed) {
    this.random = randomNumbers(seed);
    this.taken = [];
    this.refused = [];
    this.attempts = 0;
  }

  // The fate of one request.
  decide(body) {
    ++this.attempts;
    const items = body.toString('latin1').match(/item-\d{6}/g) ?? [];
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

export async function startHttpBackend(seed) {
  const record = new Record(seed);
  const server = createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces);
      const fate = record.decide(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
      const forNow = [429, 502, 503, 504][record.random.between(0, 3)];
      response.writeHead({taken: 200, again: forNow, refused: 400}[fate], {'content-type': request.headers['content-type']});
      response.end();
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
  send(body) {
    const same = (bytes) => bytes;
    return new Promise((done) => this.client.makeUnaryRequest('/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      same, same, body, {deadline: Date.now() + 20_000}, (error) => done(error?.code ?? 0)));
  }
  close() { this.client.close(); }
}
