// Just enough protobuf to write OTLP that no SDK would send.
function varint(value) {
  const bytes = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}

export const number = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
export const bytes = (field, content) => {
  const buffer = Buffer.isBuffer(content) ? content : Buffer.from(content);
  return Buffer.concat([varint(field << 3 | 2), varint(buffer.length), buffer]);
};
export const message = (field, ...parts) => bytes(field, Buffer.concat(parts));
export const fixed64 = (field, value) => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
  return Buffer.concat([varint(field << 3 | 1), buffer]);
};

export const attribute = (key, ...value) => [bytes(1, key), message(2, ...value)];
// A span with valid ids, `fields` added to it.
export const span = (traceId, ...fields) => message(2,
  bytes(1, Buffer.from(traceId, 'hex')), bytes(2, Buffer.from('0102030405060708', 'hex')), ...fields);
export const spansRequest = (...spans) => message(1, message(2, ...spans));
