import assert from "node:assert/strict";
import { hypot } from "../../lib/elementary/hypot.ts";
import { EDGES, numbers } from "./arguments.ts";

Deno.test("hypot: to the last bit as V8's", () => {
  const values = [...numbers(20_000, "hypot", [-10, 10]), ...numbers(5000, "wide")];
  for (let at = 0, size = 1; at + size < values.length; at += size, size = 1 + size % 60) {
    const point = values.slice(at, at + size);
    assert.equal(hypot(point), Math.hypot(...point));
  }
  const edges = EDGES.filter((x) => !Number.isNaN(x));
  for (const x of edges) for (const y of edges) assert.equal(hypot([x, y]), Math.hypot(x, y));
  assert.equal(hypot([1, NaN]), NaN);
  assert.equal(hypot([]), 0);
});
