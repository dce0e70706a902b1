import assert from "node:assert/strict";
import { test } from "node:test";
import { formatBytes, formatCount, formatRate, formatShare, formatShortCount, significant } from "./numbers";

test("numbers are written as people read them", () => {
  for (const [actual, expected] of [
    [formatCount(48213), "48,213"],
    [formatCount(999), "999"],
    [formatCount(1234567890123n), "1,234,567,890,123"],
    [formatShortCount(999), "999"],
    [formatShortCount(48213), "48.2k"],
    [formatShortCount(999_999), "1M"],
    [formatShortCount(3_400_000_000), "3.4G"],
    [significant(0.000123456), "0.000123"],
    [significant(1234.5), "1235"],
    [significant(2), "2"],
    [significant(0), "0"],
    [formatShare(0, 10), "0 %"],
    [formatShare(1, 100000), "< 0.01 %"],
    [formatShare(1, 3), "33.3 %"],
    [formatShare(3, 3), "100 %"],
    [formatRate(12.4), "12.4/s"],
    [formatRate(0.05), "3/min"],
    [formatRate(0), "0"],
    [formatBytes(1023), "1023 B"],
    [formatBytes(1536), "1.5 KiB"],
  ] as const) {
    assert.equal(actual, expected);
  }
});
