import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { Matrix } from "ml-matrix";
import pl from "nodejs-polars";
import { Interactions } from "cosine-lab";
import { matrices } from "../arbitraries.ts";

Deno.test("fromDense() and toDense() are inverse to each other", () => {
  fc.assert(fc.property(matrices(4, 3), (x) => {
    assert.deepEqual(Interactions.fromDense(x).toDense().to2DArray(), Matrix.add(x, 0).to2DArray());
  }));
});

Deno.test("fromDense() stores no zeros, and no values where all are 1", () => {
  const x = Interactions.fromDense([[1, 0, 1], [0, 0, 0]]);
  assert.deepEqual([x.users, x.items, x.nonzeros], [2, 3, 2]);
  assert.equal(x.values, null);
  assert.deepEqual([...Interactions.fromDense([[0, 2], [1, 0]]).values!], [2, 1]);
});

Deno.test("fromDense() takes a single user, and a matrix without interactions", () => {
  assert.equal(Interactions.fromDense([[1, 1]]).users, 1);
  assert.equal(Interactions.fromDense([[0, 0]]).nonzeros, 0);
});

Deno.test("fromDense() rejects what is no finite matrix", () => {
  assert.throws(() => Interactions.fromDense([]), RangeError);
  assert.throws(() => Interactions.fromDense([[]]), RangeError);
  assert.throws(
    () => Interactions.fromDense([[1, 0], [1]]),
    /RangeError.*every row must have 2 entries like the first, row 1 has 1/,
  );
  assert.throws(() => Interactions.fromDense([[1, NaN]]), /RangeError.*entry \(0, 1\) is NaN/);
  assert.throws(() => Interactions.fromDense([[Infinity]]), RangeError);
  assert.throws(() => Interactions.fromDense("x" as never), TypeError);
  assert.throws(
    () => Interactions.fromDense([[1], ["1"]] as never),
    /TypeError.*entries must be finite numbers, entry \(1, 0\) is "1"/,
  );
  assert.throws(() => Interactions.fromDense([[1], 2] as never), /TypeError.*row 1 is 2/);
});

Deno.test("fromDense() takes no hole for a 0", () => {
  // deno-lint-ignore no-sparse-arrays
  const holes = [[1, , 3]], rows = [[1], , [1]];
  assert.throws(() => Interactions.fromDense(holes as never), /RangeError.*\(0, 1\) is missing/);
  assert.throws(() => Interactions.fromDense(rows as never), /RangeError.*row 1 is missing/);
});

Deno.test("fromDataFrame() takes no objects for ids, since equal dates are two objects", () => {
  const days = pl.DataFrame({ d: [new Date(0), new Date(0)], l: [[1], [1]], i: [1, 2] });
  assert.throws(
    () => Interactions.fromDataFrame(days, { user: "d", item: "i" }),
    /TypeError.*strings, numbers, bigints or booleans, column "d" has a Date .*cast .* string/,
  );
  assert.throws(
    () => Interactions.fromDataFrame(days, { user: "i", item: "l" }),
    /TypeError.*column "l" has an Array in row 0/,
  );
  const cast = days.withColumns(pl.col("d").cast(pl.Utf8));
  assert.equal(Interactions.fromDataFrame(cast, { user: "d", item: "i" }).users, 1);
});

Deno.test("fromDataFrame() reads 64-bit integers, as ids and as values", () => {
  const df = pl.DataFrame({ u: [7, 7], i: [1, 2], v: [1, 5] })
    .withColumns(pl.col("u").cast(pl.UInt64), pl.col("v").cast(pl.UInt64));
  const x = Interactions.fromDataFrame(df, { user: "u", item: "i", value: "v" });
  assert.deepEqual([x.users, ...x.values!], [1, 1, 5]);
  const large = pl.DataFrame({ u: [1], i: [1] })
    .withColumns(pl.lit(2 ** 60).cast(pl.UInt64).alias("v"));
  assert.throws(
    () => Interactions.fromDataFrame(large, { user: "u", item: "i", value: "v" }),
    /RangeError.*column "v" has 1152921504606846976 in row 0.*cast the column to Float64/,
  );
  assert.throws(
    () =>
      Interactions.fromDataFrame(pl.DataFrame({ u: [1], i: [1], v: ["2"] }), {
        user: "u",
        item: "i",
        value: "v",
      }),
    /TypeError.*column "v" has "2" in row 0/,
  );
});

Deno.test("fromDataFrame() says that columns must name the columns", () => {
  const df = pl.DataFrame({ u: [1], i: [1] });
  for (const columns of [undefined, null, "u", {}, { user: "u" }, { user: "u", item: 1 }]) {
    assert.throws(
      () => Interactions.fromDataFrame(df, columns as never),
      /TypeError.*Cannot read interactions: columns must/,
    );
  }
});

Deno.test("fromDataFrame() gives rows and columns to ids of any type, in ascending order", () => {
  const log = pl.DataFrame({ who: ["b", "a", "b"], what: [30, 10, 20], rating: [3, 1, 2] });
  const x = Interactions.fromDataFrame(log, { user: "who", item: "what", value: "rating" });
  assert.deepEqual(x.userIds, ["a", "b"]);
  assert.deepEqual(x.itemIds, [10, 20, 30]);
  assert.deepEqual(x.toDense().to2DArray(), [[1, 0, 0], [0, 2, 3]]);
});

Deno.test("fromDataFrame() gives back what toDense() shows, whatever the order of the rows", () => {
  fc.assert(fc.property(
    fc.uniqueArray(fc.tuple(fc.nat(5), fc.nat(4)), {
      minLength: 1,
      selector: ([user, item]) => `${user},${item}`,
    }),
    (pairs) => {
      const df = pl.DataFrame({ u: pairs.map(([u]) => u), i: pairs.map(([, i]) => i) });
      const x = Interactions.fromDataFrame(df, { user: "u", item: "i" });
      const dense = x.toDense();
      assert.equal(x.nonzeros, pairs.length);
      for (const [u, i] of pairs) {
        assert.equal(dense.get(x.userIds!.indexOf(u), x.itemIds!.indexOf(i)), 1);
      }
    },
  ));
});

Deno.test("fromDataFrame() keeps a user whose only value is 0, without an interaction", () => {
  const df = pl.DataFrame({ u: [1, 2], i: [1, 1], v: [0, 4] });
  const x = Interactions.fromDataFrame(df, { user: "u", item: "i", value: "v" });
  assert.deepEqual(x.toDense().to2DArray(), [[0], [4]]);
});

Deno.test("fromDataFrame() refuses integers that became one number, and takes them as text or bigint", () => {
  const columns = { user: "u", item: "i" };
  const rounded = pl.readCSV("u,i\n1799000000000000001,5\n1799000000000000002,6\n");
  assert.throws(
    () => Interactions.fromDataFrame(rounded, columns),
    /RangeError.*column "u" has 1799000000000000000 in row 0: cast the column to a string/,
  );
  const text = rounded.withColumn(pl.col("u").cast(pl.Utf8));
  assert.equal(Interactions.fromDataFrame(text, columns).users, 2);
});

Deno.test("fromDataFrame() rejects unknown columns, duplicates, gaps and empty tables", () => {
  const df = pl.DataFrame({ u: ["x", "x"], i: [7, 7], v: [1, null] });
  assert.throws(
    () => Interactions.fromDataFrame(df, { user: "who", item: "i" }),
    /RangeError.*there is no column "who", the table has "u", "i", "v"/,
  );
  assert.throws(
    () => Interactions.fromDataFrame(df, { user: "u", item: "i" }),
    /RangeError.*\(x, 7\) is there again/,
  );
  assert.throws(
    () => Interactions.fromDataFrame(df, { user: "u", item: "i", value: "v" }),
    /RangeError.*column "v" has null in row 1/,
  );
  assert.throws(
    () => Interactions.fromDataFrame(df, { user: "v", item: "i" }),
    /RangeError.*column "v" has none in row 1/,
  );
  const empty = df.filter(pl.col("i").gt(100));
  assert.throws(
    () => Interactions.fromDataFrame(empty, { user: "u", item: "i" }),
    /RangeError.*no rows/,
  );
  assert.throws(() => Interactions.fromDataFrame([] as never, { user: "u", item: "i" }), TypeError);
});

Deno.test("the constructor rejects arrays that describe no matrix", () => {
  const good = {
    rows: 2,
    columns: 3,
    rowStarts: Uint32Array.of(0, 2, 3),
    columnIndices: Uint32Array.of(0, 2, 1),
    values: null,
  };
  assert.deepEqual(new Interactions(good).toDense().to2DArray(), [[1, 0, 1], [0, 1, 0]]);
  const narrow = new Interactions({ ...good, columnIndices: Uint16Array.of(0, 2, 1) });
  assert.deepEqual(narrow.toDense().to2DArray(), [[1, 0, 1], [0, 1, 0]]);
  const bad = [
    { rows: 3 },
    { rows: 1.5 },
    { columns: 3.5 },
    { rowStarts: Uint32Array.of(0, 2, 2) },
    { rows: 3, rowStarts: Uint32Array.of(0, 2, 1, 3) },
    { columnIndices: Uint32Array.of(2, 0, 1) },
    { columnIndices: Uint32Array.of(0, 3, 1) },
    { columnIndices: Uint32Array.of(2, 2, 1) },
    { values: Float64Array.of(1) },
    { values: Float64Array.of(1, NaN, 1) },
  ];
  for (const change of bad) {
    assert.throws(() => new Interactions({ ...good, ...change }), RangeError);
  }
  assert.throws(
    () => new Interactions(good, { users: [1], items: [1, 2, 3] }),
    /RangeError.*an id for each of the 2 users, there are 1/,
  );
  assert.throws(
    () => new Interactions(good, { users: [1, 2], items: [1, 2] }),
    /RangeError.*an id for each of the 3 items, there are 2/,
  );
  assert.throws(() => new Interactions(null as never), /TypeError.*rows must be an object/);
  assert.throws(() => new Interactions({ ...good, rowStarts: [0, 2, 3] } as never), TypeError);
});
