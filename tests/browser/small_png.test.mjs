// Pictures made small say the same: exactly, while their colours are few, and nearly where they are many.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode } from "./small_png.mjs";

const picture = (width, height, colourAt) => ({ width, height, pixels: Buffer.from(Array.from({ length: width * height }, (_, at) => colourAt(at % width, Math.floor(at / width))).flat()) });

/** Reads the palette back, which `decode` has no need to. */
function colours(png) {
  const at = png.indexOf("PLTE");
  return png.readUInt32BE(at - 4) / 3;
}

test("few colours stay as they are", () => {
  const png = encode(picture(40, 30, (x, y) => [x < 20 ? 255 : 0, y < 10 ? 128 : 7, 9]));
  assert.equal(colours(png), 4);
  assert.ok(png.length < 200, `${png.length} bytes`);
});

test("many colours become 256 at most", () => {
  const png = encode(picture(200, 100, (x, y) => [x, y, (x * y) % 256]));
  assert.ok(colours(png) <= 256 && colours(png) > 100, `${colours(png)} colours`);
});

test("what is no PNG is refused", () => {
  assert.throws(() => decode(Buffer.from("GIF89a, not what was asked for")), /not a PNG/);
});
