import assert from "node:assert/strict";
import { eventually } from "../eventually.ts";
import { tmpdir } from "node:os";
import fc from "../fast_check.ts";
import pl from "nodejs-polars";
import {
  denoisingEmbeddings,
  denoisingLoss,
  gram,
  Interactions,
  simulateInteractions,
  svdOfGram,
  truncatedSVD,
  weightDecayLoss,
} from "cosine-lab";
import { gramFromParquet, readInteractions } from "cosine-lab/tables";
import { lossGradient } from "cosine-lab/training";
import { RowBlocks } from "../../lib/tables/gram_from_parquet.ts";
import { GramSum } from "../../lib/linalg/gram.ts";
import { withTemporaryFolder } from "../folder.ts";
import { logColumns, logs, writeCsv } from "./logs.ts";

Deno.test("CSV, Parquet, DuckDB and memory give the same Gram matrix", async () => {
  await withTemporaryFolder((folder) =>
    fc.assert(
      fc.asyncProperty(logs, async ({ df, value }) => {
        const columns = { ...logColumns, value };
        df.writeParquet(`${folder}/log.parquet`);
        writeCsv(df, `${folder}/log.csv`);
        const expected = Interactions.fromDataFrame(df, columns);
        const streamed = await gramFromParquet(`${folder}/log.parquet`, columns);
        // To the last digit: products are added in the same order.
        assert.deepEqual(streamed.gram.to2DArray(), gram(expected).to2DArray());
        assert.deepEqual(streamed.itemIds, expected.itemIds);
        assert.deepEqual([streamed.users, streamed.nonzeros], [expected.users, expected.nonzeros]);
        const sums = new Float64Array(expected.items);
        expected.columnIndices.forEach((i, t) => sums[i] += expected.values?.[t] ?? 1);
        assert.deepEqual(streamed.columnSums, sums);
        for (const extension of ["csv", "parquet"]) {
          const { interactions } = readInteractions(`${folder}/log.${extension}`, columns);
          assert.deepEqual(gram(interactions).to2DArray(), gram(expected).to2DArray());
        }
      }),
      { numRuns: 40 },
    )
  );
});

/** The interactions as a table, in an order of its own. */
function asLog(x: Interactions) {
  const who: number[] = [], what: number[] = [];
  for (let u = 0; u < x.users; u++) {
    for (let t = x.rowStarts[u]; t < x.rowStarts[u + 1]; t++) {
      who.push((u * 7919) % x.users);
      what.push(x.columnIndices[t]);
    }
  }
  return pl.DataFrame({ who, what }).sort("what");
}

Deno.test("gramFromParquet() reads folders, partitions, patterns and lists of files", async () => {
  const { interactions } = simulateInteractions({ users: 500, items: 30, seed: "parquet" });
  const log = asLog(interactions);
  await withTemporaryFolder(async (folder) => {
    for (const part of [0, 1, 2]) {
      Deno.mkdirSync(`${folder}/log/part=${part}`, { recursive: true });
      log.filter(pl.col("who").modulo(3).eq(pl.lit(part)))
        .writeParquet(`${folder}/log/part=${part}/data.parquet`);
    }
    const calls: [number, number][] = [];
    const options = {
      ...logColumns,
      onProgress: (...call: [number, number]) => calls.push(call),
    };
    const files = [0, 1, 2].map((part) => `${folder}/log/part=${part}/data.parquet`);
    for (const paths of [`${folder}/log`, `${folder}/log/*/*.parquet`, files]) {
      const result = await gramFromParquet(paths, options);
      const used = result.itemIds.map(Number);
      const g = gram(interactions);
      assert.deepEqual(
        result.gram.to2DArray(),
        used.map((i) => used.map((j) => g.get(i, j))),
      );
      assert.deepEqual(calls.at(-1), [interactions.nonzeros, interactions.nonzeros]);
    }
  });
});

Deno.test("gramFromParquet() takes no name of a file or folder for a pattern", async () => {
  await withTemporaryFolder(async (folder) => {
    const df = pl.DataFrame({ who: ["a"], what: ["b"] });
    Deno.mkdirSync(`${folder}/log[1]*`);
    df.writeParquet(`${folder}/log[1]*/a[b]?.parquet`);
    for (const path of [`${folder}/log[1]*`, `${folder}/log[1]*/a[b]?.parquet`]) {
      assert.deepEqual((await gramFromParquet(path, logColumns)).itemIds, ["b"]);
    }
  });
});

Deno.test("gramFromParquet() reads nothing remote, and leaves nothing behind", async () => {
  const folders = () =>
    [...Deno.readDirSync(tmpdir())].map(({ name }) => name)
      .filter((name) => /^cosine-lab-(?!test)/.test(name));
  const before = new Set(folders());
  for (const path of ["https://127.0.0.1:9/a.parquet", "s3://bucket/*.parquet", "S3://b/c"]) {
    await assert.rejects(
      () => gramFromParquet(path, logColumns),
      /RangeError: Cannot read interactions: files must be on this machine, .* is not; download them/,
    );
  }
  const memory = 1e15;
  await assert.rejects(() => gramFromParquet("/nowhere.parquet", { ...logColumns, memory }));
  // Folders of tests that run beside this one come and go.
  let left = folders().filter((name) => !before.has(name));
  await eventually("no temporary folder is left", () => {
    const now = new Set(folders());
    left = left.filter((name) => now.has(name));
    return left.length === 0;
  });
});

Deno.test("gramFromParquet() sorts items as JavaScript does", async () => {
  // By UTF-8 the second comes last, by UTF-16 the third.
  const df = pl.DataFrame({ who: [1, 1, 1, 2], what: ["a", "😀", "\uffee", "😀"] });
  await withTemporaryFolder(async (folder) => {
    df.writeParquet(`${folder}/log.parquet`);
    const result = await gramFromParquet(`${folder}/log.parquet`, logColumns);
    const x = Interactions.fromDataFrame(df, logColumns);
    assert.deepEqual(result.itemIds, x.itemIds);
    assert.deepEqual(result.gram.to2DArray(), gram(x).to2DArray());
    assert.deepEqual([...result.columnSums], [1, 2, 1]);
  });
});

Deno.test("gramFromParquet() takes repeats as it is told", async () => {
  const df = pl.DataFrame({ who: [1, 2, 1], what: ["a", "b", "a"], much: [0.5, 3, 1.5] });
  await withTemporaryFolder(async (folder) => {
    const path = `${folder}/log.parquet`;
    df.writeParquet(path);
    const read = (options = {}) => gramFromParquet(path, { ...logColumns, ...options });
    await assert.rejects(() => read(), /pair may be there once, \(1, a\) is there again/);
    const grams = async (options: object) => (await read(options)).gram.to2DArray();
    assert.deepEqual(await grams({ repeats: "once" }), [[1, 0], [0, 1]]);
    assert.deepEqual(await grams({ repeats: "sum" }), [[4, 0], [0, 1]]);
    assert.deepEqual(await grams({ repeats: "sum", value: "much" }), [[4, 0], [0, 9]]);
    await assert.rejects(() => read({ repeats: "once", value: "much" }), RangeError);
  });
});

Deno.test("gramFromParquet() says what is wrong", async () => {
  await withTemporaryFolder(async (folder) => {
    const path = `${folder}/log.parquet`;
    const reject = (df: pl.DataFrame, error: RegExp, options = {}) => {
      df.writeParquet(path);
      return assert.rejects(() => gramFromParquet(path, { ...logColumns, ...options }), error);
    };
    const df = pl.DataFrame({ who: [1, 2], what: ["a", "b"], much: [1, 2] });
    await reject(df, /there is no column "x" in .*, it has "who", "what", "much"/, { item: "x" });
    await reject(df, /values must be finite numbers, column "what" is of type VARCHAR/, {
      value: "what",
    });
    await reject(pl.DataFrame({ who: [1, null], what: [1, 2] }), /"who" has none in 1 of 2 rows/);
    await reject(pl.DataFrame({ who: [1, 2], what: [1.5, NaN] }), /"what" has none in 1 of 2 rows/);
    for (const bad of [NaN, Infinity, null]) {
      const much = pl.Series("much", [1, bad], pl.Float64);
      await reject(pl.DataFrame({ who: [1, 2], what: [1, 2], much }), /has others in 1 of 2 rows/, {
        value: "much",
      });
    }
    await reject(df.filter(pl.col("who").gt(pl.lit(5))), /the table has no rows/);
    Deno.writeTextFileSync(path, "who,what\n1,2\n");
    await assert.rejects(() => gramFromParquet(path, logColumns), /must be Parquet files/);
    await assert.rejects(() => gramFromParquet(`${folder}/no*`, logColumns), /must be Parquet/);
  });
  await assert.rejects(() => gramFromParquet([], logColumns), /there must be a path/);
  await assert.rejects(() => gramFromParquet(7 as never, logColumns), TypeError);
  await assert.rejects(() => gramFromParquet("a", { user: "u" } as never), /item must be a string/);
  await assert.rejects(() => gramFromParquet("a", { ...logColumns, memory: 1 }), /memory must be/);
});

Deno.test("the models and the losses go on from a Gram matrix", async () => {
  const { interactions } = simulateInteractions({ users: 300, items: 20, seed: "go on" });
  await withTemporaryFolder(async (folder) => {
    asLog(interactions).writeParquet(`${folder}/log.parquet`);
    const log = await gramFromParquet(`${folder}/log.parquet`, logColumns);
    assert.equal(log.itemIds.length, interactions.items);
    const fromGram = denoisingEmbeddings(svdOfGram(log.gram, 5), { lambda: 10 });
    const fromX = denoisingEmbeddings(truncatedSVD(interactions, { rank: 5 }), { lambda: 10 });
    assert.deepEqual(fromGram, fromX);
    assert.equal(denoisingLoss(log, fromGram, 10), denoisingLoss(interactions, fromX, 10));
    assert.equal(weightDecayLoss(log, fromGram, 10), weightDecayLoss(interactions, fromX, 10));
    const options = { objective: "denoising", lambda: 10 } as const;
    assert.deepEqual(
      lossGradient(log, fromGram, options),
      lossGradient(interactions, fromX, options),
    );
  });
});

Deno.test("blocks add up to the same, however users are cut into them", () => {
  const { interactions: x } = simulateInteractions({ users: 5000, items: 900, seed: "blocks" });
  const sum = new GramSum(x.items);
  let blocks = 0;
  const rows = new RowBlocks(x.items, (block) => {
    sum.add(block);
    blocks++;
  });
  for (let u = 0; u < x.users; u++) {
    for (let t = x.rowStarts[u]; t < x.rowStarts[u + 1]; t++) rows.push(u, x.columnIndices[t], 1);
  }
  rows.flush();
  assert(blocks > 1, `${blocks} blocks`);
  assert.equal(rows.nonzeros, x.nonzeros);
  assert.deepEqual(sum.total().to2DArray(), gram(x).to2DArray());
});
