import assert from "node:assert/strict";
import { cosineSimilarity } from "cosine-lab";
import { Matrix } from "ml-matrix";
import { runTaskSync } from "../task.ts";
import { clustered, gaussianNoise } from "./table_files.ts";
import { withDirectory, writeNpy } from "./write_npy.ts";

const audit = (...args: string[]) => runTaskSync("audit", args);

const rows = clustered({ items: 90, dimensions: 12, seed: "command" }).to2DArray();

Deno.test("deno task audit gives an answer to a file alone, and a gate", () => {
  withDirectory((directory) => {
    const file = `${directory}/x.npy`;
    writeNpy(file, rows);
    const { code, stdout, stderr } = audit(file);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(
      stdout,
      /^90 items x 12 dimensions\n90 rows[^\n]*\n\nVerdict: no problem found; the training was not declared\n/,
    );
    const failed = audit(file, "--fail-on", "arbitrary, undetermined,hubs");
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /^audit: --fail-on names undetermined[^\n]*\n$/);
    assert.equal(audit(file, "--fail-on", "arbitrary,duplicates").code, 0);
    writeNpy(file, gaussianNoise({ items: 90, dimensions: 12, seed: "noise" }).to2DArray());
    assert.equal(audit(file, "--fail-on", "noise").code, 1);
  });
});

Deno.test("deno task audit says which column it takes as the ids, unless another is named", () => {
  withDirectory((directory) => {
    const file = `${directory}/x.csv`;
    const header = ["key,sku", ...rows[0].map((_, c) => `x${c}`)].join();
    const lines = rows.map((row, i) => [`item ${i}`, `s${i}`, ...row].join());
    Deno.writeTextFileSync(file, [header, ...lines].join("\n"));
    assert.match(audit(file).stderr, /column "key" is taken as the ids/);
    assert.doesNotMatch(audit(file, "--ids", "sku").stderr, /taken as the ids/);
  });
});

Deno.test("deno task audit writes a page and all numbers, with what is known of the items", () => {
  withDirectory((directory) => {
    const path = (name: string) => `${directory}/${name}`;
    const lines = rows.map((row, i) => [`item ${i}`, i % 2 ? "odd" : "even", i + 1, ...row].join());
    const header = ["id,label,popularity", ...rows[0].map((_, c) => `x${c}`)].join();
    Deno.writeTextFileSync(path("x.csv"), [header, ...lines, ""].join("\n"));
    writeNpy(path("users.npy"), rows.slice(5), { dtype: "f8" });
    Deno.writeTextFileSync(path("counts.txt"), rows.slice(5).map((_, i) => i + 1).join("\n"));
    writeNpy(path("queries.npy"), rows.slice(0, 7), { dtype: "f8" });
    const pairs = [0, 1, 2].map((query) => `${query}\titem ${query}\t2`);
    Deno.writeTextFileSync(path("pairs.tsv"), [...pairs, "0\tnone\t1"].join("\n"));
    const args = [
      path("x.csv"),
      ...["--users", path("users.npy"), "--user-counts", path("counts.txt")],
      ...["--queries", path("queries.npy"), "--pairs", path("pairs.tsv")],
      ...["--trained", "product", "--neighbors", "4"],
      ...["--html", path("x.html"), "--json", path("x.json")],
    ];
    const { code, stderr } = audit(...args);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /1 of 4 pairs are of no query or no item\n$/);
    const report = JSON.parse(Deno.readTextFileSync(path("x.json")));
    assert.deepEqual([report.schema, report.items, report.dimensions], [
      "cosine-lab/audit/1",
      90,
      12,
    ]);
    assert.deepEqual([report.labels.classes, report.users.users], [2, 85]);
    assert(report.users.weightedImbalance > 0);
    assert.deepEqual([report.queries.queries, report.queries.ndcg.pairs], [3, 3]);
    assert.equal(report.verdict.level, "arbitrary");
    const { item, lists } = report.examples[0];
    const s = cosineSimilarity(new Matrix(rows)).getRow(89);
    assert.equal(item, "item 89");
    const nearest = s.map((_, j) => j).slice(0, 89).sort((a, b) => s[b] - s[a]).slice(0, 4);
    assert.deepEqual(lists[0].neighbors, nearest.map((j) => `item ${j}`));
    assert.match(Deno.readTextFileSync(path("x.html")), /^<!doctype html>[\s\S]*<\/html>\n$/);
    // Its own earlier reports are replaced, with the same numbers.
    assert.equal(audit(...args).code, 0);
    assert.deepEqual(JSON.parse(Deno.readTextFileSync(path("x.json"))), report);
    assert.equal(JSON.parse(audit(path("x.csv"), "--json", "-").stdout).items, 90);
    // A device is written to as it is, and stays one.
    assert.match(audit(path("x.csv"), "--json", "/dev/stdout").stdout, /^\{\n {2}"schema"/m);
    assert.equal(audit(path("x.csv"), "--html", "/dev/null").code, 0);
    assert(Deno.statSync("/dev/null").isCharDevice);
  });
});

Deno.test("deno task audit ends with one clear line and code 2 on what it cannot use", () => {
  withDirectory((directory) => {
    const path = (name: string) => `${directory}/${name}`;
    const x = path("x.npy");
    writeNpy(x, rows);
    Deno.writeTextFileSync(path("mine.html"), "<p>mine</p>");
    writeNpy(path("copy.npy"), rows, { dtype: "f8" });
    const header = rows[0].map((_, c) => `f${c}`).join();
    Deno.writeTextFileSync(path("x.csv"), [header, ...rows.map((row) => row.join())].join("\n"));
    writeNpy(path("nan.npy"), rows.map((row, i) => i === 7 || i === 9 ? row.with(1, NaN) : row));
    const cases: [string[], RegExp][] = [
      [[path("nan.npy"), "--strict"], /2 of 90 rows have an entry that is NaN.*first is row 7/],
      [[x, "--html", path("mine.html")], /is there already, and is not replaced without --force/],
      [
        [x, "--users", path("copy.npy")],
        /copy\.npy holds the items themselves: its vectors are those of [^ ]*x\.npy/,
      ],
      [[path("x.csv"), "--columns", "f0..f11"], /a range of columns is written like f0-f15/],
      [["a\u001b[31m\nb.npy"], /a\\u001b\[31m\\nb\.npy/],
    ];
    for (const [args, message] of cases) {
      const { code, stdout, stderr } = audit(...args);
      assert.deepEqual([code, stdout], [2, ""], stderr);
      assert.match(stderr, /^audit: [^\n]+\n$/);
      assert.match(stderr, message);
    }
    assert.equal(Deno.readTextFileSync(path("mine.html")), "<p>mine</p>");
    assert.equal(audit(x, "--html", path("mine.html"), "--force").code, 0);
    assert.match(Deno.readTextFileSync(path("mine.html")), /^<!doctype html>/);
  });
});

Deno.test("deno task audit --help shows the usage", () => {
  const { code, stdout } = audit("--help");
  assert.equal(code, 0);
  assert.match(stdout, /^Usage: deno task audit FILE/);
  for (const [option] of stdout.matchAll(/^ {2}--[a-z-]+/gm)) assert(option.length > 4);
});
