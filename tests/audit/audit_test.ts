import assert from "node:assert/strict";
import { cosineSimilarity } from "cosine-lab";
import { Matrix } from "ml-matrix";
import { withDirectory, writeNpy } from "./write_npy.ts";

const command = new URL("../../lib/audit/audit.ts", import.meta.url).pathname;

function audit(...args: string[]) {
  const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", command, ...args],
    env: { NO_COLOR: "1" },
  }).outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

const rows = Array.from({ length: 40 }, (_, i) => [1, 2, 3].map((c) => Math.sin(i * c + c)));

Deno.test("deno task audit gives an answer to a file alone", async () => {
  await withDirectory((directory) => {
    writeNpy(`${directory}/x.npy`, rows);
    const { code, stdout, stderr } = audit(`${directory}/x.npy`);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^40 items x 3 dimensions\n/);
    assert.match(stdout, /Verdict: undetermined/);
  });
});

Deno.test("deno task audit writes a page and all numbers, with what is known of the items", async () => {
  await withDirectory((directory) => {
    const path = (name: string) => `${directory}/${name}`;
    const lines = rows.map((row, i) => [`item ${i}`, i % 2 ? "odd" : "even", i + 1, ...row].join());
    Deno.writeTextFileSync(path("x.csv"), ["id,label,popularity,x,y,z", ...lines, ""].join("\n"));
    writeNpy(path("users.npy"), rows.slice(5), { dtype: "f8" });
    const { code, stderr } = audit(
      path("x.csv"),
      ...["--users", path("users.npy"), "--trained", "product", "--neighbors", "4"],
      ...["--html", path("x.html"), "--json", path("x.json")],
    );
    assert.deepEqual([code, stderr], [0, ""]);
    const report = JSON.parse(Deno.readTextFileSync(path("x.json")));
    assert.equal(report.dimensions, 3);
    assert.equal(report.labels.classes, 2);
    assert.equal(report.users.users, 35);
    assert.equal(report.verdict.level, "arbitrary");
    const { item, lists } = report.examples[0];
    const s = cosineSimilarity(new Matrix(rows)).getRow(39);
    assert.equal(item, "item 39");
    const nearest = s.map((_, j) => j).slice(0, 39).sort((a, b) => s[b] - s[a]).slice(0, 4);
    assert.deepEqual(lists[0].neighbors, nearest.map((j) => `item ${j}`));
    assert.match(Deno.readTextFileSync(path("x.html")), /^<!doctype html>[\s\S]*<\/html>\n$/);
    assert.equal(JSON.parse(audit(path("x.csv"), "--json", "-").stdout).items, 40);
  });
});

Deno.test("deno task audit ends with one clear line and code 2 on what it cannot use", async () => {
  await withDirectory((directory) => {
    const path = (name: string) => `${directory}/${name}`;
    writeNpy(path("x.npy"), rows);
    writeNpy(path("nan.npy"), rows.map((row, i) => i === 7 || i === 9 ? [1, NaN, 2] : row));
    const out = ["--html", path("out.html")];
    const cases: [string[], RegExp][] = [
      [[path("none.npy"), ...out], /none\.npy does not exist/],
      [[path("nan.npy"), ...out], /2 of 40 rows have an entry that is NaN.*first is row 7/],
      [[path("x.npy"), ...out, "--labels", path("nan.npy")], /must be an array of one dimension/],
      [[path("x.npy"), "--html", path("none/out.html")], /there is no directory/],
      [[path("x.npy"), "--json", path("x.npy")], /cannot be written: it is read/],
      [[path("x.npy"), ...out, "--trained", "well"], /--trained must be product, factors, cosine/],
      [[path("x.npy"), ...out, "--sample", "x"], /--sample must be an integer of at least 10/],
      [[...out], /there must be a file to audit/],
      [[path("x.npy"), "--colour"], /Unknown option '--colour'/],
    ];
    for (const [args, message] of cases) {
      const { code, stdout, stderr } = audit(...args);
      assert.deepEqual([code, stdout], [2, ""], stderr);
      assert.match(stderr, /^audit: [^\n]+\n$/);
      assert.match(stderr, message);
    }
    const left = [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
    assert.deepEqual(left, ["nan.npy", "x.npy"]);
  });
});

Deno.test("deno task audit --help shows the usage", () => {
  const { code, stdout } = audit("--help");
  assert.equal(code, 0);
  assert.match(stdout, /^Usage: deno task audit FILE/);
});
