// As much of protobuf's encoding as reading a few fields takes.

export interface ProtobufField {
  number: number;
  /** Of fields with eight bytes. */
  fixed?: DataView;
  /** Of fields with a length. */
  bytes?: Uint8Array;
}

/** Fields one after the other; bytes that are no protobuf throw. */
export function* fieldsOf(bytes: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 64; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError("The bytes end within a number");
      // Beyond 53 bits nothing here is a length or a field's number.
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("A number that does not end");
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new RangeError("A field is longer than what holds it");
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        varint();
        yield { number };
        break;
      case 1: {
        const eight = take(8);
        yield { number, fixed: new DataView(eight.buffer, eight.byteOffset, 8) };
        break;
      }
      case 2:
        yield { number, bytes: take(varint()) };
        break;
      case 5:
        take(4);
        yield { number };
        break;
      default:
        throw new RangeError(`There is no wire type ${key % 8}`);
    }
  }
}

export const bytesOfBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
export const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
