import { formatError, table } from "cosine-lab/notebook";
import assert from "node:assert/strict";
import pl from "nodejs-polars";

const shown = (frame: unknown) =>
  (frame as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]();

Deno.test("a DataFrame of a reader's cell shows HTML and text alone, however it was made", async () => {
  const frame = pl.DataFrame({ a: [1, 2, 3], b: ["x", "<y>", "x"] });
  const frames = {
    frame,
    head: frame.head(2),
    filtered: frame.filter(pl.col("a").gt(1)),
    grouped: frame.groupBy("b").agg(pl.col("a").sum()),
    lazy: await frame.lazy().collect(),
    joined: frame.join(frame, { on: "a" }),
    records: pl.readRecords([{ a: 1 }]),
    together: pl.concat([frame, frame]),
    table: table([{ a: 1 }]),
    tableOfFrame: table(frame),
  };
  for (const [name, frame] of Object.entries(frames)) {
    assert.deepEqual(Object.keys(shown(frame)), ["text/html", "text/plain"], name);
  }
  assert.deepEqual(table(frame).toRecords(), frame.toRecords());
  assert.match(shown(frame)["text/html"], /^<table>.*<td>&lt;y&gt;<\/td>/);
  assert.match(shown(frame)["text/plain"], /shape: \(3, 2\)/);
});

Deno.test("a long DataFrame shows its first 50 rows", () => {
  const { "text/html": html } = shown(pl.DataFrame({ a: Array.from({ length: 60 }, (_, i) => i) }));
  assert.equal([...html.matchAll(/<td>/g)].length, 50);
});

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
