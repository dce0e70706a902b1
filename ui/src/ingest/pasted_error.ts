// What an exporter's error text means, and which line to change: for senders whose requests never get here, so that the
// server cannot tell of them.

export interface Remedy {
  cause: string;
  /** With the address of this clew filled in. */
  line?: string;
}

export interface Doors {
  /** "http://clew.example:4318" */
  http: string;
  /** "http://clew.example:4317" */
  grpc: string;
}

interface Known {
  /** Of the text, however it is written. */
  says: RegExp;
  remedy: (doors: Doors, found: RegExpExecArray) => Remedy;
}

const endpoint = (address: string): string => `export OTEL_EXPORTER_OTLP_ENDPOINT=${address}`;
const hostOf = (address: string): string => address.replace(/^https?:\/\//, "");

/** The first that fits counts: the more particular ones stand above. */
const known: readonly Known[] = [
  {
    says: /unknown authority|self[- ]signed certificate|CERTIFICATE_VERIFY_FAILED|unable to get (local )?issuer|PKIX path building failed/i,
    remedy: () => ({ cause: "The client does not know who signed the server's certificate. Give it that authority's certificate.", line: "export OTEL_EXPORTER_OTLP_CERTIFICATE=/path/to/ca.pem" }),
  },
  {
    says: /wrong version number|first record does not look like a TLS handshake|HTTP response to HTTPS client|EPROTO|SSL_ERROR_SSL|packet length too long/i,
    remedy: ({ http }) => ({ cause: "The client speaks TLS and this address does not. Write http:// in place of https://; in Python's gRPC exporter set insecure=True, in a collector tls: insecure: true.", line: endpoint(http) }),
  },
  {
    says: /not verified|certificate is valid for|altnames|hostname mismatch/i,
    remedy: () => ({ cause: "The certificate is for another name than the one in the address. Use a name that it holds, or have one made for this name." }),
  },
  {
    says: /HTTP\/1\.x transport connection broken|malformed HTTP response|Expected HTTP\/|HPE_INVALID_CONSTANT|BadStatusLine/i,
    remedy: ({ http }) => ({ cause: "An exporter over HTTP has reached a port that speaks gRPC alone. Use the one for HTTP.", line: endpoint(http) }),
  },
  {
    says: /frame too large|FRAME_SIZE_ERROR|http1\.x server|HTTP\/1\.1 header|Protocol error.*preface|error reading server preface/i,
    remedy: ({ grpc }) => ({ cause: "An exporter over gRPC has reached a port that speaks HTTP/1.1 alone. Use the one for gRPC.", line: endpoint(grpc) }),
  },
  {
    says: /\/v1\/(traces|logs|metrics)\/v1\/|\/v1\/v1\//i,
    remedy: ({ http }) => ({ cause: "The path is there twice: OTEL_EXPORTER_OTLP_ENDPOINT is the base, to which clients add /v1/traces.", line: endpoint(http) }),
  },
  {
    says: /(ECONNREFUSED|connection refused|Failed to connect|Connection refused)[^\n]*(localhost|127\.0\.0\.1|\[?::1\]?)|(localhost|127\.0\.0\.1|\[::1\])[^\n]*(ECONNREFUSED|connection refused)/i,
    remedy: ({ http }) => ({ cause: "Nothing listens at that address as the client sees it. Within a container, localhost is the container itself: name the host that runs clew (host.docker.internal, or the service's name), and publish its port.", line: endpoint(http.replace(/\/\/(localhost|127\.0\.0\.1)/, "//host.docker.internal")) }),
  },
  {
    says: /ECONNREFUSED|connection refused|failed to connect to all addresses|ECONNRESET|connection reset/i,
    remedy: ({ http }) => ({ cause: "The host is there, but nothing takes connections at that port: it may be another port, or it may not be published.", line: endpoint(http) }),
  },
  {
    says: /DNS resolution failed for "?(https?:\/\/)|too many colons in address/i,
    remedy: ({ grpc }) => ({ cause: "This gRPC client wants host and port alone, without http:// before it.", line: endpoint(hostOf(grpc)) }),
  },
  {
    says: /No connection adapters were found|Protocol "[\w.-]+:" not supported|unsupported protocol scheme/i,
    remedy: ({ http }) => ({ cause: "The address has no scheme: it has to begin with http://.", line: endpoint(http) }),
  },
  {
    says: /ENOTFOUND|getaddrinfo|no such host|DNS resolution failed|Name or service not known|UnknownHostException/i,
    remedy: ({ http }) => ({ cause: "There is no host of that name, as the client sees it: look for a typing error, and whether both are in one network.", line: endpoint(http) }),
  },
  {
    says: /invalid header key|Header format invalid|doesn't match the format|Invalid character in header|metadata was invalid|Illegal header key/i,
    remedy: () => ({ cause: "The header is written in a way that this client does not read: name=value, the name in lower case, blanks as %20, without quotes or line ends.", line: "export OTEL_EXPORTER_OTLP_HEADERS=x-honeycomb-team=KEY" }),
  },
  {
    says: /\b401\b|unauthenticated|unknown API key|missing 'x-honeycomb-team'/i,
    remedy: () => ({ cause: "A key is needed, and this one is missing or not known here. Settings has them.", line: "export OTEL_EXPORTER_OTLP_HEADERS=x-honeycomb-team=KEY" }),
  },
  {
    says: /\b404\b|Not Found|UNIMPLEMENTED|unknown service/i,
    remedy: ({ http }) => ({ cause: "What answers there is not clew, or the path is wrong: in code, most clients want the whole address of the signal.", line: `${http}/v1/traces` }),
  },
  {
    says: /RESOURCE_EXHAUSTED|larger than max|\b413\b|entity too large/i,
    remedy: () => ({ cause: "What was sent in one piece is too large for what stands between. Send smaller batches.", line: "export OTEL_BSP_MAX_EXPORT_BATCH_SIZE=256" }),
  },
  {
    says: /CORS policy|Access-Control-Allow-Origin/i,
    remedy: ({ http }) => ({ cause: "A browser may not send to another address than its page's own unless that one allows it. Is the address clew's, without anything in between that takes the answer's headers away?", line: `${http}/v1/traces` }),
  },
  {
    says: /DEADLINE_EXCEEDED|timed? ?out|ETIMEDOUT|Timeout/i,
    remedy: ({ http }) => ({ cause: "Nothing answered in time: a firewall drops the connection, or the address belongs to nobody.", line: endpoint(http) }),
  },
];

/** Nothing for a text that says nothing known. */
export function remedyFor(text: string, doors: Doors): Remedy | undefined {
  for (const { says, remedy } of known) {
    const found = says.exec(text);
    if (found) return remedy(doors, found);
  }
  return undefined;
}
