import assert from "node:assert/strict";
import { formatError } from "cosine-lab/notebook";

Deno.test("formatError() names the bound where it holds, and the error where it does not", () => {
  assert.equal(formatError(0), "below 1e-12");
  assert.equal(formatError(9.99e-11, 1e-10), "below 1e-10");
  assert.equal(formatError(1e-10, 1e-10), "1.0e-10");
  assert.equal(formatError(0.12345), "0.12");
  assert.equal(formatError(1234), "1200");
  assert.equal(formatError(5, 10), "below 1e1");
});

Deno.test("formatError() rejects what is not an error", () => {
  assert.throws(() => formatError(NaN), RangeError);
  assert.throws(() => formatError(-1), RangeError);
  assert.throws(() => formatError("1" as never), TypeError);
});
