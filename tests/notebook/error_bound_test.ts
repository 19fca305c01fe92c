import assert from "node:assert/strict";
import { errorBound } from "cosine-lab/notebook";

Deno.test("errorBound() names the bound where it holds, and the error where it does not", () => {
  assert.equal(errorBound(0), "below 1e-12");
  assert.equal(errorBound(9.99e-11, 1e-10), "below 1e-10");
  assert.equal(errorBound(1e-10, 1e-10), "1.0e-10");
  assert.equal(errorBound(0.12345), "0.12");
  assert.equal(errorBound(1234), "1200");
  assert.equal(errorBound(5, 10), "below 1e1");
});

Deno.test("errorBound() rejects what is no error", () => {
  assert.throws(() => errorBound(NaN), RangeError);
  assert.throws(() => errorBound(-1), RangeError);
  assert.throws(() => errorBound("1" as never), TypeError);
});
