// Outlines in bytes for tests, as the server writes them.

type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | BigUint64Array | Float64Array;

const typeOf = (column: Column): string =>
  ({ Uint8Array: "u8", Uint16Array: "u16", Uint32Array: "u32", Int32Array: "i32", BigUint64Array: "u64", Float64Array: "f64" })[column.constructor.name]!;

const roundUp = (bytes: number): number => Math.ceil(bytes / 8) * 8;

export function binaryOutline(columns: Record<string, Column>, { names, services }: { names: string[]; services: string[] }): ArrayBuffer {
  let size = 0;
  const places = Object.entries(columns).map(([name, column]) => {
    const place = { name, type: typeOf(column), offset: size, rows: column.length };
    size += roundUp(column.byteLength);
    return place;
  });
  const header = { trace_id: "0af7651916cd43dd8448eb211c80319c", start_ns: "1770000000000000000", spans: columns.span_id!.length, errors: 0, logs: columns["logs.span"]!.length, names, services, columns: places };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const begin = roundUp(12 + text.length);
  const bytes = new Uint8Array(begin + size).fill(32, 0, begin);
  bytes.set(new TextEncoder().encode("CLWO"));
  new DataView(bytes.buffer).setUint32(4, 1, true);
  new DataView(bytes.buffer).setUint32(8, begin - 12, true);
  bytes.set(text, 12);
  for (const { name, offset } of places) {
    const column = columns[name]!;
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), begin + offset);
  }
  return bytes.buffer;
}
